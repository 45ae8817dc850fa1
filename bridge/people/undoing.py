"""Undoing an import of customers: whom it made goes, whom it changed is put back, unless somebody changed him since.

Steps are undone from the last one back and forgotten, so that it goes on where a death has cut it off.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.context import Bridge
from bridge.errors import Conflict, NotFound
from bridge.model.customers import Customer, Identity
from bridge.model.events import AuditEvent
from bridge.model.ids import CustomerId, fresh
from bridge.model.imports import CustomerImport, ImportChange, ImportState, ImportStep
from bridge.model.operators import Operator
from bridge.people.importing import BEAT, beat, is_left
from bridge.people.naming import rename
from bridge.people.taking import profile_of, source_of
from bridge.rights import require

#: Steps read, and customers deleted, at once.
STEPS = 10
PORTION = 100
#: So long an import can be undone; then what was before it is forgotten.
KEPT = timedelta(days=30)


async def begin(bridge: Bridge, actor: Operator, id: str) -> CustomerImport:
    """Write down that an import is about to be undone; `run` does it.

    Raises Forbidden, NotFound, Conflict with running, undone or dry_run (nothing to undo), StoreDown.
    """
    require(actor, "customers")
    row = await bridge.store.customer_imports.get(id)
    if row.dry_run:
        raise Conflict("dry_run", "nothing was written")
    if row.state is ImportState.UNDONE:
        raise Conflict("undone", "it was undone already")
    if row.state in (ImportState.RUNNING, ImportState.UNDOING) and not is_left(bridge, row):
        raise Conflict("running", "it is still at work")
    now = bridge.clock.now()
    row = replace(row, state=ImportState.UNDOING, beat_at=now, ended_at=None, stopping=False, reason="")
    return await bridge.store.customer_imports.replace(row)


async def run(bridge: Bridge, row: CustomerImport, by: str) -> CustomerImport:
    """Undo an import that was begun to be undone; returns how it ended. Raises StoreDown."""
    touched: Counter[CustomerId] = Counter()
    while steps := await bridge.store.customer_imports.last_steps(row.id, STEPS):
        for step in steps:
            row = await _step(bridge, row, step, touched)
            await bridge.store.customer_imports.forget(step)
            if bridge.clock.now() - row.beat_at >= BEAT:
                row = await beat(bridge, row)
    row = await beat(bridge, replace(row, state=ImportState.UNDONE, ended_at=bridge.clock.now()))
    told = {"import": row.id, "removed": row.removed, "restored": row.restored, "kept": row.kept}
    event = AuditEvent(fresh(), bridge.clock.now(), by, "customers_import_undone", "customers", told)
    await bridge.store.journal.write(event)
    return row


async def forget_past(bridge: Bridge) -> int:
    """Forget imports that are too old to be undone; returns how many."""
    rows = await bridge.store.customer_imports.before(bridge.clock.now() - KEPT, STEPS)
    past = [row for row in rows if row.state is not ImportState.UNDOING or is_left(bridge, row)]
    for row in past:
        await bridge.store.customer_imports.drop(row.id)
    return len(past)


async def _step(bridge: Bridge, row: CustomerImport, step: ImportStep, touched: Counter[CustomerId]) -> CustomerImport:
    source = source_of(row.id)
    if step.changes:
        for change in await bridge.store.customer_imports.changes(row.id, step.line):
            restored = await _put_back(bridge, change, source, touched)
            if restored is not None:
                row = replace(row, restored=row.restored + restored, kept=row.kept + (not restored))
    for start in range(0, len(step.made), PORTION):
        ids = [CustomerId(id) for id in step.made[start : start + PORTION]]
        for removed in await _unmake(bridge, ids, source, touched):
            row = replace(row, removed=row.removed + removed, kept=row.kept + (not removed))
    return row


async def _put_back(bridge: Bridge, change: ImportChange, source: str, touched: Counter[CustomerId]) -> bool | None:
    """Put back what stands as the import left it; False: something was changed since, None: he is gone."""
    people = bridge.store.people
    while True:
        try:
            row = await people.customer(change.customer)
        except NotFound:
            return None
        now = profile_of(row)
        same = {name for name, value in change.after.items() if now.get(name) == value}
        after = _with(row, {name: change.before.get(name) for name in same})
        try:
            stored = row if after == row else await people.replace_customer(after)
        except Conflict:
            continue
        break
    known = await people.identities(row.id)
    came = [each for each in known if each.id in change.identities and each.source == source]
    taken = await bridge.store.customer_imports.take_identities([each for each in came if each.version == 1])
    if any(each.source == source and each.kind == "user_id" for each in known):
        touched[row.id] += 2 * (stored.version != row.version)  # the import made him too: it changed him, and now we
    if stored.name != row.name:
        await rename(bridge, stored)
    return len(same) == len(change.after) and taken == len(came)


def _with(row: Customer, values: dict[str, Any]) -> Customer:
    fields = dict(row.fields)
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if not name.startswith("fields."):
            plain[name] = tuple(value) if name == "tags" else value
        elif value is None:
            fields.pop(name.removeprefix("fields."), None)
        else:
            fields[name.removeprefix("fields.")] = value
    return replace(row, fields=fields, **plain)


async def _unmake(bridge: Bridge, ids: Sequence[CustomerId], source: str, touched: Counter[CustomerId]) -> list[bool]:
    """Delete customers an import made; False: something came to one since, so he stays. Who is gone is left out."""
    people, imports = bridge.store.people, bridge.store.customer_imports
    rows, owned = {row.id: row for row in await people.many(ids)}, await people.identities_of(ids)

    async def unmade(id: CustomerId) -> bool | None:
        row = rows.get(id)
        if row is None:  # a death came between him and his identities
            await imports.take_identities([each for each in owned[id] if each.source == source])
            return None
        if row.version != 1 + touched.pop(id, 0) or not _only(owned[id], id, source) or await _met(bridge, id):
            return False
        return await imports.take_customer(row, owned[id])

    return [told for told in await asyncio.gather(*map(unmade, ids)) if told is not None]


def _only(identities: Sequence[Identity], id: CustomerId, source: str) -> bool:
    return all(each.source == source and each.home == id and each.version == 1 for each in identities)


async def _met(bridge: Bridge, id: CustomerId) -> bool:
    """Tell whether somebody wrote as this customer, or joined him."""
    people = bridge.store.people
    return bool(await people.chats(id, 1) or await people.joined(id))
