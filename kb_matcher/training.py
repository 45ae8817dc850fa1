"""Fitting ranker and confidence: on shipped weights alone, or pulled from them towards an installation's own labels."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.model.articles import Label, Thresholds
from kb_matcher import confidence, thresholds
from kb_matcher.features import Evidence, gather
from kb_matcher.index import Index
from kb_matcher.linear import Array, Linear, fit_choice, fit_logistic, sigmoid
from kb_matcher.normalise import key

FOLDS = 5
MIN_LABELS = 40  # fewer would move the shipped weights at random
RANKER_PULL = 10.0
CONFIDENCE_PULL = 30.0


@dataclass(frozen=True, slots=True)
class Models:
    """Ranker and confidence for one index, and the thresholds that its labels support."""

    ranker: Linear
    confidence: Linear
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled text with its evidence; `gold` is the row of the right article, None when it is not there."""

    evidence: Evidence
    gold: int | None


@cache
def shipped() -> dict[str, Any]:
    """Read weights.json; README.md of this room says what it was trained on."""
    loaded: dict[str, Any] = json.loads(resources.files("kb_matcher").joinpath("weights.json").read_text("utf-8"))
    return loaded


def universal(taught: bool) -> Models:
    """Return the shipped models, for bases with a classifier (`taught`) or without; automatic answers are shut."""
    part = shipped()["taught" if taught else "cold"]
    ranker, sure = Linear.from_json(part["ranker"]), Linear.from_json(part["confidence"])
    return Models(ranker, sure, Thresholds(answer=None))


def samples(index: Index, labels: Sequence[Label]) -> list[Sample]:
    """Gather evidence for labels; exact wordings and texts that resemble nothing teach nothing and are left out."""
    place = {article.id: number for number, article in enumerate(index.articles)}
    found = []
    for label in labels:
        tokens = index.read(label.text)
        evidence = gather(index, tokens) if tokens and key(tokens) not in index.by_key else None
        if evidence is None or (label.article_id is not None and label.article_id not in place):
            continue
        found.append(Sample(evidence, _row(evidence, place[label.article_id]) if label.article_id else None))
    return found


def _row(evidence: Evidence, article: int) -> int | None:
    rows = np.flatnonzero(evidence.articles == article)
    return int(rows[0]) if len(rows) else None


def fit(index: Index, labels: Sequence[Label]) -> Models:
    """Fit models for an index. Labels train ranker and confidence and open thresholds; they never become wordings."""
    prior = universal(index.classifier is not None)
    known = samples(index, labels)
    if len(known) < MIN_LABELS or not any(sample.gold is not None for sample in known):
        return prior
    ranker, rows, right = cross_ranked(known, prior.ranker)
    sure = fit_logistic(rows, right, prior.confidence, CONFIDENCE_PULL)
    judged = _cross_judged(rows, right, prior.confidence)
    return Models(ranker, sure, Thresholds(answer=thresholds.choose_answer(judged, right)))


def cross_ranked(known: Sequence[Sample], prior: Linear) -> tuple[Linear, Array, Array]:
    """Return the ranker fitted on all, and confidence rows with their truth, each by a ranker that had not seen it."""
    rows: list[Array] = []
    right: list[float] = []
    order: list[int] = []
    folds = _folds(len(known))
    for fold in range(FOLDS):
        held = np.flatnonzero(folds == fold).tolist()
        ranker = _fit_ranker([sample for sample, part in zip(known, folds, strict=True) if part != fold], prior)
        for number in held:
            sample = known[number]
            logits = ranker(sample.evidence.matrix)
            rows.append(confidence.describe(sample.evidence, logits))
            right.append(float(sample.gold is not None and int(np.argmax(logits)) == sample.gold))
        order += held
    back = np.argsort(order)
    return _fit_ranker(known, prior), np.array(rows)[back], np.array(right)[back]


def _fit_ranker(known: Sequence[Sample], prior: Linear) -> Linear:
    inside = [(sample.evidence.matrix, sample.gold) for sample in known if sample.gold is not None]
    if not inside:
        return prior
    return fit_choice([matrix for matrix, _ in inside], [gold for _, gold in inside], prior, RANKER_PULL)


def _cross_judged(rows: Array, right: Array, prior: Linear) -> Array:
    """Return the confidence of each row by a model that had not seen it."""
    folds = _folds(len(rows))
    judged = np.zeros(len(rows))
    for fold in range(FOLDS):
        held = folds == fold
        model = fit_logistic(rows[~held], right[~held], prior, CONFIDENCE_PULL)
        judged[held] = sigmoid(model(rows[held]))
    return judged


def _folds(count: int) -> NDArray[np.int64]:
    """Deal numbers to folds at random but always alike."""
    return np.random.default_rng(7).permutation(count) % FOLDS
