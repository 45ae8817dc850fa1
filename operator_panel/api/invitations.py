"""/invitations: people come to the desk by a link that works once."""

from bridge.model.ids import OperatorId, fresh
from bridge.model.operators import Operator
from bridge.rights import require
from bridge.teamwork import inviting
from bridge.teamwork.inviting import Invited
from operator_panel.api import operators
from operator_panel.api import staff_shapes as staff
from operator_panel.serving import Call


async def invitation_post(call: Call, body: staff.NewInvitation) -> staff.Invitation:
    """Invite somebody: an account that waits, a link that opens it once within 7 days, and a letter with the link."""
    require(call.actor, "staff")
    person = Operator(
        id=OperatorId(fresh()),
        email=body.email,
        name=body.name or body.email.partition("@")[0],
        role=body.role,
        password="",
        created_at=call.bridge.clock.now(),
        language=body.language,
        serves=body.serves,
        capacity=body.capacity,
        rights=tuple(dict.fromkeys(body.rights)),
        **await operators.placed(call, body),
    )
    return await _told(call, await inviting.invite(call.bridge, call.actor, person))


async def invitation_again(call: Call, id: str) -> staff.Invitation:
    """Make another link and send it; the last one works no more."""
    return await _told(call, await inviting.again(call.bridge, call.actor, OperatorId(id)))


async def invitation_delete(call: Call, id: str) -> None:
    """Take an invitation back, with the account that waited for it."""
    await inviting.revoke(call.bridge, call.actor, OperatorId(id))


async def _told(call: Call, invited: Invited) -> staff.Invitation:
    origin = call.office.options.public_url.rstrip("/") or str(call.request.url.origin())
    url = f"{origin}/join/{invited.word}"
    mailed = await inviting.mail(call.bridge, invited.operator, url)
    shown = await operators.shown(call, invited.operator)
    return staff.Invitation.model_validate({"operator": shown, "url": url, "mailed": mailed})
