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
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, OperatorId, TeamId
from bridge.model.views import Narrowing, Status, View
from storage.repositories import Repositories
from storage.schema import ALL as COLLECTIONS

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
    # One who gets another team alone sees what is his, open and closed.
    narrow = Sight(ANNA, teams=Reach(Scope.ONLY, ("t2",)), whole=False)
    assert await numbers(9, *DeskState, sight=narrow) == [["k6", "k5", "k3", "k2"]]
