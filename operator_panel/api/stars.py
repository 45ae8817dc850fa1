"""/messages/{id}/star and /starred: what the caller wants to find again."""

from bridge.model.ids import ConversationId, MessageId
from bridge.teamwork import stars as kept
from operator_panel.api import bodies, shapes
from operator_panel.api.shape import Shape, Time
from operator_panel.serving import Call


class Starred(Shape):
    """A starred message with its conversation."""

    starred_at: Time
    message: shapes.Message
    conversation: shapes.Conversation


class StarredIn(Shape):
    """Ids of the messages of a conversation that the caller starred."""

    ids: list[str]


async def message_star(call: Call, id: str) -> None:
    """Put the caller's star on a message or a note."""
    await kept.put(call.bridge, call.actor, MessageId(id))


async def message_unstar(call: Call, id: str) -> None:
    """Take the caller's star off."""
    await kept.take(call.bridge, call.actor, MessageId(id))


async def starred(call: Call, query: bodies.TimelineQuery) -> shapes.Page[Starred]:
    """List what the caller starred, the newest star first; what he does not get any more is left out."""
    rows, following = await kept.listed(call.bridge, call.actor, query.cursor, query.limit)
    cases = await call.office.renderer.conversations([row.conversation for row in rows], call.actor)
    items = [
        Starred(
            starred_at=row.star.at,
            message=call.office.renderer.message(row.message, call.language, call.whole),
            conversation=case,
        )
        for row, case in zip(rows, cases, strict=True)
    ]
    return shapes.Page(items=items, next=following)


async def conversation_starred(call: Call, id: str) -> StarredIn:
    """Name the caller's starred messages of a conversation."""
    return StarredIn(ids=[*await kept.within(call.bridge, call.actor, ConversationId(id))])
