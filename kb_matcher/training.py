"""Fitting ranker and confidence: on shipped weights alone, or pulled from them towards an installation's own labels."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.model.articles import Label, Thresholds
from bridge.model.labels import Lesson
from kb_matcher import confidence, precedents, thresholds
from kb_matcher.confidence import Bends
from kb_matcher.features import Evidence
from kb_matcher.index import Index
from kb_matcher.linear import Array, Linear, fit_choice, fit_logistic, sigmoid, softmax
from kb_matcher.precedents import Precedents
from kb_matcher.samples import Sample, samples
from kb_matcher.vocabulary import Vocabulary, learn

log = logging.getLogger("mostik.matcher")

FOLDS = 5
MIN_LABELS = 40  # fewer would move the shipped weights at random
AGES = ("cold", "young", "grown")
YOUNG = 4.0  # wordings an article up to which a base is young
RANKER_PULLS = (10.0, 30.0, 100.0)  # towards the shipped weights: many wordings want more of it
CONFIDENCE_PULL = 30.0
MIN_JUDGED = 20  # unseen labels on which two models can be told apart
_LEAST = 1e-6
HABIT = 0.3  # weight that an article's habit of being meant starts with


@dataclass(frozen=True, slots=True)
class Models:
    """Ranker and confidence for one index, the thresholds that its labels support, and the labels as precedents."""

    ranker: Linear
    confidence: Linear
    thresholds: Thresholds
    precedents: Precedents | None = None
    lesson: Lesson = field(default_factory=Lesson)
    seen: tuple[str, ...] = ()  # marks of the labels it was fitted on
    vocabulary: Vocabulary | None = None  # words of its labels; None: too few labels or too many articles
    bends: Bends | None = None  # None: no labels of its own

    def logits(self, evidence: Evidence, articles: Sequence[str]) -> Array:
        """Score the short list, whose ids are `articles`."""
        matrix = evidence.matrix
        if self.precedents is not None:
            matrix = np.column_stack([matrix, self.precedents.habit(articles)])
        if self.vocabulary is not None:
            matrix = np.column_stack([matrix, self.vocabulary.column(evidence.stems, articles)])
        return self.ranker(matrix)

    def confidences(self, evidence: Evidence, logits: Array) -> Array:
        """Return a confidence for each article of the short list."""
        row = confidence.describe(evidence, logits)
        if self.precedents is not None:
            row = np.append(row, self.precedents.row(self.precedents.near(evidence.stems, evidence.letters)))
        if self.bends is not None:
            row = self.bends(row)
        return confidence.confidences(float(sigmoid(self.confidence(row[None]))[0]), logits)


@dataclass(frozen=True, slots=True)
class Judged:
    """Confidences of labelled texts by models that had not seen them, and whether the first place was right."""

    sure: Array
    right: Array

    @property
    def worth(self) -> float:
        """Accuracy and mean log-likelihood together: a better ranker raises one, a better confidence the other."""
        told = np.where(self.right > 0, self.sure, 1 - self.sure)
        return float(self.right.mean() + np.log(np.clip(told, 1e-6, 1)).mean())

    def of(self, chosen: Array) -> "Judged":
        """Return those of some texts."""
        return Judged(self.sure[chosen], self.right[chosen])


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
    return Models(ranker, sure, Thresholds(answer=None), lesson=thresholds.progress())


def fit(index: Index, labels: Sequence[Label], previous: Models | None = None) -> Models:
    """Fit models for an index. Labels train ranker and confidence and open thresholds.

    Those of a previous engine stay where the new ones are no better on labels that these have not seen, and close
    automatic answers if they turn out wrong too often on them.
    """
    heard = samples(index, labels)
    known = [sample for sample in heard if sample.fits][-precedents.MANY :]
    prior = universal(age(index))
    if len(known) < MIN_LABELS or not any(sample.gold is not None for sample in known):
        return replace(prior, lesson=thresholds.progress(labels=len(known)))
    wrong = [sample for sample in heard if not sample.fits][-precedents.MANY :]
    models, judged = _fitted(index, known, wrong, prior)
    before = previous if previous is not None and previous.seen else None
    seen = frozenset(before.seen) if before is not None else frozenset()
    unseen = np.array([before is None or sample.mark not in seen for sample in known], bool)
    if before is None or unseen.sum() < MIN_JUDGED:
        return models
    old = judge(before, [sample for sample, new in zip(known, unseen, strict=True) if new])
    if judged.of(unseen).worth >= old.worth:
        return models
    answer = before.thresholds.answer
    shut = answer is not None and thresholds.disproved(old.sure, old.right, answer)
    limits = replace(before.thresholds, answer=None) if shut else before.thresholds
    return replace(before, thresholds=limits, lesson=replace(models.lesson, kept=False))


def tried(index: Index, labels: Sequence[Label]) -> tuple[Models, list[Sample], Judged]:
    """Return models fitted on labels, what they were fitted on, and how such models do on each of it unseen."""
    heard = samples(index, labels)
    known = [sample for sample in heard if sample.fits][-precedents.MANY :]
    prior = universal(age(index))
    if len(known) < MIN_LABELS or not any(sample.gold is not None for sample in known):
        return prior, known, judge(prior, known)
    wrong = [sample for sample in heard if not sample.fits][-precedents.MANY :]
    models, judged = _fitted(index, known, wrong, prior)
    return models, known, judged


def fit_or_stay(index: Index, labels: Sequence[Label], previous: Models | None = None) -> Models:
    """Fit models as `fit` does; whatever is wrong with labels, the house goes on with the models it has."""
    try:
        return fit(index, labels, previous)
    except Exception:
        log.exception("nothing can be learned from %d labels: the models stay as they are", len(labels))
        return previous if previous is not None else universal(age(index))


def judge(models: Models, heard: Sequence[Sample]) -> Judged:
    """Let models speak on labelled texts."""
    sure, right = [], []
    for sample in heard:
        logits = models.logits(sample.evidence, sample.ids)
        sure.append(float(models.confidences(sample.evidence, logits).max()))
        right.append(sample.gold is not None and int(np.argmax(logits)) == sample.gold)
    return Judged(np.array(sure), np.array(right, float))


def _fitted(index: Index, known: Sequence[Sample], wrong: Sequence[Sample], prior: Models) -> tuple[Models, Judged]:
    """Fit models on what is known; also return how they do on each label unseen."""
    texts = [(sample.evidence.stems, sample.evidence.letters) for sample in known]
    golds = [sample.article for sample in known]
    many = int(index.alive.sum())
    habits = precedents.gather(texts, golds, [False] * len(known), many)
    lists = [_with_habit(sample, habits) for sample in known]
    first = prior.ranker.widened(np.array([[-1.0], [1.0]]), HABIT)
    learned = learn(index, known, [softmax(first(matrix)) for matrix in lists])
    vocabulary = learned[0] if learned else None
    if learned:
        lists = [np.column_stack(pair) for pair in zip(lists, learned[1], strict=True)]
        first = first.widened(np.concatenate(learned[1])[:, None])
    ranker, rows, right = cross_ranked(known, lists, first, _pull(known, lists, first))
    kept = precedents.gather(texts, golds, (right > 0).tolist(), many)
    rows = np.column_stack([rows, precedents.rows(kept, texts)])
    bends = Bends.of(rows)
    bent = bends(rows)
    start = bends.start(prior.confidence, bent)
    denied = _denied(wrong, ranker, habits, kept, vocabulary)
    all_rows = np.concatenate([bent, bends(denied)]) if len(denied) else bent
    truth = np.append(right, np.zeros(len(denied)))
    sure = fit_logistic(all_rows, truth, start, CONFIDENCE_PULL)
    judged = _cross_judged(all_rows, truth, start)
    limits = Thresholds(answer=thresholds.choose_answer(judged, truth))
    lesson = thresholds.progress(judged, truth)
    seen = tuple(sample.mark for sample in known)
    return Models(ranker, sure, limits, kept, lesson, seen, vocabulary, bends), Judged(judged[: len(right)], right)


def _denied(
    wrong: Sequence[Sample], ranker: Linear, habits: Precedents, kept: Precedents, vocabulary: Vocabulary | None
) -> Array:
    """Return confidence rows of texts whose first place is known to be wrong, though not what would be right."""
    rows = []
    for sample in wrong:
        matrix = _with_habit(sample, habits, counted=False)
        if vocabulary is not None:
            matrix = np.column_stack([matrix, vocabulary.column(sample.evidence.stems, sample.ids)])
        logits = ranker(matrix)
        if sample.gold is not None and int(np.argmax(logits)) == sample.gold:
            near = kept.near(sample.evidence.stems, sample.evidence.letters)
            rows.append(np.append(confidence.describe(sample.evidence, logits), kept.row(near)))
    return np.array(rows)


def _with_habit(sample: Sample, habits: Precedents, counted: bool = True) -> Array:
    """Add the column that says how often each article was meant by other messages."""
    own = sample.article if counted else None
    return np.column_stack([sample.evidence.matrix, habits.habit(sample.ids, own)])


def cross_ranked(
    known: Sequence[Sample], lists: Sequence[Array], prior: Linear, pull: float
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


def _pull(known: Sequence[Sample], lists: Sequence[Array], prior: Linear) -> float:
    """Choose the one of RANKER_PULLS whose rankers give the right articles of texts they had not seen the most."""
    folds = _folds(len(known))
    told = dict.fromkeys(RANKER_PULLS, 0.0)
    for fold, pull in product(range(FOLDS), RANKER_PULLS):
        ranker = _fit_ranker(known, lists, np.flatnonzero(folds != fold).tolist(), prior, pull)
        for number in np.flatnonzero(folds == fold).tolist():
            if (gold := known[number].gold) is not None:
                told[pull] += float(np.log(softmax(ranker(lists[number]))[gold] + _LEAST))
    return max(told, key=lambda pull: told[pull])


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
