"""/conversations/{id}/transfer, share and unshare, /me/hand_over: what is passed on, and to whom."""

from bridge.composing import holding
from bridge.model.ids import ConversationId, OperatorId, TeamId
from bridge.teamwork import transfer as passing
from operator_panel.api import shapes
from operator_panel.api import staff_shapes as staff
from operator_panel.api.conversations import expect, shown
from operator_panel.serving import Call


async def transfer(call: Call, id: str, body: staff.Transfer) -> shapes.Conversation:
    """Pass a conversation on to a person, or to a team, where it waits for everybody in it.

    A person who chose to get no new ones is 409 `not_free`, unless forced.
    """
    await expect(call, id)
    person, team = _whom(call, body)
    await holding.let_go(call.bridge, call.actor, ConversationId(id))
    row = await passing.transfer(
        call.bridge,
        call.actor,
        ConversationId(id),
        operator=person,
        team=team,
        reason=body.reason,
        force=body.force,
        key=call.key(),
    )
    return await shown(call, row)


async def share(call: Call, id: str, body: staff.ShareWith) -> shapes.Conversation:
    """Let a person get this one conversation, also where he does not get the rest of its team or channel."""
    row = await passing.share(call.bridge, call.actor, ConversationId(id), OperatorId(body.operator), key=call.key())
    return await shown(call, row)


async def unshare(call: Call, id: str, body: staff.ShareWith) -> shapes.Conversation:
    """Share a conversation with a person no more."""
    row = await passing.unshare(call.bridge, call.actor, ConversationId(id), OperatorId(body.operator), key=call.key())
    return await shown(call, row)


async def hand_over(call: Call, body: staff.HandOver) -> staff.HandedOver:
    """Pass on all open conversations of the caller, each with a note; what became of each is told."""
    person, team = _whom(call, body)
    found = await passing.hand_over(
        call.bridge, call.actor, operator=person, team=team, note=body.note, notes=body.notes, key=call.key()
    )
    items = [staff.Passed(conversation_id=row.id, moved=row.refusal is None, code=row.refusal) for row in found]
    return staff.HandedOver(items=items)


def _whom(call: Call, body: staff.Transfer | staff.HandOver) -> tuple[OperatorId | None, TeamId | None]:
    person = call.actor.id if body.operator == "me" else body.operator
    return OperatorId(person) if person else None, TeamId(body.team) if body.team else None
