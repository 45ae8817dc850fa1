"""/conversations/bulk: one thing done with many conversations, each by its own rules and with its own outcome."""

from bridge import desk, service, snoozing
from bridge.composing import holding
from bridge.errors import BridgeError, StoreDown
from bridge.model.ids import ConversationId, OperatorId, TeamId
from bridge.people import banning
from bridge.teamwork import access, marking, transfer
from operator_panel import problems
from operator_panel.api import conversations
from operator_panel.api import view_shapes as shapes
from operator_panel.serving import Call


async def bulk(call: Call, body: shapes.Bulk) -> shapes.BulkOutcomes:
    """Do one thing with many conversations; what is refused of one does not hold up the others."""
    outcomes = []
    for id in dict.fromkeys(body.ids):
        try:
            await _one(call, body, ConversationId(id))
        except StoreDown:
            raise
        except BridgeError as error:
            outcomes.append(shapes.BulkOutcome(id=id, done=False, code=problems.of(error).code))
        else:
            outcomes.append(shapes.BulkOutcome(id=id, done=True))
    return shapes.BulkOutcomes(outcomes=outcomes)


async def _one(call: Call, body: shapes.Bulk, id: ConversationId) -> None:
    bridge, actor = call.bridge, call.actor
    if body.action in ("assign", "transfer", "close", "snooze"):
        await access.conversation(bridge, actor, id)
        await holding.let_go(bridge, actor, id)
    match body.action:
        case "claim":
            await service.claim(bridge, actor, id)
        case "assign":
            whom = OperatorId(actor.id if body.operator == "me" else body.operator or "")
            await service.assign(bridge, actor, id, whom)
        case "transfer":
            await transfer.transfer(bridge, actor, id, team=TeamId(body.team or ""))
        case "tag":
            await desk.tag(bridge, actor, id, tuple(body.add), tuple(body.remove))
        case "close":
            await service.close(bridge, actor, id, unanswered=body.without_reply)
        case "reopen":
            await service.reopen(bridge, actor, id)
        case "snooze":
            await snoozing.snooze(bridge, actor, id, conversations.asleep_until(body), body.note)
        case "prioritize":
            await marking.prioritize(bridge, actor, id, body.priority or "")
        case "ban":
            await banning.ban(bridge, actor, (await access.conversation(bridge, actor, id)).customer)
        case "unban":
            await banning.unban(bridge, actor, (await access.conversation(bridge, actor, id)).customer)
        case "read":
            row = await access.conversation(bridge, actor, id)
            await desk.mark_read(bridge, actor, id, row.seq)
        case "unread":
            await desk.mark_unread(bridge, actor, id)
