"""What the repositories promise over any store: conversations and their views, messages, search."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, Invalid, NotFound
from bridge.model.conversations import Conversation, ConversationFilters, LastMessage, Stage
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, MessageId, OperatorId
from bridge.model.lanes import out_lane
from bridge.model.messages import Author, AuthorKind, Delivery, DeliveryState, Message
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
OLGA = OperatorId("op-olga")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


@pytest.fixture
async def store(documents: Documents) -> AsyncIterator[Repositories]:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


def case(number: int, **more: Any) -> Conversation:
    row = Conversation(
        id=ConversationId(f"c{number:03}"),
        number=0,
        channel=ChannelName("tg"),
        chat=ChatId(str(number)),
        customer=CustomerId(f"cu{number}"),
        customer_name=f"Покупатель {number}",
        stage=Stage.BOT,
        created_at=at(number),
        updated_at=at(number),
    )
    return replace(row, **more)


def last(number: int, seconds: float, text: str = "") -> LastMessage:
    return LastMessage(text, "customer", at(seconds), MessageId(f"m{number}"))


async def opened(store: Repositories, *rows: Conversation) -> list[Conversation]:
    return [await store.conversations.open(row) for row in rows]


async def test_conversations_are_numbered_from_one_and_opened_once(store: Repositories) -> None:
    assert not await store.conversations.begun()
    first, second = await opened(store, case(1), case(2))
    assert await store.conversations.begun()
    assert {first.number, second.number} == {1, 2}
    again = await store.conversations.open(case(1, customer_name="другое имя"))
    assert again == first
    assert await store.conversations.many([second.id, ConversationId("none"), first.id]) == [second, first]
    with pytest.raises(NotFound):
        await store.conversations.get(ConversationId("none"))


async def test_a_swap_of_an_old_version_is_refused(store: Repositories) -> None:
    (row,) = await opened(store, case(1))
    swapped = await store.conversations.replace(replace(row, tags=("vip",)))
    assert swapped.version == row.version + 1
    with pytest.raises(Conflict) as caught:
        await store.conversations.replace(replace(row, tags=("other",)))
    assert caught.value.code == "version"
    assert await store.conversations.get(row.id) == swapped


async def pages(store: Repositories, filters: ConversationFilters, limit: int) -> list[list[str]]:
    found: list[list[str]] = []
    cursor: str | None = None
    while True:
        rows, cursor = await store.conversations.page(filters, cursor, limit)
        found.append([row.chat for row in rows])
        if cursor is None:
            return found


async def test_pages_hold_every_row_once_newest_activity_first(store: Repositories) -> None:
    # Rows of the same time stand in the order of their ids: a page may end between them.
    times = {1: 10, 2: 30, 3: 30, 4: 30, 5: 20}
    await opened(store, *(case(n, last_message=last(n, seconds)) for n, seconds in times.items()))
    assert await pages(store, ConversationFilters(), 2) == [["4", "3"], ["2", "5"], ["1"]]
    assert await pages(store, ConversationFilters(), 5) == [["4", "3", "2", "5", "1"]]
    for cursor in ("x", "~", "x~c001", "99999999999999999999~c001"):
        with pytest.raises(Invalid):
            await store.conversations.page(ConversationFilters(), cursor, 2)


async def test_lists_are_narrowed_by_every_filter_and_their_sum(store: Repositories) -> None:
    await opened(
        store,
        case(1, stage=Stage.OPERATOR, assignee=OLGA, tags=("Возврат",)),
        case(2, stage=Stage.WAITING, team="sales"),
        case(3, channel=ChannelName("vk"), stage=Stage.OPERATOR, assignee=OLGA),
        case(4, customer=CustomerId("cu1"), stage=Stage.CLOSED, assignee=OLGA),
    )
    expected: dict[str, tuple[dict[str, Any], list[str]]] = {
        "stage": ({"stage": "operator"}, ["3", "1"]),
        "team": ({"team": "sales"}, ["2"]),
        "assignee": ({"assignee": OLGA}, ["4", "3", "1"]),
        "nobody": ({"assignee": "none"}, ["2"]),
        "channel": ({"channel": "vk"}, ["3"]),
        "tag": ({"tag": "возврат"}, ["1"]),
        "customer": ({"customer": "cu1"}, ["4", "1"]),
        "chat": ({"external_id": "2"}, ["2"]),
        "both": ({"assignee": OLGA, "stage": "operator", "channel": "tg"}, ["1"]),
    }
    found = {
        name: (asked, (await pages(store, ConversationFilters(**asked), 9))[0]) for name, (asked, _) in expected.items()
    }
    assert found == expected


async def the_desk(store: Repositories) -> None:
    await opened(
        store,
        case(1, stage=Stage.WAITING, waiting_since=at(50), last_message=last(1, 55)),
        case(2, stage=Stage.WAITING, waiting_since=at(40), last_message=last(2, 57)),
        case(3, stage=Stage.OPERATOR, assignee=OLGA, waiting_since=at(45)),
        case(4, stage=Stage.OPERATOR, assignee=OLGA, last_message=last(4, 60)),
        case(5, stage=Stage.OPERATOR, assignee=OLGA, waiting_since=at(1), snoozed_until=at(999)),
        case(6, stage=Stage.OPERATOR, assignee=OperatorId("op-petr"), waiting_since=at(2)),
        case(7, stage=Stage.BOT, waiting_since=at(3)),
        case(8, stage=Stage.CLOSED, assignee=OLGA),
        case(9, stage=Stage.WAITING, last_message=last(9, 70)),
    )


async def view(store: Repositories, name: str, limit: int, newest: bool = False) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        rows, cursor = await store.conversations.view(name, OLGA, cursor, limit, newest=newest)
        assert len(rows) == limit or cursor is None
        found += [row.chat for row in rows]
        if cursor is None:
            return found


async def test_views_show_due_rows_by_wait_then_answered_then_snoozed(store: Repositories) -> None:
    await the_desk(store)
    for limit in (1, 2, 3, 50):
        assert await view(store, "mine", limit) == ["2", "3", "1", "9", "4", "5"]
        assert await view(store, "free", limit) == ["2", "1", "9"]
        assert await view(store, "all", limit) == ["6", "2", "3", "1", "9", "4", "7", "5"]
        assert await view(store, "bot", limit) == ["7"]
        assert await view(store, "closed", limit) == ["8"]
        assert await view(store, "mine", limit, newest=True) == ["2", "1", "3", "9", "4", "5"]
    with pytest.raises(Invalid):
        await store.conversations.view("theirs", OLGA, None, 5)


async def test_counts_are_those_of_the_views(store: Repositories) -> None:
    await the_desk(store)
    counts = await store.conversations.counts(OLGA)
    assert counts == {"mine": 6, "free": 3, "all": 8, "bot": 1, "due": 3}
    for name in ("mine", "free", "all", "bot"):
        assert counts[name] == len(await view(store, name, 50))


async def test_unsettled_changed_and_sleeping_ones_are_found_by_their_times(store: Repositories) -> None:
    (row, *_) = await opened(store, case(1), case(2), case(3, snoozed_until=at(100)), case(4, snoozed_until=at(90)))
    assert [r.chat for r in await store.conversations.changed(at(2), 10)] == ["2", "3", "4"]
    assert await store.conversations.unsettled(at(99), 10) == []
    assert [r.chat for r in await store.conversations.asleep(at(100), 10)] == ["4", "3"]
    assert [r.chat for r in await store.conversations.asleep(at(99), 10)] == ["4"]
    assert row.version == 1


def line(
    number: int, where: str = "c001", text: str = "", kind: AuthorKind = AuthorKind.CUSTOMER, **more: Any
) -> Message:
    message = Message(
        id=MessageId(f"{where}m{number}"),
        conversation=ConversationId(where),
        seq=number,
        author=Author(kind, "", ""),
        text=text,
        at=at(number),
        channel=ChannelName("tg"),
        chat=ChatId("1"),
    )
    return replace(message, **more)


def leaving(number: int, state: str = "queued", chat: str = "1", **more: Any) -> Message:
    delivery = Delivery(out_lane("tg", chat), number, DeliveryState(state), **more)
    return line(number, f"c00{chat}", kind=AuthorKind.BOT, delivery=delivery)


async def test_messages_are_read_by_seq_from_both_ends(store: Repositories) -> None:
    await store.write_rows([line(number) for number in (3, 1, 5, 2, 4)])
    await store.write_rows([line(1, "c002")])

    async def seqs(after: int | None, before: int | None, limit: int) -> list[int]:
        return [row.seq for row in await store.messages.page(ConversationId("c001"), after, before, limit)]

    assert await seqs(None, None, 3) == [3, 4, 5]
    assert await seqs(None, 4, 2) == [2, 3]
    assert await seqs(1, None, 2) == [2, 3]
    assert await seqs(1, 4, 9) == [2, 3]
    assert await seqs(5, None, 9) == []


async def test_rows_are_written_once_and_the_new_ones_told(store: Repositories) -> None:
    assert [row.id for row in await store.write_rows([line(1), line(2)])] == ["c001m1", "c001m2"]
    assert await store.write_rows([line(1, text="another"), line(2)]) == []
    assert (await store.messages.get(MessageId("c001m1"))).text == ""
    many = await asyncio.gather(*(store.write_rows([line(3)]) for _ in range(4)))
    assert sorted(map(len, many)) == [0, 0, 0, 1]


async def test_the_timeline_of_several_conversations_ends_before_a_time(store: Repositories) -> None:
    await store.write_rows([line(n, f"c00{1 + n % 2}") for n in range(1, 7)])
    both = [ConversationId("c001"), ConversationId("c002")]
    assert [row.at for row in await store.messages.by_customer(both, None, 3)] == [at(4), at(5), at(6)]
    assert [row.at for row in await store.messages.by_customer(both, at(5), 2)] == [at(3), at(4)]
    assert [row.at for row in await store.messages.by_customer(both[:1], None, 9)] == [at(2), at(4), at(6)]


async def test_the_outbox_holds_open_rows_in_order(store: Repositories) -> None:
    await store.write_rows(
        [leaving(2), leaving(1, "retrying"), leaving(3, "sent"), leaving(4, "unknown"), leaving(5, chat="2")]
    )
    assert [row.seq for row in await store.messages.going_out(out_lane("tg", "1"), 9)] == [1, 2]
    (first, _) = await store.messages.going_out(out_lane("tg", "1"), 9)
    assert first.delivery is not None
    await store.messages.replace(replace(first, delivery=replace(first.delivery, state=DeliveryState.SENT)))
    assert [row.seq for row in await store.messages.going_out(out_lane("tg", "1"), 9)] == [2]
    assert [row.seq for row in await store.messages.stuck(("unknown", "queued"), 9)] == [5, 4, 2]


async def test_lanes_of_unsent_rows_are_told_with_the_time_their_head_is_due(store: Repositories) -> None:
    await store.write_rows(
        [leaving(1, "retrying", not_before=at(77)), leaving(2), leaving(3, "sent", "2"), leaving(4, chat="3")]
    )
    assert await store.messages.unsent(at(9), 50) == {out_lane("tg", "1"): at(77), out_lane("tg", "3"): at(4)}
    assert await store.messages.unsent(at(4), 50) == {out_lane("tg", "1"): at(77)}


async def test_rows_appear_in_the_order_of_thread_and_lane(store: Repositories) -> None:
    """Whoever reads in between sees a beginning, never a hole."""
    rows = [leaving(number) for number in (4, 2, 3, 1)]
    writing = asyncio.create_task(store.write_rows(rows))
    while not writing.done():
        there = [row.seq for row in await store.messages.page(ConversationId("c001"), 0, None, 9)]
        assert there == list(range(1, len(there) + 1))
        await asyncio.sleep(0)
    assert [row.id for row in await writing] == [row.id for row in rows]
