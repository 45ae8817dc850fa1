"""Who writes at this moment: hints over the bus from the customer's side to the desk's and back, stored nowhere.

One hint says that somebody writes in the next few seconds; who goes on writing says so again, who stops says nothing.
Only words that are meant for the customer are told of: nobody learns that a note is being written.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, fields
from typing import Any

from bridge.context import Bridge
from bridge.model.conversations import Conversation
from bridge.model.ids import ChannelName, ChatId, ConversationId
from bridge.model.operators import Operator
from bridge.ports.abilities import HearingChannel
from bridge.rights import may

SUBJECT = "typing"
#: A hint is good for so long, and told again so often, seconds.
SHOWN = 6.0
AGAIN = 3.0
CUSTOMER, OPERATOR = "customer", "operator"


@dataclass(frozen=True, slots=True)
class Writing:
    """Somebody writes in a conversation: `by` is customer or operator, `id` and `name` are the operator's."""

    conversation: ConversationId
    channel: ChannelName
    chat: ChatId
    by: str
    id: str = ""
    name: str = ""


_NAMES = {field.name for field in fields(Writing)}


async def customer(bridge: Bridge, conversation: ConversationId, channel: ChannelName, chat: ChatId) -> None:
    """Tell the desk that the customer writes; who asks keeps to one call in AGAIN seconds."""
    await bridge.bus.publish(SUBJECT, asdict(Writing(conversation, channel, chat, CUSTOMER)))


async def operator(bridge: Bridge, actor: Operator, conversation: Conversation) -> None:
    """Show the customer that a person of the desk writes to him; who may not reply writes to nobody.

    Channels that listen to the bus show it by themselves, others are asked. Call it once in AGAIN seconds at most.
    """
    if not may(actor, "reply") or not actor.sight.sees(conversation):
        return
    told = Writing(conversation.id, conversation.channel, conversation.chat, OPERATOR, actor.id, actor.name)
    await bridge.bus.publish(SUBJECT, asdict(told))
    channel = bridge.channels.typing(conversation.channel)
    if channel is not None and not isinstance(channel, HearingChannel):
        await channel.typing(conversation.chat)


@asynccontextmanager
async def heard(bridge: Bridge) -> AsyncIterator[AsyncIterator[Writing]]:
    """Hear who writes, in whatever process, from now on."""
    async with bridge.bus.subscribe(SUBJECT) as hints:
        yield _read(hints)


async def _read(hints: AsyncIterator[dict[str, Any]]) -> AsyncIterator[Writing]:
    """Read hints; one that a process of another version wrote otherwise is left out."""
    async for hint in hints:
        if hint.keys() == _NAMES:
            yield Writing(**hint)
