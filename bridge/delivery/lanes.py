"""Workers over lanes: hints bring them at once, a look at the store every second brings whatever hints lost."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bridge.context import Bridge, log
from bridge.errors import StoreDown
from bridge.model.ids import LaneId, fresh
from bridge.model.lanes import IDLE, Lane

#: A holder that dies is replaced after this time; one that lives renews at a third of it.
LEASE = timedelta(seconds=10)
#: How often the store is asked for lanes whose hint was lost.
LOOK = 1.0
#: Lanes taken from the store at one look.
PORTION = 200
#: Times nearer than this are slept for; later ones are found by the look.
NEAR = timedelta(minutes=1)
#: A lane whose handling broke is tried again after this time.
AFTER_FAULT = timedelta(seconds=5)

# A lane that was handled is kept until the next look and then let go: who writes once writes again, and the answer to a
# question follows it. What others put into it meanwhile they hint at; without a hint it waits for that look.

#: Does what is due in a lane, and says when it is due again (model.lanes.IDLE: with the next insert).
Handle = Callable[[Lane], Awaitable[datetime]]


async def wake(bridge: Bridge, id: LaneId, direction: str) -> None:
    """Have somebody look into a lane: this process's workers at once, else whoever finds it due in the store.

    To the former it is told without a write; should they die before they take it, the timers find what waits in it.
    """
    bell = bridge.memory.bells.get(direction)
    if bell is not None:
        bell(id)
        return
    await bridge.store.lanes.pull(id, direction, bridge.clock.now())
    await bridge.bus.publish("lane", {"id": id})


class LaneWorkers:
    """A handful of workers on the lanes of one direction; the same lane is never in two hands."""

    def __init__(self, bridge: Bridge, direction: str, handle: Handle, workers: int) -> None:
        self._bridge = bridge
        self._direction = direction
        self._handle = handle
        self._workers = workers
        self._process = fresh()
        self._claims = itertools.count()
        self._queue: asyncio.Queue[Lane | LaneId] = asyncio.Queue()
        self._queued: set[LaneId] = set()
        self._rung: set[LaneId] = set()  # told to this process alone: the store does not know that they are due
        self._naps: set[asyncio.Task[None]] = set()
        self._held: set[LaneId] = set()  # handled at this moment
        self._again: set[LaneId] = set()  # of those, the ones that were told of meanwhile
        self._kept: dict[LaneId, Lane] = {}  # handled a moment ago and not let go yet: who writes once writes twice

    async def run(self) -> None:
        """Work until cancelled."""
        bells = self._bridge.memory.bells
        bells[self._direction] = self._ring
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(), name=f"{self._direction}-hints")
                group.create_task(self._look(), name=f"{self._direction}-look")
                for number in range(self._workers):
                    group.create_task(self._work(), name=f"{self._direction}-{number}")
        finally:
            bells.pop(self._direction, None)
            for nap in self._naps:
                nap.cancel()
            await self._part()
            await self._hand_on()

    def _ring(self, id: LaneId) -> None:
        self._rung.add(id)
        self._put(id)

    async def _hand_on(self) -> None:
        """The process ends: whatever waits for a worker here, or was told to it alone, is told to the store."""
        while not self._queue.empty():
            item = self._queue.get_nowait()
            if isinstance(item, Lane):
                await self._let_go(item)
        try:
            for id in self._rung:
                await self._bridge.store.lanes.pull(id, self._direction, self._bridge.clock.now())
        except StoreDown:
            return  # the timers of the next process find what waits

    async def _listen(self) -> None:
        prefix = f"{self._direction}:"
        async with self._bridge.bus.subscribe("lane") as hints:
            async for hint in hints:
                if hint["id"].startswith(prefix):
                    self._put(LaneId(hint["id"]))

    async def _look(self) -> None:
        while True:
            await self._part()
            now = self._bridge.clock.now()
            try:
                lanes = await self._bridge.store.lanes.claim_due(
                    self._direction, now, now + LEASE, self._holder(), PORTION
                )
            except StoreDown as fault:
                log.warning("the store does not answer: %s", fault)
                lanes = []
            for lane in lanes:
                self._queue.put_nowait(lane)
            if len(lanes) < PORTION:
                await self._bridge.clock.sleep(LOOK)

    def _put(self, lane: LaneId) -> None:
        if lane not in self._queued:
            self._queued.add(lane)
            self._queue.put_nowait(lane)

    async def _work(self) -> None:
        while True:
            item = await self._queue.get()
            id = item.id if isinstance(item, Lane) else item
            self._queued.discard(id)
            if id in self._held and not isinstance(item, Lane):
                self._again.add(id)  # whoever holds it looks once more
                continue
            self._held.add(id)
            if isinstance(item, Lane):
                self._kept.pop(id, None)  # an older hold of it
            try:
                lane = await (self._still(item) if isinstance(item, Lane) else self._claim(id))
                while lane is not None:
                    lane = await self._hold(lane)
            except StoreDown as fault:
                # The lease runs out by itself: the lane comes back when the store does.
                log.warning("the store does not answer: %s", fault, extra={"lane": id})
                await self._bridge.clock.sleep(LOOK)
                if id in self._rung:
                    self._put(id)
            finally:
                self._held.discard(id)
                if id in self._again:
                    self._again.discard(id)
                    self._put(id)

    async def _claim(self, id: LaneId) -> Lane | None:
        now = self._bridge.clock.now()
        lanes = self._bridge.store.lanes
        kept = self._kept.pop(id, None)
        still = None if kept is None else await self._still(kept)
        if still is not None:
            self._rung.discard(id)
            return still
        if id not in self._rung:
            return await lanes.claim(id, now, now + LEASE, self._holder())
        self._rung.discard(id)  # before the claim: what rings from now on may not be seen by it
        try:
            return await lanes.take(id, self._direction, now, now + LEASE, self._holder())
        except BaseException:
            self._rung.add(id)
            raise

    def _holder(self) -> str:
        # Another name for every claim: what this process lost and took again is not in its first hand any more.
        return f"{self._process}.{next(self._claims)}"

    async def _still(self, lane: Lane) -> Lane | None:
        """Return a lane that waited for a worker, if it is still held: the lease went on meanwhile."""
        left = lane.due - self._bridge.clock.now()
        return lane if left > LEASE * 2 / 3 else await self._renew(lane)

    async def _hold(self, lane: Lane) -> Lane | None:
        """Handle a lane and let it go; a lane in return: something came meanwhile, handle it again."""
        task = asyncio.create_task(self._safely(lane))
        try:
            held: Lane | None = lane
            while not (await asyncio.wait({task}, timeout=LEASE.total_seconds() / 3))[0]:
                held = await self._renew(lane)
                if held is None:
                    log.warning("a lease was lost while the lane was handled", extra={"lane": lane.id})
                    return None
                lane = held
            due = await task
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                await self._let_go(lane)
        if lane.id in self._again:
            self._again.discard(lane.id)
            self._rung.discard(lane.id)
            return await self._still(lane)
        if due == IDLE and not lane.again:
            self._kept[lane.id] = lane
            return None
        again = await self._bridge.store.lanes.release(lane, due)
        if again is None:
            self._nap(lane.id, due)
        return again

    async def _part(self) -> None:
        """Let lanes go that were kept; one that others were told of meanwhile is handled first."""
        kept, self._kept = list(self._kept.values()), {}
        await asyncio.gather(*map(self._part_from, kept))

    async def _part_from(self, lane: Lane) -> None:
        try:
            again = await self._bridge.store.lanes.release(lane, IDLE)
        except StoreDown:
            return  # its lease runs out by itself
        if again is not None:
            self._queue.put_nowait(again)

    async def _let_go(self, lane: Lane) -> None:
        """The process ends: the next one need not wait for the lease to run out."""
        held: Lane | None = lane
        try:
            while held is not None:
                held = await self._bridge.store.lanes.release(held, self._bridge.clock.now())
        except StoreDown:
            return

    async def _renew(self, lane: Lane) -> Lane | None:
        try:
            return await self._bridge.store.lanes.renew(lane, self._bridge.clock.now() + LEASE)
        except StoreDown:
            return lane  # not lost as far as anybody can tell; the next renewal says more

    async def _safely(self, lane: Lane) -> datetime:
        try:
            return await self._handle(lane)
        except StoreDown:
            raise
        except Exception:
            log.exception("a lane could not be handled", extra={"lane": lane.id})
            return self._bridge.clock.now() + AFTER_FAULT

    def _nap(self, id: LaneId, due: datetime) -> None:
        wait = due - self._bridge.clock.now()
        if wait < NEAR:
            nap = asyncio.create_task(self._wake(id, wait.total_seconds()))
            self._naps.add(nap)
            nap.add_done_callback(self._naps.discard)

    async def _wake(self, id: LaneId, seconds: float) -> None:
        await self._bridge.clock.sleep(seconds)
        self._put(id)
