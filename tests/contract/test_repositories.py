"""What the repositories promise over any store: inbox, lanes, staff, values."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, Invalid, NotFound, StoreDown
from bridge.model.events import AuditEvent
from bridge.model.ids import ChannelName, ConversationId, LaneId, OperatorId
from bridge.model.inbound import Update
from bridge.model.lanes import IDLE, Lane, in_lane
from bridge.model.operators import ApiToken, Operator, Role, Session
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=10)
LANE = in_lane("tg", "7")
OLGA = OperatorId("op-olga")
PETR = OperatorId("op-petr")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


@pytest.fixture
async def store(documents: Documents) -> AsyncIterator[Repositories]:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


def update(key: str, order: int, received: float = 0, lane: LaneId = LANE) -> Update:
    return Update(f"tg:{key}", ChannelName("tg"), key, lane, order, "{}", at(received))


async def hold(store: Repositories, seconds: float = 0, holder: str = "a") -> Lane:
    lane = await store.lanes.claim(LANE, at(seconds), at(seconds) + LEASE, holder)
    assert lane is not None
    return lane


async def test_an_update_is_stored_once_and_waits_in_order(store: Repositories) -> None:
    assert await store.updates.add(update("2", 2))
    assert await store.updates.add(update("1", 1))
    assert not await store.updates.add(replace(update("2", 2), raw='{"other": 1}'))
    await store.updates.add(update("9", 0, lane=in_lane("tg", "8")))
    waiting = await store.updates.waiting(LANE, 10)
    assert [(row.key, row.raw) for row in waiting] == [("1", "{}"), ("2", "{}")]
    assert await store.updates.known(ChannelName("tg"), ["1", "2", "3"]) == {"1", "2"}
    assert await store.updates.known(ChannelName("vk"), ["1"]) == set()


async def test_a_settled_update_stays_settled(store: Repositories) -> None:
    await store.updates.add(update("1", 1))
    (row,) = await store.updates.waiting(LANE, 10)
    await store.updates.settle(row, "done")
    await store.updates.settle(row, "dead", "too late")
    assert await store.updates.waiting(LANE, 10) == []
    assert await store.updates.dead(10) == []
    await store.updates.add(update("2", 2))
    (row,) = await store.updates.waiting(LANE, 10)
    await store.updates.settle(row, "dead", "unreadable")
    assert [(dead.key, dead.reason) for dead in await store.updates.dead(10)] == [("2", "unreadable")]


async def test_lost_updates_are_unsettled_ones_received_before_a_time(store: Repositories) -> None:
    for number in range(3):
        await store.updates.add(update(str(number), number, received=number))
    (first, *_) = await store.updates.waiting(LANE, 10)
    await store.updates.settle(first, "done")
    assert [row.key for row in await store.updates.lost(at(2), 10)] == ["1"]
    assert [row.key for row in await store.updates.lost(at(3), 1)] == ["1"]


async def test_a_lane_is_claimed_when_it_is_due_and_by_one(store: Repositories) -> None:
    assert await store.lanes.claim(LANE, at(0), at(10), "a") is None
    await store.lanes.pull(LANE, "in", at(5))
    assert await store.lanes.claim(LANE, at(4), at(14), "a") is None
    taken = await asyncio.gather(*(store.lanes.claim(LANE, at(5), at(15), name) for name in "abcd"))
    assert len([lane for lane in taken if lane is not None]) == 1
    assert await store.lanes.claim_due("in", at(5), at(15), "e", 10) == []


async def test_a_lane_something_came_into_is_taken_due_or_not_and_by_one(store: Repositories) -> None:
    taken = await asyncio.gather(*(store.lanes.take(LANE, "in", at(0), at(10), name) for name in "abcd"))
    held = next(lane for lane in taken if lane is not None)
    assert [lane for lane in taken if lane is not None] == [held]
    again = await store.lanes.release(held, at(60))
    assert again is not None, "the others had something for the holder"
    assert await store.lanes.release(again, at(60)) is None
    napping = await store.lanes.take(LANE, "in", at(1), at(11), "b")
    assert napping is not None
    assert napping.holder == "b"
    assert await store.lanes.take(LANE, "in", at(12), at(22), "c") is not None, "the lease of b has run out"
    assert await store.lanes.renew(napping, at(30)) is None


async def test_a_pull_never_puts_a_lane_off(store: Repositories) -> None:
    await store.lanes.pull(LANE, "in", at(5))
    await store.lanes.pull(LANE, "in", at(9))
    assert await store.lanes.next_due("in") == at(5)
    await store.lanes.pull(LANE, "in", at(3))
    assert await store.lanes.next_due("in") == at(3)
    assert await store.lanes.next_due("out") == IDLE


async def test_due_lanes_are_claimed_earliest_first_and_by_direction(store: Repositories) -> None:
    for number in (3, 1, 2):
        await store.lanes.pull(in_lane("tg", str(number)), "in", at(number))
    await store.lanes.pull(LaneId("out:tg:1"), "out", at(0))
    lanes = await store.lanes.claim_due("in", at(9), at(19), "a", 2)
    assert {lane.id for lane in lanes} == {in_lane("tg", "1"), in_lane("tg", "2")}
    assert [lane.id for lane in await store.lanes.claim_due("in", at(9), at(19), "a", 9)] == [in_lane("tg", "3")]


async def test_what_arrives_while_a_lane_is_held_is_seen_at_the_release(store: Repositories) -> None:
    await store.lanes.pull(LANE, "in", at(0))
    lane = await hold(store)
    await store.lanes.pull(LANE, "in", at(1))
    again = await store.lanes.release(lane, IDLE)
    assert again is not None
    assert await store.lanes.release(again, IDLE) is None
    assert await store.lanes.next_due("in") == IDLE


async def test_what_arrived_before_a_renewal_is_seen_at_the_release(store: Repositories) -> None:
    await store.lanes.pull(LANE, "in", at(0))
    lane = await hold(store)
    await store.lanes.pull(LANE, "in", at(1))
    renewed = await store.lanes.renew(lane, at(20))
    assert renewed is not None
    again = await store.lanes.release(renewed, IDLE)
    assert again is not None, "an insert between the look and the renewal was lost"
    assert not again.again
    assert await store.lanes.release(again, at(30)) is None
    assert await store.lanes.next_due("in") == at(30)


async def test_a_lost_lease_is_neither_renewed_nor_released(store: Repositories) -> None:
    await store.lanes.pull(LANE, "in", at(0))
    dead = await hold(store, 0, "dead")
    alive = await hold(store, 10, "alive")
    assert await store.lanes.renew(dead, at(99)) is None
    assert await store.lanes.release(dead, at(99)) is None
    assert await store.lanes.next_due("in") == alive.due


async def test_an_expired_lease_comes_back_by_the_look(store: Repositories) -> None:
    await store.lanes.pull(LANE, "in", at(0))
    await hold(store, 0, "dead")
    assert await store.lanes.claim_due("in", at(9), at(19), "b", 5) == []
    (lane,) = await store.lanes.claim_due("in", at(10), at(20), "b", 5)
    assert (lane.holder, lane.due) == ("b", at(20))


async def test_pulls_and_releases_in_any_order_lose_no_insert(store: Repositories) -> None:
    """Whatever meets whatever: after the last pull somebody looks at the lane once more."""
    inserted, seen = 0, 0

    async def inserting() -> None:
        nonlocal inserted
        for _ in range(12):
            inserted += 1
            await store.lanes.pull(LANE, "in", at(0))
            await asyncio.sleep(0)

    async def working(name: str) -> None:
        nonlocal seen
        for _ in range(60):
            lane = await store.lanes.claim(LANE, at(0), at(10), name)
            while lane is not None:
                seen = inserted
                await asyncio.sleep(0)
                renewed = await store.lanes.renew(lane, at(10))
                assert renewed is not None
                lane = await store.lanes.release(renewed, IDLE)
            await asyncio.sleep(0)

    await asyncio.gather(inserting(), working("a"), working("b"))
    await working("c")
    assert (seen, await store.lanes.next_due("in")) == (inserted, IDLE)


def operator(id: OperatorId, email: str, telegram: int | None = None) -> Operator:
    return Operator(id, email, id, Role.OPERATOR, "", T0, telegram)


async def test_staff_are_unique_by_email_and_telegram(store: Repositories) -> None:
    await store.staff.add(operator(OLGA, "Olga@Shop.example", 5))
    petr = await store.staff.add(operator(PETR, "petr@shop.example"))
    await store.staff.add(operator(OperatorId("op-x"), "x@shop.example"))
    with pytest.raises(Invalid) as caught:
        await store.staff.add(operator(OperatorId("op-2"), "olga@shop.EXAMPLE"))
    assert caught.value.errors == (("email", "taken"),)
    with pytest.raises(Invalid) as caught:
        await store.staff.replace(replace(petr, telegram_user_id=5))
    assert caught.value.errors == (("telegram_user_id", "taken"),)
    found = await store.staff.by_email(" OLGA@shop.example ")
    assert found is not None
    assert (found.id, found.email) == (OLGA, "Olga@Shop.example")
    by_telegram = await store.staff.by_telegram(5)
    assert by_telegram is not None
    assert by_telegram.id == OLGA
    assert await store.staff.by_telegram(6) is None
    assert [row.id for row in await store.staff.all()] == [OLGA, PETR, "op-x"]
    with pytest.raises(NotFound):
        await store.staff.operator(OperatorId("nobody"))


async def test_an_old_version_of_an_operator_is_refused(store: Repositories) -> None:
    first = await store.staff.add(operator(OLGA, "o@shop.example"))
    await store.staff.replace(replace(first, name="Ольга"))
    with pytest.raises(Conflict) as caught:
        await store.staff.replace(replace(first, name="Оля"))
    assert caught.value.code == "version"


async def test_read_marks_only_rise_and_are_each_ones_own(store: Repositories) -> None:
    case, other = ConversationId("c1"), ConversationId("c2")
    await asyncio.gather(*(store.staff.mark_read(OLGA, case, count) for count in (3, 9, 5, 1)))
    await store.staff.mark_read(OLGA, case, 4)
    await store.staff.mark_read(PETR, other, 2)
    assert await store.staff.reads(OLGA, [case, other]) == {case: 9}
    assert await store.staff.reads(PETR, [case, other]) == {other: 2}


async def test_a_read_mark_is_taken_back_by_a_word_of_its_own(store: Repositories) -> None:
    case = ConversationId("c1")
    assert await store.staff.mark_unread(OLGA, case, 3) == 0
    assert await store.staff.mark_read(OLGA, case, 5) == 5
    assert await store.staff.mark_unread(OLGA, case, 4) == 4
    assert await store.staff.mark_unread(OLGA, case, 9) == 4
    assert await store.staff.mark_read(OLGA, case, 2) == 4
    assert await store.staff.reads(OLGA, [case]) == {case: 4}


async def test_sessions_are_prolonged_only_and_expired_ones_go(store: Repositories) -> None:
    for name, hours in (("old", 1), ("new", 5)):
        await store.staff.open_session(Session(name, OLGA, "csrf", T0, T0 + timedelta(hours=hours)))
    await store.staff.renew_session("old", T0 + timedelta(minutes=1))
    await store.staff.renew_session("gone", T0 + timedelta(days=1))
    assert {row.id for row in await store.staff.sessions(OLGA)} == {"old", "new"}
    assert await store.staff.forget_sessions(T0 + timedelta(hours=2)) == 1
    assert {row.id for row in await store.staff.sessions(OLGA)} == {"new"}
    await store.staff.close_session("new")
    assert await store.staff.session("new") is None


async def test_a_token_is_stored_once(store: Repositories) -> None:
    await store.staff.add_token(ApiToken("hash", OLGA, T0))
    await store.staff.add_token(ApiToken("hash", PETR, T0))
    token = await store.staff.token("hash")
    assert token is not None
    assert token.operator == OLGA


async def test_values_are_written_over_or_once_and_expired_ones_go(store: Repositories) -> None:
    journal = store.journal
    assert await journal.value("offset") is None
    await asyncio.gather(*(journal.put_value("offset", {"n": n}) for n in range(4)))
    await journal.put_value("offset", {"n": 7})
    assert await journal.value("offset") == {"n": 7}
    results = await asyncio.gather(*(journal.put_value_once("once", {"who": n}, at(60)) for n in range(4)))
    (winner,) = [n for n, there in enumerate(results) if there is None]
    assert {str(there) for there in results if there is not None} == {str({"who": winner})}
    assert await journal.forget_values(at(61)) == 1
    assert await journal.value("once") is None
    assert await journal.value("offset") == {"n": 7}


async def test_audit_events_are_written_once_newest_first(store: Repositories) -> None:
    for number in (1, 3, 2, 3):
        await store.journal.write(AuditEvent(f"e{number}", at(number), "bot", "handoff", f"conversation:{number % 2}"))
    assert [event.id for event in await store.journal.page(None, 10)] == ["e3", "e2", "e1"]
    assert [event.id for event in await store.journal.page("conversation:1", 1)] == ["e3"]


async def test_a_closed_store_is_told_in_the_halls_words(store: Repositories, documents: Documents) -> None:
    await documents.close()
    with pytest.raises(StoreDown):
        await store.ping()
    calls: list[Any] = [
        store.updates.add(update("1", 1)),
        store.lanes.claim_due("in", at(0), at(1), "a", 1),
        store.conversations.get(ConversationId("x")),
        store.people.search("анна", 5),
        store.write_rows([AuditEvent("e", T0, "bot", "handoff", "conversation:x")]),
    ]
    for call in calls:
        with pytest.raises(StoreDown):
            await call
