"""/operators and /me: the people of the desk."""

from dataclasses import replace
from typing import Any

from bridge.errors import Invalid
from bridge.model.events import AuditEvent
from bridge.model.ids import OperatorId, fresh
from bridge.model.operators import Operator, Role
from bridge.rights import require
from operator_panel import render
from operator_panel.api import bodies, shapes, staff_views
from operator_panel.api import staff_shapes as staff
from operator_panel.passwords import hash_in_thread
from operator_panel.problems import invalid
from operator_panel.serving import Call


async def operators(call: Call) -> shapes.Page[staff.OperatorInfo]:
    """List everybody by name, disabled people too."""
    require(call.actor, "read")
    return shapes.Page(items=[staff_views.operator(row) for row in await call.bridge.store.staff.all()])


async def operator(call: Call, id: str) -> staff.OperatorInfo:
    """Read one account."""
    require(call.actor, "read")
    return staff_views.operator(await call.bridge.store.staff.operator(OperatorId(id)))


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
        )
    )
    await _noted(call, row, "operator_added", ["role"])
    return staff_views.operator(row)


async def operator_change(call: Call, id: str, body: bodies.OperatorChange) -> staff.OperatorInfo:
    """Change an account; whom it disables is out at once."""
    require(call.actor, "staff")
    row = await call.bridge.store.staff.operator(OperatorId(id))
    call.expect(row.version)
    changes: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if nulls := [name for name, value in changes.items() if value is None and name != "telegram_user_id"]:
        raise invalid(*((name, "required") for name in nulls))
    if "password" in changes:
        changes["password"] = await hash_in_thread(changes["password"])
    changed = replace(row, **changes)
    if row.role is Role.ADMIN and not row.disabled and (changed.disabled or changed.role is not Role.ADMIN):
        await _keep_an_admin(call, row)
    changed = await call.bridge.store.staff.replace(changed)
    if changed.disabled or "password" in changes:
        await _put_out(call, changed)
    await _noted(call, changed, "operator_changed", sorted(changes))
    return staff_views.operator(changed)


async def _keep_an_admin(call: Call, but: Operator) -> None:
    others = [row for row in await call.bridge.store.staff.all() if row.id != but.id]
    if not any(row.role is Role.ADMIN and not row.disabled for row in others):
        raise Invalid(("role", "last_admin"))


async def _put_out(call: Call, row: Operator) -> None:
    """End a person's sessions but the caller's own, and the lines that hang on them."""
    own = call.guest.session.id if call.guest.session else ""
    for session in await call.bridge.store.staff.sessions(row.id):
        if session.id != own:
            await call.bridge.store.staff.close_session(session.id)
            await call.office.lines.tell_out(session.id)
    if row.disabled:
        await call.office.lines.tell_out(row.id)


async def _noted(call: Call, row: Operator, action: str, fields: list[str]) -> None:
    """Write who changed what (never the values) into the audit log, and show the desk its people."""
    event = AuditEvent(
        fresh(), call.bridge.clock.now(), call.actor.id, action, f"operator:{row.id}", {"fields": ", ".join(fields)}
    )
    await call.bridge.store.journal.write(event)
    await call.office.lines.tell_operators(await desk_people(call))


async def desk_people(call: Call) -> list[dict[str, Any]]:
    """Return who can be given a conversation: id, name and role."""
    rows = await call.bridge.store.staff.all()
    return [{"id": row.id, "name": row.name, "role": row.role.value} for row in rows if not row.disabled]


async def me(call: Call) -> shapes.Me:
    """Read the caller's own account."""
    return render.me(call.actor, call.guest.session)


async def me_change(call: Call, body: bodies.MeChange) -> shapes.Me:
    """Change the caller's own language or theme."""
    changes: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if nulls := [name for name, value in changes.items() if value is None]:
        raise invalid(*((name, "required") for name in nulls))
    return render.me(await call.bridge.store.staff.replace(replace(call.actor, **changes)), call.guest.session)
