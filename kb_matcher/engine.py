"""From a text to a Match: index, models and thresholds in one immutable piece that is swapped whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bridge.model.articles import Decision, Library, Match, Ranked, Thresholds
from kb_matcher import exact, explain, index, training
from kb_matcher.features import Evidence, gather
from kb_matcher.index import Entry, Index
from kb_matcher.linear import Array
from kb_matcher.thresholds import with_overrides
from kb_matcher.training import Models

EXACT = 0.99
SHARED_WORDING = 0.6  # two articles own this wording: a choice for the customer, never an answer
OTHER_LANGUAGE = 2.0  # logits that an article in another language has to be better by
MAX_CHANGED = 0.05  # share of articles that may change before the models are fitted anew
_CEILING = 0.9999
_FALL = 0.999


@dataclass(frozen=True, slots=True)
class Place:
    """One article on its way into the ranking."""

    article: int
    wording: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Engine:
    """Answers match after match; replaced, never changed."""

    index: Index
    models: Models
    thresholds: Thresholds
    fitted_on: Library

    def match(self, text: str, limit: int = 5, language: str | None = None) -> Match:
        """Rank articles for a text; texts without words and empty libraries give Decision.NONE."""
        tokens = self.index.read(text)
        evidence = gather(self.index, tokens) if tokens and self.index.articles else None
        if evidence is None:
            return Match(Decision.NONE)
        logits = self._logits(evidence, language)
        order = np.lexsort((evidence.articles, -logits))
        sure = self.models.confidences(tokens, evidence, logits)
        places = [Place(int(evidence.articles[o]), int(evidence.wordings[o]), float(sure[o])) for o in order]
        repeated = self._repeated(tokens, evidence, language)
        places = _falling(_raised(places, repeated))[: max(limit, 0)]
        alone = len(repeated) == 1
        decision = Decision.ANSWER if alone else self._decide(places, shared=len(repeated) > 1)
        return Match(decision, tuple(self._ranked(places, tokens)), exact=alone)

    def _logits(self, evidence: Evidence, language: str | None) -> Array:
        logits = self.models.logits(evidence, [self.index.articles[one].id for one in evidence.articles.tolist()])
        if language is None:
            return logits
        foreign = [not _speaks(self.index.articles[number], language) for number in evidence.articles]
        return np.asarray(logits - OTHER_LANGUAGE * np.array(foreign))

    def _repeated(self, tokens: Sequence[str], evidence: Evidence, language: str | None) -> dict[int, int]:
        """Return articles whose wording the text repeats, each with that wording; the asked language goes first."""
        wordings = exact.find(self.index, tokens, evidence.wordings)
        found = {int(self.index.owner[number]): number for number in reversed(wordings)}
        own = {a: number for a, number in found.items() if language and _speaks(self.index.articles[a], language)}
        return own or found

    def _decide(self, places: Sequence[Place], shared: bool) -> Decision:
        first = places[0].confidence if places else 0.0
        if not shared and self.thresholds.answer is not None and first >= self.thresholds.answer:
            return Decision.ANSWER
        return Decision.OFFER if first >= self.thresholds.offer else Decision.NONE

    def _ranked(self, places: Sequence[Place], tokens: Sequence[str]) -> list[Ranked]:
        ranked = []
        for number, place in enumerate(places):
            article, wording = self.index.articles[place.article], self.index.wordings[place.wording]
            rival = places[number + 1] if number + 1 < len(places) else None
            why = explain.line(
                wording,
                explain.common(tokens, self.index.tokens[place.wording]),
                place.confidence,
                (self.index.articles[rival.article].title, rival.confidence) if rival else None,
            )
            ranked.append(Ranked(article.id, article.title, place.confidence, wording, why))
        return ranked


def build(
    library: Library,
    answer: float | None = None,
    offer: float | None = None,
    suggest: float | None = None,
    previous: Engine | None = None,
) -> Engine:
    """Index a library and fit its models; thresholds given here win over the measured ones.

    The models of a previous engine are kept when labels and nearly all articles are the same: an editor's change is in
    force in a fraction of a second, and a few dozen weights cannot tell the difference.
    """
    built = index.build(library.articles)
    if previous is not None and _much_alike(previous.fitted_on, library) and _taught(previous.index) == _taught(built):
        models, fitted_on = previous.models, previous.fitted_on
    else:
        models, fitted_on = training.fit(built, library.labels), library
    return Engine(built, models, with_overrides(models.thresholds, answer, offer, suggest), fitted_on)


def _taught(built: Index) -> bool:
    return built.classifier is not None


def _much_alike(old: Library, new: Library) -> bool:
    if old.labels != new.labels:
        return False
    before, after = ({(one.id, one.title, one.questions) for one in each.articles} for each in (old, new))
    return len(before - after) + len(after - before) <= MAX_CHANGED * (len(before) + len(after))


def _speaks(article: Entry, language: str) -> bool:
    return article.lang is None or article.lang == language


def _raised(places: Sequence[Place], repeated: dict[int, int]) -> list[Place]:
    """Put articles whose wording is repeated first."""
    if not repeated:
        return list(places)
    least = EXACT if len(repeated) == 1 else SHARED_WORDING
    known = {place.article: place.confidence for place in places}
    first = [
        Place(article, wording, max(least, known.get(article, 0.0)) if len(repeated) == 1 else least)
        for article, wording in sorted(repeated.items(), key=lambda item: (-known.get(item[0], 0.0), item[0]))
    ]
    return first + [place for place in places if place.article not in repeated]


def _falling(places: Sequence[Place]) -> list[Place]:
    """Make confidences fall strictly inside 0..1."""
    fallen: list[Place] = []
    ceiling = _CEILING
    for place in places:
        sure = min(max(place.confidence, 1e-6), ceiling)
        ceiling = sure * _FALL
        fallen.append(Place(place.article, place.wording, sure))
    return fallen
