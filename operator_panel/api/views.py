"""/views: what lists of conversations are narrowed to, kept under a name."""

from bridge.model.ids import TeamId
from bridge.model.views import BUILT_IN, MENTIONS
from bridge.model.views import View as Row
from bridge.rights import require
from bridge.teamwork import choosing, roster
from bridge.teamwork import views as kept
from operator_panel.api import view_shapes as shapes
from operator_panel.api.shapes import Ref
from operator_panel.problems import invalid
from operator_panel.reading import expected_version
from operator_panel.serving import Call

_NAMES = (MENTIONS, *BUILT_IN)


async def views(call: Call) -> shapes.Views:
    """List the views the caller is offered, in his order."""
    await roster.teams(call.bridge)
    rows = await kept.listed(call.bridge, call.actor)
    return shapes.Views(items=[_view(call, row) for row in rows], next=None, built_in=list(_NAMES))


async def view_counts(call: Call) -> shapes.ViewCounts:
    """Count what each view shows, up to 99."""
    require(call.actor, "read")
    asked = {row.id: row.narrowing for row in await kept.listed(call.bridge, call.actor)} | BUILT_IN
    counted = {}
    for name in (*asked, MENTIONS):
        counted[name] = await choosing.count(call.bridge, call.actor, name, asked.get(name, BUILT_IN["unread"]))
    return shapes.ViewCounts(
        counts={name: shapes.ViewCount(count=count, more=more) for name, (count, more) in counted.items()}
    )


async def view(call: Call, id: str) -> shapes.View:
    """Read one view."""
    await roster.teams(call.bridge)
    return _view(call, await kept.look(call.bridge, call.actor, id))


async def view_post(call: Call, body: shapes.NewView) -> shapes.View:
    """Keep a view."""
    wish = kept.Wish(body.name, body.narrowing.row(), body.shared, TeamId(body.team) if body.team else None)
    row = await kept.create(call.bridge, call.actor, wish)
    return await view(call, row.id)


async def view_change(call: Call, id: str, body: shapes.ViewChange) -> shapes.View:
    """Change a view."""
    if nulls := [name for name in body.model_fields_set - {"team"} if getattr(body, name) is None]:
        raise invalid(*((name, "required") for name in nulls))
    narrowing = body.narrowing.row() if body.narrowing else None
    wish = kept.Wish(body.name, narrowing, body.shared, TeamId(body.team) if body.team else None)
    await kept.change(call.bridge, call.actor, id, wish, expected_version(call.request))
    return await view(call, id)


async def view_delete(call: Call, id: str) -> None:
    """Take a view away."""
    await kept.delete(call.bridge, call.actor, id)


async def view_order(call: Call, body: shapes.ViewOrder) -> shapes.Views:
    """Put the views in an order, for the caller alone."""
    await kept.order(call.bridge, call.actor, body.ids)
    return await views(call)


def _view(call: Call, row: Row) -> shapes.View:
    return shapes.View(
        id=row.id,
        name=row.name,
        narrowing=shapes.Narrowing.of(row.narrowing),
        shared=row.shared,
        team=Ref(id=row.team, name=roster.name_of(call.bridge, row.team)) if row.team else None,
        mine=row.by == call.actor.id,
        changes=kept.changes(call.actor, row),
        created_at=row.created_at,
        version=row.version,
    )
