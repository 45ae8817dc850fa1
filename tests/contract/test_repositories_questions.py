"""What the repositories promise over any store: questions kept as tests, and what became of articles with customers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, NotFound
from bridge.model.articles import Signed
from bridge.model.ids import ArticleId, ChannelName, ChatId, ConversationId, MessageId
from bridge.model.labels import Verdict
from bridge.model.messages import Author, AuthorKind, Delivery, Message
from bridge.model.questions import KeptQuestion, Tally, Use, UseDay, use_of
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL
from tests.street import Time

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


async def test_uses_are_rows_until_they_are_counted_by_day(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    hours = [Use(use_of(f"t{n}", FIRST, "sent"), FIRST, T0 + timedelta(hours=n), "sent") for n in range(3)]
    yes, no = (Use(use_of("t", OTHER, how), OTHER, T0, how) for how in ("helped", "not_helped"))
    assert await store.write_rows([*hours, yes]) == [*hours, yes]
    assert await store.write_rows([*hours, no]) == [], "the same turn and the same answer are one"
    assert await store.uses.rows(hours[1].at, hours[2].at) == [replace(hours[1], version=1)]
    assert len(await store.uses.rows(None, hours[2].at)) == 3
    assert (await store.uses.newest(("sent", "offer")), await store.uses.newest(("offer",))) == (hours[2].at, None)
    assert (await store.uses.forget(hours[1].at), await store.uses.forget(hours[1].at)) == (2, 0)
    day = await store.uses.save(UseDay("2025-03-01", T0, (Tally(FIRST, "sent", 2, T0),)))
    assert await store.uses.days() == [day]
    for late in (replace(day, version=0), replace(day, version=9)):
        with pytest.raises(Conflict):
            await store.uses.save(late)
    await store.uses.drop(await store.uses.save(replace(day, through=hours[2].at)))
    assert await store.uses.days() == []


async def test_words_on_their_way_out_are_read_by_when_they_changed(documents: Documents) -> None:
    await documents.open(ALL)
    clock = Time()
    store = Repositories(documents, clock)
    way = Delivery("out", 1)
    for number in range(3):
        said = Message(
            *(
                MessageId(f"m{number}"),
                ConversationId("c"),
                number + 1,
                Author(AuthorKind.BOT, "", ""),
                "",
                clock.now(),
            ),
            *(ChannelName("x"), ChatId("1")),
            delivery=way if number else None,
        )
        await store.write_rows([said])
        clock.pass_(60)
    since = clock.now() - timedelta(seconds=60)
    assert [row.id async for row in store.messages.spoken(since)] == ["m2"]
    await store.messages.replace(replace(await store.messages.get(MessageId("m1")), text="иначе"))
    assert [row.id async for row in store.messages.spoken(since)] == ["m2", "m1"]
    assert [row.id async for row in store.messages.spoken(None)] == ["m2", "m1"], "what came in is none"


async def test_what_was_said_of_late_comes_first_and_files_are_left_out(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    for number in range(3):
        await store.labels.put(Verdict(f"v{number}", f"t{number}", FIRST, at=T0 + timedelta(hours=number)))
    await store.labels.put(Verdict("file", "из файла", FIRST))
    assert [row.id for row in await store.labels.said(T0 + timedelta(hours=1), 9)] == ["v2", "v1"]
    assert [row.id for row in await store.labels.said(T0, 1)] == ["v2"]
