"""Durable out: the oldest unsent row of each lane is sent, then settled; what must wait holds up its own lane only."""

from collections.abc import Awaitable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bridge import files
from bridge.changes import amendments
from bridge.context import Bridge
from bridge.delivery.fate import show_fate, shut_door
from bridge.delivery.outcome import Outcome, after
from bridge.delivery.sending import attempt, to_its_end
from bridge.errors import Conflict, OutcomeUnknown, RetryLater, Unreachable
from bridge.model.ids import ChannelName
from bridge.model.lanes import IDLE, Lane
from bridge.model.messages import SETTLED, AuthorKind, Delivery, DeliveryState, Message
from bridge.ports.abilities import RepeatableChannel
from bridge.ports.channels import Channel, Outgoing, Receipt
from bridge.staff import posting, topics

#: Rows handled at one claim.
PORTION = 50
#: Times a word is sent again whose fate nobody knows, where that does no harm: half an hour with the waits between.
TRIES = 30


class Outbox:
    """What goes to customers and into the staff group, lane by lane."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def handle(self, lane: Lane) -> datetime:
        """Send what waits in a lane, in order, up to the first row that must wait; returns when that one is due."""
        name = ChannelName(lane.id.split(":", 2)[1])
        desk = self._bridge.desk
        if desk is not None and name == desk.desk:
            return await posting.handle(self._bridge, lane.id, desk)
        channel = self._bridge.channels.by_name.get(name)
        rows = await self._bridge.store.messages.going_out(lane.id, PORTION)
        return await self._in_turn(len(rows), (self._message(row, channel) for row in rows))

    async def _in_turn(self, count: int, sendings: Iterable[Awaitable[datetime | None]]) -> datetime:
        """Do one after the other up to the first that must wait; returns when to go on."""
        for sending in sendings:
            due = await sending
            if due is not None:
                return due
        return self._bridge.clock.now() if count == PORTION else IDLE

    async def _message(self, row: Message, channel: Channel | None) -> datetime | None:
        """Send one message; a time in return: it, and all behind it, must wait until then."""
        delivery = row.delivery
        if delivery is None or delivery.state in SETTLED:
            return await amendments.carry_out(self._bridge, row, channel)
        now = self._bridge.clock.now()
        if row.amendment is not None and await amendments.fold(self._bridge, row):
            return now
        if delivery.not_before is not None and delivery.not_before > now and not await self._stale(row, delivery):
            return delivery.not_before
        outcome = await self._forbidden(row, delivery, channel)
        if outcome is None:
            assert channel is not None
            wait = await self._turn(row.channel, row.chat, "message")
            if wait:
                return now + timedelta(seconds=wait)
            marked = await self._mark(row, delivery)
            if marked is None:
                return now  # cancelled, edited or settled in between: look again, for nothing may overtake it
            return await to_its_end(self._send(marked, marked.delivery or delivery, channel))
        return await self._conclude(row, delivery, outcome, now)

    async def _send(self, row: Message, delivery: Delivery, channel: Channel) -> datetime | None:
        sent = files.outgoing(self._bridge, row.attachments)
        quoted = await self._quoted(row)
        outgoing = Outgoing(row.id, row.chat, row.text, row.choices, quoted, sent, row.asks, row.author, row.at)
        outcome = await attempt(channel.send(outgoing), len(sent))
        if isinstance(outcome, OutcomeUnknown) and delivery.attempts < TRIES and self._repeats(row, channel):
            outcome, delivery = RetryLater(1, outcome.reason), replace(delivery, maybe=True)
        return await self._conclude(row, delivery, outcome, self._bridge.clock.now())

    async def _conclude(self, row: Message, delivery: Delivery, outcome: Outcome, now: datetime) -> datetime | None:
        settled = after(delivery, outcome, now)
        row = await self._settle(row, settled, outcome)
        if settled.state not in SETTLED:
            return settled.not_before
        return self._bridge.clock.now() if row.amendment is not None else None  # what was asked for meanwhile

    async def _turn(self, channel: ChannelName, chat: str, kind: str) -> float:
        budgeted = self._bridge.channels.budgeted(channel)
        return 0.0 if budgeted is None else await budgeted.turn(chat, kind)

    async def _forbidden(self, row: Message, delivery: Delivery, channel: Channel | None) -> Outcome | None:
        """Return why a row is not to be sent now, None when it is."""
        stale = await self._stale(row, delivery)
        if delivery.state is DeliveryState.SENDING and (stale or not self._repeats(row, channel)):
            return OutcomeUnknown("crash_unknown")  # its sender died between sending and settling
        if stale:
            return OutcomeUnknown("human_answered") if delivery.maybe else Conflict("human_answered")
        if channel is None:
            return RetryLater(60, "no_channel")
        if channel.state.state == "broken":
            return RetryLater(30, "channel_broken")
        return None

    def _repeats(self, row: Message, channel: object) -> bool:
        """Tell whether a word can be sent again without harm, whatever became of it."""
        if not isinstance(channel, RepeatableChannel):
            return False
        return self._bridge.clock.now() - row.at < timedelta(seconds=channel.remembers)

    async def _stale(self, row: Message, delivery: Delivery) -> bool:
        """Tell whether a person has spoken or taken over since a bot's word was decided."""
        if delivery.epoch is None:
            return False
        conversation = await self._bridge.store.conversations.get(row.conversation)
        return conversation.epoch != delivery.epoch

    async def _mark(self, row: Message, delivery: Delivery) -> Message | None:
        # What is found being sent was sent by somebody who died: from now on it may be there, whatever comes of it.
        maybe = delivery.maybe or delivery.state is DeliveryState.SENDING
        sending = replace(delivery, state=DeliveryState.SENDING, reason=None, maybe=maybe)
        try:
            return await self._bridge.store.messages.replace(replace(row, delivery=sending))
        except Conflict:
            return None

    async def _quoted(self, row: Message) -> str | None:
        if row.reply_to is None:
            return None
        quoted = await self._bridge.store.messages.find(row.reply_to)
        if quoted is None or quoted.kind == "press":
            return None  # a press is no message of the messenger's
        return quoted.external_id if quoted.delivery is None else quoted.delivery.external_id

    async def _settle(self, row: Message, delivery: Delivery, outcome: Outcome) -> Message:
        held = row.delivery
        # First the conversation: if this process dies in between, the row is found in sending and settled again.
        await show_fate(self._bridge, row, delivery)
        while True:
            try:
                row = await self._bridge.store.messages.replace(replace(row, delivery=delivery))
                break
            except Conflict:
                row = await self._bridge.store.messages.get(row.id)
            if row.delivery != held and not isinstance(outcome, Receipt):
                # In other hands by now, and they know more; else edited: its text, our outcome.
                await show_fate(self._bridge, row, row.delivery)
                return row
        await show_fate(self._bridge, row, delivery)  # others may have settled it meanwhile
        await self._bridge.feed.tell_message(row)
        if isinstance(outcome, Unreachable):
            await shut_door(self._bridge, row, outcome.reason)
        await self._tell_staff(row, delivery)
        return row

    async def _tell_staff(self, row: Message, delivery: Delivery) -> None:
        """Tell the topic in words what became of a message; an operator's own words there get a mark."""
        desk = self._bridge.desk
        if desk is None:
            return
        conversation = await self._bridge.store.conversations.get(row.conversation)
        if not conversation.topic:
            return
        if delivery.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
            say = self._bridge.phrases
            reason = say.reason(say.language, delivery.reason or "rejected")
            text = say.say(say.language, f"staff.{delivery.state.value}", reason=reason)
            reply_to = row.external_id if row.origin == desk.desk else None
            key = f"{row.id}:{delivery.state.value}:{delivery.attempts}"
            await topics.tell(self._bridge, row.conversation, key, text, reply_to, row.seq)
        elif row.origin == desk.desk and row.author.kind is AuthorKind.OPERATOR and row.external_id:
            await topics.mark_sent(self._bridge, conversation, row)
