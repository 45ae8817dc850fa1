"""Figures on matches made by hand."""

import numpy as np
import pytest

from bridge.model.articles import Decision, Label, Match, Ranked
from kb_matcher.measures import auroc, score


def match(decision: Decision, *pairs: tuple[str, float]) -> Match:
    return Match(decision, tuple(Ranked(one, one, sure) for one, sure in pairs))


def test_score() -> None:
    matches = [
        match(Decision.ANSWER, ("a", 0.95), ("b", 0.02)),
        match(Decision.OFFER, ("b", 0.6), ("c", 0.2), ("a", 0.1)),
        match(Decision.ANSWER, ("c", 0.92)),
        match(Decision.NONE),
        match(Decision.NONE, ("a", 0.1)),
    ]
    labels = [Label("1", "a"), Label("2", "a"), Label("3", None), Label("4", "d"), Label("5", None)]
    found = score(matches, labels)
    assert (found.in_scope, found.out_of_scope, found.answered) == (3, 2, 2)
    assert found.accuracy_at_1 == pytest.approx(1 / 3)
    assert found.recall_at_3 == pytest.approx(2 / 3)
    assert found.mrr == pytest.approx((1 + 1 / 3) / 3)
    assert found.precision == 0.5
    assert found.coverage == pytest.approx(1 / 3)
    assert found.coverage_at_95 == pytest.approx(1 / 3)
    assert found.auroc == pytest.approx((2 + 1 + 0) / 6)


def test_auroc_counts_ties_half() -> None:
    assert auroc(np.array([0.5]), np.array([0.5])) == 0.5
    assert auroc(np.array([]), np.array([0.5])) is None


def test_nothing_to_tell() -> None:
    found = score([], [])
    assert (found.accuracy_at_1, found.auroc, found.precision, found.coverage_at_95) == (None, None, None, None)
