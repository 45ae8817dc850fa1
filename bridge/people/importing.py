"""Tables of customers in: in batches, so that a million rows need no more memory than a thousand.

A row belongs to who has our id of it, or the shop's own (`external_id`, kept as an identity of the kind user_id): the
same file again changes nothing, so whoever was killed begins again and makes nobody twice. The shop vouches for its
own ids, so such a customer and a visitor it signs for become one; e-mails and phones of a file are only claimed.
"""

import asyncio
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import IO

from bridge.context import Bridge
from bridge.errors import Conflict, Invalid
from bridge.model.events import AuditEvent
from bridge.model.ids import fresh
from bridge.model.imports import CustomerImport, ImportFault, ImportState
from bridge.model.operators import Operator
from bridge.people import rows, table, taking
from bridge.people.rows import Record
from bridge.people.table import Sheet
from bridge.people.taking import Batch
from bridge.rights import require

#: Rows of one batch.
BATCH = 1000
#: Values of a column that a preview shows.
SHOWN = 3
CHANGES = ("new", "changed", "unchanged", "bad")
#: How often an import says how far it is.
BEAT = timedelta(seconds=1)
#: Nobody works on one that was silent for so long.
LEFT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Import:
    """A file to be taken over: what is in it, from which line on, whether only to look, who is told of bad rows."""

    file: IO[bytes]
    sheet: Sheet
    from_line: int = 0
    dry_run: bool = False
    bad: Callable[[ImportFault], None] = lambda fault: None
    told: Callable[[CustomerImport], None] = lambda row: None
    name: str = ""
    size: int = 0


def look(bridge: Bridge, file: IO[bytes], mapping: dict[str, str], delimiter: str | None = None) -> Sheet:
    """Tell how a file is written and what its columns are. Raises Invalid as table.sheet_of."""
    return table.sheet_of(file, bridge.rules.fields, mapping, delimiter)


def preview(file: IO[bytes], sheet: Sheet, count: int = SHOWN) -> list[list[str]]:
    """Return the first values of each column."""
    shown: list[list[str]] = [[] for _ in sheet.headings]
    for number, (_, cells) in enumerate(table.rows_of(file, sheet)):
        if number == count:
            break
        for column, cell in zip(shown, cells, strict=False):
            column.append(cell[:200])
    return shown


async def take_for(bridge: Bridge, by: str, asked: Import) -> CustomerImport:
    """Take a file over for somebody who may, or see what would become of it. Raises Invalid, StoreDown."""
    return await run(bridge, await begin(bridge, by, asked), asked)


async def begin(bridge: Bridge, by: str, asked: Import) -> CustomerImport:
    """Write down that a file is about to be taken over. Raises StoreDown."""
    now = bridge.clock.now()
    row = CustomerImport(fresh(), asked.name[:200], by, now, now, asked.size, asked.dry_run)
    return await bridge.store.customer_imports.add(row)


async def run(bridge: Bridge, row: CustomerImport, asked: Import) -> CustomerImport:
    """Take a file over that was begun; returns how it ended. Raises Invalid where it is none, StoreDown."""
    batches = _batches(bridge, asked)
    ahead = asyncio.create_task(asyncio.to_thread(next, batches, None))
    try:
        while (batch := await asyncio.shield(ahead)) is not None and not row.stopping:
            # Rows are read while those before them are written.
            ahead = asyncio.create_task(asyncio.to_thread(next, batches, None))
            row = await _taken(bridge, row, batch, asked)
    except Invalid as fault:
        await _end(bridge, row, ImportState.FAILED, " ".join(fault.errors[0]))
        raise
    except asyncio.CancelledError:
        await _end(bridge, row, ImportState.STOPPED)
        raise
    finally:
        await asyncio.wait([ahead])
        batches.close()
    row = await _end(bridge, row, ImportState.STOPPED if row.stopping else ImportState.DONE)
    if not row.dry_run:
        told = {name: getattr(row, name) for name in CHANGES}
        event = AuditEvent(fresh(), bridge.clock.now(), row.by, "customers_imported", "customers", told)
        await bridge.store.journal.write(event)
    return row


