"""A start serves at once; what labels teach follows in the background, once for all processes."""

import mmap
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from bridge.model.articles import Article, Label, Library
from bridge.model.ids import ArticleId
from kb_matcher import KbMatcher, training
from kb_matcher.index import Index
from kb_matcher.publishing import CURRENT
from kb_matcher.training import MIN_LABELS, Models

NEW = Article(ArticleId("tyres"), "Зимняя резина", "Меняем.", ("шипованные покрышки есть",), "ru")
TEXTS = ("сколько стоит ремонт", "есть ли аренда", "are you open", "столица чили", "шипованные покрышки есть")


@pytest.fixture(scope="module")
def taught(library: Library) -> Library:
    said = [
        Label(f"{text} {more}", one.id)
        for one in library.articles
        for text in one.questions
        for more in ("а то завтра уезжаю", "and where")
    ]
    assert len(said) > MIN_LABELS
    return replace(library, labels=tuple(said))


async def says(matcher: KbMatcher) -> list[str]:
    return [repr(replace(await matcher.match(text), engine="")) for text in TEXTS]


def maps(array: np.ndarray) -> bool:
    """Tell whether an array lies in a mapped file."""
    base = array
    while isinstance(base, np.ndarray):
        base = base.base
    return isinstance(base, mmap.mmap)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Let no models be fitted before this is set."""
    opened, real = threading.Event(), training.fit_or_stay

    def fit(index: Index, labels: Sequence[Label], previous: Models | None = None) -> Models:
        if labels:
            opened.wait()
        return real(index, labels, previous)

    with patch.object(training, "fit_or_stay", fit):
        yield opened
        opened.set()


async def test_a_first_start_serves_by_the_cold_rule_and_learns_meanwhile(
    taught: Library, gate: threading.Event
) -> None:
    cold, matcher = await KbMatcher.build(replace(taught, labels=())), await KbMatcher.open(taught)
    assert await says(matcher) == await says(cold)
    gate.set()
    await matcher.settled()
    assert await says(matcher) == await says(await KbMatcher.build(taught))
    assert matcher.lesson.labels == len(taught.labels)


async def test_what_is_written_while_it_learns_stays(taught: Library, gate: threading.Event) -> None:
    matcher = await KbMatcher.open(taught)
    await matcher.change([NEW], [taught.articles[0].id])
    assert matcher.engine.untaught
    gate.set()
    await matcher.settled()
    assert not matcher.engine.untaught
    assert (await matcher.match(TEXTS[-1])).exact
    assert matcher.engine.index.number(taught.articles[0].id) is None


async def test_what_is_published_is_served_as_it_is_and_nothing_is_fitted(taught: Library, tmp_path: Path) -> None:
    first = await KbMatcher.open(taught, folder=tmp_path)
    await first.settled()
    with patch.object(training, "fit_or_stay", side_effect=AssertionError):
        second = await KbMatcher.open(taught, folder=tmp_path)
        await second.settled()
    assert second.version == first.version
    assert await says(second) == await says(first)
    index = second.engine.index
    assert maps(index.stems.documents)
    assert maps(index.owner)


async def test_a_start_with_more_labels_serves_what_was_learned_before(
    taught: Library, tmp_path: Path, gate: threading.Event
) -> None:
    gate.set()
    before = await KbMatcher.build(taught, folder=tmp_path)
    gate.clear()
    more = (*taught.labels, *(Label(f"{one.text} 2", one.article_id) for one in taught.labels))
    library = replace(taught, labels=more, articles=(*taught.articles, NEW))
    matcher = await KbMatcher.open(library, folder=tmp_path)
    assert matcher.engine.untaught
    assert matcher.engine.models.seen == before.engine.models.seen
    assert (await matcher.match(TEXTS[-1])).exact
    gate.set()
    await matcher.settled()
    assert matcher.lesson.labels == len(more)
    name = (tmp_path / CURRENT).read_text("ascii")
    assert name.startswith(matcher.version)
    assert name.split("-")[0] != before.version
    await before.rebuild(library)  # the other process follows
    assert before.version == matcher.version
    assert await says(before) == await says(matcher)
