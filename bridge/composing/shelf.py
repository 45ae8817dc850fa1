"""Canned replies and macros on their shelves: who gets one, who may change it, how it is kept; alike for both."""

from collections.abc import Iterable
from typing import TypeVar

from bridge.context import Bridge
from bridge.errors import Conflict, Forbidden, Invalid, NotFound
from bridge.model.canned import Canned, Kept, Macro, Shared
from bridge.model.events import AuditEvent
from bridge.model.ids import TeamId, fresh
from bridge.model.operators import Operator
from bridge.ports.canned import Shelf
from bridge.rights import may, require
from bridge.teamwork import roster

#: Characters of a title and of a shortcut.
TITLE = 80
SHORTCUT = 30

K = TypeVar("K", bound=Kept)
T = TypeVar("T", Canned, Macro)


def gets(actor: Operator, row: Kept) -> bool:
    """Tell whether a person is offered it: his own, his teams', what is for all; who keeps them for all gets all."""
    if row.shared is Shared.OWN:
        return row.by == actor.id
    return row.shared is Shared.ALL or row.team in actor.teams or may(actor, "canned_shared")


def got(actor: Operator, rows: Iterable[K]) -> list[K]:
    """Return what a person is offered."""
    return [row for row in rows if gets(actor, row)]


def require_got(actor: Operator, row: K) -> K:
    """Let pass what a person is offered; what is not his is, for him, not there. Raises NotFound."""
    if not gets(actor, row):
        raise NotFound("there is no such thing")
    return row


def changes(actor: Operator, row: Kept) -> bool:
    """Tell whether a person may change or delete it."""
    return gets(actor, row) and may(actor, "canned" if row.shared is Shared.OWN else "canned_shared")


def require_changes(actor: Operator, row: K) -> K:
    """Let pass what a person may change. Raises NotFound, Forbidden."""
    if not changes(actor, require_got(actor, row)):
        raise Forbidden(f"{actor.role.value} may not change what is shared")
    return row


async def require_place(bridge: Bridge, actor: Operator, shared: Shared, team: TeamId | None) -> TeamId | None:
    """Return the team it is kept for, None where it is for somebody alone or for all. Raises Forbidden, Invalid."""
    require(actor, "canned" if shared is Shared.OWN else "canned_shared")
    if shared is not Shared.TEAM:
        return None
    known = (await roster.teams(bridge)).get(team) if team else None
    if known is None or known.deleted_at is not None:
        raise Invalid(("team", "unknown" if team else "required"))
    return known.id


def titled(title: str) -> str:
    """Return a title in one line; raises Invalid(("title", …))."""
    title = " ".join(title.split())
    if not title or len(title) > TITLE or not title.isprintable():
        raise Invalid(("title", "invalid" if title else "empty"))
    return title


def short(shortcut: str) -> str:
    """Return a shortcut as it is typed after the slash, without it; raises Invalid(("shortcut", "invalid"))."""
    shortcut = shortcut.strip().removeprefix("/").casefold()
    if len(shortcut) > SHORTCUT or not all(sign.isalnum() or sign in "_-" for sign in shortcut):
        raise Invalid(("shortcut", "invalid"))
    return shortcut


def require_free(shortcut: str, row: Kept, id: str, rows: Iterable[Canned | Macro]) -> None:
    """Refuse a shortcut that those who are to use it have already: Invalid(("shortcut", "taken"))."""
    mine = _place(row)
    if shortcut and any(each.shortcut == shortcut and each.id != id and _place(each) == mine for each in rows):
        raise Invalid(("shortcut", "taken"))


def _place(row: Kept) -> tuple[Shared, str | None]:
    return row.shared, row.by if row.shared is Shared.OWN else row.team


async def listed(actor: Operator, shelf: Shelf[T]) -> list[tuple[T, int]]:
    """Read those a person is offered, by title, with how often each was used. Raises Forbidden."""
    require(actor, "read")
    rows = got(actor, await shelf.all())
    uses = await shelf.uses([row.id for row in rows])
    return [(row, uses.get(row.id, 0)) for row in rows]


async def look(actor: Operator, shelf: Shelf[T], id: str) -> tuple[T, int]:
    """Read one, with how often it was used. Raises Forbidden, NotFound."""
    require(actor, "read")
    row = require_got(actor, await shelf.get(id))
    return row, (await shelf.uses([id])).get(id, 0)


async def add(bridge: Bridge, actor: Operator, shelf: Shelf[T], row: T) -> T:
    """Keep a new one."""
    row = await shelf.add(row)
    await _noted(bridge, actor, "added", row)
    return row


async def taken(actor: Operator, shelf: Shelf[T], id: str, version: int | None) -> T:
    """Read one to change it; a version is the one that is thought to be there.

    Raises Conflict("version"), Forbidden, NotFound.
    """
    row = require_changes(actor, await shelf.get(id))
    if version is not None and version != row.version:
        raise Conflict("version", f"version {row.version} is there")
    return row


async def put(bridge: Bridge, actor: Operator, shelf: Shelf[T], before: T, after: T) -> T:
    """Write one that was changed; where nothing was, nothing is. Raises Conflict("version")."""
    if after == before:
        return before
    after = await shelf.replace(after)
    await _noted(bridge, actor, "changed", after)
    return after


async def delete(bridge: Bridge, actor: Operator, shelf: Shelf[T], id: str) -> None:
    """Delete one; what was said with it stays as it is. Raises Forbidden, NotFound."""
    row = require_changes(actor, await shelf.get(id))
    await shelf.drop(id)
    await _noted(bridge, actor, "deleted", row)


async def _noted(bridge: Bridge, actor: Operator, what: str, row: Canned | Macro) -> None:
    """Write into the audit log what was done to it."""
    kind = "canned" if isinstance(row, Canned) else "macro"
    detail: dict[str, object] = {"title": row.title, "shared": row.shared.value}
    event = AuditEvent(fresh(), bridge.clock.now(), actor.id, f"{kind}_{what}", f"{kind}:{row.id}", detail)
    await bridge.store.journal.write(event)
