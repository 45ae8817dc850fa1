"""The small models: they find what made the data, and stay near the prior without data."""

import numpy as np

from kb_matcher.linear import Linear, fit_choice, fit_logistic, neutral, sigmoid, softmax

DICE = np.random.default_rng(1)
TRUTH = np.array([2.0, -1.0, 0.0])


def test_logistic_finds_the_truth() -> None:
    rows = DICE.normal(size=(4000, 3))
    right = (DICE.random(4000) < sigmoid(rows @ TRUTH + 0.5)).astype(float)
    model = fit_logistic(rows, right, neutral(rows), 1.0)
    assert np.allclose(model.weights / model.scale, TRUTH, atol=0.2)


def test_choice_finds_the_truth() -> None:
    lists = [DICE.normal(size=(size, 3)) for size in DICE.integers(1, 8, 3000)]
    chosen = [int(DICE.choice(len(rows), p=softmax(rows @ TRUTH))) for rows in lists]
    model = fit_choice(lists, chosen, neutral(np.concatenate(lists)), 1.0)
    assert np.allclose(model.weights / model.scale, TRUTH, atol=0.2)


def test_a_strong_prior_holds() -> None:
    rows = DICE.normal(size=(50, 3))
    prior = Linear(np.zeros(3), np.ones(3), np.array([1.0, 2.0, 3.0]), -1.0)
    model = fit_logistic(rows, np.zeros(50), prior, 1e6)
    assert np.allclose(model.weights, prior.weights, atol=0.01)
    assert model.bias < prior.bias


def test_separable_data_stay_finite() -> None:
    rows = np.append(np.full((50, 1), 5.0), np.full((50, 1), -5.0), axis=0)
    model = fit_logistic(rows, np.repeat([1.0, 0.0], 50), neutral(rows), 0.01)
    assert np.isfinite(model.weights).all()
    assert model(rows)[0] > 3 > -3 > model(rows)[-1]


def test_json_round_trip() -> None:
    model = Linear(np.array([0.5]), np.array([2.0]), np.array([-0.25]), 1.5)
    assert Linear.from_json(model.as_json())(np.array([[3.0]])) == model(np.array([[3.0]]))
