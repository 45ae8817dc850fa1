"""The feed beside other processes: what their hints did not tell is found in the store, and told once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bridge import feed as feeds
from bridge.delivery.neighbours import GONE, Neighbours
from bridge.feed import Feed
from bridge.model.events import AuditEvent, FeedEvent
from tests.property.histories import World
from tests.street import Time

PATIENCE = 20


class Steps(Time):
    """Work moves the clock; who looks now and then does so in real time."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "LOOK", 0.02)


@asynccontextmanager
async def two_processes() -> AsyncIterator[tuple[World, World]]:
    """Two processes that do not hear each other's hints, with their feeds at work and aware of each other."""
    world = World(time=Steps())
    await world.found()
    other = await world.twin((0,))
    running = [asyncio.create_task(each.process.bridge.feed.run()) for each in (world, other)]
    async with asyncio.timeout(PATIENCE):
        while not all([await neighbours_of(each.process.bridge.feed).there() for each in (world, other)]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    yield world, other
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def neighbours_of(feed: Feed) -> Neighbours:
    return feed._neighbours


async def heard(events: AsyncIterator[FeedEvent], until: tuple[str, int | None]) -> list[FeedEvent]:
    found: list[FeedEvent] = []
    async with asyncio.timeout(PATIENCE):
        while not found or (found[-1].type, found[-1].seq) != until:
            found.append(await anext(events))
    return found


async def heard_of(events: AsyncIterator[FeedEvent], conversation: str) -> list[FeedEvent]:
    """Return what is told until a new message of a conversation is."""
    found: list[FeedEvent] = []
    async with asyncio.timeout(PATIENCE):
        while not found or (found[-1].type, found[-1].conversation) != ("message.created", conversation):
            found.append(await anext(events))
    return found


def created(events: list[FeedEvent]) -> list[tuple[str | None, int | None]]:
    return [(event.conversation, event.seq) for event in events if event.type == "message.created"]


async def test_what_another_process_wrote_is_found_though_its_hints_are_lost() -> None:
    async with two_processes() as (world, other), other.process.bridge.feed.follow() as events:
        await world.say("1", "вопрос")
        await world.rest()
        found = await heard(events, ("message.created", 3))
        assert [seq for _, seq in created(found)] == [1, 2, 3]
        await world.say("1", "ещё вопрос")
        await world.rest()
        again = await heard(events, ("message.created", 5))
        assert not set(created(found)) & set(created(again))  # told once


async def test_what_was_heard_is_not_told_again() -> None:
    async with two_processes() as (world, _), world.process.bridge.feed.follow() as events:
        await world.say("1", "вопрос")
        await world.rest()
        first = await heard(events, ("message.created", 2))
        await asyncio.sleep(0.2)  # a few looks
        await world.say("2", "вопрос")
        await world.rest()
        rest = await heard(events, ("message.created", 2))
        told = created(first + rest)
        assert len(set(told)) == len(told) >= 4


async def test_what_was_found_before_its_hint_came_is_told_once() -> None:
    async with two_processes() as (world, _), world.process.bridge.feed.follow() as events:
        feed, bus = world.process.bridge.feed, world.process.bridge.bus
        publish = bus.publish

        async def late(subject: str, hint: dict[str, Any]) -> None:
            if hint.get("type") == "message.created":
                await feed._catch_up(world.time.now() - timedelta(seconds=10))
            await publish(subject, hint)

        bus.publish = late  # type: ignore[method-assign]
        await world.say("1", "вопрос")
        await world.rest()
        bus.publish = publish  # type: ignore[method-assign]
        await world.say("2", "до свидания")
        await world.rest()
        last = (await world.conversations())[-1].id
        told = created(await heard_of(events, last))
        assert len(set(told)) == len(told) >= 4


async def test_a_crowd_of_rows_nobody_told_of_is_a_reset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "PORTION", 3)
    monkeypatch.setattr(feeds, "LOOKED_AT", 4)
    async with two_processes() as (world, other):
        other_feed = other.process.bridge.feed
        neighbours_of(other_feed).there = alone  # type: ignore[method-assign]
        for chat in "123456":
            await world.say(chat, "вопрос")
        await world.rest()
        async with other_feed.follow() as events:
            await other_feed._catch_up(world.time.now() - timedelta(seconds=10))
            assert (await anext(events)).type == "reset"


async def test_who_was_erased_elsewhere_is_looked_away_from_once() -> None:
    async with two_processes() as (world, other), other.process.bridge.feed.follow() as events:
        before = other.process.bridge.feed.cursor()
        gone = AuditEvent("gone", world.time.now(), "boss", "customer_erased", "customers")
        await world.process.bridge.store.journal.write(gone)
        async with asyncio.timeout(PATIENCE):
            assert (await anext(events)).type == "reset"
        await world.say("1", "вопрос")
        await world.rest()
        assert "reset" not in [event.type for event in await heard(events, ("message.created", 2))]
        async with world.process.bridge.feed.follow(before) as later:  # another process' cursor: read from the store
            assert (await anext(later)).type == "reset"


async def alone() -> bool:
    return False


async def test_a_process_alone_has_no_neighbours_and_one_that_left_is_forgotten() -> None:
    world = World()
    await world.found()
    store, time = world.process.bridge.store, world.time
    one, two = Neighbours(store, time), Neighbours(store, time)
    assert [await one.there() for _ in range(3)] == [False] * 3
    assert await two.there()
    assert await one.there()
    assert await two.there()
    time.pass_(GONE.total_seconds() + 1)
    await one.there()  # reads the other's last word
    time.pass_(GONE.total_seconds() + 1)
    assert not await one.there()
