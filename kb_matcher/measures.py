"""How good a series of matches was, against labelled texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bridge.model.articles import Decision, Label, Match

PRECISION = 0.95


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of one evaluation; None: cannot be told from these texts (nothing in scope, nothing answered ...).

    `coverage` and `coverage_at_95` are shares of the in-scope texts answered rightly; `precision` counts out-of-scope
    texts that got an answer as wrong; `coverage_at_95` takes the best threshold for these very texts.
    """

    in_scope: int
    out_of_scope: int
    accuracy_at_1: float | None
    recall_at_3: float | None
    mrr: float | None
    auroc: float | None
    answered: int
    precision: float | None
    coverage: float | None
    coverage_at_95: float | None


def score(matches: Sequence[Match], labels: Sequence[Label]) -> Scores:
    """Compare matches with labels of the same order. Raises ValueError when their numbers differ."""
    places = [_place(match, label) for match, label in zip(matches, labels, strict=True)]
    best = np.array([match.ranked[0].confidence if match.ranked else 0.0 for match in matches])
    inside = np.array([label.article_id is not None for label in labels], bool)
    right = np.array([place == 1 for place in places], bool)
    answered = np.array([match.decision == Decision.ANSWER for match in matches], bool)
    total, given = int(inside.sum()), int(answered.sum())
    return Scores(
        in_scope=total,
        out_of_scope=len(labels) - total,
        accuracy_at_1=_share(sum(place == 1 for place in places), total),
        recall_at_3=_share(sum(1 <= place <= 3 for place in places), total),
        mrr=_share(sum(1 / place for place in places if place), total),
        auroc=auroc(best[inside], best[~inside]),
        answered=given,
        precision=_share(int((right & answered).sum()), given),
        coverage=_share(int((right & answered).sum()), total),
        coverage_at_95=_share(_right_at(best, right, PRECISION), total),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """Answering from a confidence up: the share of all texts answered, and of these the share answered wrongly."""

    threshold: float
    answered: float
    wrong: float


def curve(matches: Sequence[Match], labels: Sequence[Label]) -> list[Step]:
    """Return a step for each confidence there is, falling. Raises ValueError when the numbers of texts differ."""
    right = np.array([_place(match, label) == 1 for match, label in zip(matches, labels, strict=True)], bool)
    best = np.array([match.ranked[0].confidence if match.ranked else 0.0 for match in matches])
    order = np.argsort(-best, kind="stable")
    sure, hits = best[order], np.cumsum(right[order])
    last_of_tie = np.append(sure[:-1] != sure[1:], True) if len(sure) else np.zeros(0, bool)
    ends = np.flatnonzero(last_of_tie & (sure > 0)).tolist()
    return [Step(float(sure[one]), (one + 1) / len(sure), 1 - float(hits[one]) / (one + 1)) for one in ends]


def _place(match: Match, label: Label) -> int:
    """Return the rank of the right article from 1; 0: not there, or nothing fits."""
    found = (number for number, one in enumerate(match.ranked, 1) if one.article_id == label.article_id)
    return next(found, 0)


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def auroc(inside: np.ndarray, outside: np.ndarray) -> float | None:
    """Return the chance that an in-scope text is surer than an out-of-scope one, ties counted half."""
    if not len(inside) or not len(outside):
        return None
    ordered = np.sort(outside)
    below, upto = np.searchsorted(ordered, inside, "left"), np.searchsorted(ordered, inside, "right")
    return float((below + upto).mean() / 2 / len(outside))


def _right_at(best: np.ndarray, right: np.ndarray, precision: float) -> int:
    """Return the right answers at the lowest threshold at which so many of all answers are right."""
    order = np.argsort(-best, kind="stable")
    sure, hits = best[order], np.cumsum(right[order])
    last_of_tie = np.append(sure[:-1] != sure[1:], True) if len(sure) else np.zeros(0, bool)
    good = np.flatnonzero(last_of_tie & (hits >= precision * np.arange(1, len(sure) + 1)))
    return int(hits[good[-1]]) if len(good) else 0