async def _taken(bridge: Bridge, row: CustomerImport, batch: Batch, asked: Import) -> CustomerImport:
    done = await taking.take(bridge, row, batch)
    for fault in done.bad:
        asked.bad(fault)
    row = _counted(row, batch, done)
    asked.told(row)
    return await beat(bridge, row) if bridge.clock.now() - row.beat_at >= BEAT else row


async def stop(bridge: Bridge, actor: Operator, id: str) -> CustomerImport:
    """Have an import end after the batch it is at. Raises Forbidden, NotFound, Conflict("ended"), StoreDown."""
    require(actor, "customers")
    imports = bridge.store.customer_imports
    while True:
        row = await imports.get(id)
        if row.state is not ImportState.RUNNING:
            raise Conflict("ended", f"import {id} is {row.state.value}")
        alone = is_left(bridge, row)
        state, ended = (ImportState.STOPPED, bridge.clock.now()) if alone else (row.state, None)
        try:
            return await imports.replace(replace(row, stopping=True, state=state, ended_at=ended))
        except Conflict:
            continue


def is_left(bridge: Bridge, row: CustomerImport) -> bool:
    """Tell whether nobody works on what is called running any more: its process died."""
    at_work = row.state in (ImportState.RUNNING, ImportState.UNDOING)
    return at_work and bridge.clock.now() - row.beat_at > LEFT


def _counted(row: CustomerImport, batch: Batch, done: taking.Done) -> CustomerImport:
    codes = dict(row.codes)
    for fault in done.bad:
        codes[fault.code] = codes.get(fault.code, 0) + 1
    bad = len({fault.line for fault in done.bad})
    return replace(
        row,
        line=batch.line,
        read=batch.read,
        new=row.new + done.new,
        changed=row.changed + done.changed,
        unchanged=row.unchanged + done.unchanged,
        bad=row.bad + bad,
        codes=codes,
    )


async def beat(bridge: Bridge, row: CustomerImport) -> CustomerImport:
    """Write down how far an import is; it learns here that it is to stop."""
    imports = bridge.store.customer_imports
    row = replace(row, beat_at=bridge.clock.now())
    while True:
        try:
            return await imports.replace(row)
        except Conflict:  # somebody wants it to stop
            there = await imports.get(row.id)
            row = replace(row, stopping=there.stopping, version=there.version)


async def _end(bridge: Bridge, row: CustomerImport, state: ImportState, reason: str = "") -> CustomerImport:
    return await beat(bridge, replace(row, state=state, reason=reason, ended_at=bridge.clock.now()))


def _batches(bridge: Bridge, asked: Import) -> Generator[Batch]:
    """Yield understood rows with those that are refused; in none of them the same customer stands twice."""
    fields = {each.key: each for each in bridge.rules.fields}
    records: dict[str, Record] = {}
    bad: list[ImportFault] = []
    line, read = 1, 0

    def cut(last: int) -> Batch:
        nonlocal records, bad, read
        whole = Batch(list({each.line: each for each in records.values()}.values()), bad, last, asked.file.tell())
        records, bad, read = {}, [], 0
        return whole

    for line, cells in table.rows_of(asked.file, asked.sheet):
        if line < asked.from_line:
            continue
        try:
            record = rows.record_of(line, cells, asked.sheet, fields)
        except Invalid as fault:
            bad += [ImportFault(line, column, code) for column, code in fault.errors]
        else:
            keys = [f"{kind}:{value}" for kind, value in (("id", record.id), ("external", record.external_id)) if value]
            if any(key in records for key in keys):
                yield cut(line - 1)
            records |= dict.fromkeys(keys, record)
        read += 1
        if read >= BATCH:
            yield cut(line)
    yield cut(line)
