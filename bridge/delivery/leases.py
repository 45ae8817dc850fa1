"""Work that one process of an installation does at a time: it belongs to whoever holds the lease row in the store.

The row is a lane that is held and renewed. A holder that dies is replaced when its lease has run out; one that ends, or
whose work fails, lets go and says so.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta

from bridge.context import log
from bridge.delivery.sharing import Sole, Work
from bridge.errors import StoreDown
from bridge.model.ids import LaneId, fresh
from bridge.model.lanes import Lane
from bridge.ports import Bus, Clock
from bridge.ports.stores import Store

#: A holder that dies is replaced after this time; one that lives renews at a quarter of it.
LEASE = timedelta(seconds=12)
#: A holder that cannot renew stops so long before its lease runs out: the next one must find nobody at work.
MARGIN = timedelta(seconds=2)
#: How often those who wait look whether the lease is free, seconds; a hint brings them at once.
LOOK = 1.0
DIRECTION = "hold"
SUBJECT = "lease"


class Lease:
    """The lease of one name, as one process sees it."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, name: str) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._id = LaneId(f"{DIRECTION}:{name}")

    async def __call__(self, work: Work) -> None:
        """Do the work whenever and as long as the lease is ours; returns or raises as it does."""
        while True:
            lane = await self._taken()
            log.info("this process holds %s", self._id)
            if await self._at_work(lane, work):
                return
            log.warning("the lease of %s was lost", self._id)

    async def _taken(self) -> Lane:
        """Wait for the lease and take it."""
        freed = asyncio.Event()
        listening = asyncio.create_task(self._listen(freed))
        made = False
        try:
            while True:
                freed.clear()
                with suppress(StoreDown):
                    if not made:
                        await self._store.lanes.pull(self._id, DIRECTION, self._clock.now())
                        made = True
                    now = self._clock.now()
                    lane = await self._store.lanes.claim(self._id, now, now + LEASE, fresh())
                    if lane is not None:
                        return lane
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await freed.wait()
        finally:
            listening.cancel()

    async def _listen(self, freed: asyncio.Event) -> None:
        async with self._bus.subscribe(SUBJECT) as hints:
            async for hint in hints:
                if hint.get("id") == self._id:
                    freed.set()

    async def _at_work(self, lane: Lane, work: Work) -> bool:
        """Work as long as the lease can be renewed; True: the work is done, False: the lease is lost."""
        task = asyncio.ensure_future(work())
        held: Lane | None = lane
        try:
            while not (await asyncio.wait({task}, timeout=LEASE.total_seconds() / 4))[0]:
                held = await self._renewed(lane)
                if held is None:
                    return False
                lane = held
            await task
            return True
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if held is not None:
                await self._let_go(held)

    async def _renewed(self, lane: Lane) -> Lane | None:
        """Hold it longer; the same lane when the store does not say, None when it is lost or may be soon."""
        left = (lane.due - MARGIN - self._clock.now()).total_seconds()
        with suppress(StoreDown, TimeoutError):
            async with asyncio.timeout(max(left, 0)):
                return await self._store.lanes.renew(lane, self._clock.now() + LEASE)
        return lane if self._clock.now() < lane.due - MARGIN else None

    async def _let_go(self, lane: Lane) -> None:
        held: Lane | None = lane
        with suppress(StoreDown):
            while held is not None:
                held = await self._store.lanes.release(held, self._clock.now())
        await self._bus.publish(SUBJECT, {"id": self._id})


_: type[Sole] = Lease
