"""What the repositories promise over any store: questions without an answer, and what the desk answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict
from bridge.model.ids import ArticleId, ChannelName, ConversationId, CustomerId, MessageId, OperatorId
from bridge.model.misses import Miss
from bridge.model.staff_answers import StaffAnswer
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def miss(number: int) -> Miss:
    at = T0 + timedelta(hours=number)
    return Miss(f"m{number}", at, f"вопрос {number}", "ru", ChannelName("tg"), ConversationId("c"), "unsure")


async def test_questions_are_written_once_listed_newest_first_and_swapped_by_version(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    rows = [miss(number) for number in range(4)]
    assert await store.write_rows(rows[:3]) == rows[:3]
    assert await store.write_rows(rows) == rows[3:]
    assert [row.id for row in await store.misses.open(T0 + timedelta(hours=1), 2)] == ["m3", "m2"]
    (there,) = await store.misses.many(["none", "m1"])
    taken = await store.misses.replace(replace(there, state="taken", article=ArticleId("a")))
    with pytest.raises(Conflict):
        await store.misses.replace(replace(there, state="dismissed"))
    assert [row.id for row in await store.misses.open(T0, 9)] == ["m3", "m2", "m0"]
    assert await store.misses.of(ArticleId("a"), 9) == [taken]
    assert (await store.misses.forget(T0 + timedelta(hours=2)), await store.misses.many(["m0", "m1"])) == (2, [])


def answer(number: int) -> StaffAnswer:
    at, where = T0 + timedelta(hours=number), ConversationId("c")
    message, customer = MessageId(f"w{number}"), CustomerId("k")
    who = OperatorId("o")
    return StaffAnswer(f"a{number}", at, "ответ", "ru", ChannelName("tg"), where, message, customer, who, "Ольга")


async def test_answers_of_the_desk_are_listed_while_open_and_kept_once_something_was_done(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    rows = [answer(number) for number in range(4)]
    assert await store.write_rows(rows) == rows
    assert await store.write_rows(rows) == []
    there = await store.staff_answers.many(["a0", "none", "a1"])
    skipped = await store.staff_answers.replace(replace(there[0], state="skipped"))
    taken = await store.staff_answers.replace(replace(there[1], state="taken", article=ArticleId("x")))
    with pytest.raises(Conflict):
        await store.staff_answers.replace(replace(there[0], state="open"))
    assert await store.staff_answers.settled() == [skipped, taken]
    assert [row.id for row in await store.staff_answers.open(T0, 9)] == ["a3", "a2"]
    assert [row.id for row in await store.staff_answers.open(T0 + timedelta(hours=3), 9)] == ["a3"]
    assert await store.staff_answers.forget(T0 + timedelta(hours=3)) == 1
    assert [row.id for row in await store.staff_answers.open(T0, 9)] == ["a3"]
    assert await store.staff_answers.settled() == [skipped, taken]
