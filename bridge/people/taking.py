"""One batch of a table of customers: who is known is asked at once, who is new is written at once.

What is about to be made and changed is written down first, so that it can be undone whenever the process dies.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.model.customers import Customer, Identity
from bridge.model.ids import CustomerId, IdentityId, derive
from bridge.model.imports import CustomerImport, ImportChange, ImportFault, ImportStep
from bridge.people import rows
from bridge.people.claims import PER_CUSTOMER
from bridge.people.identity import CONTACTS, USER_ID
from bridge.people.kin import root
from bridge.people.naming import rename
from bridge.people.rows import Record

#: What a row may change of a customer, beside his custom fields.
PROFILE = ("name", "named", "company", "note", "language", "tags")


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table, understood or refused; the last line they reach, and bytes read by then."""

    records: list[Record]
    bad: list[ImportFault]
    line: int
    read: int


@dataclass(slots=True)
class Done:
    """What became of a batch."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: list[ImportFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Change:
    before: Customer
    record: Record
    identities: list[Identity]


def source_of(job: str) -> str:
    """Return what identities that came with an import name as their source."""
    return f"import:{job}"


async def take(bridge: Bridge, job: CustomerImport, batch: Batch) -> Done:
    """Take a batch over, or only see what would become of it. Raises StoreDown."""
    source = source_of(job.id)
    done = Done(bad=list(batch.bad))
    known = await _known(bridge, batch.records)
    owned = await bridge.store.people.identities_of([row.id for row in known.values()]) if known else {}
    new: list[tuple[Customer, Record]] = []
    changes: list[_Change] = []
    for record in batch.records:
        customer = known.get(record.line)
        if customer is not None:
            change = _change(customer, owned[customer.id], record, source)
            done.unchanged += change is None
            changes += [change] if change is not None else []
        elif record.external_id:
            new.append((_new(bridge, record), record))
        else:
            done.bad.append(ImportFault(record.line, "id", "unknown"))
    done.new, done.changed = len(new), len(changes)
    done.bad.sort(key=lambda fault: fault.line)
    if done.bad or (not job.dry_run and (new or changes)):
        await _note(bridge, job, batch.line, done, [row for row, _ in new], changes)
    if not job.dry_run:
        await _add(bridge, new, source)
        await asyncio.gather(*(_update(bridge, each) for each in changes))
    return done


async def _note(
    bridge: Bridge, job: CustomerImport, line: int, done: Done, new: Sequence[Customer], changes: Sequence[_Change]
) -> None:
    id = f"{job.id}:{line:09d}"
    kept = [] if job.dry_run else [_noted(id, job.id, line, each) for each in changes]
    made = () if job.dry_run else tuple(row.id for row in new)
    await bridge.store.customer_imports.note(ImportStep(id, job.id, line, made, tuple(done.bad), bool(kept)), kept)


def _noted(step: str, job: str, line: int, change: _Change) -> ImportChange:
    row = change.before
    then, now = profile_of(row), profile_of(rows.changed(row, change.record))
    changed = [name for name in now if then.get(name) != now[name]]
    return ImportChange(
        f"{step}:{row.id}",
        job,
        line,
        row.id,
        {name: then.get(name) for name in changed},
        {name: now[name] for name in changed},
        tuple(each.id for each in change.identities),
    )


def profile_of(row: Customer) -> dict[str, Any]:
    """Return what a row of a table may change of a customer: custom fields as fields.<key>, tags as a list."""
    plain = {name: getattr(row, name) for name in PROFILE}
    return plain | {"tags": list(row.tags)} | {f"fields.{key}": value for key, value in row.fields.items()}


async def _known(bridge: Bridge, batch: Sequence[Record]) -> dict[int, Customer]:
    """Return whom rows are about, by line: by our id, else by the shop's."""
    people = bridge.store.people
    by_id = {row.id: row for row in await people.many([CustomerId(each.id) for each in batch if each.id])}
    asked = [each.external_id for each in batch if each.external_id and each.id not in by_id]
    owners = (
        {each.value: each.customer for each in await people.holders(USER_ID, asked) if each.proved} if asked else {}
    )
    others = {row.id: row for row in await people.many(list(dict.fromkeys(owners.values())))}
    found: dict[int, Customer] = {}
    for record in batch:
        row = by_id.get(CustomerId(record.id)) or others.get(owners.get(record.external_id, CustomerId("")))
        if row is not None:
            found[record.line] = row if row.linked_to is None else await root(bridge, row.id)
    return found


def _new(bridge: Bridge, record: Record) -> Customer:
    return Customer(
        CustomerId(derive("customer", "import", record.external_id)),
        record.name or record.external_id,
        bridge.clock.now(),
        record.language or bridge.settings.language,
        record.note,
        record.company,
        record.tags,
        dict(record.fields),
        named=bool(record.name),
    )


async def _add(bridge: Bridge, new: Sequence[tuple[Customer, Record]], source: str) -> None:
    if not new:
        return
    people = bridge.store.people
    there = await people.add_customers([row for row, _ in new])
    wanted: list[Identity] = []
    for row, record in new:
        wanted.append(_identity(row.id, USER_ID, record.external_id, source, proved=True))
        wanted += [_identity(row.id, each.kind, each.value, source) for each in record.contacts[:PER_CUSTOMER]]
    await people.add_identities(wanted)
    # A death stood between them and their identities once: since then they may have been changed.
    of = {row.id: record for row, record in new}
    late = [(await root(bridge, row.id), of[row.id]) for row in there if row.version > 1]
    owned = await people.identities_of([row.id for row, _ in late]) if late else {}
    changes = [_change(row, owned[row.id], record, source) for row, record in late]
    await asyncio.gather(*(_update(bridge, each) for each in changes if each is not None))


def _identity(home: CustomerId, kind: str, value: str, source: str, proved: bool = False) -> Identity:
    id = IdentityId(derive("identity", home, kind, value))
    return Identity(id, home, kind, value, proved, source=source, origin=home)


def _change(row: Customer, known: Sequence[Identity], record: Record, source: str) -> _Change | None:
    held = {(each.kind, each.value) for each in known}
    room = PER_CUSTOMER - sum(each.kind in CONTACTS for each in known)
    wanted = [_identity(row.id, each.kind, each.value, source) for each in record.contacts]
    new = [each for each in wanted if (each.kind, each.value) not in held][: max(room, 0)]
    if record.external_id and (USER_ID, record.external_id) not in held:
        new.append(_identity(row.id, USER_ID, record.external_id, source, proved=True))
    return None if not new and rows.changed(row, record) == row else _Change(row, record, new)


async def _update(bridge: Bridge, change: _Change) -> None:
    people = bridge.store.people
    await asyncio.gather(*map(people.add_identity, change.identities))
    row = change.before
    after = rows.changed(row, change.record)
    renamed = after.name != row.name
    while after != row:
        try:
            row = after = await people.replace_customer(after)
        except Conflict:
            row = await root(bridge, row.id)
            after = rows.changed(row, change.record)
    if renamed:
        await rename(bridge, after)
