"""Customers see that their words were read, where their messenger shows it: by and by, and nobody waits for it."""

import asyncio

from bridge.context import Bridge, log
from bridge.errors import BridgeError
from bridge.model.conversations import Conversation
from bridge.model.messages import AuthorKind

#: One chat is shown as read at most once in so many seconds.
PAUSE = 2.0
#: Lines looked at for the customer's newest word.
_LOOKED_AT = 20
#: Conversations whose marks are remembered.
KNOWN = 5_000


class Mark:
    """How far a conversation is to be shown as read, and how far it was."""

    def __init__(self) -> None:
        self.seq = 0
        self.shown = 0
        self.task: asyncio.Task[None] | None = None


def show_read(bridge: Bridge, conversation: Conversation, seq: int) -> None:
    """Have a customer shown that he was read up to a line; what is asked for meanwhile is shown after a pause."""
    if bridge.channels.showing_seen(conversation.channel) is None:
        return
    reading = bridge.memory.reading
    mark = reading.setdefault(conversation.id, Mark())
    reading.move_to_end(conversation.id)
    if len(reading) > KNOWN:
        reading.popitem(last=False)
    mark.seq = max(mark.seq, min(seq, conversation.seq))
    if mark.seq > mark.shown and (mark.task is None or mark.task.done()):
        mark.task = asyncio.create_task(_show(bridge, conversation, mark))


async def _show(bridge: Bridge, conversation: Conversation, mark: Mark) -> None:
    while mark.seq > mark.shown:
        mark.shown = mark.seq
        try:
            await _show_up_to(bridge, conversation, mark.shown)
        except BridgeError as fault:
            log.info("a customer could not be shown that he was read", extra={"reason": str(fault)})
        await bridge.clock.sleep(PAUSE)


async def _show_up_to(bridge: Bridge, conversation: Conversation, seq: int) -> None:
    channel = bridge.channels.showing_seen(conversation.channel)
    rows = await bridge.store.messages.page(conversation.id, None, seq + 1, _LOOKED_AT)
    said = [row for row in rows if row.author.kind is AuthorKind.CUSTOMER and row.kind != "press"]
    if channel is None or not said:
        return
    external_id = said[-1].parts[-1] if said[-1].parts else said[-1].external_id
    if external_id is not None:
        await channel.seen(conversation.chat, external_id)
