"""Workers and their bell: what is told to one process alone is lost neither with the store nor with the process."""

import asyncio
from datetime import datetime

from bridge.delivery.lanes import LaneWorkers, wake
from bridge.errors import StoreDown
from bridge.model.lanes import IDLE, Lane, in_lane
from tests.property.histories import World

LANE = in_lane("shop", "1")


async def test_workers_take_what_rings_without_a_hint_or_a_due_lane(world: World) -> None:
    bridge = world.process.bridge
    handled: asyncio.Queue[str] = asyncio.Queue()

    async def handle(lane: Lane) -> datetime:
        handled.put_nowait(lane.id)
        return IDLE

    working = asyncio.create_task(LaneWorkers(bridge, "in", handle, 2).run())
    await asyncio.sleep(0)
    await wake(bridge, LANE, "in")
    assert await asyncio.wait_for(handled.get(), 10) == LANE
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert "in" not in bridge.memory.bells


async def test_a_process_that_ends_hands_on_what_it_was_told_alone(world: World) -> None:
    bridge = world.process.bridge

    async def handle(lane: Lane) -> datetime:
        raise AssertionError("nobody works here")

    working = asyncio.create_task(LaneWorkers(bridge, "in", handle, 0).run())
    await asyncio.sleep(0)
    await wake(bridge, LANE, "in")
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert await world.eyes.lanes.next_due("in") <= bridge.clock.now()


async def test_what_rang_while_the_store_was_away_is_taken_when_it_is_back(world: World) -> None:
    bridge = world.process.bridge
    handled = asyncio.Event()
    away = 2
    take = bridge.store.lanes.take

    async def sometimes(*arguments: object) -> Lane | None:
        nonlocal away
        if away:
            away -= 1
            raise StoreDown("gone for a moment")
        return await take(*arguments)  # type: ignore[arg-type]

    async def handle(lane: Lane) -> datetime:
        handled.set()
        return IDLE

    bridge.store.lanes.take = sometimes  # type: ignore[method-assign]
    working = asyncio.create_task(LaneWorkers(bridge, "in", handle, 1).run())
    await asyncio.sleep(0)
    await wake(bridge, LANE, "in")
    await asyncio.wait_for(handled.wait(), 10)
    assert away == 0
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
