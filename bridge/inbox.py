"""Durable in: raw updates are accepted once, understood in order, and settled last, when everything is written."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge import bot
from bridge.arrivals import PORTION, Arrivals
from bridge.channels import Raw
from bridge.context import Bridge, log
from bridge.errors import StoreDown, Unreadable
from bridge.facts import done
from bridge.lanes import wake
from bridge.model.ids import ChannelName
from bridge.model.inbound import Inbound, Update
from bridge.model.lanes import IDLE, Lane
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
        burst = Burst()
        for row in rows:
            try:
                await self._row(row, burst)
            except StoreDown:
                raise
            except Exception as fault:
                await self._fault([row], fault)
        due = await self._end(burst)
        if due is None:
            for row in rows if self._faults else ():
                self._faults.pop(row.id, None)
            due = self._bridge.clock.now() if len(rows) == PORTION else IDLE
        return due if held is None else min(due, held)

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

    async def _row(self, row: Update, burst: Burst) -> None:
        state, reason = "done", None
        channel = self._bridge.channels.by_name.get(row.channel)
        facts: Sequence[Inbound]
        if channel is None:
            state, reason, facts = "dead", "the channel is not connected any more", ()
        else:
            try:
                facts = channel.parse(row)
            except Unreadable as fault:
                state, reason = "dead", fault.reason
                facts = fault.rescued  # type: ignore[assignment]  # doors rescue Inbound only; errors knows no model
                log.warning("an update went to the dead letters", extra={"update": row.id, "reason": reason})
        waits = False
        for fact in facts:
            word = await done(self._bridge, fact, lambda: self._flush(burst))
            if word is not None:
                burst.said.append(word)
                waits = True
        if waits:
            burst.updates.append(row)
            if reason is not None:
                burst.dead[row.id] = reason
        else:
            await self._bridge.store.updates.settle(row, state, reason)

    async def _flush(self, burst: Burst) -> None:
        """Answer a burst and settle its updates: everything that follows from them is written by now."""
        by_conversation: dict[str, list[Received]] = {}
        for word in burst.said:
            by_conversation.setdefault(word.conversation, []).append(word)
        for said in by_conversation.values():
            await bot.answer_burst(self._bridge, said[0].conversation, said)
        settling = [
            self._bridge.store.updates.settle(row, "dead" if row.id in burst.dead else "done", burst.dead.get(row.id))
            for row in burst.updates
        ]
        await (settling[0] if len(settling) == 1 else asyncio.gather(*settling))
        burst.said.clear()
        burst.updates.clear()

    def _end_of(self, burst: Burst) -> datetime:
        pause = timedelta(seconds=self._bridge.settings.burst_seconds)
        return min(burst.updates[-1].received_at + pause, burst.updates[0].received_at + pause * LONGEST)

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
