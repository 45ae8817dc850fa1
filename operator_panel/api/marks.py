"""PATCH /conversations/{id}, /conversations/{id}/follow and unfollow: how urgent it is, and who follows it."""

from bridge.model.ids import ConversationId
from bridge.teamwork import marking
from operator_panel.api import bodies, shapes
from operator_panel.api.conversations import expect, shown
from operator_panel.serving import Call


class ConversationChange(bodies.Asked):
    """What of a conversation is to be changed: how urgent it is, "" as any other."""

    priority: shapes.Priority


async def conversation_change(call: Call, id: str, body: ConversationChange) -> shapes.Conversation:
    """Say how urgent a conversation is."""
    await expect(call, id)
    row = await marking.prioritize(call.bridge, call.actor, ConversationId(id), body.priority, key=call.key())
    return await shown(call, row)


async def follow(call: Call, id: str) -> shapes.Conversation:
    """Be told of whatever happens in a conversation."""
    return await shown(call, await marking.follow(call.bridge, call.actor, ConversationId(id), key=call.key()))


async def unfollow(call: Call, id: str) -> shapes.Conversation:
    """Follow a conversation no more."""
    return await shown(call, await marking.unfollow(call.bridge, call.actor, ConversationId(id), key=call.key()))
