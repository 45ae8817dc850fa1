"""Tables of customers in and out: in batches, so that a million rows need no more memory than a thousand.

A row belongs to who has our id of it, or the shop's own (`external_id`, kept as an identity of the kind user_id): the
same file again changes nothing. The shop vouches for its own ids, so such a customer and a visitor it signs for become
one; e-mails and phones of a file are only claimed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from bridge.context import Bridge
from bridge.errors import Conflict, Invalid
from bridge.model.customers import Customer, Identity
from bridge.model.events import AuditEvent
from bridge.model.ids import CustomerId, IdentityId, derive, fresh
from bridge.model.operators import Operator
from bridge.people import rows, table
from bridge.people.claims import PER_CUSTOMER
from bridge.people.identity import CONTACTS, USER_ID
from bridge.people.kin import root
from bridge.people.naming import rename
from bridge.people.rows import Record
from bridge.people.table import Sheet
from bridge.rights import require

#: Rows of one batch.
BATCH = 500
#: Values of a column that a preview shows.
SHOWN = 3
CHANGES = ("new", "changed", "unchanged", "bad")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is not taken: its last line in the file, the column, a code."""

    line: int
    column: str
    code: str


@dataclass(slots=True)
class Counts:
    """How many rows became what; `line` is the last one that is done."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    line: int = 1
    codes: dict[str, int] = field(default_factory=dict)


Told = Callable[[Counts], None]


@dataclass(frozen=True, slots=True)
class Import:
    """A file to be taken over: what is in it, from which line on, whether only to look, who is told of bad rows."""

    file: IO[bytes]
    sheet: Sheet
    from_line: int = 0
    dry_run: bool = False
    bad: Callable[[Fault], None] = lambda fault: None
    told: Told = lambda counts: None


def look(bridge: Bridge, file: IO[bytes], mapping: dict[str, str], delimiter: str | None = None) -> Sheet:
    """Tell how a file is written and what its columns are. Raises Invalid as table.sheet_of."""
    return table.sheet_of(file, bridge.rules.fields, mapping, delimiter)


def preview(file: IO[bytes], sheet: Sheet) -> list[list[str]]:
    """Return the first values of each column."""
    shown: list[list[str]] = [[] for _ in sheet.headings]
    for number, (_, cells) in enumerate(table.rows_of(file, sheet)):
        if number == SHOWN:
            break
        for column, cell in zip(shown, cells, strict=False):
            column.append(cell[:200])
    return shown


async def take(bridge: Bridge, actor: Operator, asked: Import) -> Counts:
    """Take a file over, or see what would become of it. Raises Forbidden, Invalid, StoreDown."""
    require(actor, "customers")
    return await take_for(bridge, actor.id, asked)


async def take_for(bridge: Bridge, by: str, asked: Import) -> Counts:
    """Take a file over for somebody who may; as `take`."""
    counts, source = Counts(), f"import:{fresh()}"
    batches = _batches(bridge, asked, counts)
    while (batch := await asyncio.to_thread(next, batches, None)) is not None:
        taken, line = batch
        await _batch(bridge, taken, source, asked, counts)
        counts.line = line
        asked.told(counts)
    if not asked.dry_run:
        told = {name: getattr(counts, name) for name in CHANGES}
        event = AuditEvent(fresh(), bridge.clock.now(), by, "customers_imported", "customers", told)
        await bridge.store.journal.write(event)
    return counts


def _batches(bridge: Bridge, asked: Import, counts: Counts) -> Iterator[tuple[list[Record], int]]:
    """Yield understood rows with the line up to which they reach; in none of them the same customer stands twice."""
    fields = {each.key: each for each in bridge.rules.fields}
    batch: dict[str, Record] = {}
    line, read = 1, 0
    for line, cells in table.rows_of(asked.file, asked.sheet):
        if line < asked.from_line:
            continue
        read += 1
        try:
            record = rows.record_of(line, cells, asked.sheet, fields)
        except Invalid as fault:
            _refuse(asked, counts, line, fault.errors)
        else:
            keys = [f"{kind}:{value}" for kind, value in (("id", record.id), ("external", record.external_id)) if value]
            if any(key in batch for key in keys):
                yield _each(batch), line - 1
                batch = {}
            batch |= dict.fromkeys(keys, record)
        if read % BATCH == 0:
            yield _each(batch), line
            batch = {}
    yield _each(batch), line


def _each(batch: dict[str, Record]) -> list[Record]:
    return list({record.line: record for record in batch.values()}.values())


def _refuse(asked: Import, counts: Counts, line: int, errors: Sequence[tuple[str, str]]) -> None:
    counts.bad += 1
    for column, code in errors:
        counts.codes[code] = counts.codes.get(code, 0) + 1
        asked.bad(Fault(line, column, code))


async def _batch(bridge: Bridge, batch: Sequence[Record], source: str, asked: Import, counts: Counts) -> None:
    known = await _known(bridge, batch)
    work = []
    for record in batch:
        customer = known.get(record.line)
        if customer is not None:
            work.append(_update(bridge, customer, record, source, asked.dry_run))
        elif record.external_id:
            work.append(_add(bridge, record, source, asked.dry_run))
        else:
            _refuse(asked, counts, record.line, [("id", "unknown")])
    for change in await asyncio.gather(*work):
        setattr(counts, change, getattr(counts, change) + 1)


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


async def _add(bridge: Bridge, record: Record, source: str, dry_run: bool) -> str:
    if dry_run:
        return "new"
    id = CustomerId(derive("customer", "import", record.external_id))
    new = Customer(id, record.external_id, bridge.clock.now(), bridge.settings.language, named=False)
    there = await bridge.store.people.add_customer(rows.changed(new, record))
    people = bridge.store.people
    wanted = [_identity(id, USER_ID, record.external_id, source, proved=True)]
    wanted += [_identity(id, each.kind, each.value, source) for each in record.contacts[:PER_CUSTOMER]]
    await asyncio.gather(*map(people.add_identity, wanted))
    if there.version > 1:  # a death stood between him and his identities once: since then he may have been changed
        await _update(bridge, there, record, source, dry_run=False)
    return "new"


def _identity(home: CustomerId, kind: str, value: str, source: str, proved: bool = False) -> Identity:
    id = IdentityId(derive("identity", home, kind, value))
    return Identity(id, home, kind, value, proved, source=source, origin=home)


async def _update(bridge: Bridge, row: Customer, record: Record, source: str, dry_run: bool) -> str:
    people = bridge.store.people
    known = await people.identities(row.id)
    held = {(each.kind, each.value) for each in known}
    room = PER_CUSTOMER - sum(each.kind in CONTACTS for each in known)
    wanted = [_identity(row.id, each.kind, each.value, source) for each in record.contacts]
    new = [each for each in wanted if (each.kind, each.value) not in held][: max(room, 0)]
    if record.external_id and (USER_ID, record.external_id) not in held:
        new.append(_identity(row.id, USER_ID, record.external_id, source, proved=True))
    after = rows.changed(row, record)
    if after == row and not new:
        return "unchanged"
    if dry_run:
        return "changed"
    await asyncio.gather(*map(people.add_identity, new))
    renamed = after.name != row.name
    while after != row:
        try:
            row = after = await people.replace_customer(after)
        except Conflict:
            row = await root(bridge, row.id)
            after = rows.changed(row, record)
    if renamed:
        await rename(bridge, after)
    return "changed"


async def export(bridge: Bridge, actor: Operator, delimiter: str = ",") -> AsyncIterator[str]:
    """Yield every customer as lines of a table, the headings first. Raises Forbidden, StoreDown."""
    require(actor, "customers")
    async for line in export_for(bridge, actor.id, delimiter):
        yield line


async def export_for(bridge: Bridge, by: str, delimiter: str = ",") -> AsyncIterator[str]:
    """Yield every customer for somebody who may; as `export`. Who joined another stands in that one's row."""
    fields = bridge.rules.fields
    event = AuditEvent(fresh(), bridge.clock.now(), by, "customers_exported", "customers")
    await bridge.store.journal.write(event)
    yield next(table.lines_of([rows.headings(fields)], delimiter))
    after: CustomerId | None = None
    while portion := await bridge.store.people.every(after, BATCH):
        shown = [row for row in portion if row.linked_to is None]
        owned = await asyncio.gather(*(bridge.store.people.identities(row.id) for row in shown))
        cells = (rows.cells_of(row, known, fields) for row, known in zip(shown, owned, strict=True))
        yield "".join(table.lines_of(cells, delimiter))
        after = portion[-1].id
