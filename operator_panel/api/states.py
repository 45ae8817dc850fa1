"""/operators/states and /me/state: who takes conversations now."""

from bridge.model.operators import Working
from bridge.teamwork import states as working
from operator_panel.api import shapes
from operator_panel.api import staff_shapes as staff
from operator_panel.serving import Call


async def operator_states(call: Call) -> shapes.Page[staff.Working]:
    """List everybody who can be given conversations: who takes new ones first, others with their state."""
    rows = await working.listed(call.bridge, call.actor)
    return shapes.Page(items=[_shown(row) for row in rows])


def _shown(row: Working) -> staff.Working:
    return staff.Working(
        id=row.operator.id,
        name=row.operator.name,
        teams=list(row.operator.teams),
        state=row.state,
        chosen=row.operator.state,
        takes=row.takes,
        open=row.open,
        capacity=row.capacity or None,
        seen_at=row.seen_at,
    )


async def me_state(call: Call) -> staff.OwnState:
    """Tell how the caller chose to work."""
    return staff.OwnState(state=call.actor.state)


async def me_state_put(call: Call, body: staff.StateChoice) -> staff.OwnState:
    """Choose how to work: free, away, busy for new ones, or not to be disturbed, which gives open ones back."""
    return staff.OwnState(state=(await working.choose(call.bridge, call.actor, body.state)).state)
