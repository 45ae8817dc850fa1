"""The inbox's rows and the lanes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.errors import Conflict
from bridge.model.ids import ChannelName, LaneId
from bridge.model.inbound import Update
from bridge.model.lanes import IDLE, Lane
from storage.documents import Documents, Duplicate, Order, P
from storage.repositories.base import Rows
from storage.schema import LANES, UPDATES


class UpdateRows:
    """Raw updates, as bridge.ports.stores.Updates says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, UPDATES, Update)

    async def add(self, update: Update) -> bool:
        try:
            await self._rows.insert(update)
        except Duplicate:
            return False
        return True

    async def waiting(self, lane: LaneId, limit: int) -> list[Update]:
        return await self._rows.list(P("lane", "eq", lane), P("state", "eq", "new"), order=Order("order"), limit=limit)

    async def known(self, channel: ChannelName, keys: Sequence[str]) -> set[str]:
        found = await self._rows.documents.get_many(UPDATES, [f"{channel}:{key}" for key in keys])
        return {key for key in keys if f"{channel}:{key}" in found}

    async def settle(self, update: Update, state: str, reason: str | None = None) -> None:
        try:
            await self._rows.replace(replace(update, state=state, reason=reason))
        except Conflict:
            return  # an update is only ever written to be settled: it is

    async def lost(self, before: datetime, limit: int) -> list[Update]:
        return await self._rows.list(
            P("state", "eq", "new"), P("received_at", "lt", before), order=Order("received_at"), limit=limit
        )

    async def dead(self, limit: int) -> list[Update]:
        """Return the newest dead letters."""
        return await self._rows.list(P("state", "eq", "dead"), order=Order("received_at", desc=True), limit=limit)


class LaneRows:
    """Claiming of lanes, as bridge.ports.stores.Lanes says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, LANES, Lane)

    async def pull(self, lane: LaneId, direction: str, due: datetime) -> None:
        while True:
            found = await self._rows.find(lane)
            if found is None:
                try:
                    await self._rows.insert(Lane(lane, direction, due))
                except Duplicate:
                    continue
                return
            if found.holder:
                # The holder may be about to let go: his release must fail, so that he sees what was inserted.
                wanted = replace(found, again=True)
            elif found.due <= due:
                return  # due already: whoever claims it reads the rows after claiming
            else:
                wanted = replace(found, due=due)
            if await self._swap(wanted) is not None:
                return

    async def claim(self, lane: LaneId, now: datetime, until: datetime, holder: str) -> Lane | None:
        found = await self._rows.find(lane)
        if found is None or found.due > now:
            return None
        return await self._swap(replace(found, due=until, holder=holder, again=False))

    async def take(self, lane: LaneId, direction: str, now: datetime, until: datetime, holder: str) -> Lane | None:
        while True:
            found = await self._rows.find(lane)
            if found is None:
                try:
                    return await self._rows.insert(Lane(lane, direction, until, holder))
                except Duplicate:
                    continue
            if not found.holder or found.due <= now:
                taken = await self._swap(replace(found, due=until, holder=holder, again=False))
                if taken is not None:
                    return taken
            elif found.again or await self._swap(replace(found, again=True)) is not None:
                return None

    async def claim_due(self, direction: str, now: datetime, until: datetime, holder: str, limit: int) -> list[Lane]:
        docs = await self._rows.documents.claim(
            LANES, (P("direction", "eq", direction),), "due", now, until, holder, limit
        )
        return [self._rows.row(doc) for doc in docs]

    async def renew(self, lane: Lane, until: datetime) -> Lane | None:
        held: Lane | None = lane
        while held is not None:
            renewed = await self._swap(replace(held, due=until))
            if renewed is not None:
                return renewed
            held = await self._mine(lane)
        return None

    async def release(self, lane: Lane, due: datetime) -> Lane | None:
        # Renewing keeps the mark of what came meanwhile: such a lane cannot be let go unseen.
        if not lane.again and await self._swap(replace(lane, due=due, holder="")) is not None:
            return None
        held = await self._mine(lane)
        while held is not None:
            taken = await self._swap(replace(held, again=False))
            if taken is not None:
                return taken
            held = await self._mine(lane)
        return None

    async def next_due(self, direction: str) -> datetime:
        """Return when the next lane of a direction falls due (IDLE: none will by itself)."""
        lanes = await self._rows.list(P("direction", "eq", direction), order=Order("due"), limit=1)
        return lanes[0].due if lanes else IDLE

    async def _mine(self, lane: Lane) -> Lane | None:
        found = await self._rows.find(lane.id)
        return found if found is not None and found.holder == lane.holder else None

    async def _swap(self, lane: Lane) -> Lane | None:
        try:
            return await self._rows.replace(lane)
        except Conflict:
            return None
