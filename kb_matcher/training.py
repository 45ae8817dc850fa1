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
from kb_matcher import confidence, precedents, thresholds
from kb_matcher.features import Evidence
from kb_matcher.index import Index
from kb_matcher.linear import Array, Linear, fit_choice, fit_logistic, sigmoid
from kb_matcher.normalise import key
from kb_matcher.precedents import Precedents
from kb_matcher.spelling import gather

FOLDS = 5
MIN_LABELS = 40  # fewer would move the shipped weights at random
AGES = ("cold", "young", "grown")
YOUNG = 4.0  # wordings an article up to which a base is young
RANKER_PULL = 10.0
CONFIDENCE_PULL = 30.0
HABIT = 0.3  # weight that an article's habit of being meant starts with


@dataclass(frozen=True, slots=True)
class Models:
    """Ranker and confidence for one index, the thresholds that its labels support, and the labels as precedents."""

    ranker: Linear
    confidence: Linear
    thresholds: Thresholds
    precedents: Precedents | None = None

    def logits(self, evidence: Evidence, articles: Sequence[str]) -> Array:
        """Score the short list, whose ids are `articles`."""
        matrix = evidence.matrix
        if self.precedents is not None:
            matrix = np.column_stack([matrix, self.precedents.habit(articles)])
        return self.ranker(matrix)

    def confidences(self, evidence: Evidence, logits: Array) -> Array:
        """Return a confidence for each article of the short list."""
        row = confidence.describe(evidence, logits)
        if self.precedents is not None:
            row = np.append(row, self.precedents.row(self.precedents.near(evidence.stems, evidence.letters)))
        return confidence.confidences(float(sigmoid(self.confidence(row[None]))[0]), logits)


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled text with its evidence; `gold` is the row of the right article, None when it is not there."""

    evidence: Evidence
    gold: int | None
    article: str | None  # id of the right one, also where it is not in the evidence


@cache
def shipped() -> dict[str, Any]:
    """Read weights.json; README.md of this room says what it was trained on."""
    loaded: dict[str, Any] = json.loads(resources.files("kb_matcher").joinpath("weights.json").read_text("utf-8"))
    return loaded


def age(index: Index) -> str:
    """Tell which of the shipped weights suit a base, by how many wordings its articles have."""
    if index.classifier is None:
        return "cold"
    return "young" if len(index.wordings) <= YOUNG * len(index.articles) else "grown"


def universal(age: str) -> Models:
    """Return the shipped models for bases of an age; automatic answers are shut."""
    part = shipped()[age]
    ranker, sure = Linear.from_json(part["ranker"]), Linear.from_json(part["confidence"])
    return Models(ranker, sure, Thresholds(answer=None))


def samples(index: Index, labels: Sequence[Label]) -> list[Sample]:
    """Gather evidence for labels; exact wordings and texts that resemble nothing teach nothing and are left out."""
    found = []
    for label in labels:
        place = index.number(label.article_id) if label.article_id is not None else None
        if label.article_id is not None and place is None:
            continue
        tokens = index.read(label.text)
        evidence = gather(index, tokens) if tokens and not index.same(key(tokens)) else None
        if evidence is not None:
            gold = _row(evidence, place) if place is not None else None
            found.append(Sample(evidence, gold, label.article_id))
    return found


def _row(evidence: Evidence, article: int) -> int | None:
    rows = np.flatnonzero(evidence.articles == article)
    return int(rows[0]) if len(rows) else None


def fit(index: Index, labels: Sequence[Label]) -> Models:
    """Fit models for an index. Labels train ranker and confidence and open thresholds; they never become wordings."""
    prior = universal(age(index))
    known = samples(index, labels)[-precedents.MANY :]
    if len(known) < MIN_LABELS or not any(sample.gold is not None for sample in known):
        return prior
    texts = [(sample.evidence.stems, sample.evidence.letters) for sample in known]
    golds = [sample.article for sample in known]
    many = int(index.alive.sum())
    habits = precedents.gather(texts, golds, [False] * len(known), many)
    lists = [_with_habit(index, sample, habits) for sample in known]
    ranker, rows, right = cross_ranked(known, lists, prior.ranker.widened(np.array([[-1.0], [1.0]]), HABIT))
    kept = precedents.gather(texts, golds, (right > 0).tolist(), many)
    heard = precedents.rows(kept, texts)
    rows, start = np.column_stack([rows, heard]), prior.confidence.widened(heard)
    sure = fit_logistic(rows, right, start, CONFIDENCE_PULL)
    judged = _cross_judged(rows, right, start)
    return Models(ranker, sure, Thresholds(answer=thresholds.choose_answer(judged, right)), kept)


def _with_habit(index: Index, sample: Sample, habits: Precedents) -> Array:
    """Add the column that says how often each article was meant by other messages."""
    ids = [index.articles[number].id for number in sample.evidence.articles.tolist()]
    return np.column_stack([sample.evidence.matrix, habits.habit(ids, sample.article)])


def cross_ranked(
    known: Sequence[Sample], lists: Sequence[Array], prior: Linear, pull: float = RANKER_PULL
) -> tuple[Linear, Array, Array]:
    """Return the ranker fitted on all, and confidence rows with their truth, each by a ranker that had not seen it.

    `lists` are what the ranker sees of the samples.
    """
    rows: list[Array] = [np.empty(0)] * len(known)
    right = np.zeros(len(known))
    folds = _folds(len(known))
    for fold in range(FOLDS):
        ranker = _fit_ranker(known, lists, np.flatnonzero(folds != fold).tolist(), prior, pull)
        for number in np.flatnonzero(folds == fold).tolist():
            logits = ranker(lists[number])
            rows[number] = confidence.describe(known[number].evidence, logits)
            right[number] = known[number].gold is not None and int(np.argmax(logits)) == known[number].gold
    return _fit_ranker(known, lists, range(len(known)), prior, pull), np.array(rows), right


def _fit_ranker(
    known: Sequence[Sample], lists: Sequence[Array], chosen: Sequence[int], prior: Linear, pull: float
) -> Linear:
    inside = [(lists[number], gold) for number in chosen if (gold := known[number].gold) is not None]
    if not inside:
        return prior
    return fit_choice([matrix for matrix, _ in inside], [gold for _, gold in inside], prior, pull)


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
