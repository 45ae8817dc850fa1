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
