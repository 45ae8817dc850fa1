"""What kept views, and lists by state, promise over any store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, NotFound
from bridge.model.access import Reach, Scope, Sight
from bridge.model.canned import Shared
from bridge.model.conversations import Conversation, ConversationFilters, DeskState, Stage
from bridge.model.files import Attachment
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, FileId, MessageId, OperatorId, TeamId
from bridge.model.messages import Author, Message
from bridge.model.views import Narrowing, Status, View
from storage.migrations import CURRENT, META, migrate
from storage.repositories import Repositories
from storage.schema import ALL as COLLECTIONS
from storage.schema import CONVERSATIONS, MESSAGES

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANNA = OperatorId("anna")


@pytest.fixture
async def store(documents: Any) -> Repositories:
    await documents.open(COLLECTIONS)
    return Repositories(documents, SystemClock())


async def test_views_are_kept_as_they_were_narrowed(store: Repositories) -> None:
    narrowing = Narrowing(
        (Status.DUE, Status.BOT), ("high",), ("telegram",), ("none",), ("me",), ("vip",), "size", "44"
    )
    first = await store.views.add(View("v1", "Срочные", ANNA, NOW, narrowing, Shared.ALL))
    dated = Narrowing(since="2026-01-02", until="2026-02-03", days=7, unread=True, banned=True)
    other = await store.views.add(View("v2", "Недавние", ANNA, NOW + timedelta(1), dated, Shared.TEAM, TeamId("t1")))
    assert await store.views.all() == [first, other]
    assert (await store.views.get("v2")).narrowing == dated
    changed = await store.views.replace(replace(first, name="Очень срочные"))
    assert (changed.version, (await store.views.get("v1")).name) == (2, "Очень срочные")
    with pytest.raises(Conflict):
        await store.views.replace(first)
    await store.views.drop("v1")
    await store.views.drop("v1")
    with pytest.raises(NotFound):
        await store.views.get("v1")


def case(number: int, stage: Stage, **more: Any) -> Conversation:
    at = NOW + timedelta(minutes=number)
    who = CustomerId(f"p{number}")
    row = Conversation(
        ConversationId(f"k{number}"), number, ChannelName("telegram"), ChatId(str(number)), who, "Игорь", stage, at, at
    )
    return replace(row, **more)


async def test_lists_by_state_are_merged_by_activity_and_go_on_behind_a_cursor(store: Repositories) -> None:
    due = {"waiting_since": NOW, "team": TeamId("t1")}
    rows = [
        *(case(number, Stage.WAITING, **due) for number in (1, 4, 7)),
        *(case(number, Stage.OPERATOR, assignee=ANNA) for number in (2, 5)),
        *(case(number, Stage.CLOSED, assignee=ANNA) for number in (3, 6)),
    ]
    for row in rows:
        await store.conversations.open(row)

    async def numbers(limit: int, *states: DeskState, sight: Sight | None = None) -> list[list[str]]:
        pages, cursor = [], None
        while True:
            filters = ConversationFilters(states=states, sight=sight)
            found, cursor = await store.conversations.page(filters, cursor, limit)
            pages.append([row.id for row in found])
            if cursor is None:
                return pages

    assert await numbers(2, DeskState.DUE, DeskState.ANSWERED) == [["k7", "k5"], ["k4", "k2"], ["k1"]]
    assert await numbers(9, DeskState.CLOSED) == [["k6", "k3"]]
    assert await numbers(3, *DeskState) == [["k7", "k6", "k5"], ["k4", "k3", "k2"], ["k1"]]
    await store.conversations.replace(replace(await store.conversations.get(ConversationId("k2")), banned=True))
    banned = ConversationFilters(states=tuple(DeskState), banned=True)
    assert [row.id for row in (await store.conversations.page(banned, None, 9))[0]] == ["k2"]
    # One who gets another team alone sees what is his, open and closed.
    narrow = Sight(ANNA, teams=Reach(Scope.ONLY, ("t2",)), whole=False)
    assert await numbers(9, *DeskState, sight=narrow) == [["k6", "k5", "k3", "k2"]]


async def test_files_of_an_older_store_are_found_when_it_was_migrated(documents: Any) -> None:
    await documents.open(COLLECTIONS)
    await documents.insert(META, "schema", {"number": CURRENT - 3})
    store = Repositories(documents, SystemClock())
    file = Attachment(FileId("f1"), "document", "Накладная.pdf", "application/pdf", 100)
    author, where = Author("customer", "p1", "Игорь"), (ConversationId("k1"), 1)
    row = Message(
        MessageId("m1"), *where, author, "вот", NOW, ChannelName("telegram"), ChatId("1"), attachments=(file,)
    )
    await store.write_rows([row])
    opened = await store.conversations.open(case(1, Stage.CLOSED, banned=True))
    stored = await documents.get(CONVERSATIONS, opened.id)
    older = {**stored.body, "words": "игорь", "place": "nowhere"}
    await documents.replace(CONVERSATIONS, opened.id, stored.ver, older)
    doc = await documents.get(MESSAGES, "m1")
    await documents.replace(MESSAGES, "m1", doc.ver, {**doc.body, "words": "вот"})
    assert await store.messages.search("накладные", None, None, None, 9) == []
    assert await migrate(documents) == [
        "messages_are_found_by_their_files",
        "banned_conversations_are_found",
        "conversations_have_places",
    ]
    store = Repositories(documents, SystemClock())
    assert [each.id for each in await store.messages.search("накладные", None, None, None, 9)] == ["m1"]
    assert await store.messages.search("накладные", ConversationId("k2"), None, None, 9) == []
    assert await store.messages.search("вот", None, NOW + timedelta(1), None, 9) == []
    assert await store.messages.search("вот", ConversationId("k1"), None, NOW + timedelta(1), 9) != []
    assert await store.messages.search("?!", None, None, None, 9) == []
    banned = ConversationFilters(states=(DeskState.CLOSED,), banned=True)
    assert [row.id for row in (await store.conversations.page(banned, None, 9))[0]] == [opened.id]
    there = ConversationFilters(team="none", stage="closed")
    assert [row.id for row in (await store.conversations.page(there, None, 9))[0]] == [opened.id]
