"""A lane that was handled is kept until the next look: busy chats cost the store less, and nothing waits for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from bridge.delivery.lanes import LaneWorkers, wake
from bridge.model.lanes import IDLE, Lane, in_lane
from tests.property.histories import World
from tests.serving import until

LANE = in_lane("shop", "1")


class Work:
    """Workers whose looks into the store a test orders, and what they asked of it."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bridge = world.process.bridge
        self.eyes = world.eyes
        self.asked = Counter[str]()
        self.handled: asyncio.Queue[str] = asyncio.Queue()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self._look = asyncio.Event()
        monkeypatch.setattr(self.bridge.clock, "sleep", self._sleep)
        for name in ("take", "release", "pull"):
            monkeypatch.setattr(self.bridge.store.lanes, name, self._counted(name))

    def _counted(self, name: str) -> Any:
        call = getattr(self.bridge.store.lanes, name)

        async def counted(*arguments: Any) -> Any:
            self.asked[name] += 1
            return await call(*arguments)

        return counted

    async def _sleep(self, seconds: float) -> None:
        await self._look.wait()
        self._look.clear()

    async def handle(self, lane: Lane) -> datetime:
        self.handled.put_nowait(lane.id)
        await self.may_end.wait()
        return IDLE

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        working = asyncio.create_task(LaneWorkers(self.bridge, "in", self.handle, 2).run())
        await asyncio.sleep(0)
        try:
            yield
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def rings(self) -> None:
        await wake(self.bridge, LANE, "in")

    async def works(self) -> None:
        assert await asyncio.wait_for(self.handled.get(), 10) == LANE

    async def looks(self) -> None:
        self._look.set()

    async def until_let_go(self) -> None:
        await until(self._is_let_go, "the lane was kept")

    async def _is_let_go(self) -> bool:
        return await self.eyes.lanes.next_due("in") == IDLE


@pytest.fixture
def work(world: World, monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(world, monkeypatch)


async def test_the_next_word_of_a_chat_takes_nothing_from_the_store(work: Work) -> None:
    async with work.going_on():
        for _ in range(3):
            await work.rings()
            await work.works()
            await asyncio.sleep(0.05)
        assert work.asked == {"take": 1}
        await work.looks()
        await work.until_let_go()
        assert work.asked == {"take": 1, "release": 1}


async def test_what_rings_while_a_lane_is_handled_has_it_handled_again(work: Work) -> None:
    async with work.going_on():
        work.may_end.clear()
        await work.rings()
        await work.works()
        await work.rings()
        await asyncio.sleep(0.05)
        work.may_end.set()
        await work.works()
        assert work.asked == {"take": 1}


async def test_what_another_process_put_in_meanwhile_is_found_at_the_look(work: Work) -> None:
    async with work.going_on():
        await work.rings()
        await work.works()
        await asyncio.sleep(0.05)
        await work.eyes.lanes.pull(LANE, "in", work.bridge.clock.now())
        await work.looks()
        await work.works()


async def test_a_process_that_ends_lets_go_of_what_it_kept(work: Work) -> None:
    async with work.going_on():
        await work.rings()
        await work.works()
        await asyncio.sleep(0.05)
        assert await work.eyes.lanes.next_due("in") != IDLE
    assert await work.eyes.lanes.next_due("in") == IDLE
