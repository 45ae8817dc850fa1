"""What teams, turns, loads, sights and people's last steps promise over any store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, Invalid, NotFound
from bridge.model.access import ALL, NONE, Reach, Scope, Sight
from bridge.model.conversations import Conversation, ConversationFilters, Stage
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, OperatorId, TeamId
from bridge.model.teams import Route, Step, StepTo, Team, Way
from storage.repositories import Repositories
from storage.schema import ALL as COLLECTIONS

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANNA = OperatorId("anna")


@pytest.fixture
async def store(documents: Any) -> Repositories:
    await documents.open(COLLECTIONS)
    return Repositories(documents, SystemClock())


async def test_a_team_keeps_its_name_to_itself_until_it_is_gone(store: Repositories) -> None:
    steps = (Step(StepTo.TEAM, 5.0, Way.ROUND_ROBIN), Step(StepTo.SECOND_LINE, 0.5, team=TeamId("t2")))
    first = await store.teams.add(Team(TeamId("t1"), "Продажи", NOW, (ChannelName("vk"),), steps))
    with pytest.raises(Invalid):
        await store.teams.add(Team(TeamId("t2"), "ПРОДАЖИ", NOW))
    other = await store.teams.add(Team(TeamId("t2"), "Возвраты", NOW))
    with pytest.raises(Invalid):
        await store.teams.replace(replace(other, name="продажи"))
    with pytest.raises(Conflict):
        await store.teams.replace(replace(other, version=7))
    with pytest.raises(NotFound):
        await store.teams.get(TeamId("t9"))
    assert await store.teams.all() == [other, first]
    gone = await store.teams.replace(replace(first, deleted_at=NOW, heir=other.id))
    assert await store.teams.get(first.id) == gone
    assert (await store.teams.add(Team(TeamId("t3"), "продажи", NOW))).version == 1
    # Turns are counted by name, each token once.
    assert [await store.teams.turn("t1", token) for token in "abac"] == [1, 2, 2, 3]
    assert await store.teams.turn("t2", "a") == 1


async def test_a_last_step_is_noted_and_never_falls(store: Repositories) -> None:
    await store.staff.note_seen(ANNA, NOW)
    await store.staff.note_seen(ANNA, NOW - timedelta(hours=1))
    assert await store.staff.seen([ANNA, OperatorId("mark")]) == {ANNA: NOW}
    await store.staff.note_seen(ANNA, NOW + timedelta(hours=1))
    assert await store.staff.seen([ANNA]) == {ANNA: NOW + timedelta(hours=1)}


#: Team, channel, owner, shared with Anna? of conversations c0 …, each a minute older than the one before.
ROWS = (
    ("a", "tg", None, False),
    ("b", "tg", None, False),
    ("b", "tg", "anna", False),
    (None, "tg", None, False),
    ("b", "vk", None, True),
    ("a", "vk", None, False),
    (None, "vk", None, False),
    ("b", "vk", None, False),
)


def case(number: int) -> Conversation:
    team, channel, owner, shared = ROWS[number % len(ROWS)]
    at = NOW - timedelta(minutes=number)
    return Conversation(
        ConversationId(f"c{number}"),
        0,
        ChannelName(channel),
        ChatId(f"chat{number}"),
        CustomerId(f"cu{number}"),
        f"Клиент {number}",
        Stage.OPERATOR if owner else Stage.WAITING,
        at,
        at,
        team=TeamId(team) if team else None,
        assignee=OperatorId(owner) if owner else None,
        shared=(ANNA,) if shared else (),
        waiting_since=at if number % 2 else None,
        snoozed_until=NOW if number == 9 else None,
        route=Route(TeamId("a"), TeamId("a"), 0, at, until=at) if number in (0, 5) else None,
    )


def sight(teams: Reach = ALL, channels: Reach = ALL, own: tuple[str, ...] = (), whole: bool = False) -> Sight:
    return Sight(ANNA, own, teams, channels, whole)


SIGHTS = (
    sight(),
    sight(Reach(Scope.ONLY, ("a",))),
    sight(Reach(Scope.ONLY, ("a",)), own=("b",)),
    sight(Reach(Scope.ONLY, (NONE,))),
    sight(Reach(Scope.ONLY)),
    sight(Reach(Scope.EXCEPT, ("b",)), own=("a",)),
    sight(Reach(Scope.EXCEPT, (NONE, "a"))),
    sight(channels=Reach(Scope.ONLY, ("vk",))),
    sight(Reach(Scope.EXCEPT, ("a",)), Reach(Scope.EXCEPT, ("vk", "fax"))),
    sight(own=("b",), whole=True),
)


async def paged(store: Repositories, eyes: Sight, limit: int, **filters: Any) -> list[str]:
    """Conversations of a list, page by page."""
    got: list[str] = []
    cursor: str | None = None
    while True:
        asked = ConversationFilters(**filters, sight=eyes)
        rows, cursor = await store.conversations.page(asked, cursor, limit)
        got += [row.id for row in rows]
        if cursor is None:
            return got


async def test_teams_stand_as_people_count(store: Repositories) -> None:
    names = ["Line 10", "line 1", "Line 11", "2nd floor", "Line 2", "10th floor", "Archive"]
    for name in names:
        await store.teams.add(Team(TeamId(name), name, NOW))
    told = [row.name for row in await store.teams.all()]
    assert told == ["2nd floor", "10th floor", "Archive", "line 1", "Line 2", "Line 10", "Line 11"]


async def test_long_lists_of_several_teams_have_neither_gaps_nor_strangers(store: Repositories) -> None:
    for name in ("a", "b"):
        await store.teams.add(Team(TeamId(name), name, NOW))
    rows = [case(number) for number in range(60)]
    # The newer half of a team stands before all others: what is read of each is not enough at once.
    rows = [replace(row, team=TeamId("a")) if at < 25 else row for at, row in enumerate(rows)]
    rows = [replace(row, stage=Stage.CLOSED) if at % 3 == 0 else row for at, row in enumerate(rows)]
    for row in rows:
        await store.conversations.open(row)
    for eyes in SIGHTS:
        seen = [row for row in rows if eyes.sees(row)]
        for limit in (4, 30):
            assert await paged(store, eyes, limit) == [row.id for row in seen], eyes
            closed = [row.id for row in seen if row.stage is Stage.CLOSED]
            assert await paged(store, eyes, limit, stage="closed") == closed, eyes
            for team in ("a", "b", NONE):
                wanted = [row.id for row in seen if (row.team or NONE) == team]
                assert await paged(store, eyes, limit, team=team) == wanted, (team, eyes)


async def test_lists_and_counts_through_ones_eyes_are_those_of_everything_sifted(store: Repositories) -> None:
    for name in ("a", "b"):
        await store.teams.add(Team(TeamId(name), name, NOW))
    for number in range(20):
        await store.conversations.open(case(number))
    everything = (await store.conversations.view("all", ANNA, None, 100))[0]
    assert len(everything) == 20
    for eyes in SIGHTS:
        seen = [row for row in everything if eyes.sees(row)]
        free = [row for row in seen if row.bin == "free"]
        mine = [row for row in seen if row.bin == ANNA or (row.bin == "free" and eyes.falls(row.team))]
        views = {"all": seen, "free": free, "mine": mine, "bot": [], "closed": []}
        for view, wanted in views.items():
            got, cursor = [], None
            while True:
                rows, cursor = await store.conversations.view(view, ANNA, cursor, 3, eyes)
                got += [row.id for row in rows]
                if cursor is None:
                    break
            assert got == [row.id for row in wanted], (view, eyes)
        due = sum(row.desk_state == "due" for row in mine)
        assert await store.conversations.counts(ANNA, eyes) == {
            "mine": len(mine),
            "free": len(free),
            "all": len(seen),
            "bot": 0,
            "due": due,
        }, eyes
        for filters in (ConversationFilters(), ConversationFilters(team="b"), ConversationFilters(q="клиент")):
            rows, _ = await store.conversations.page(replace(filters, sight=eyes), None, 50)
            wanted = {row.id for row in seen if filters.team in (None, row.team)}
            assert {row.id for row in rows} == wanted, (filters, eyes)


async def test_what_stands_loads_and_waits_for_its_scenario(store: Repositories) -> None:
    for number in range(16):
        await store.conversations.open(case(number))
    standing = store.conversations.standing
    assert [row.id for row in await standing(assignee=ANNA)] == ["c10", "c2"]
    assert {row.id for row in await standing(team=TeamId("a"))} == {"c0", "c13", "c5", "c8"}
    assert await store.conversations.loads([ANNA, OperatorId("mark")]) == {ANNA: 2, "mark": 0}
    assert {row.id for row in await store.conversations.to_route(NOW, 9)} == {"c0", "c5"}
    assert [row.id for row in await store.conversations.to_route(NOW - timedelta(minutes=1), 9)] == ["c5"]
    (row,) = await store.conversations.to_route(NOW - timedelta(minutes=1), 9)
    assert row.route == Route(TeamId("a"), TeamId("a"), 0, row.created_at, until=row.created_at)
    await store.conversations.replace(replace(row, route=None))
    assert [row.id for row in await store.conversations.to_route(NOW, 9)] == ["c0"]
