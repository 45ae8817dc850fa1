"""How far words got at the customer, where the channel sees it by itself: delivered, read."""

from dataclasses import replace

from bridge.context import Bridge
from bridge.delivery.fate import show_fate
from bridge.errors import Conflict
from bridge.model.ids import ChannelName, ChatId, ConversationId
from bridge.model.messages import DeliveryState, Message

#: How far a state is on the way; one that is not here is none a customer's screen could change.
_FAR = {
    DeliveryState.UNKNOWN: 0,
    DeliveryState.SENT: 1,
    DeliveryState.DELIVERED: 2,
    DeliveryState.READ: 3,
}
#: Rows looked at in one go.
_PORTION = 50


async def seen(
    bridge: Bridge,
    channel: ChannelName,
    chat: ChatId,
    seq: int,
    state: DeliveryState,
    *,
    conversation: ConversationId | None = None,
) -> int:
    """Raise the words to a customer up to a seq of his chat's conversation to DELIVERED or READ; returns how many.

    A state never falls. Older words are looked at as long as there is something to raise. `conversation`: nothing is
    raised when another one goes on in the chat by now. Raises StoreDown.
    """
    found = await bridge.store.people.chat(channel, chat)
    if found is None or found.conversation is None or found.conversation != (conversation or found.conversation):
        return 0
    raised, before = 0, seq + 1
    while before > 1:
        rows = await bridge.store.messages.page(found.conversation, None, before, _PORTION)
        behind = [row for row in rows if _is_behind(row, state)]
        for row in behind:
            raised += await _raise(bridge, row, state)
        if not behind or not rows:
            break
        before = rows[0].seq
    return raised


def _is_behind(row: Message, state: DeliveryState) -> bool:
    return row.delivery is not None and _FAR.get(row.delivery.state, _FAR[state]) < _FAR[state]


async def _raise(bridge: Bridge, row: Message, state: DeliveryState) -> bool:
    while row.delivery is not None and _is_behind(row, state):
        unknown = row.delivery.state is DeliveryState.UNKNOWN
        delivery = replace(row.delivery, state=state, reason=None)
        try:
            row = await bridge.store.messages.replace(replace(row, delivery=delivery))
        except Conflict:
            row = await bridge.store.messages.get(row.id)
            continue
        if unknown:
            await show_fate(bridge, row, delivery)
        await bridge.feed.tell_message(row)
        return True
    return False
