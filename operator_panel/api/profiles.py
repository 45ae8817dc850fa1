"""/customers/{id}/differences, /files and /customers/tags: what a card needs beside itself."""

from typing import Any, Literal

from pydantic import Field

from bridge.model.ids import CustomerId
from bridge.people import profiles, tags
from bridge.people.kin import root
from bridge.rights import require
from bridge.teamwork.customers import require_customer
from operator_panel.api import bodies, shapes
from operator_panel.api.customers import cases_of, lines_before
from operator_panel.api.shape import Shape, Time
from operator_panel.serving import Call

#: Lines read for one page of files at most: where files are rare, `next` leads on.
_LINES, _PORTIONS = 200, 5


class DifferencesQuery(bodies.Asked):
    """Whom a customer is compared with."""

    other: str = Field(min_length=1, max_length=64)


class Difference(Shape):
    """A field in which both say something, and not the same; `kept` is what becomes of it if `link` is not told."""

    field: str
    this: Any
    other: Any
    choices: list[Literal["this", "other", "both"]]
    kept: Literal["this", "other", "both"]


class Differences(Shape):
    """Differences of two profiles, to choose from before they are joined."""

    items: list[Difference]


class FilesQuery(bodies.Asked):
    """Which part of a customer's files."""

    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(20, ge=1, le=50)


class CustomerFile(shapes.Attachment):
    """A file that was sent to or by a customer, with the message that carries it."""

    message_id: str
    conversation_id: str
    seq: int
    channel: str
    by: Literal["customer", "bot", "operator", "note", "system"]
    at: Time


class Tags(Shape):
    """Tags of customers, the most used first."""

    items: list[str]


async def customer_tags(call: Call) -> Tags:
    """List tags customers have, the most used first."""
    return Tags(items=await tags.known(call.bridge, call.actor))


async def customer_differences(call: Call, id: str, query: DifferencesQuery) -> Differences:
    """Name the fields in which two customers' profiles differ; `link` takes a choice for each."""
    require(call.actor, "read")
    await require_customer(call.bridge, call.actor, CustomerId(id), CustomerId(query.other))
    this, other = await root(call.bridge, CustomerId(id)), await root(call.bridge, CustomerId(query.other))
    return Differences(
        items=[
            Difference(field=each.field, this=each.this, other=each.other, choices=list(each.choices), kept=each.usual)
            for each in profiles.differences(this, other)
        ]
    )


async def customer_files(call: Call, id: str, query: FilesQuery) -> shapes.Page[CustomerFile]:
    """Read the files of all conversations of a customer, newest first; a page may be short, `next` leads on."""
    require(call.actor, "read")
    cases, cursor = await cases_of(call, id), query.cursor
    found: list[CustomerFile] = []
    for _ in range(_PORTIONS):
        rows, cursor = await lines_before(call, cases, cursor, _LINES)
        for row in reversed(rows):
            if row.deleted_at is not None:
                continue
            line = call.office.renderer.timeline(row, call.language, call.whole)
            found += [
                CustomerFile(
                    message_id=row.id,
                    conversation_id=row.conversation,
                    seq=row.seq,
                    channel=row.channel,
                    by=line.author.kind.value,
                    at=row.at,
                    **dict(each),
                )
                for each in line.attachments
                if each.url
            ]
        if cursor is None or len(found) >= query.limit:
            break
    return shapes.Page(items=found, next=cursor)
