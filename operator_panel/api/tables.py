"""/customers/export: customers as a table to download; and what a form that brings one consists of."""

import json
from typing import IO

from aiohttp import web
from pydantic import AwareDatetime, Field, field_validator

from bridge.errors import Invalid
from bridge.people import exporting
from bridge.people.exporting import Wanted
from bridge.people.table import Sheet
from bridge.rights import require
from operator_panel.api.bodies import Asked
from operator_panel.api.files import FORM, form_of
from operator_panel.api.shape import Shape
from operator_panel.problems import Problem
from operator_panel.serving import Call

#: Bytes of a table; larger ones are read by the command.
LARGEST = 256 << 20
#: Bytes of a table that are kept in memory.
SMALL = 1 << 20


def sign_of(text: str) -> str | None:
    """Return the delimiter a query names, None: it is to be found out; raises ValueError."""
    if text in ("", "tab"):
        return "\t" if text else None
    if len(text) != 1 or text in '"\r\n':
        raise ValueError("invalid")
    return text


class TableQuery(Asked):
    """How a table is to be written, `bom` is the mark some spreadsheets know UTF-8 by; and who is to stand in it.

    All that is asked must hold: words as in a search (`q`), a tag, a company, a channel he wrote in, since when he is
    there, since when somebody spoke in a conversation of his.
    """

    delimiter: str = Field(",", min_length=1, max_length=1)
    bom: bool = False
    q: str = Field("", max_length=400)
    tag: str = Field("", max_length=40)
    channel: str = Field("", max_length=64)
    company: str = Field("", max_length=200)
    created_since: AwareDatetime | None = None
    active_since: AwareDatetime | None = None

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


async def customers_export(call: Call, query: TableQuery) -> web.StreamResponse:
    """Download customers, all or some, as a table that an import reads; no cell of it is run by a spreadsheet."""
    require(call.actor, "customers")
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": 'attachment; filename="customers.csv"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
    )
    wanted = Wanted(**{name: getattr(query, name) for name in Wanted.__slots__})
    lines = exporting.export(call.bridge, call.actor, query.delimiter, wanted)
    first = await anext(lines)  # before the head: a store that is down is still a 503 then
    await response.prepare(call.request)
    await response.write(b"\xef\xbb\xbf" * query.bom + first.encode())
    async for portion in lines:
        await response.write(portion.encode())
    await response.write_eof()
    return response
