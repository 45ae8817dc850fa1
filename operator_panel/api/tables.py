"""/customers/import and /customers/export: tables of customers, in by a form with a file, out as a download."""

import asyncio
import json
import tempfile
from typing import IO

from aiohttp import web
from pydantic import Field, field_validator

from bridge.errors import Invalid
from bridge.model.imports import CustomerImport, ImportFault
from bridge.people import exporting, importing
from bridge.people.importing import Import
from bridge.people.table import Sheet
from bridge.rights import require
from operator_panel.api.bodies import Asked
from operator_panel.api.files import FORM, form_of
from operator_panel.api.shape import Shape
from operator_panel.problems import Problem, invalid
from operator_panel.serving import Call

#: Bytes of a table; larger ones are read by the command.
LARGEST = 256 << 20
#: Bytes of a table that are kept in memory, refused rows a report names.
SMALL = 1 << 20
NAMED = 1000


def sign_of(text: str) -> str | None:
    """Return the delimiter a query names, None: it is to be found out; raises ValueError."""
    if text in ("", "tab"):
        return "\t" if text else None
    if len(text) != 1 or text in '"\r\n':
        raise ValueError("invalid")
    return text


class ImportQuery(Asked):
    """How a table is read: `map` is a JSON object of headings and columns; `from_line` goes on where one ended."""

    map: str = Field("", max_length=20_000)
    delimiter: str | None = Field(None, min_length=1, max_length=3)
    dry_run: bool = False
    from_line: int = Field(0, ge=0)

    @field_validator("delimiter")
    @classmethod
    def _sign(cls, value: str | None) -> str | None:
        return None if value is None else sign_of(value)


class TableQuery(Asked):
    """How a table is to be written; `bom` is the mark some spreadsheets know UTF-8 by."""

    delimiter: str = Field(",", min_length=1, max_length=1)
    bom: bool = False

    @field_validator("delimiter")
    @classmethod
    def _sign(cls, value: str) -> str:
        if value in '"\r\n':
            raise ValueError("invalid")
        return value


class Column(Shape):
    """A column of the table: its heading, where it goes (null: left out), its first values."""

    heading: str
    to: str | None
    values: list[str]


class BadRow(Shape):
    """Why a row is not taken: its line, the column, a code."""

    line: int
    column: str
    code: str


class ImportReport(Shape):
    """What became of a table's rows, or would; `errors` names the first refused ones, `bad` counts all."""

    letters: str
    delimiter: str
    columns: list[Column]
    dry_run: bool
    new: int
    changed: int
    unchanged: int
    bad: int
    errors: list[BadRow]


async def customers_import(call: Call, query: ImportQuery) -> ImportReport:
    """Take a table of customers over (CSV, the field `file` of a form); the same one again changes nothing."""
    require(call.actor, "customers")
    with tempfile.SpooledTemporaryFile(SMALL) as file:
        name, size = await received(call, file)
        try:
            sheet = await asyncio.to_thread(importing.look, call.bridge, file, mapping_of(query.map), query.delimiter)
            samples = await asyncio.to_thread(importing.preview, file, sheet)
            faults: list[ImportFault] = []

            def bad(fault: ImportFault) -> None:
                if len(faults) < NAMED:
                    faults.append(fault)

            asked = Import(file, sheet, query.from_line, query.dry_run, bad, name=name, size=size)
            counts = await importing.take(call.bridge, call.actor, asked)
        except Invalid as fault:
            raise invalid(*fault.errors) from None
    return _report(sheet, samples, counts, faults, query.dry_run)


async def received(call: Call, file: IO[bytes]) -> tuple[str, int]:
    """Read the form's file into another one; returns its name and size. Raises Problem 400, 413, 422."""
    if (call.request.content_length or 0) > LARGEST + FORM:
        raise Problem(413, "too_large", f"a table of at most {LARGEST} bytes is taken; the command takes any")
    form, size = await form_of(call.request), 0
    async for piece in form.pieces():
        size += len(piece)
        if size > LARGEST:
            raise Problem(413, "too_large", f"a table of at most {LARGEST} bytes is taken; the command takes any")
        file.write(piece)
    return form.part.filename or "", size


def mapping_of(text: str) -> dict[str, str]:
    """Return the mapping a query carries; raises Invalid(("map", bad_json | invalid))."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        raise Invalid(("map", "bad_json")) from None
    if not isinstance(found, dict) or not all(isinstance(each, str) and each.strip() for each in found.values()):
        raise Invalid(("map", "invalid"))
    return found


def columns_of(sheet: Sheet, samples: list[list[str]]) -> list[Column]:
    """Show a table's columns: where each goes, its first values."""
    columns = zip(sheet.headings, sheet.targets, samples, strict=True)
    return [Column(heading=head, to=None if to == "-" else to, values=values) for head, to, values in columns]


def _report(
    sheet: Sheet, samples: list[list[str]], counts: CustomerImport, faults: list[ImportFault], dry_run: bool
) -> ImportReport:
    return ImportReport(
        letters=sheet.letters,
        delimiter=sheet.delimiter,
        columns=columns_of(sheet, samples),
        dry_run=dry_run,
        errors=[BadRow(line=each.line, column=each.column, code=each.code) for each in faults],
        **{name: getattr(counts, name) for name in importing.CHANGES},
    )


async def customers_export(call: Call, query: TableQuery) -> web.StreamResponse:
    """Download all customers as a table that `import` reads; no cell of it is run by a spreadsheet."""
    require(call.actor, "customers")
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": 'attachment; filename="customers.csv"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
    )
    lines = exporting.export(call.bridge, call.actor, query.delimiter)
    first = await anext(lines)  # before the head: a store that is down is still a 503 then
    await response.prepare(call.request)
    await response.write(b"\xef\xbb\xbf" * query.bom + first.encode())
    async for portion in lines:
        await response.write(portion.encode())
    await response.write_eof()
    return response
