"""Durable in: raw updates are accepted once, understood in order, and settled last, when everything is written."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge import bot, receive, staff
from bridge.context import Bridge, log
from bridge.errors import StoreDown, Unreadable
from bridge.model.ids import ChannelName
from bridge.model.inbound import Edited, Inbound, Pressed, Reachable, Said, StaffPressed, StaffSaid, Started, Update
from bridge.model.lanes import IDLE, Lane
from bridge.ports import Raw
from bridge.receive import Received

#: Rows handled at one claim; more wait for the next.
PORTION = 100
#: An update that overtook another of its chat waits so long for it (messengers deliver in seconds or not at all).
GAP = timedelta(seconds=0.5)
#: How often a row that waits for a gap is looked at again.
GAP_LOOK = timedelta(milliseconds=50)
#: Ids of updates a process remembers having seen.
SEEN = 10_000
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
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def accept(self, channel: ChannelName, raw: Raw) -> None:
        """Make a raw update durable, once; the door may acknowledge when this returns. Raises StoreDown."""
        now = self._bridge.clock.now()
        update = Update(f"{channel}:{raw.key}", channel, raw.key, raw.lane, raw.order, raw.body, now)
        await self._bridge.store.updates.add(update)
        self._see(update.id)
        # Also when it was known: the process that stored it may have died before it pulled the lane.
        await self._bridge.store.lanes.pull(raw.lane, "in", now)
        await self._bridge.bus.publish("lane", {"id": raw.lane})

    async def handle(self, lane: Lane) -> datetime:
        """Handle what waits in a lane, in order; returns when it is due again."""
        rows = await self._bridge.store.updates.waiting(lane.id, PORTION)
        if not rows:
            return IDLE
        held = await self._gap(rows[0])
        if held is not None:
            return held
        burst = Burst()
        for row in rows:
            try:
                await self._row(row, burst)
            except StoreDown:
                raise
            except Exception as fault:
                await self._fault(row, fault)
        now = self._bridge.clock.now()
        if burst.said:
            due = self._end_of(burst)
            if now < due:
                await self._show_typing(burst.updates[-1], burst.said[-1])
                return due
            await self._flush(burst)
        return now if len(rows) == PORTION else IDLE

    async def _gap(self, row: Update) -> datetime | None:
        """Return when to look again if this row overtook another that is still on its way."""
        channel = self._bridge.channels.sequenced(row.channel)
        before = channel.before(row.key) if channel is not None else ()
        missing = self._unseen(row, before)
        if missing:
            for key in await self._bridge.store.updates.known(row.channel, missing):
                self._see(f"{row.channel}:{key}")
            missing = self._unseen(row, missing)
        if not missing:
            return None
        now = self._bridge.clock.now()
        if now < row.received_at + GAP:
            return min(now + GAP_LOOK, row.received_at + GAP)
        for key in missing:
            self._see(f"{row.lane} {key}")  # this lane waited for it once; another may still have to
        return None

    def _unseen(self, row: Update, keys: Sequence[str]) -> list[str]:
        return [
            key for key in keys if f"{row.channel}:{key}" not in self._seen and f"{row.lane} {key}" not in self._seen
        ]

    def _see(self, id: str) -> None:
        self._seen[id] = None
        if len(self._seen) > SEEN:
            self._seen.popitem(last=False)

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
            waits = await self._fact(fact, burst) or waits
        if waits:
            burst.updates.append(row)
            if reason is not None:
                burst.dead[row.id] = reason
        else:
            await self._bridge.store.updates.settle(row, state, reason)

    async def _fact(self, fact: Inbound, burst: Burst) -> bool:
        """Do what a fact asks for; True: it joined the burst and is settled with it."""
        bridge = self._bridge
        match fact:
            case Said():
                burst.said.append(await receive.receive(bridge, fact))
                return True
            case Pressed():
                await self._flush(burst)
                await self._press(fact)
            case Started():
                await self._flush(burst)
                await bot.start(bridge, await receive.receive(bridge, fact))
            case Edited():
                await receive.edited(bridge, fact)
            case Reachable():
                await receive.reachable(bridge, fact)
            case StaffSaid():
                await staff.said(bridge, fact)
            case StaffPressed():
                await staff.pressed(bridge, fact)
        return False

    async def _press(self, fact: Pressed) -> None:
        words = await bot.press(self._bridge, await receive.receive(self._bridge, fact), fact.data)
        channel = self._bridge.channels.pressing(fact.channel)
        if channel is not None:
            await channel.pressed(fact.press_id, words)

    async def _flush(self, burst: Burst) -> None:
        """Answer a burst and settle its updates: everything that follows from them is written by now."""
        by_conversation: dict[str, list[Received]] = {}
        for word in burst.said:
            by_conversation.setdefault(word.conversation, []).append(word)
        for said in by_conversation.values():
            await bot.answer_burst(self._bridge, said[0].conversation, said)
        await asyncio.gather(
            *(
                self._bridge.store.updates.settle(
                    row, "dead" if row.id in burst.dead else "done", burst.dead.get(row.id)
                )
                for row in burst.updates
            )
        )
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

    async def _fault(self, row: Update, fault: Exception) -> None:
        """Try again later; an update that breaks time and again goes to the dead letters with its fault."""
        tries = self._faults.get(row.id, 0) + 1
        self._faults[row.id] = tries
        if tries < TRIES:
            raise fault
        del self._faults[row.id]
        log.exception("an update cannot be handled and was put aside", exc_info=fault, extra={"update": row.id})
        await self._bridge.store.updates.settle(row, "dead", f"{type(fault).__name__}: {fault}"[:500])
