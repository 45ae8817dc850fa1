"""Keeping everybody's hands off some chats: their lanes are held, so that no worker reads or sends there meanwhile."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta

from bridge.context import Bridge
from bridge.errors import RetryLater
from bridge.model.ids import LaneId, fresh
from bridge.model.lanes import Lane

#: A holder that dies is replaced after so long.
LEASE = timedelta(seconds=30)
#: Looks at a lane somebody works in, and the pause between two, seconds: a send takes its time.
TRIES = 300
PAUSE = 0.1
#: The looks of those who come by again anyway; a worker that has nothing to do keeps a lane for about a second.
SHORT = 30


class Holding:
    """Lanes that are held; `keep` is to be called between steps, each much shorter than the lease."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._name = f"erasing:{fresh()}"
        self.lanes: dict[LaneId, tuple[Lane, str]] = {}

    async def take(self, id: LaneId, direction: str, tries: int) -> None:
        """Take a lane; raises RetryLater when somebody works in it all the time."""
        clock = self._bridge.clock
        for _ in range(tries):
            now = clock.now()
            lane = await self._bridge.store.erasing.hold_lane(id, direction, now, now + LEASE, self._name)
            if lane is not None:
                self.lanes[id] = lane, direction
                return
            await clock.sleep(PAUSE)
        raise RetryLater(LEASE.total_seconds(), f"{id} is worked in")

    async def keep(self) -> None:
        """Hold on; raises RetryLater when a lane was lost to somebody else."""
        now = self._bridge.clock.now()
        for id, (lane, direction) in self.lanes.items():
            if lane.due - now > LEASE / 2:
                continue
            held = await self._bridge.store.lanes.renew(lane, now + LEASE)
            if held is None:
                raise RetryLater(1, f"{id} was lost")
            self.lanes[id] = held, direction

    async def forget(self) -> None:
        """Delete the lanes; one into which something came meanwhile is due at once."""
        for id, (lane, _) in list(self.lanes.items()):
            if not await self._bridge.store.erasing.take_lane(lane):
                await self._let_go(lane)
            del self.lanes[id]

    async def let_go(self) -> None:
        """Leave the lanes to the workers, who look into them."""
        for lane, _ in self.lanes.values():
            await self._let_go(lane)
        self.lanes.clear()

    async def _let_go(self, lane: Lane) -> None:
        held: Lane | None = lane
        while held is not None:
            held = await self._bridge.store.lanes.release(held, self._bridge.clock.now())
        await self._bridge.bus.publish("lane", {"id": lane.id})


@asynccontextmanager
async def holding(bridge: Bridge, lanes: Iterable[tuple[LaneId, str]], tries: int = TRIES) -> AsyncIterator[Holding]:
    """Hold lanes, given with their directions. Raises RetryLater."""
    held = Holding(bridge)
    try:
        for id, direction in sorted(set(lanes)):
            await held.take(id, direction, tries)
        yield held
    finally:
        await held.let_go()
