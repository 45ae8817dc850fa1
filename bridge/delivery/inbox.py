"""Durable in: raw updates are accepted once, understood in order, and settled last, when everything is written."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge import bot
from bridge.context import Bridge, log
from bridge.delivery.arrivals import PORTION, Arrivals
from bridge.delivery.lanes import wake
from bridge.delivery.reading import Group, facts_of, grouped, read
from bridge.errors import StoreDown
from bridge.facts import done
from bridge.model.ids import ChannelName
from bridge.model.inbound import Update
from bridge.model.lanes import IDLE, Lane
from bridge.people import proving
from bridge.ports.channels import Raw
from bridge.receive import Received

#: A burst that never pauses is answered after so many times the pause.
LONGEST = 5
#: An update whose handling breaks so often is put aside with its fault, so that the chat goes on.
TRIES = 5


@dataclass(slots=True)
class Burst:
    """Words of a customer that wait for the end of his breath, with the updates they came in."""

    said: list[Received] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    dead: dict[str, str] = field(default_factory=dict)  # update's id -> why it could not be read whole
    coming: datetime | None = None  # an album that goes on with the breath may grow until then
    newest: Update | None = None  # of that album

    def grows(self, rows: Sequence[Update], until: datetime) -> None:
        """Note that an album is on its way, whose messages are part of the breath."""
        self.coming, self.newest = until, rows[-1]


class Inbox:
    """What comes from customers and staff, lane by lane."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._faults: dict[str, int] = {}
        self._arrivals = Arrivals(bridge)

    async def accept(self, channel: ChannelName, raw: Raw) -> None:
        """Make a raw update durable, once; the door may acknowledge when this returns. Raises StoreDown."""
        now = self._bridge.clock.now()
        update = Update(f"{channel}:{raw.key}", channel, raw.key, raw.lane, raw.order, raw.body, now)
        self._arrivals.comes(update.id, raw.lane)
        await self._bridge.store.updates.add(update)
        self._arrivals.see(update.id)
        # Also when it was known: the process that stored it may have died before it pulled the lane.
        await wake(self._bridge, raw.lane, "in")

    async def handle(self, lane: Lane) -> datetime:
        """Handle what waits in a lane, in order; returns when it is due again."""
        rows, held = await self._arrivals.waiting(lane.id)
        burst, now = Burst(), self._bridge.clock.now()
        growing: datetime | None = None
        groups = grouped([read(self._bridge, row) for row in rows])
        alone = len(groups) == 1 and held is None and self._bridge.settings.burst_seconds == 0
        for group in groups:
            growing = group.due(timedelta(seconds=self._bridge.settings.album_seconds))
            # What is held back may belong to it.
            if growing is not None and (now < growing or held is not None):
                burst.grows(group.rows, growing)
                break
            growing = None
            try:
                await self._group(group, burst, alone)
            except StoreDown:
                raise
            except Exception as fault:
                await self._fault(group.rows, fault)
        due = await self._end(burst)
        if due is None and growing is None:
            for row in rows if self._faults else ():
                self._faults.pop(row.id, None)
            due = now if len(rows) == PORTION else IDLE
        waits = [each for each in (due, held, growing if growing is not None and growing > now else None) if each]
        return min(waits, default=now)

    async def _end(self, burst: Burst) -> datetime | None:
        """Answer a burst whose breath has ended; a time in return: more may come until then."""
        if not burst.said:
            return None
        due = self._end_of(burst)
        if self._bridge.clock.now() < due:
            await self._show_typing(burst.updates[-1], burst.said[-1])
            return due
        try:
            await self._flush(burst)
        except StoreDown:
            raise
        except Exception as fault:
            await self._fault(burst.updates, fault, burst.said[-1])
        return None

    async def _group(self, group: Group, burst: Burst, alone: bool) -> None:
        fault = next((each.fault for each in group.readings if each.fault is not None), None)
        if fault is not None:
            raise fault
        waits = False
        for fact in await facts_of(self._bridge, group):
            word = await done(self._bridge, fact, lambda: self._flush(burst), alone=alone)
            if word is not None:
                burst.said.append(word)
                waits = True
        dead = {each.row.id: each.dead for each in group.readings if each.dead is not None}
        if waits:
            burst.updates += group.rows
            burst.dead |= dead
        else:
            await self._settle(group.rows, dead)

    async def _flush(self, burst: Burst) -> None:
        """Answer a burst and settle its updates: everything that follows from them is written by now."""
        by_conversation: dict[str, list[Received]] = {}
        for word in burst.said:
            by_conversation.setdefault(word.conversation, []).append(word)
        for said in by_conversation.values():
            await bot.answer_burst(self._bridge, said[0].conversation, said)
            await proving.follow(self._bridge, said)
        await self._settle(burst.updates, burst.dead)
        burst.said.clear()
        burst.updates.clear()

    async def _settle(self, rows: Sequence[Update], dead: Mapping[str, str]) -> None:
        settle = self._bridge.store.updates.settle
        settling = [settle(row, "dead" if row.id in dead else "done", dead.get(row.id)) for row in rows]
        await (settling[0] if len(settling) == 1 else asyncio.gather(*settling))

    def _end_of(self, burst: Burst) -> datetime:
        pause = timedelta(seconds=self._bridge.settings.burst_seconds)
        first, last = burst.updates[0].received_at, burst.newest or burst.updates[-1]
        end = min(last.received_at + pause, first + pause * LONGEST)
        if burst.coming is None:
            return end
        album = timedelta(seconds=self._bridge.settings.album_seconds)
        return max(end, min(burst.coming, first + pause * LONGEST + album))

    async def _show_typing(self, update: Update, word: Received) -> None:
        channel = self._bridge.channels.typing(update.channel)
        conversation = await self._bridge.store.conversations.get(word.conversation)
        if channel is not None and conversation.stage.value == "bot":
            await channel.typing(conversation.chat)

    async def _fault(self, rows: Sequence[Update], fault: Exception, word: Received | None = None) -> None:
        """Try again later; what breaks time and again goes to the dead letters with its fault.

        `word`: what could not be answered, it goes to a person.
        """
        first = rows[0].id
        tries = self._faults.get(first, 0) + 1
        self._faults[first] = tries
        if tries < TRIES:
            raise fault
        log.exception("an update cannot be handled and was put aside", exc_info=fault, extra={"update": first})
        if word is not None:
            await bot.call_person(self._bridge, word)
        for row in rows:
            await self._bridge.store.updates.settle(row, "dead", f"{type(fault).__name__}: {fault}"[:500])
        del self._faults[first]
