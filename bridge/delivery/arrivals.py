"""Updates in the order the messenger gave them, though doors may hand them over in another."""

from collections import OrderedDict
from datetime import datetime, timedelta

from bridge.context import Bridge
from bridge.model.ids import LaneId
from bridge.model.inbound import Update

#: Rows handled at one claim; more wait for the next.
PORTION = 100
#: An update that overtook another of its chat waits so long for it (messengers deliver in seconds or not at all).
GAP = timedelta(seconds=0.5)
#: How often a row that waits for a gap is looked at again.
GAP_LOOK = timedelta(milliseconds=50)
#: Ids of updates a process remembers having seen.
SEEN = 10_000
NEVER = float("inf")


class Arrivals:
    """What waits in a lane, as far as nothing that belongs before it is still on its way."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._seen: OrderedDict[str, int] = OrderedDict()  # -> how many had been seen by then
        self._count = 0
        self._lanes: OrderedDict[str, LaneId] = OrderedDict()  # where updates belong that came to this process

    def comes(self, id: str, lane: LaneId) -> None:
        """Note where an update belongs before it is stored: those of other lanes need not wait for it."""
        self._lanes[id] = lane
        if len(self._lanes) > SEEN:
            self._lanes.popitem(last=False)

    def see(self, id: str) -> None:
        """Note that an update is stored; what was seen before stays seen since then."""
        if id in self._seen:
            return  # a later mark would send everybody who is reading just now to read again, and each other in turn
        self._count += 1
        self._seen[id] = self._count
        if len(self._seen) > SEEN:
            self._seen.popitem(last=False)

    async def waiting(self, lane: LaneId) -> tuple[list[Update], datetime | None]:
        """Return the rows that may be handled now, in order, and when to look at the one behind them again.

        None: nothing behind them overtook another.
        """
        while True:
            # What is seen before the rows are read stands among them; what is seen later may be missing there.
            before = self._count
            rows = await self._bridge.store.updates.waiting(lane, PORTION)
            for place, row in enumerate(rows):
                missing = await self._missing(row, before)
                if missing is None:
                    break
                due = self._wait_for(row, missing)
                if due is not None:
                    return rows[:place], due
            else:
                return rows, None

    async def _missing(self, row: Update, before: int) -> list[str] | None:
        """Return the keys before this row's that never came; None: one came while the rows were read."""
        channel = self._bridge.channels.sequenced(row.channel)
        keys = channel.before(row.key) if channel is not None else ()
        unseen = [key for key in keys if self._may_miss(row, key, before)]
        if not unseen:
            return []
        known = await self._bridge.store.updates.known(row.channel, unseen)
        for key in known:
            self.see(f"{row.channel}:{key}")
        return None if known else unseen

    def _may_miss(self, row: Update, key: str, before: int) -> bool:
        id = f"{row.channel}:{key}"
        if self._lanes.get(id, row.lane) != row.lane or self._seen.get(id, NEVER) <= before:
            return False
        return self._seen.get(f"{row.lane} {key}", NEVER) > before

    def _wait_for(self, row: Update, missing: list[str]) -> datetime | None:
        """Return when to look again for what is missing; None: it was waited for long enough."""
        now = self._bridge.clock.now()
        if missing and now < row.received_at + GAP:
            return min(now + GAP_LOOK, row.received_at + GAP)
        for key in missing:
            self.see(f"{row.lane} {key}")  # this lane waited for it once; another may still have to
        return None
