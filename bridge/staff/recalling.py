"""Recall: an operator takes a word back that has just gone to the customer, by a command or by the button under it."""

from datetime import timedelta

from bridge.changes import amending
from bridge.context import Bridge
from bridge.errors import Conflict, NotFound
from bridge.model.desk import Topic
from bridge.model.ids import MessageId
from bridge.model.inbound import StaffSaid
from bridge.model.messages import AuthorKind, DeliveryState, Message
from bridge.model.operators import Operator
from bridge.staff import mirror, places
from bridge.staff.mirror_changes import show_edit

#: How long it is remembered which word a command meant.
KEPT = timedelta(days=1)
#: Messages looked at for an operator's last word.
LOOKED_AT = 50


async def by_command(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid) -> str:
    """Recall the word a command answers to, without one the operator's last; returns what becomes of it, in words.

    Raises Conflict("recall_nothing"), and as `recall`.
    """
    word = await _answered(bridge, topic, inbound) if inbound.reply_to else await _last(bridge, actor, topic)
    if word is None:
        raise Conflict("recall_nothing")
    # Done again after a crash, the command means the word it meant: the last one is another by then.
    key = f"recall:{places.key_of(inbound.channel, inbound.group, inbound.external_id)}"
    meant = await bridge.store.journal.put_value_once(key, {"message": word.id}, bridge.clock.now() + KEPT)
    return await recall(bridge, actor, MessageId(meant["message"]) if meant is not None else word.id)


async def recall(bridge: Bridge, actor: Operator, id: MessageId) -> str:
    """Take a word of the desk back from the customer; returns what becomes of it, in words.

    Raises Conflict: recall_late, channel_cannot, not_sent; Forbidden, NotFound.
    """
    word = await bridge.store.messages.get(id)
    if word.author.kind is not AuthorKind.OPERATOR:
        raise Conflict("recall_nothing")
    limit = bridge.desk.rules.recall_seconds if bridge.desk is not None else 0.0
    if word.deleted_at is None and bridge.clock.now() - word.at > timedelta(seconds=limit):
        raise Conflict("recall_late")
    gone = await amending.delete(bridge, actor, id, origin=mirror.bridge_desk(bridge))
    if gone.origin != mirror.bridge_desk(bridge):
        await show_edit(bridge, gone)
    cancelled = gone.delivery is not None and gone.delivery.state is DeliveryState.CANCELLED
    key = "recalled_unsent" if cancelled else "recalled"
    return bridge.phrases.say(bridge.phrases.language, f"staff.{key}", text=_start(gone.text))


async def _answered(bridge: Bridge, topic: Topic, inbound: StaffSaid) -> Message | None:
    assert inbound.reply_to is not None
    word = await places.written_at(bridge, topic, inbound.channel, inbound.group, inbound.reply_to)
    if word is None:
        shown = await places.words_at(bridge, inbound.group, inbound.reply_to)
        word = next((each for each in reversed(shown) if each.author.kind is AuthorKind.OPERATOR), None)
    if word is not None and word.conversation != topic.id:
        raise NotFound(f"message {word.id} stands in another conversation")
    return word


async def _last(bridge: Bridge, actor: Operator, topic: Topic) -> Message | None:
    recent = await bridge.store.messages.page(topic.id, None, None, LOOKED_AT)
    for message in reversed(recent):
        if message.author.kind is AuthorKind.OPERATOR and message.author.id == actor.id and message.deleted_at is None:
            return message
    return None


def _start(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"
