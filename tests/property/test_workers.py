"""The same shop with real workers, real time and hints that get lost: what they do together, and when one goes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bridge import timers
from bridge.clock import SystemClock
from bridge.delivery.lanes import LaneWorkers
from bridge.model.messages import AuthorKind, DeliveryState
from tests.hall import Process
from tests.property.histories import World
from tests.property.verdicts import answered_once, stages, words_in, words_out
from tests.street import Time

#: How long rest is awaited on a busy machine, seconds.
PATIENCE = 20


class RealTime(Time):
    """The machine's clock: nobody moves it."""

    def now(self) -> object:  # type: ignore[override]
        return SystemClock().now()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@asynccontextmanager
async def at_work(process: Process) -> AsyncIterator[None]:
    """Run a process's workers as mostik_house does."""
    bridge = process.bridge
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(LaneWorkers(bridge, "in", process.inbox.handle, 4).run()),
            group.create_task(LaneWorkers(bridge, "out", process.outbox.handle, 4).run()),
            group.create_task(timers.run(bridge)),
        ]
        await asyncio.sleep(0)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def resting(world: World) -> None:
    """Wait until nothing waits any more."""
    later = timedelta(days=1)
    async with asyncio.timeout(PATIENCE):
        while True:
            now = world.time.now() + later
            store = world.eyes
            waits = await store.updates.lost(now, 1) or await store.messages.unsent(now, 1)
            if not waits and not await store.desk.unsent(now, 1) and not await store.conversations.unsettled(now, 1):
                return
            await asyncio.sleep(0.02)


async def judged(world: World) -> None:
    rows = []
    for conversation in await world.eyes.conversations.changed(world.time.now() - timedelta(hours=1), 100):
        history = await world.eyes.messages.page(conversation.id, 0, None, 1000)
        assert [row.seq for row in history] == list(range(1, conversation.seq + 1))
        stages(conversation, history)
        rows += history
    words_in(world, rows)
    words_out(world, rows)
    answered_once(rows)
    sent = [row for row in rows if row.author.kind is AuthorKind.OPERATOR and row.delivery]
    assert {row.delivery.state for row in sent if row.delivery} == {DeliveryState.SENT}


async def a_busy_minute(world: World) -> None:
    """Three customers talk in bursts while two operators answer, from the panel and from the topics."""
    for turn in range(4):
        for chat in ("1", "2", "3"):
            await world.say(chat, ("вопрос", "туман", "сомнение", "намёк")[turn])
            await world.say(chat, "вопрос")
        await world.deliver(backwards=turn % 2 == 1)
        await asyncio.sleep(0.05 * turn)
        await asyncio.gather(
            *(world.reply("olga", chat, turn) for chat in ("1", "2")), world.topic_say("petr", "3", "Из темы")
        )
        await world.deliver(backwards=False)
        await world.replay(turn)


def shop() -> World:
    world = World(time=RealTime())
    world.alone = False
    return world


async def test_one_process() -> None:
    world = shop()
    await world.found()
    async with at_work(world.process):
        await a_busy_minute(world)
        await resting(world)
    await judged(world)


async def test_two_processes_that_do_not_hear_each_other() -> None:
    world = shop()
    await world.found()
    other = await world.twin((0, 1))
    async with at_work(world.process), at_work(other.process):
        await asyncio.gather(a_busy_minute(world), asyncio.sleep(0))
        await resting(world)
    await judged(world)


@pytest.mark.parametrize("moment", [0.0, 0.11, 0.23])
async def test_a_process_that_is_told_to_stop_leaves_all_to_the_next(moment: float) -> None:
    world = shop()
    await world.found()
    async with at_work(world.process):
        await a_busy_minute(world)
        await asyncio.sleep(moment)
    heir = await world.twin((0,))
    async with at_work(heir.process):
        await resting(world)
    await judged(world)
