"""Who gets which conversation: asked by every verb; what is hidden from somebody is, for him, not there."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from bridge.context import Bridge
from bridge.errors import NotFound
from bridge.model.access import Sight
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.files import StoredFile
from bridge.model.ids import ChannelName, ChatId, ConversationId, MessageId
from bridge.model.messages import Message
from bridge.model.operators import Operator
from bridge.rights import require
from bridge.teamwork import roster


class FromConversation(Protocol):
    """A row that was made from what was said in a conversation."""

    @property
    def conversation(self) -> ConversationId: ...


R = TypeVar("R", bound=FromConversation)


def require_seen(actor: Operator, conversation: Conversation) -> Conversation:
    """Let pass what a person gets; raises NotFound, as for a conversation that is not there."""
    if not actor.sight.sees(conversation):
        raise NotFound(f"conversations {conversation.id}")
    return conversation


async def conversation(bridge: Bridge, actor: Operator, id: ConversationId, verb: str = "read") -> Conversation:
    """Read a conversation to do something to it. Raises Forbidden, NotFound."""
    require(actor, verb)
    return require_seen(actor, await bridge.store.conversations.get(id))


async def require_in(bridge: Bridge, actor: Operator, id: ConversationId) -> None:
    """Let pass who gets this conversation; for who gets all nothing is read. Raises NotFound."""
    if not actor.sight.whole:
        require_seen(actor, await bridge.store.conversations.get(id))


async def message(bridge: Bridge, actor: Operator, id: MessageId) -> Message:
    """Read a message of a conversation that a person gets. Raises NotFound."""
    row = await bridge.store.messages.get(id)
    await require_in(bridge, actor, row.conversation)
    return row


async def eyes(bridge: Bridge, sight: Sight) -> Sight | None:
    """Return whose eyes lists and counts look through; None: nothing is hidden and there are no teams to tell apart."""
    return None if sight.whole and not await roster.teams(bridge) else sight


async def counts(bridge: Bridge, sight: Sight) -> dict[str, int]:
    """Count the rows of each view as a person sees them. Raises StoreDown."""
    return await bridge.store.conversations.counts(sight.id, await eyes(bridge, sight))


async def sifted(bridge: Bridge, actor: Operator, rows: Sequence[R]) -> list[R]:
    """Return of rows made from conversations those a person gets; for who gets all nothing is read."""
    sight = actor.sight
    if sight.whole:
        return list(rows)
    there = await bridge.store.conversations.many(list(dict.fromkeys(row.conversation for row in rows)))
    seen = {row.id for row in there if sight.sees(row)}
    return [row for row in rows if row.conversation in seen]


async def require_file(bridge: Bridge, actor: Operator, file: StoredFile) -> None:
    """Let pass who gets what a file was sent in, or brought it himself. Raises NotFound."""
    sight = actor.sight
    if sight.whole or file.by == f"operator:{actor.id}":
        return
    kind, _, rest = file.by.partition(":")
    if kind == "chat":
        channel, _, chat = rest.partition(":")
        filters = ConversationFilters(channel=ChannelName(channel), external_id=ChatId(chat), sight=sight)
        if not (await bridge.store.conversations.page(filters, None, 1))[0]:
            raise NotFound(f"files {file.id}")
    elif file.conversation is not None:
        try:
            await require_in(bridge, actor, file.conversation)
        except NotFound:
            raise NotFound(f"files {file.id}") from None
