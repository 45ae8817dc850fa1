"""Views people keep: for themselves or, who may, for a team or for all; each person has them in an order of his own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge.context import Bridge
from bridge.errors import Conflict, Forbidden, Invalid, NotFound
from bridge.model.canned import Shared
from bridge.model.conversations import PRIORITIES
from bridge.model.events import AuditEvent
from bridge.model.ids import TeamId, fresh
from bridge.model.operators import Operator
from bridge.model.views import Narrowing, View
from bridge.rights import may, require
from bridge.teamwork import roster

#: Characters of a name, values of one list, and views one person or the installation keeps at most.
NAME = 60
VALUES = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What a view is to be; None: as it is."""

    name: str | None = None
    narrowing: Narrowing | None = None
    shared: Shared | None = None
    team: TeamId | None = None


def gets(actor: Operator, view: View) -> bool:
    """Tell whether a person is offered a view: his own, his teams', what is for all; who shares them gets all."""
    if view.shared is Shared.OWN:
        return view.by == actor.id
    return view.shared is Shared.ALL or view.team in actor.teams or may(actor, "views_shared")


def changes(actor: Operator, view: View) -> bool:
    """Tell whether a person may change or delete it."""
    return gets(actor, view) and may(actor, "read" if view.shared is Shared.OWN else "views_shared")


async def listed(bridge: Bridge, actor: Operator) -> list[View]:
    """Read the views a person is offered, in his order; those he has not put anywhere come last. Raises Forbidden."""
    require(actor, "read")
    rows = [row for row in await bridge.store.views.all() if gets(actor, row)]
    kept = (await bridge.store.journal.value(_order_key(actor)) or {}).get("ids", [])
    place = {id: at for at, id in enumerate(kept)}
    return sorted(rows, key=lambda row: place.get(row.id, len(place)))


async def look(bridge: Bridge, actor: Operator, id: str) -> View:
    """Read one; what is not his is, for him, not there. Raises Forbidden, NotFound."""
    require(actor, "read")
    row = await bridge.store.views.get(id)
    if not gets(actor, row):
        raise NotFound(f"views {id}")
    return row


async def create(bridge: Bridge, actor: Operator, wish: Wish) -> View:
    """Keep a view. Raises Invalid, Forbidden."""
    require(actor, "read")
    rows = await bridge.store.views.all()
    if sum(row.by == actor.id for row in rows) >= MOST:
        raise Invalid(("name", "too_many"))
    blank = View(fresh(), "", actor.id, bridge.clock.now())
    row = await bridge.store.views.add(await _wished(bridge, actor, blank, replace(wish, name=wish.name or "")))
    await _noted(bridge, actor, "view_added", row)
    return row


async def change(bridge: Bridge, actor: Operator, id: str, wish: Wish, version: int | None = None) -> View:
    """Change one. Raises Invalid, Conflict("version"), Forbidden, NotFound."""
    before = _require_changes(actor, await look(bridge, actor, id))
    if version is not None and version != before.version:
        raise Conflict("version", f"version {before.version} is there")
    after = await _wished(bridge, actor, before, wish)
    if after != before:
        after = await bridge.store.views.replace(after)
        await _noted(bridge, actor, "view_changed", after)
    return after


async def delete(bridge: Bridge, actor: Operator, id: str) -> None:
    """Take one away. Raises Forbidden, NotFound."""
    row = _require_changes(actor, await look(bridge, actor, id))
    await bridge.store.views.drop(id)
    await _noted(bridge, actor, "view_deleted", row)


async def order(bridge: Bridge, actor: Operator, ids: Sequence[str]) -> list[View]:
    """Put the views a person is offered in an order, his alone. Raises Invalid(("ids", "unknown")), Forbidden."""
    known = {row.id for row in await listed(bridge, actor)}
    if set(ids) - known or len(set(ids)) < len(ids):
        raise Invalid(("ids", "unknown"))
    await bridge.store.journal.put_value(_order_key(actor), {"ids": list(ids)})
    return await listed(bridge, actor)


def _order_key(actor: Operator) -> str:
    return f"views:{actor.id}"


def _require_changes(actor: Operator, row: View) -> View:
    if not changes(actor, row):
        raise Forbidden(f"{actor.role.value} may not change what is shared")
    return row


async def _wished(bridge: Bridge, actor: Operator, before: View, wish: Wish) -> View:
    shared = wish.shared or before.shared
    team = before.team if wish.shared is None else wish.team
    if shared is not Shared.OWN:
        require(actor, "views_shared")
    if shared is not Shared.TEAM:
        team = None
    elif team is None or (known := (await roster.teams(bridge)).get(team)) is None or known.deleted_at is not None:
        raise Invalid(("team", "unknown" if team else "required"))
    name = before.name if wish.name is None else " ".join(wish.name.split())
    if not name or len(name) > NAME or not name.isprintable():
        raise Invalid(("name", "invalid" if name else "empty"))
    narrowing = before.narrowing if wish.narrowing is None else checked(bridge, wish.narrowing)
    return replace(before, name=name, narrowing=narrowing, shared=shared, team=team)


def checked(bridge: Bridge, wanted: Narrowing) -> Narrowing:
    """Return a narrowing that can be asked for; raises Invalid naming what of it cannot."""
    faults = [
        (name, "too_many")
        for name in ("statuses", "priorities", "channels", "teams", "assignees", "tags")
        if len(getattr(wanted, name)) > VALUES
    ]
    if set(wanted.priorities) - set(PRIORITIES):
        faults.append(("priorities", "invalid"))
    if wanted.key and wanted.key not in {each.key for each in bridge.rules.fields}:
        faults.append(("key", "unknown"))
    if wanted.since and wanted.until and wanted.since > wanted.until:
        faults.append(("until", "before_since"))
    if faults:
        raise Invalid(*faults)
    return wanted


async def _noted(bridge: Bridge, actor: Operator, action: str, row: View) -> None:
    detail = {"name": row.name, "shared": row.shared.value}
    await bridge.store.journal.write(
        AuditEvent(fresh(), bridge.clock.now(), actor.id, action, f"view:{row.id}", detail)
    )
