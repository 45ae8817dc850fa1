"""Answers a person of the desk gave in the messenger itself: they stand in the history, and the bot is silent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge import files, handoff
from bridge.changes.lookup import by_external, said_there
from bridge.changes.rewording import show_in_row
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.delivery.fate import show_fate
from bridge.delivery.outcome import after
from bridge.draft import Draft
from bridge.errors import Conflict
from bridge.model.conversations import Conversation
from bridge.model.ids import ChannelName, MessageId, derive
from bridge.model.inbound import Answered, Sender
from bridge.model.messages import Author, AuthorKind, Delivery, DeliveryState, Message
from bridge.opening import conversation_of
from bridge.ports.channels import Receipt
from bridge.receive import TEXT_LIMIT, meet, named
from bridge.staff.mirror_changes import show_edit

#: Lines looked at for a word of ours whose fate nobody knows: an echo of it tells.
LOOKED_AT = 50


async def answered(bridge: Bridge, inbound: Answered) -> None:
    """Record an answer that was given outside, once; a word of ours that comes back is none. Raises StoreDown.

    Told again with other words, it was changed there.
    The conversation is a person's from then on, though nobody of the desk has it: whoever wants takes it.
    """
    known = await said_there(bridge, inbound.channel, inbound.chat, inbound.external_id)
    if known is not None:
        await changed_outside(bridge, known, inbound.channel, inbound.text, inbound.at)
        return
    # Who wrote is not the customer: of him only the chat is known.
    chat = await meet(bridge, replace(inbound, sender=Sender(inbound.chat, "", named=False)))
    conversation = await conversation_of(bridge, chat)
    if await _is_echo(bridge, conversation, inbound):
        return
    id = MessageId(derive("answered", inbound.channel, inbound.chat, inbound.external_id))
    by = f"operator:{inbound.channel}:{inbound.sender.id}"
    attachments = await files.fetched(bridge, inbound.channel, inbound.files, by, id)
    quoted = await _quoted(bridge, inbound)
    name = named(inbound.sender.name) or inbound.sender.id

    def decide(before: Conversation) -> Change:
        draft = Draft(bridge, before, handoff.answered_elsewhere(before), f"answered:{id}")
        draft.event("answered_elsewhere", name)
        draft.say_elsewhere(
            Author(AuthorKind.OPERATOR, "", name),
            inbound.text[:TEXT_LIMIT],
            inbound.external_id,
            id=id,
            origin=inbound.channel,
            kind=attachments[0].kind if attachments else "text",
            attachments=attachments,
            reply_to=quoted,
        )
        draft.audit("system", "answered_elsewhere", channel=inbound.channel, name=name)
        return draft.change()

    await commit(bridge, conversation.id, f"answered:{id}", decide, known=conversation)


def is_outside(message: Message, channel: ChannelName) -> bool:
    """Tell whether a word is an answer that was given outside of Mostik, in the messenger itself."""
    return message.author.kind is AuthorKind.OPERATOR and message.origin == channel


async def changed_outside(bridge: Bridge, known: Message, channel: ChannelName, text: str, at: datetime) -> None:
    """Carry over that an answer given outside was changed there; of a word of ours nothing is changed by its echo."""
    text = text[:TEXT_LIMIT]
    if not is_outside(known, channel) or known.text == text or known.deleted_at is not None:
        return
    while known.text != text:
        try:
            known = await bridge.store.messages.replace(replace(known, text=text, edited_at=at))
        except Conflict:
            known = await bridge.store.messages.get(known.id)
    await show_in_row(bridge, known)
    await show_edit(bridge, known)
    await bridge.feed.tell_message(known)


async def _quoted(bridge: Bridge, inbound: Answered) -> MessageId | None:
    if inbound.reply_to is None:
        return None
    found = await by_external(bridge, inbound.channel, inbound.chat, inbound.reply_to)
    return found.id if found is not None else None


async def _is_echo(bridge: Bridge, conversation: Conversation, inbound: Answered) -> bool:
    """Tell whether an answer is a word of ours whose sending nobody knew the end of: by it, it is known."""
    recent: Sequence[Message] = await bridge.store.messages.page(conversation.id, None, None, LOOKED_AT)
    for row in recent:
        while row.delivery is not None and row.text == inbound.text and _may_be_there(row.delivery):
            there = after(row.delivery, Receipt(inbound.external_id), bridge.clock.now())
            try:
                row = await bridge.store.messages.replace(replace(row, delivery=there))
            except Conflict:
                row = await bridge.store.messages.get(row.id)
                continue
            await show_fate(bridge, row, there)
            await bridge.feed.tell_message(row)
            return True
    return False


def _may_be_there(delivery: Delivery) -> bool:
    return delivery.state in (DeliveryState.UNKNOWN, DeliveryState.SENDING) or (
        delivery.state is DeliveryState.RETRYING and delivery.maybe
    )
