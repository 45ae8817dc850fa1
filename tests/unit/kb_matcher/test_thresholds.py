"""When automatic answers open."""

import numpy as np
import pytest

from bridge.model.articles import Thresholds
from kb_matcher.thresholds import choose_answer, wilson_lower, with_overrides


@pytest.mark.parametrize(
    ("right", "total", "bound"), [(0, 0, 0.0), (10, 10, 0.859), (95, 100, 0.914), (380, 400, 0.934)]
)
def test_wilson_lower(right: int, total: int, bound: float) -> None:
    assert wilson_lower(right, total, z=1.28) == pytest.approx(bound, abs=0.001)


def falling(count: int, high: float = 0.99, low: float = 0.3) -> np.ndarray:
    return np.linspace(high, low, count)


def test_shut_below_300_labels() -> None:
    assert choose_answer(falling(299), np.ones(299)) is None
    assert choose_answer(falling(300), np.ones(300)) == pytest.approx(0.90, abs=0.005)


def test_never_below_the_floor() -> None:
    chosen = choose_answer(falling(1000, low=0.89), np.ones(1000))
    assert chosen is not None
    assert 0.90 <= chosen < 0.9005


def test_opens_where_95_percent_are_right() -> None:
    sure, right = falling(1000, low=0.90), np.ones(1000)
    right[400:] = 0
    chosen = choose_answer(sure, right)
    assert chosen is not None
    answered = sure >= chosen
    assert right[answered].mean() >= 0.95
    assert answered.sum() == 421


def test_shut_when_too_few_answers_prove_it() -> None:
    sure = np.append(np.full(12, 0.95), np.full(388, 0.2))
    assert choose_answer(sure, np.append(np.ones(12), np.zeros(388))) is None
    assert choose_answer(np.append(np.full(29, 0.95), np.full(371, 0.5)), np.ones(400)) is None
    assert choose_answer(np.append(np.full(30, 0.95), np.full(370, 0.5)), np.ones(400)) == 0.95
    sure = np.append(np.full(40, 0.95), np.full(360, 0.2))
    assert choose_answer(sure, np.append(np.ones(40), np.zeros(360))) == 0.95


def test_shut_when_confident_answers_are_wrong() -> None:
    right = np.tile([1.0, 1.0, 0.0], 200)
    assert choose_answer(np.full(600, 0.97), right) is None


def test_overrides_win_one_by_one() -> None:
    measured = Thresholds(answer=None)
    assert with_overrides(measured, None, None, None) == measured
    assert with_overrides(measured, 0.8, None, 0.1) == Thresholds(answer=0.8, offer=0.45, suggest=0.1)
