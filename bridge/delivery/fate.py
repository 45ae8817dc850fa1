"""What became of the newest word: a conversation's row says when an operator's answer did not get through."""

from dataclasses import replace

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.model.conversations import Conversation
from bridge.model.ids import fresh
from bridge.model.messages import SETTLED, AuthorKind, Delivery, DeliveryState, Message

#: Fates a row tells of.
TOLD = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


async def show_fate(bridge: Bridge, row: Message, delivery: Delivery | None) -> None:
    """Let the conversation tell what became of an operator's word while no newer one is spoken. Raises StoreDown.

    Nothing is written unless the row is to change; done again, it does nothing.
    """
    if row.author.kind is not AuthorKind.OPERATOR or delivery is None or delivery.state not in SETTLED:
        return
    told = delivery.state if delivery.state in TOLD else None

    def decide(before: Conversation) -> Change | None:
        if before.spoken_seq != row.seq or before.undelivered is told:
            return None
        return Change(replace(before, undelivered=told))

    conversation = await bridge.store.conversations.get(row.conversation)
    if decide(conversation) is None:
        return
    try:
        await commit(bridge, row.conversation, f"fate:{fresh()}", decide, known=conversation)
    except Conflict:
        return  # written by too many at once: the message itself tells its fate all the same


async def shut_door(bridge: Bridge, row: Message, reason: str) -> None:
    """Note that the customer a word was meant for cannot be written to, and why; he opens the door by writing."""
    chat = await bridge.store.people.chat(row.channel, row.chat)
    if chat is not None and chat.unreachable is None:
        try:
            await bridge.store.people.replace_chat(replace(chat, unreachable=reason))
        except Conflict:
            return  # the customer wrote just now: he is reachable
