"""/operators: the people of the desk."""

from dataclasses import replace
from typing import Any

from bridge.errors import NotFound
from bridge.model.access import Reach
from bridge.model.events import AuditEvent
from bridge.model.ids import OperatorId, TeamId, fresh
from bridge.model.operators import Operator, Role
from bridge.notices import people
from bridge.rights import require
from bridge.teamwork import staffing
from operator_panel.api import bodies, shapes, staff_views
from operator_panel.api import staff_shapes as staff
from operator_panel.passwords import hash_in_thread
from operator_panel.problems import invalid
from operator_panel.serving import Call

#: Fields of an account as the API names them -> as the row does.
_REACHES = {"team_access": "team_reach", "channel_access": "channel_reach"}
_PLACES = ("teams", *_REACHES)
_MAY_BE_NULL = ("telegram_user_id", "capacity")


async def operators(call: Call) -> shapes.Page[staff.OperatorInfo]:
    """List everybody by name, disabled people too; who was deleted is listed no more."""
    require(call.actor, "read")
    rows = [row for row in await call.bridge.store.staff.all() if row.deleted_at is None]
    seen = await call.bridge.store.staff.seen([row.id for row in rows])
    return shapes.Page(items=[staff_views.operator(row, call.actor, seen.get(row.id)) for row in rows])


async def operator(call: Call, id: str) -> staff.OperatorInfo:
    """Read one account."""
    require(call.actor, "read")
    return await shown(call, await call.bridge.store.staff.operator(OperatorId(id)))


async def shown(call: Call, row: Operator) -> staff.OperatorInfo:
    """Return an account as the API shows it."""
    return staff_views.operator(row, call.actor, (await call.bridge.store.staff.seen([row.id])).get(row.id))


async def operator_post(call: Call, body: bodies.NewOperator) -> staff.OperatorInfo:
    """Open an account."""
    require(call.actor, "staff")
    row = await call.bridge.store.staff.add(
        Operator(
            id=OperatorId(fresh()),
            email=body.email,
            name=body.name,
            role=body.role,
            password=await hash_in_thread(body.password) if body.password else "",
            created_at=call.bridge.clock.now(),
            telegram_user_id=body.telegram_user_id,
            language=body.language,
            serves=body.serves,
            capacity=body.capacity,
            rights=tuple(dict.fromkeys(body.rights)),
            **await placed(call, body),
        )
    )
    await noted(call, row, "operator_added", ["role"])
    return staff_views.operator(row, call.actor)


async def operator_change(call: Call, id: str, body: bodies.OperatorChange) -> staff.OperatorInfo:
    """Change an account; whom it disables is out at once."""
    require(call.actor, "staff")
    row = await call.bridge.store.staff.operator(OperatorId(id))
    if row.deleted_at is not None:
        raise NotFound(f"operators {id}")
    call.expect(row.version)
    changes: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if nulls := [name for name, value in changes.items() if value is None and name not in _MAY_BE_NULL]:
        raise invalid(*((name, "required") for name in nulls))
    if row.invited is not None and changes.get("disabled") is False:
        raise invalid(("disabled", "invited"))  # he opens the account himself, by his link
    if "rights" in changes:
        changes["rights"] = tuple(dict.fromkeys(changes["rights"]))
    if "password" in changes:
        changes["password"] = await hash_in_thread(changes["password"])
    for name in _PLACES:
        changes.pop(name, None)
    changed = replace(row, **changes, **await placed(call, body))
    if row.role is Role.ADMIN and not row.disabled and (changed.disabled or changed.role is not Role.ADMIN):
        changed = await staffing.replace_admin(call.bridge, row, changed)
    else:
        changed = await call.bridge.store.staff.replace(changed)
    if changed.disabled or "password" in changes:
        await put_out(call, changed)
    if changed.disabled:
        await staffing.give_back(call.bridge, changed, "left")
    if changed.sight != row.sight:
        await call.office.lines.tell_sight(changed.id)
    await noted(call, changed, "operator_changed", sorted(body.model_fields_set))
    return await shown(call, changed)


async def operator_delete(call: Call, id: str) -> None:
    """Take a person off the desk: open conversations return to the queue, what he wrote keeps his name."""
    row = await staffing.delete(call.bridge, call.actor, OperatorId(id))
    await put_out(call, row)
    await call.office.lines.tell_operators(await desk_people(call))


async def placed(call: Call, body: bodies.NewOperator | bodies.OperatorChange | staff.NewInvitation) -> dict[str, Any]:
    """Return teams and reaches that were given, as a person's row holds them. Raises Invalid."""
    given = {name: getattr(body, name) for name in _PLACES if name in body.model_fields_set}
    teams = tuple(TeamId(id) for id in dict.fromkeys(given.get("teams", ())))
    reaches = {
        mine: Reach(given[theirs].scope, tuple(dict.fromkeys(given[theirs].names)))
        for theirs, mine in _REACHES.items()
        if theirs in given
    }
    if given:
        await staffing.require_places(call.bridge, teams=teams, **reaches)
    return {**reaches, **({"teams": teams} if "teams" in given else {})}


async def put_out(call: Call, row: Operator) -> None:
    """End a person's sessions but the caller's own, and the lines that hang on them."""
    own = call.guest.session.id if call.guest.session else ""
    for session in await call.bridge.store.staff.sessions(row.id):
        if session.id != own:
            await call.bridge.store.staff.close_session(session.id)
            await call.office.lines.tell_out(session.id)
    if row.disabled:
        await call.office.lines.tell_out(row.id)


async def noted(call: Call, row: Operator, action: str, fields: list[str]) -> None:
    """Write who changed what (never the values) into the audit log, and show the desk its people."""
    event = AuditEvent(
        fresh(), call.bridge.clock.now(), call.actor.id, action, f"operator:{row.id}", {"fields": ", ".join(fields)}
    )
    await call.bridge.store.journal.write(event)
    people.forget(call.bridge)
    await call.office.lines.tell_operators(await desk_people(call))


async def desk_people(call: Call) -> list[dict[str, Any]]:
    """Return who can be given a conversation: id, name and role."""
    rows = await call.bridge.store.staff.all()
    return [{"id": row.id, "name": row.name, "role": row.role.value} for row in rows if not row.disabled]
