"""The guard of quality: the sample base's own labels, five-fold."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bridge.model.articles import Decision, Library
from kb_matcher import engine, index
from kb_matcher.files import read_articles, read_labels
from kb_matcher.measures import score
from kb_matcher.training import fit

KNOWLEDGE = Path(__file__).resolve().parents[3] / "configs" / "knowledge"
FOLDS = 5


def sample(lang: str) -> Library:
    folder = KNOWLEDGE / lang
    return Library(tuple(read_articles(folder / "articles.jsonl")), tuple(read_labels(folder / "labels.jsonl")))


@pytest.mark.slow
def test_automatic_answers_on_the_sample_base_are_right(record_property: Callable[[str, object], None]) -> None:
    library = sample("ru")
    built = index.build(library.articles)
    fold = np.random.default_rng(11).permutation(len(library.labels)) % FOLDS
    matches, labels = [], []
    for number in range(FOLDS):
        models = fit(built, [label for label, one in zip(library.labels, fold, strict=True) if one != number])
        part = engine.Engine(built, models, models.thresholds)
        held = [label for label, one in zip(library.labels, fold, strict=True) if one == number]
        matches += [part.match(label.text) for label in held]
        labels += held
    found = score(matches, labels)
    record_property("scores", repr(found))
    assert found.precision is not None
    assert found.precision >= 0.93
    assert found.coverage is not None
    assert found.coverage >= 0.20
    assert found.accuracy_at_1 is not None
    assert found.accuracy_at_1 >= 0.68
    assert found.auroc is not None
    assert found.auroc >= 0.84


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_wording_of_the_sample_base_is_answered(lang: str) -> None:
    library = replace(sample(lang), labels=())
    built = engine.build(library)
    for article in library.articles:
        for wording in (article.title, *article.questions):
            match = built.match(wording, language=lang)
            assert (match.decision, match.ranked[0].article_id) == (Decision.ANSWER, article.id), wording
