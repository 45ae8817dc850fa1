"""When automatic answers may open: only as far as the installation's own labels prove their precision."""

import math
from dataclasses import replace

import numpy as np

from bridge.model.articles import Thresholds
from bridge.model.labels import Lesson
from kb_matcher.linear import Array

MIN_LABELS = 300  # out-of-scope messages included
TARGET = 0.95  # precision of all answers given, by cross-validation
FLOOR = 0.90  # never answer below this confidence, whatever the labels say
SURE = 0.90  # the Wilson lower bound of the precision has to reach this
Z = 1.645  # sure by 95 %: with 1.28 a threshold that was only the luckiest of many passed on 34 answers (measured)
LEAST = 30  # answers that a threshold is proven by: it is the best of many tried, which a dozen right ones do not show
ENOUGH = 20  # answers that tell of themselves whether a threshold holds


def wilson_lower(right: int, total: int, z: float = Z) -> float:
    """Return the lower bound of a share by Wilson's score interval (E. B. Wilson, 1927)."""
    if not total:
        return 0.0
    share = right / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (centre - spread) / (1 + z * z / total)


def choose_answer(confidences: Array, right: Array) -> float | None:
    """Choose the confidence from which the bot answers, given cross-validated confidences and their truth.

    The lowest threshold not below FLOOR at which TARGET of the answers are right and the Wilson lower bound of that
    share reaches SURE; None when there is none, or fewer than MIN_LABELS labels or LEAST answers.
    """
    if len(confidences) < MIN_LABELS:
        return None
    order = np.argsort(-confidences, kind="stable")
    ranked, hits = confidences[order], np.cumsum(right[order])
    proven = [
        place
        for place in range(int((ranked >= FLOOR).sum()))
        if place + 1 >= LEAST
        and (place + 1 == len(ranked) or ranked[place + 1] < ranked[place])  # a tie is answered whole
        and hits[place] >= TARGET * (place + 1)
        and wilson_lower(int(hits[place]), place + 1) >= SURE
    ]
    return float(ranked[proven[-1]]) if proven else None


def progress(confidences: Array | None = None, right: Array | None = None, labels: int = 0) -> Lesson:
    """Tell what automatic answers still lack, given cross-validated confidences and their truth, or `labels` alone."""
    many = labels if confidences is None else len(confidences)
    base = Lesson(labels=many, needed=MIN_LABELS, target=TARGET, sure=SURE)
    if confidences is None or right is None:
        return base
    answered = confidences >= FLOOR
    total, hits = int(answered.sum()), int(right[answered].sum())
    return replace(base, answers=total, precision=hits / total if total else None, lower=wilson_lower(hits, total))


def disproved(confidences: Array, right: Array, answer: float) -> bool:
    """Tell whether answers from a confidence up were right too seldom: enough of them, and below SURE."""
    answered = confidences >= answer
    total = int(answered.sum())
    return total >= ENOUGH and int(right[answered].sum()) < SURE * total


def with_overrides(
    measured: Thresholds, answer: float | None, offer: float | None, suggest: float | None
) -> Thresholds:
    """Return the thresholds with those that the installation sets itself (None: as measured)."""
    return Thresholds(
        answer=measured.answer if answer is None else answer,
        offer=measured.offer if offer is None else offer,
        suggest=measured.suggest if suggest is None else suggest,
    )
