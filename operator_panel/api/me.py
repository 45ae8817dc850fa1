"""/me: the caller's own account."""

from dataclasses import replace
from math import ceil
from typing import Any

from bridge.errors import Forbidden, RetryLater
from bridge.model.events import AuditEvent
from bridge.model.ids import fresh
from bridge.staff import registering
from operator_panel import render
from operator_panel.api import bodies, operators, shapes
from operator_panel.api import staff_shapes as staff
from operator_panel.passwords import check_password, hash_in_thread
from operator_panel.problems import invalid
from operator_panel.serving import Call


async def me(call: Call) -> shapes.Me:
    """Read the caller's own account."""
    return render.me(call.actor, call.guest.session)


async def me_change(call: Call, body: bodies.MeChange) -> shapes.Me:
    """Change the caller's own name, language, theme or size of type."""
    changes: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if nulls := [name for name, value in changes.items() if value is None]:
        raise invalid(*((name, "required") for name in nulls))
    row = await call.bridge.store.staff.replace(replace(call.actor, **changes))
    if row.name != call.actor.name:
        await operators.noted(call, row, "operator_changed", ["name"])
    return render.me(row, call.guest.session)


async def me_password(call: Call, body: staff.NewPassword) -> None:
    """Choose another password; whoever else is logged in as the caller is out at once."""
    _person(call)
    key, now, tries = ("password", call.actor.id), call.bridge.clock.now(), call.office.by_pair
    if (wait := tries.wait(key, now)) > 0:
        raise RetryLater(ceil(wait), "too many wrong passwords")
    tries.wrong(key, now)  # before the check: tries sent at once must not all be the first one
    if not await check_password(call.actor.password, body.old):
        raise invalid(("old", "wrong"))
    tries.right(key)
    if body.old == body.password:
        raise invalid(("password", "same"))
    row = await call.bridge.store.staff.replace(replace(call.actor, password=await hash_in_thread(body.password)))
    await operators.put_out(call, row)
    event = AuditEvent(fresh(), call.bridge.clock.now(), row.id, "password_changed", f"operator:{row.id}")
    await call.bridge.store.journal.write(event)


async def me_telegram(call: Call) -> staff.TelegramCode:
    """Make a one-time code that links the Telegram account it is sent from; it works for 15 minutes."""
    _person(call)
    made = await registering.offer(call.bridge, call.actor)
    return staff.TelegramCode(code=made.code, url=made.url, expires_at=made.expires_at)


async def me_telegram_delete(call: Call) -> shapes.Me:
    """Let no Telegram account be the caller's any more."""
    _person(call)
    return render.me(await registering.unlink(call.bridge, call.actor), call.guest.session)


def _person(call: Call) -> None:
    """Let pass who is logged in himself: whoever stole a token takes over no account. Raises Forbidden."""
    if call.guest.session is None:
        raise Forbidden("a token may not do this")
