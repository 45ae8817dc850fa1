"""Stars: messages and notes a person wants to find again; nobody else sees them."""

from dataclasses import dataclass

from bridge.context import Bridge
from bridge.errors import Forbidden
from bridge.model.conversations import Conversation
from bridge.model.ids import ConversationId, MessageId, derive
from bridge.model.messages import AuthorKind, Message
from bridge.model.notices import Star
from bridge.model.operators import Operator
from bridge.rights import require
from bridge.teamwork import access


@dataclass(frozen=True, slots=True)
class Starred:
    """A starred message with its conversation."""

    star: Star
    message: Message
    conversation: Conversation


async def put(bridge: Bridge, actor: Operator, id: MessageId) -> Star:
    """Put a star on a message; done again it stays. Raises Forbidden, NotFound; what the system tells takes none."""
    require(actor, "star")
    message = await access.message(bridge, actor, id)
    if message.author.kind is AuthorKind.SYSTEM:
        raise Forbidden("a system line takes no star")
    star = Star(derive("star", actor.id, id), actor.id, id, message.conversation, bridge.clock.now())
    return await bridge.store.stars.put(star)


async def take(bridge: Bridge, actor: Operator, id: MessageId) -> None:
    """Take a star off; one that is not there is off. Raises Forbidden, NotFound."""
    require(actor, "star")
    await access.message(bridge, actor, id)
    await bridge.store.stars.take(actor.id, id)


async def listed(bridge: Bridge, actor: Operator, cursor: str | None, limit: int) -> tuple[list[Starred], str | None]:
    """Return what a person starred, newest star first, and the next cursor; what he does not get any more is left out.

    Raises Forbidden, Invalid.
    """
    require(actor, "star")
    stars, following = await bridge.store.stars.page(actor.id, cursor, limit)
    there = {row.id: row for row in await bridge.store.conversations.many([star.conversation for star in stars])}
    found = []
    for star in stars:
        message, about = await bridge.store.messages.find(star.message), there.get(star.conversation)
        if message is not None and about is not None and actor.sight.sees(about):
            found.append(Starred(star, message, about))
    return found, following


async def within(bridge: Bridge, actor: Operator, id: ConversationId) -> list[MessageId]:
    """Name the messages of a conversation a person starred. Raises Forbidden, NotFound."""
    require(actor, "star")
    await access.require_in(bridge, actor, id)
    return await bridge.store.stars.within(actor.id, id)
