"""Trying things out beside the engine: labels on models that had not seen them, another base, alike articles."""

from collections.abc import Collection, Sequence

import numpy as np

from bridge.model.articles import Article
from bridge.model.ids import ArticleId
from bridge.model.trials import Rehearsed, Trial, Twins
from kb_matcher import training
from kb_matcher.engine import Engine
from kb_matcher.features import COLUMN
from kb_matcher.normalise import question_words
from kb_matcher.spelling import gather

#: Mean cosine of stems and letters from which two wordings are nearly the same question.
ALIKE = 0.65
#: Wordings up to which another base is made one before it is asked: a second's work.
SMALL = 5_000


def trials(engine: Engine) -> list[Trial]:
    """Return how each label fares on models that had not seen it; those in doubt about themselves last."""
    index = engine.index
    models, known, judged = training.tried(index, engine.labels)
    found = []
    for sample, sure, right in zip(known, judged.sure.tolist(), judged.right.tolist(), strict=True):
        row = (
            sample.gold
            if right and sample.gold is not None
            else int(np.argmax(models.logits(sample.evidence, sample.ids)))
        )
        lang = index.articles.langs[int(sample.evidence.articles[row])]
        found.append(Trial(ArticleId(sample.ids[row]), float(sure), bool(right), lang))
    return sorted(found, key=lambda one: -one.confidence)


def rehearsed(
    engine: Engine, put: Sequence[Article], gone: Collection[ArticleId], texts: Sequence[tuple[str, str | None]]
) -> list[Rehearsed]:
    """Ask texts, each in a language, of the engine and of one with articles put and others gone.

    A small base is made one again first, as it will be soon: until then its classifier remembers wordings that went.
    """
    other = engine.changed(put, gone)
    if len(other.index.wordings) <= SMALL:
        other = other.settled()
    return [Rehearsed(engine.match(text, 3, lang), other.match(text, 3, lang)) for text, lang in texts]


def twins(engine: Engine, numbers: Sequence[int]) -> list[Twins]:
    """Compare wordings, by number, with those of other articles; the closest pair of each two."""
    index = engine.index
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    for number in numbers:
        own = int(index.owner[number])
        evidence = gather(index, question_words(index.wordings[number])) if index.alive[own] else None
        if evidence is None:
            continue
        near = (evidence.matrix[:, COLUMN["stem"]] + evidence.matrix[:, COLUMN["letter"]]) / 2
        for row in np.flatnonzero(near >= ALIKE).tolist():
            other = int(evidence.articles[row])
            if other == own or not index.alive[other] or not _speak_alike(engine, own, other):
                continue
            pair = (min(own, other), max(own, other))
            likeness = min(1.0, float(near[row]))
            if likeness > best.get(pair, (0.0, 0, 0))[0]:
                told = (number, int(evidence.wordings[row]))
                best[pair] = likeness, *(told if own == pair[0] else told[::-1])
    ids = index.articles.ids.texts
    return [
        Twins(ArticleId(ids[one]), ArticleId(ids[other]), likeness, index.wordings[mine], index.wordings[its])
        for (one, other), (likeness, mine, its) in best.items()
    ]


def _speak_alike(engine: Engine, one: int, other: int) -> bool:
    langs = engine.index.articles.langs
    return not langs[one] or not langs[other] or langs[one] == langs[other]
