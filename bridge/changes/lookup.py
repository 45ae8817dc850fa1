"""Finding a word by the id its messenger gave it: a customer points at words with it when he quotes, edits or reacts.

Customers' words have ids made from the messenger's. Ours are looked for where they were said, the newest first: people
point at what they see, so one look is enough nearly always, and nothing is written for it while words are sent.
"""

from collections.abc import AsyncIterator

from bridge.context import Bridge
from bridge.model.conversations import ConversationFilters
from bridge.model.ids import ChannelName, ChatId, ConversationId, MessageId, derive
from bridge.model.lanes import out_lane
from bridge.model.messages import DeliveryState, Message

#: Lines read at one look, and looks into one conversation at most.
_PORTION = 100
_LOOKS = 20
#: Earlier conversations of a chat that are looked into.
_EARLIER = 5
#: A word that is just being sent has no id yet: it is waited for so often, so long each time, seconds.
_PATIENCE = 20
_PAUSE = 0.05


def word_id(channel: ChannelName, chat: ChatId, external_id: str) -> MessageId:
    """Return the id a customer's word has in the history, made from the messenger's."""
    return MessageId(derive("in", channel, chat, external_id))


async def by_external(bridge: Bridge, channel: ChannelName, chat: ChatId, external_id: str) -> Message | None:
    """Find a word of a chat, the customer's or ours, by the messenger's id of it or of one of its parts."""
    own = await bridge.store.messages.find(word_id(channel, chat, external_id))
    if own is not None:
        return own
    async for id in _conversations(bridge, channel, chat):
        before: int | None = None
        for _ in range(_LOOKS):
            rows = await bridge.store.messages.page(id, None, before, _PORTION)
            found = next((row for row in reversed(rows) if external_id in external_ids(row)), None)
            if found is not None:
                return found
            if len(rows) < _PORTION:
                break
            before = rows[0].seq
    return None


async def said_there(bridge: Bridge, channel: ChannelName, chat: ChatId, external_id: str) -> Message | None:
    """Find a word as by_external does; one that is just being sent is waited for a moment."""
    for _ in range(_PATIENCE):
        if not await _sending(bridge, channel, chat):
            break
        await bridge.clock.sleep(_PAUSE)
    return await by_external(bridge, channel, chat, external_id)


def external_ids(row: Message) -> tuple[str, ...]:
    """Return the ids a word has in its customer's chat."""
    if row.delivery is None:
        return (*row.parts, *((row.external_id,) if row.external_id is not None else ()))
    sent = row.delivery.external_id
    return (*row.delivery.parts, *((sent,) if sent is not None else ()))


async def _sending(bridge: Bridge, channel: ChannelName, chat: ChatId) -> bool:
    rows = await bridge.store.messages.going_out(out_lane(channel, chat), 1)
    return any(row.delivery is not None and row.delivery.state is DeliveryState.SENDING for row in rows)


async def _conversations(bridge: Bridge, channel: ChannelName, chat: ChatId) -> AsyncIterator[ConversationId]:
    """Name the conversations of a chat, the one that goes on first."""
    known = await bridge.store.people.chat(channel, chat)
    if known is None or known.conversation is None:
        return
    yield known.conversation
    mine = ConversationFilters(channel=channel, external_id=chat)
    rows, _ = await bridge.store.conversations.page(mine, None, _EARLIER)
    for row in rows:
        if row.id != known.conversation:
            yield row.id
