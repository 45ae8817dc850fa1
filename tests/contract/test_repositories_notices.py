"""What tasks, notices and stars promise over any store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, Invalid, NotFound
from bridge.model.conversations import Conversation, Entry, Stage
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, MessageId, OperatorId
from bridge.model.notices import Kind, KindWays, Notice, NoticeWishes, Star, Way
from bridge.model.operators import Operator, Role
from bridge.model.tasks import Task, TaskNews
from storage.repositories import Repositories
from storage.repositories.notices import star_id
from storage.schema import ALL as COLLECTIONS

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANNA, MARK = OperatorId("anna"), OperatorId("mark")
CASE, OTHER = ConversationId("c1"), ConversationId("c2")


@pytest.fixture
async def store(documents: Any) -> Repositories:
    await documents.open(COLLECTIONS)
    return Repositories(documents, SystemClock())


def task(number: int, **more: Any) -> Task:
    due = more.pop("due", NOW + timedelta(hours=number))
    return Task(f"t{number}", f"дело {number}", ANNA, "Анна", NOW, assignee=MARK, due=due, **more)


async def test_tasks_stand_in_the_order_they_are_due_and_outlive_what_they_hang_on(store: Repositories) -> None:
    first = await store.tasks.add(task(1, conversation=CASE, customer=CustomerId("cu1")))
    assert await store.tasks.add(replace(first, text="иначе")) == first
    late = await store.tasks.add(task(2, due=NOW - timedelta(days=1), conversation=CASE))
    never = await store.tasks.add(task(3, due=None, customer=CustomerId("cu2")))
    news = (TaskNews("done", ANNA, "Анна", NOW),)
    done = await store.tasks.add(task(4, conversation=CASE, done_at=NOW, done_by="Анна", news=news))
    seen, cursor = [], None
    while True:
        page, cursor = await store.tasks.mine(MARK, False, cursor, 2)
        seen += page
        if cursor is None:
            break
    assert seen == [late, first, never]
    assert await store.tasks.mine(MARK, True, None, 5) == ([done], None)
    assert await store.tasks.overdue(MARK, NOW) == 1
    assert await store.tasks.overdue(ANNA, NOW) == 0
    assert await store.tasks.about(CASE, ()) == [late, first, done]
    assert await store.tasks.about(None, [CustomerId("cu1"), CustomerId("cu2")]) == [first, never]
    assert {row.id for row in await store.tasks.to_tell(NOW, 10)} == {late.id, done.id}
    await store.tasks.replace(replace(late, reminded=late.due))
    await store.tasks.replace(replace(done, news=()))
    assert await store.tasks.to_tell(NOW, 10) == []
    with pytest.raises(Conflict):
        await store.tasks.replace(replace(late, text="старое"))
    with pytest.raises(Conflict):
        await store.tasks.delete(late)
    await store.tasks.delete(never)
    with pytest.raises(NotFound):
        await store.tasks.get(never.id)
    with pytest.raises(Invalid):
        await store.tasks.mine(MARK, False, "x", 2)


def notice(number: int, kind: Kind = Kind.REPLY, **more: Any) -> Notice:
    conversation = more.pop("conversation", CASE)
    at, ways = NOW + timedelta(minutes=number), more.pop("ways", (Way.PANEL,))
    return Notice(f"n{number}", more.pop("operator", ANNA), kind, at, ways, conversation=conversation, **more)


async def test_notices_are_written_once_and_found_by_who_where_and_when(store: Repositories) -> None:
    rows = [
        notice(1),
        notice(2, Kind.MENTION, email_at=NOW, telegram_at=NOW + timedelta(hours=1)),
        notice(3, operator=MARK),
        notice(4, ways=(Way.TELEGRAM,), telegram_at=NOW, conversation=OTHER),
        notice(5, Kind.MENTION, conversation=OTHER),
        notice(6, Kind.MENTION),
    ]
    assert await store.write_rows(rows) == rows
    assert await store.write_rows(rows) == []
    page = await store.notices.page(ANNA, None, 2)
    assert [row.id for row in page] == ["n6", "n5"]
    assert [row.id for row in await store.notices.page(ANNA, (page[-1].at, page[-1].id), 9)] == ["n2", "n1"]
    found = await store.notices.find("n1")
    assert found is not None
    await store.notices.replace(replace(found, read_at=NOW))
    assert [row.id for row in await store.notices.page(ANNA, None, 9, unread=True)] == ["n6", "n5", "n2"]
    assert [row.id for row in await store.notices.unread(ANNA, 2)] == ["n6", "n5"]
    assert {row.id for row in await store.notices.unread_in(ANNA, CASE)} == {"n2", "n6"}
    assert await store.notices.mentioned(ANNA, 9) == [CASE, OTHER]
    assert [row.id for row in await store.notices.due(Way.TELEGRAM, NOW, 9)] == ["n4"]
    assert [row.id for row in await store.notices.due(Way.EMAIL, NOW, 9)] == ["n2"]
    assert await store.notices.keep(ANNA, 9) == 0
    assert await store.notices.keep(ANNA, 3) == 2
    assert await store.notices.forget(NOW + timedelta(minutes=5)) == 2
    assert [row.id for row in await store.notices.unread(ANNA, 9)] == ["n6", "n5"]


async def test_stars_are_ones_own_and_what_hangs_on_a_conversation_goes_with_it(store: Repositories) -> None:
    for number in range(5):
        id, message = (CASE, OTHER)[number % 2], MessageId(f"m{number}")
        star = Star(star_id(ANNA, message), ANNA, message, id, NOW + timedelta(minutes=number))
        assert await store.stars.put(star) == star == await store.stars.put(star)
    page, cursor = await store.stars.page(ANNA, None, 3)
    rest, end = await store.stars.page(ANNA, cursor, 3)
    assert [row.message for row in (*page, *rest)] == ["m4", "m3", "m2", "m1", "m0"]
    assert (end, await store.stars.page(MARK, None, 3)) == (None, ([], None))
    assert await store.stars.take(ANNA, MessageId("m4"))
    assert not await store.stars.take(MARK, MessageId("m0"))
    assert set(await store.stars.within(ANNA, CASE)) == {"m0", "m2"}
    await store.write_rows([notice(1), notice(2, conversation=None, customer=CustomerId("cu1"))])
    await store.tasks.add(task(1, conversation=CASE))
    await store.tasks.add(task(2, customer=CustomerId("cu1")))
    kept = await store.erasing.made_of_words([CASE], [CustomerId("cu1")])
    assert [row["id"] for row in kept["tasks"]] == ["t2"]
    assert await store.erasing.take_conversation(CASE, [ANNA]) == 4
    assert await store.erasing.take_customer(CustomerId("cu1")) == 2
    assert [row.message for row in (await store.stars.page(ANNA, None, 9))[0]] == ["m3", "m1"]


async def test_marks_wishes_and_rows_of_a_decision_are_read_as_they_were_written(store: Repositories) -> None:
    wishes = NoticeWishes((KindWays(Kind.NEW, (Way.EMAIL,)),), 1320, 480, "Europe/Moscow", 5, False)
    person = Operator(ANNA, "a@example.com", "Анна", Role.OPERATOR, "", NOW, notices=wishes)
    await store.staff.add(person)
    assert (await store.staff.operator(ANNA)).notices == wishes
    names = ChannelName("telegram"), ChatId("1"), CustomerId("cu1"), "Клиент"
    row = Conversation(CASE, 0, *names, Stage.BOT, NOW, NOW, followers=(ANNA, MARK), priority="urgent")
    opened = await store.conversations.open(row)
    pending = (Entry("key", (notice(1, Kind.DEADLINE, telegram_at=NOW),)),)
    written = await store.conversations.replace(replace(opened, pending=pending))
    again = await Repositories(store.documents, SystemClock()).conversations.get(CASE)
    assert (again.followers, again.priority, again.pending) == ((ANNA, MARK), "urgent", pending)
    assert again == written
