"""Where a customer can be answered: his chats, each with the conversation in it, or why nobody can write there now."""

from dataclasses import dataclass

from bridge.context import Bridge
from bridge.model.customers import Chat, Customer
from bridge.model.ids import ChannelName, ChatId, ConversationId

#: Chats of one person that are shown.
SHOWN = 20
#: A channel no settings name any more, one that does not work, a chat without a conversation to write in.
NOT_CONNECTED, BROKEN, EMPTY = "not_connected", "broken", "empty"


@dataclass(frozen=True, slots=True)
class Way:
    """One chat of a customer; `fault` is empty where he can be answered.

    Else not_connected, broken, empty, or closed: the messenger refuses; `reason` is then the code it was told with.
    """

    channel: ChannelName
    chat: ChatId
    conversation: ConversationId | None
    fault: str = ""
    reason: str = ""


async def of(bridge: Bridge, customer: Customer) -> list[Way]:
    """Return a customer's chats, those he can be answered in first."""
    found = [_way(bridge, chat) for chat in await bridge.store.people.chats(customer.id, SHOWN)]
    return sorted(found, key=lambda way: (bool(way.fault), way.channel, way.chat))


def _way(bridge: Bridge, chat: Chat) -> Way:
    channel = bridge.channels.by_name.get(chat.channel)
    fault, reason = "", ""
    if channel is None:
        fault = NOT_CONNECTED
    elif chat.unreachable is not None:
        fault, reason = "closed", chat.unreachable
    elif channel.state.state == "broken":
        fault, reason = BROKEN, channel.state.reason or ""
    elif chat.conversation is None:
        fault = EMPTY
    return Way(chat.channel, chat.chat, chat.conversation, fault, reason)
