"""What models learn from: labels that became wordings, rejections, and a new fit that must prove better."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bridge.model.articles import Label, Library, Thresholds
from kb_matcher import KbMatcher, held, index, thresholds, training
from kb_matcher.engine import Engine, build
from kb_matcher.files import read_articles, read_labels
from kb_matcher.index import Index
from kb_matcher.samples import samples

KNOWLEDGE = Path(__file__).parents[3] / "configs" / "knowledge" / "ru"
ARTICLES = [replace(one, questions=one.questions[:3]) for one in read_articles(KNOWLEDGE / "articles.jsonl")[:16]]
IDS = {one.id for one in ARTICLES}
LABELS = [one for one in read_labels(KNOWLEDGE / "labels.jsonl") if one.article_id in IDS | {None}]
TAUGHT = [Label(text, one.id) for one in ARTICLES for text in one.questions]


@cache
def base() -> Index:
    return index.build(ARTICLES)


def test_an_index_without_wordings_is_as_if_built_without_them() -> None:
    second = {one.questions[1] for one in ARTICLES}
    gone = [number for number, wording in enumerate(base().wordings) if wording in second]
    left = held.without(base(), gone)
    other = index.build([replace(one, questions=(one.questions[0], *one.questions[2:])) for one in ARTICLES])
    assert list(left.wordings) == list(other.wordings)
    for text in ("сколько идёт посылка", "хочу вернуть деньги за чашку", "скидка на первый заказ"):
        ours, theirs = (samples(each, [Label(text, None)])[0].evidence for each in (left, other))
        assert ours.articles.tolist() == theirs.articles.tolist()
        np.testing.assert_allclose(ours.matrix, theirs.matrix, atol=1e-5)


def test_labels_that_became_wordings_are_heard_without_themselves() -> None:
    heard = samples(base(), TAUGHT)
    assert len(heard) >= 0.9 * len(TAUGHT)
    assert max(float(one.evidence.matrix[:, 0].max()) for one in heard) < 0.999, "none finds itself"
    assert samples(base(), TAUGHT[:5]) == [], "a few teach nothing that would be worth other indexes"
    alone = index.build([replace(one, title=one.questions[0], questions=()) for one in ARTICLES])
    own = [Label(one.questions[0], one.id) for one in ARTICLES]
    assert samples(alone, own) == [], "the last wording of an article stays"


def test_a_fit_is_kept_only_if_it_is_no_worse_on_labels_the_last_one_had_not_seen() -> None:
    known = LABELS[: len(LABELS) // 2]
    first = training.fit(base(), known)
    assert (first.lesson.kept, first.lesson.labels) == (True, len(first.seen))
    again = training.fit(base(), known, first)
    assert (again.lesson.kept, again.seen) == (True, first.seen), "without new labels it is what it is by itself"
    whole = training.fit(base(), LABELS)
    # It knows by heart what the new one, on each label, has not seen: nothing can be better.
    knowing = replace(whole, seen=first.seen, thresholds=Thresholds(answer=0.93))
    stayed = training.fit(base(), LABELS, knowing)
    assert (stayed.ranker is whole.ranker, stayed.seen, stayed.lesson.kept) == (True, first.seen, False)
    assert stayed.lesson.labels == whole.lesson.labels
    assert stayed.thresholds.answer == 0.93
    eager = replace(knowing, thresholds=Thresholds(answer=0.0))
    assert training.fit(base(), LABELS, eager).thresholds.answer is None, "wrong too often: shut"


def test_what_people_refused_makes_the_matcher_less_sure_of_it() -> None:
    known = [one for one in LABELS if one.article_id is not None]
    strange = [one.text for one in LABELS if one.article_id is None]
    untold = taught_by(known)
    first = {text: match.ranked[0].article_id for text in strange if (match := untold.match(text)).ranked}
    told = taught_by([*known, *(Label(text, id, fits=False) for text, id in first.items())])
    assert len(first) > 20
    before, after = (np.mean([one.match(text).ranked[0].confidence for text in first]) for one in (untold, told))
    assert after < before - 0.05


def test_labels_that_break_the_fit_leave_the_models_as_they_are(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(index: Index, labels: object) -> list[object]:
        raise np.linalg.LinAlgError

    before = taught_by([])
    monkeypatch.setattr(training, "samples", broken)
    assert build(Library(tuple(ARTICLES), tuple(LABELS)), previous=before).models is before.models
    assert taught_by(LABELS).thresholds.answer is None
    assert "nothing can be learned" in caplog.text


async def test_one_process_fits_and_the_others_take_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = []
    plain = training.fit

    def counted(index: Index, labels: Sequence[Label], previous: training.Models | None = None) -> training.Models:
        fits.append(len(labels))
        return plain(index, labels, previous)

    matchers = [await KbMatcher.build(Library(tuple(ARTICLES)), folder=tmp_path) for _ in range(2)]
    monkeypatch.setattr(training, "fit", counted)
    taught = Library(tuple(ARTICLES), tuple(LABELS))
    await asyncio.gather(*(each.rebuild(taught) for each in matchers))
    assert fits == [len(LABELS)]
    assert len({each.version for each in matchers}) == 1
    assert {each.lesson.labels for each in matchers} == {matchers[0].lesson.labels}
    assert matchers[0].lesson.labels > 40
    for each in matchers:
        await each.settled()


def test_how_far_automatic_answers_are_is_told() -> None:
    none = thresholds.progress()
    assert (none.labels, none.needed, none.answers, none.precision) == (0, thresholds.MIN_LABELS, 0, None)
    sure = np.array([0.95] * 30 + [0.5] * 10)
    told = thresholds.progress(sure, np.array([1.0] * 28 + [0.0] * 12))
    assert (told.labels, told.answers, told.target, told.sure) == (40, 30, thresholds.TARGET, thresholds.SURE)
    assert told.precision is not None
    assert abs(told.precision - 28 / 30) < 1e-9
    assert told.lower < told.precision
    assert thresholds.disproved(sure, np.array([1.0] * 26 + [0.0] * 14), 0.9)
    assert not thresholds.disproved(sure[:10], np.zeros(10), 0.9), "too few to tell"


def taught_by(labels: list[Label]) -> Engine:
    return build(Library(tuple(ARTICLES), tuple(labels)))
