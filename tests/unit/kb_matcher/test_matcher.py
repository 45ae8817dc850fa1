"""The port: long work off the event loop, swapped whole."""

import asyncio
import subprocess
import sys
import threading
from dataclasses import replace
from unittest.mock import patch

import pytest

from bridge.model.articles import Article, Library
from bridge.model.ids import ArticleId
from kb_matcher import KbMatcher
from kb_matcher import matcher as module
from kb_matcher.engine import Engine

LONG = "есть ли аренда" + " и ещё одно слово" * 30


@pytest.mark.parametrize(("text", "thread"), [("есть ли аренда", "MainThread"), (LONG, "kb-matcher_0")])
async def test_only_what_takes_long_is_matched_off_the_event_loop(library: Library, text: str, thread: str) -> None:
    matcher = await KbMatcher.build(library)
    names: list[str] = []
    real = Engine.match

    def spy(*args: object) -> object:
        names.append(threading.current_thread().name)
        return real(*args)

    with patch.object(Engine, "match", spy):
        found = await asyncio.gather(*(matcher.match(text) for _ in range(5)))
    assert all(match.ranked[0].article_id == found[0].ranked[0].article_id for match in found)
    assert names == [thread] * 5


async def test_rebuild_swaps_the_engine_whole_and_keeps_overrides(library: Library) -> None:
    matcher = await KbMatcher.build(library, answer=0.97)
    before = matcher.engine
    new = Article(ArticleId("tyres"), "Зимняя резина", "Меняем.", ("шипованные покрышки есть",), "ru")
    assert not (await matcher.match("шипованные покрышки есть")).exact
    await matcher.rebuild(replace(library, articles=(*library.articles, new)))
    assert (await matcher.match("шипованные покрышки есть")).exact
    assert matcher.thresholds.answer == 0.97
    assert matcher.engine is not before
    assert not before.match("шипованные покрышки есть").exact


async def test_questions_during_a_rebuild_are_answered(library: Library) -> None:
    matcher = await KbMatcher.build(library)
    rebuilding = asyncio.gather(*(matcher.rebuild(library) for _ in range(2)))
    while not rebuilding.done():
        assert (await matcher.match("есть ли аренда")).ranked[0].article_id == "rent"
    await rebuilding


def test_importing_the_room_does_not_load_scikit_learn() -> None:
    code = "import sys, kb_matcher; sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def numbered(count: int, first: int = 0) -> tuple[Article, ...]:
    return tuple(
        Article(ArticleId(f"n{number}"), f"Деталь {number}", "Есть.", (f"запчасть модели {number}",), "ru")
        for number in range(first, first + count)
    )


@pytest.mark.parametrize("small", [True, False])
async def test_a_change_is_in_force_at_once_and_settles_behind(
    library: Library, monkeypatch: pytest.MonkeyPatch, small: bool
) -> None:
    if not small:
        monkeypatch.setattr(module, "SMALL", 3)
        monkeypatch.setattr(module, "GROWN", 10)
    matcher = await KbMatcher.build(library, answer=0.97)
    await matcher.change(numbered(3))
    assert (await matcher.match("запчасть модели 2")).exact
    assert matcher.engine.grown == 6
    await matcher.settled()
    assert matcher.engine.grown == (0 if small else 6)
    await matcher.change(numbered(4, 2), [ArticleId("n0")])
    assert not (await matcher.match("запчасть модели 0")).exact
    await matcher.settled()
    assert matcher.engine.grown == 0
    assert (await matcher.match("запчасть модели 5")).exact
    assert not (await matcher.match("запчасть модели 0")).exact
    assert matcher.thresholds.answer == 0.97


async def test_what_is_changed_while_it_settles_stays_changed(library: Library) -> None:
    matcher = await KbMatcher.build(library)
    begun, go_on = threading.Event(), threading.Event()
    real = Engine.settled

    def slow(engine: Engine) -> Engine:
        begun.set()
        go_on.wait()
        return real(engine)

    with patch.object(Engine, "settled", slow):
        await matcher.change(numbered(1))
        await asyncio.to_thread(begun.wait)
        await matcher.change(numbered(1, 1), [ArticleId("rent")])
        go_on.set()
        await matcher.settled()
    assert matcher.engine.grown == 0
    assert [(await matcher.match(f"запчасть модели {number}")).exact for number in (0, 1)] == [True, True]
    assert not (await matcher.match("есть ли аренда")).exact


async def test_what_settles_of_an_older_library_is_dropped(library: Library) -> None:
    matcher = await KbMatcher.build(library)
    other = Library(numbered(5))
    await matcher.change(numbered(1, 7))
    await matcher.rebuild(other)
    await matcher.settled()
    assert {one.id for one in matcher.engine.index.articles} == {one.id for one in other.articles}


async def test_the_same_library_again_changes_nothing_and_a_little_more_is_growth(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SMALL", 3)
    matcher = await KbMatcher.build(library)
    before = matcher.engine
    await matcher.rebuild(Library(library.articles[::-1]))
    assert matcher.engine is before
    await matcher.rebuild(Library((*library.articles[1:], *numbered(1))))
    assert matcher.engine.index.stems.base is before.index.stems.base
    assert (await matcher.match("запчасть модели 0")).exact
    assert not (await matcher.match("почём починка")).exact


async def test_a_fault_behind_leaves_what_is_in_force(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    matcher = await KbMatcher.build(library)
    with patch.object(Engine, "settled", side_effect=MemoryError("no room")):
        await matcher.change(numbered(1))
        await matcher.settled()
    assert "the matcher stays as it is" in caplog.text
    assert (await matcher.match("запчасть модели 0")).exact
