"""Durable out: the oldest unsent row of each lane is sent, then settled; what must wait holds up its own lane only."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bridge import topics
from bridge.context import Bridge, log
from bridge.errors import (
    BridgeError,
    ChannelBroken,
    Conflict,
    NotFound,
    OutcomeUnknown,
    Rejected,
    RetryLater,
    StoreDown,
    Unreachable,
)
from bridge.model.desk import Post, PostKind, Topic
from bridge.model.ids import ChannelName
from bridge.model.lanes import IDLE, Lane
from bridge.model.messages import SETTLED, AuthorKind, Delivery, DeliveryState, Message
from bridge.outcome import Outcome, after
from bridge.ports import BudgetedChannel, Channel, DeskChannel, Outgoing, Receipt

T = TypeVar("T")

#: Rows handled at one claim.
PORTION = 50
#: A process that is told to stop finishes what it is sending, if that takes no longer, seconds.
GRACE = 5
#: A messenger that does not answer in this time leaves the outcome unknown, seconds.
PATIENCE = 45


class Outbox:
    """What goes to customers and into the staff group, lane by lane."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def handle(self, lane: Lane) -> datetime:
        """Send what waits in a lane, in order, up to the first row that must wait; returns when that one is due."""
        name = ChannelName(lane.id.split(":", 2)[1])
        desk = self._bridge.desk
        if desk is not None and name == desk.desk:
            return await self._posts(lane, desk)
        channel = self._bridge.channels.by_name.get(name)
        rows = await self._bridge.store.messages.going_out(lane.id, PORTION)
        for row in rows:
            due = await self._message(row, channel)
            if due is not None:
                return due
        return self._bridge.clock.now() if len(rows) == PORTION else IDLE

    async def _message(self, row: Message, channel: Channel | None) -> datetime | None:
        """Send one message; a time in return: it, and all behind it, must wait until then."""
        delivery = row.delivery
        assert delivery is not None
        now = self._bridge.clock.now()
        if delivery.not_before is not None and delivery.not_before > now:
            return delivery.not_before
        outcome = await self._forbidden(row, delivery, channel)
        if outcome is None:
            assert channel is not None
            wait = self._turn(row.channel, row.chat, "message")
            if wait:
                return now + timedelta(seconds=wait)
            marked = await self._mark(row, delivery)
            if marked is None:
                return now  # cancelled, edited or settled in between: look again, for nothing may overtake it
            return await _to_its_end(self._send(marked, delivery, channel))
        return await self._conclude(row, delivery, outcome, now)

    async def _send(self, row: Message, delivery: Delivery, channel: Channel) -> datetime | None:
        now = self._bridge.clock.now()
        outgoing = Outgoing(row.id, row.chat, row.text, row.choices, await self._quoted(row))
        return await self._conclude(row, delivery, await _attempt(channel.send(outgoing)), now)

    async def _conclude(self, row: Message, delivery: Delivery, outcome: Outcome, now: datetime) -> datetime | None:
        settled = after(delivery, outcome, now)
        await self._settle(row, settled, outcome)
        return settled.not_before if settled.state not in SETTLED else None

    def _turn(self, channel: ChannelName, chat: str, kind: str) -> float:
        budgeted = self._bridge.channels.budgeted(channel)
        return 0.0 if budgeted is None else budgeted.turn(chat, kind)

    async def _forbidden(self, row: Message, delivery: Delivery, channel: Channel | None) -> Outcome | None:
        """Return why a row is not to be sent now, None when it is."""
        if delivery.state is DeliveryState.SENDING:
            return OutcomeUnknown("crash_unknown")  # its sender died between sending and settling
        if delivery.epoch is not None:
            conversation = await self._bridge.store.conversations.get(row.conversation)
            if conversation.epoch != delivery.epoch:
                return Conflict("human_answered")
        if channel is None:
            return RetryLater(60, "no_channel")
        if channel.state.state == "broken":
            return RetryLater(30, "channel_broken")
        return None

    async def _mark(self, row: Message, delivery: Delivery) -> Message | None:
        sending = replace(delivery, state=DeliveryState.SENDING, reason=None)
        try:
            return await self._bridge.store.messages.replace(replace(row, delivery=sending))
        except Conflict:
            return None

    async def _quoted(self, row: Message) -> str | None:
        if row.reply_to is None:
            return None
        quoted = await self._bridge.store.messages.find(row.reply_to)
        if quoted is None:
            return None
        return quoted.external_id if quoted.delivery is None else quoted.delivery.external_id

    async def _settle(self, row: Message, delivery: Delivery, outcome: Outcome) -> None:
        while True:
            try:
                row = await self._bridge.store.messages.replace(replace(row, delivery=delivery))
                break
            except Conflict:
                row = await self._bridge.store.messages.get(row.id)  # edited meanwhile: its text, our outcome
        await self._bridge.feed.tell_message(row)
        if isinstance(outcome, Unreachable):
            await self._shut(row, outcome.reason)
        await self._tell_staff(row, delivery)

    async def _shut(self, row: Message, reason: str) -> None:
        chat = await self._bridge.store.people.chat(row.channel, row.chat)
        if chat is not None and chat.unreachable is None:
            try:
                await self._bridge.store.people.replace_chat(replace(chat, unreachable=reason))
            except Conflict:
                return  # the customer wrote just now: he is reachable

    async def _tell_staff(self, row: Message, delivery: Delivery) -> None:
        """Tell the topic in words what became of a message; an operator's own words there get a mark."""
        conversation = await self._bridge.store.conversations.get(row.conversation)
        desk = self._bridge.desk
        if desk is None or not conversation.topic:
            return
        if delivery.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
            say = self._bridge.phrases
            reason = say.reason(say.language, delivery.reason or "rejected")
            text = say.say(say.language, f"staff.{delivery.state.value}", reason=reason)
            reply_to = row.external_id if row.origin == desk.desk else None
            await topics.tell(self._bridge, row.conversation, f"{row.id}:{delivery.attempts}", text, reply_to)
        elif row.origin == desk.desk and row.author.kind is AuthorKind.OPERATOR and row.external_id:
            await topics.mark_sent(self._bridge, conversation, row)

    async def _posts(self, lane: Lane, desk: DeskChannel) -> datetime:
        rows = await self._bridge.store.desk.going_out(lane.id, PORTION)
        for row in rows:
            due = await self._post(row, desk)
            if due is not None:
                return due
        return self._bridge.clock.now() if len(rows) == PORTION else IDLE

    async def _post(self, row: Post, desk: DeskChannel) -> datetime | None:
        now = self._bridge.clock.now()
        delivery = row.delivery
        if delivery.not_before is not None and delivery.not_before > now:
            return delivery.not_before
        topic = await self._topic(row, desk)
        outcome: Outcome
        if delivery.state is DeliveryState.SENDING and row.kind not in (PostKind.CARD, PostKind.ICON, PostKind.MARK):
            outcome = OutcomeUnknown("crash_unknown")
        elif row.kind is PostKind.TOPIC and topic.topic is not None:
            outcome = Receipt(topic.topic)
        elif row.kind is not PostKind.TOPIC and topic.topic is None:
            outcome = Rejected("topic_gone")
        else:
            wait = desk.turn(desk.group, row.kind.value) if isinstance(desk, BudgetedChannel) else 0.0
            if wait:
                return now + timedelta(seconds=wait)
            try:
                row = await self._bridge.store.desk.replace(
                    replace(row, delivery=replace(delivery, state=DeliveryState.SENDING))
                )
            except Conflict:
                return None
            outcome = await _attempt(desk.post(row, topic))
        if isinstance(outcome, NotFound) and topic.topic is not None:
            await self._lost_topic(row, topic)
            return now
        settled = after(delivery, outcome, now)
        if row.kind is PostKind.TOPIC and settled.state is DeliveryState.UNKNOWN and delivery.attempts == 0:
            # Without its topic nothing could be shown: one more try, at worst an empty topic is left behind.
            settled = replace(settled, state=DeliveryState.RETRYING, not_before=now, attempts=1)
        await self._settle_post(row, settled, outcome, topic)
        return settled.not_before if settled.state not in SETTLED else None

    async def _topic(self, row: Post, desk: DeskChannel) -> Topic:
        found = await self._bridge.store.desk.topic(row.conversation)
        return found or await self._bridge.store.desk.save_topic(Topic(row.conversation, desk.desk, desk.group))

    async def _settle_post(self, row: Post, delivery: Delivery, outcome: Outcome, topic: Topic) -> None:
        if isinstance(outcome, Receipt):
            await self._keep_place(row, outcome, topic)
        elif isinstance(outcome, BridgeError) and delivery.state in SETTLED:
            log.warning("a post did not appear in the staff group", extra={"post": row.id, "reason": delivery.reason})
        try:
            await self._bridge.store.desk.replace(replace(row, delivery=delivery))
        except Conflict:
            return  # a card or an icon was renewed meanwhile: it is queued with its new state

    async def _keep_place(self, row: Post, receipt: Receipt, topic: Topic) -> None:
        changes: dict[PostKind, Topic] = {
            PostKind.TOPIC: replace(topic, topic=receipt.external_id),
            PostKind.CARD: replace(topic, card=receipt.external_id),
            PostKind.ICON: replace(topic, icon=row.icon),
        }
        changed = changes.get(row.kind)
        if changed is not None and changed != topic:
            await self._bridge.store.desk.save_topic(changed)

    async def _lost_topic(self, row: Post, topic: Topic) -> None:
        """The topic was deleted by hand: make it anew, then this post and all behind it."""
        await self._bridge.store.desk.save_topic(replace(topic, topic=None, card=None, icon=""))
        await self._bridge.store.desk.show(replace(row, delivery=replace(row.delivery, state=DeliveryState.QUEUED)))
        await topics.make_again(self._bridge, row)


async def _to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Await work that a stop of the process does not cut in two: half a send would have to be called unknown."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=GRACE)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise


async def _attempt(sending: "asyncio.Future[Receipt] | object") -> Outcome:
    try:
        async with asyncio.timeout(PATIENCE):
            return await sending  # type: ignore[misc, no-any-return]  # an awaitable of a Receipt
    except (RetryLater, Unreachable, Rejected, OutcomeUnknown, ChannelBroken, NotFound) as outcome:
        return outcome
    except TimeoutError:
        return OutcomeUnknown("network_unknown")
    except (StoreDown, asyncio.CancelledError):
        raise
    except Exception:
        log.exception("a channel broke in an unforeseen way while sending")
        return OutcomeUnknown("network_unknown")
