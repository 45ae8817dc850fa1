"""/customers/imports: tables of customers taken over beside the requests, with how far each is; undoing one."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import IO

from aiohttp import web
from pydantic import Field

from bridge.errors import Invalid
from bridge.model.imports import CustomerImport, ImportFault, ImportState
from bridge.people import importing, table, undoing
from bridge.people.importing import Import
from bridge.rights import require
from operator_panel.api import shapes
from operator_panel.api.bodies import Asked
from operator_panel.api.shape import Shape, Time
from operator_panel.api.tables import SMALL, Column, columns_of, mapping_of, received, sign_of
from operator_panel.problems import invalid
from operator_panel.serving import Call

#: First rows of a table that are shown before it is taken over.
ROWS = 5
STEPS = 100


class LookQuery(Asked):
    """How a table is read: `map` is a JSON object of headings and columns, "-" leaves one out."""

    map: str = Field("", max_length=20_000)
    delimiter: str = Field("", max_length=3)


class TakeQuery(LookQuery):
    """How a table is taken over; a `dry_run` only counts and names the rows that would be refused.

    `from_line` goes on where one ended; without it the same is done, more slowly.
    """

    dry_run: bool = False
    from_line: int = Field(0, ge=0)


class ImportsQuery(Asked):
    """How many imports are listed."""

    limit: int = Field(20, ge=1, le=100)


class TableLook(Shape):
    """What a table is: letters, delimiter, where its columns go (null: left out) and their first values."""

    letters: str
    delimiter: str
    columns: list[Column]


class TableImport(Shape):
    """A table that is taken over; `state` is running, done, stopped, failed, undoing, undone or interrupted.

    An interrupted one lost its process: the same file again goes on. `share` is how much of the file is read (0..1),
    `codes` why rows were refused. Undone: `removed`, `restored`, and `kept` because they were changed since.
    """

    id: str
    name: str
    state: str
    dry_run: bool
    by: str
    by_name: str
    at: Time
    ended_at: Time | None
    share: float
    new: int
    changed: int
    unchanged: int
    bad: int
    codes: dict[str, int]
    reason: str
    removed: int
    restored: int
    kept: int
    version: int


async def customers_look(call: Call, query: LookQuery) -> TableLook:
    """Look into a table (CSV, the field `file` of a form) and keep nothing of it."""
    require(call.actor, "customers")
    with tempfile.SpooledTemporaryFile(SMALL) as file:
        await received(call, file)
        asked = await _looked(call, file, query)
        samples = await asyncio.to_thread(importing.preview, file, asked.sheet, ROWS)
    return TableLook(
        letters=asked.sheet.letters, delimiter=asked.sheet.delimiter, columns=columns_of(asked.sheet, samples)
    )


async def customers_import_post(call: Call, query: TakeQuery) -> TableImport:
    """Begin to take a table over (CSV, the field `file` of a form); how far it is, is asked of the import."""
    require(call.actor, "customers")
    file = tempfile.SpooledTemporaryFile(SMALL)  # noqa: SIM115 - closed by the work
    try:
        name, size = await received(call, file)
        looked = await _looked(call, file, query)
        asked = replace(looked, from_line=query.from_line, dry_run=query.dry_run, name=name, size=size)
        row = await importing.begin(call.bridge, call.actor.id, asked)
    except BaseException:
        file.close()
        raise
    call.office.works.begin(_take(call, row, asked), "import of customers")
    return await _shown(call, row)


async def _looked(call: Call, file: IO[bytes], query: LookQuery) -> Import:
    try:
        mapping = mapping_of(query.map)
        try:
            delimiter = sign_of(query.delimiter)
        except ValueError:
            raise Invalid(("delimiter", "invalid")) from None
        return Import(file, await asyncio.to_thread(importing.look, call.bridge, file, mapping, delimiter))
    except Invalid as fault:
        raise invalid(*fault.errors) from None


async def _take(call: Call, row: CustomerImport, asked: Import) -> None:
    with asked.file:
        await importing.run(call.bridge, row, asked)


async def customers_imports(call: Call, query: ImportsQuery) -> shapes.Page[TableImport]:
    """List the imports of the last thirty days, newest first."""
    require(call.actor, "customers")
    rows = await call.bridge.store.customer_imports.newest(query.limit)
    return shapes.Page(items=[await _shown(call, row) for row in rows])


async def customers_import_one(call: Call, id: str) -> TableImport:
    """Read how an import stands."""
    require(call.actor, "customers")
    return await _shown(call, await call.bridge.store.customer_imports.get(id))


async def customers_import_stop(call: Call, id: str) -> TableImport:
    """Have an import end where it is; what was taken over stays until it is undone."""
    return await _shown(call, await importing.stop(call.bridge, call.actor, id))


async def customers_import_undo(call: Call, id: str) -> TableImport:
    """Begin to undo an import: whom it made goes, whom it changed is put back, but for what was changed since."""
    row = await undoing.begin(call.bridge, call.actor, id)
    call.office.works.begin(undoing.run(call.bridge, row, call.actor.id), "undoing of an import")
    return await _shown(call, row)


async def customers_import_report(call: Call, id: str) -> web.StreamResponse:
    """Download which rows were refused and why, as a table."""
    require(call.actor, "customers")
    row = await call.bridge.store.customer_imports.get(id)
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="refused-{row.id}.csv"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
    )
    await response.prepare(call.request)
    delimiter = ";" if call.language == "ru" else ","  # what spreadsheets of a language cut at
    heads = [_word(call, f"customers.report.{name}") for name in ("line", "column", "why")]
    await response.write(b"\xef\xbb\xbf" + "".join(table.lines_of([heads], delimiter)).encode())
    async for faults in _faults(call, row.id):
        lines = ((str(fault.line), _column(call, fault.column), _reason(call, fault.code)) for fault in faults)
        await response.write("".join(table.lines_of(lines, delimiter)).encode())
    await response.write_eof()
    return response


async def _faults(call: Call, id: str) -> AsyncIterator[tuple[ImportFault, ...]]:
    line = 0
    while steps := await call.bridge.store.customer_imports.steps(id, line, STEPS):
        for step in steps:
            if step.bad:
                yield step.bad
        line = steps[-1].line


def _word(call: Call, key: str) -> str:
    return call.office.texts.say(call.language, key)


def _column(call: Call, column: str) -> str:
    if column.startswith("field."):
        key = column.removeprefix("field.")
        return next((each.name(call.language) for each in call.bridge.rules.fields if each.key == key), key)
    return _word(call, f"customers.column.{column}")


def _reason(call: Call, code: str) -> str:
    return _word(call, f"customers.code.{code}")


async def _shown(call: Call, row: CustomerImport) -> TableImport:
    people = {each.id: each.name for each in await call.bridge.store.staff.all()}
    at_end = row.state is not ImportState.RUNNING
    return TableImport(
        state="interrupted" if importing.is_left(call.bridge, row) else row.state.value,
        by_name=people.get(row.by, ""),  # type: ignore[call-overload]
        share=1.0 if at_end and not row.size else min(1.0, row.read / max(row.size, 1)),
        **{name: getattr(row, name) for name in TableImport.model_fields if name not in ("state", "by_name", "share")},
    )
