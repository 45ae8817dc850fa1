"""What the repositories promise over any store: questions kept as tests, and what became of articles with customers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, NotFound
from bridge.model.articles import Signed
from bridge.model.ids import ArticleId
from bridge.model.labels import Verdict
from bridge.model.questions import KeptQuestion, Use, use_of
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
FIRST, OTHER = ArticleId("first"), ArticleId("other")


def question(number: int, article: ArticleId | None = FIRST) -> KeptQuestion:
    return KeptQuestion(f"q{number}", f"вопрос {number}", article, "ru", Signed("o", "Ольга", T0 - timedelta(number)))


async def test_questions_are_kept_changed_by_version_and_forgotten(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    one = await store.questions.put(question(1))
    two = await store.questions.put(question(2, None))
    assert await store.questions.put(question(1, OTHER)) == one
    assert (await store.questions.all(), await store.questions.count()) == ([two, one], 2)
    changed = await store.questions.put(replace(one, article=OTHER, language=None))
    assert await store.questions.get("q1") == changed
    with pytest.raises(Conflict):
        await store.questions.put(replace(one, text="иначе"))
    assert (await store.questions.delete("q1"), await store.questions.delete("q1")) == (True, False)
    with pytest.raises(NotFound):
        await store.questions.get("q1")


async def test_uses_are_counted_once_by_article_kind_and_time(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    told = [("t1", FIRST, "answer"), ("t2", FIRST, "answer"), ("t2", OTHER, "offer"), ("t1", FIRST, "helped")]
    rows = [
        Use(use_of(about, article, how), article, T0 + timedelta(days=number), how)
        for number, (about, article, how) in enumerate(told)
    ]
    denied = Use(use_of("t1", FIRST, "not_helped"), FIRST, T0, "not_helped")
    assert await store.write_rows(rows) == rows
    assert await store.write_rows([*rows, denied]) == [], "the same turn and the same answer count once"
    assert await store.uses.counts("answer") == {FIRST: 2}
    assert await store.uses.counts("answer", T0 + timedelta(hours=1)) == {FIRST: 1}
    assert await store.uses.of(FIRST) == {"answer": 2, "helped": 1}
    assert await store.uses.last(FIRST, ("answer", "offer")) == T0 + timedelta(days=1)
    assert await store.uses.last(OTHER, ("answer",)) is None


async def test_what_was_said_of_late_comes_first_and_files_are_left_out(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    for number in range(3):
        await store.labels.put(Verdict(f"v{number}", f"t{number}", FIRST, at=T0 + timedelta(hours=number)))
    await store.labels.put(Verdict("file", "из файла", FIRST))
    assert [row.id for row in await store.labels.said(T0 + timedelta(hours=1), 9)] == ["v2", "v1"]
