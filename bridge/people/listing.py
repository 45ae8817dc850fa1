"""The list of customers: by what they did last, newest first, or by name; everybody a person gets, and nobody else."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bridge.context import Bridge
from bridge.errors import Invalid
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.customers import Customer
from bridge.model.ids import CustomerId
from bridge.model.operators import Operator
from bridge.teamwork.customers import found_by, sees_customer

#: Looks into the store for one page, each of as many rows as are still missing: then the next page goes on.
LOOKS = 20
#: Customers looked through at once for those who never wrote.
PORTION = 500


class By(StrEnum):
    """How the list is sorted."""

    ACTIVE = "active"  # last activity, the newest first; then those who never wrote, the newest first
    NEW = "new"  # the newest first
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Line:
    """A customer, and the conversation he was last active in of those its reader gets."""

    customer: Customer
    conversation: Conversation | None

    @property
    def active_at(self) -> datetime | None:
        """When something was last said in that conversation."""
        last = self.conversation
        return None if last is None else last.last_message.at if last.last_message else last.created_at


Page = tuple[list[Line], str | None]


async def listed(bridge: Bridge, reader: Operator, by: By, cursor: str, limit: int) -> Page:
    """List customers whom nobody joined to another, from a cursor on ("": the beginning), and the next cursor.

    A page may be shorter than asked, or empty, where much had to be left out. Raises Invalid(("cursor", "invalid")).
    """
    if by is By.ACTIVE and not cursor.startswith("silent~"):
        return await _active(bridge, reader, cursor, limit)
    found: list[Customer] = []
    step = PORTION if by is By.ACTIVE else limit + 1
    for _ in range(LOOKS):
        rows = await _after(bridge, by, cursor, step)
        for row in await _kept(bridge, reader, by, rows):
            if len(found) == limit:
                return await _lines(bridge, reader, found), _cursor(by, found[-1])
            found.append(row)
        if len(rows) < step:
            return await _lines(bridge, reader, found), None
        cursor = _cursor(by, rows[-1])
    return await _lines(bridge, reader, found), cursor


async def search(bridge: Bridge, reader: Operator, by: By, q: str, limit: int) -> list[Line]:
    """Find customers by words, sorted; what is beyond `limit` is left out by age, whatever the order."""
    lines = await _lines(bridge, reader, await found_by(bridge, reader, q, limit))
    if by is By.NAME:
        lines.sort(key=lambda line: (line.customer.sorts_as, line.customer.id))
    elif by is By.ACTIVE:
        lines.sort(key=lambda line: (line.active_at is None, -(line.active_at or line.customer.created_at).timestamp()))
    return lines


async def total(bridge: Bridge, reader: Operator) -> int | None:
    """Count the customers; None for who does not get all: a number would tell of those hidden from him."""
    return await bridge.store.people.total() if reader.sight.whole else None


async def _active(bridge: Bridge, reader: Operator, cursor: str, limit: int) -> Page:
    lines: list[Line] = []
    place: str | None = cursor or None
    for _ in range(LOOKS):
        rows, place = await bridge.store.conversations.lately(place, limit - len(lines), reader.sight)
        people = {row.id: row for row in await bridge.store.people.many([row.customer for row in rows])}
        # One who is joining another, or going, is listed when that is done.
        lines += [Line(people[row.customer], row) for row in rows if _stands(people.get(row.customer))]
        if place is None:
            if len(lines) == limit:
                return lines, "silent~"
            silent, following = await listed(bridge, reader, By.ACTIVE, "silent~", limit - len(lines))
            return [*lines, *silent], following
        if len(lines) == limit:
            break
    return lines, place


def _stands(row: Customer | None) -> bool:
    return row is not None and row.linked_to is None


async def _kept(bridge: Bridge, reader: Operator, by: By, rows: Sequence[Customer]) -> list[Customer]:
    if by is By.ACTIVE:
        silent = set(await bridge.store.conversations.silent([row.id for row in rows]))
        return [row for row in rows if row.id in silent]
    if reader.sight.whole:
        return list(rows)
    seen = await asyncio.gather(*(sees_customer(bridge, reader, row.id) for row in rows))
    return [row for row, sees in zip(rows, seen, strict=True) if sees]


async def _lines(bridge: Bridge, reader: Operator, rows: Sequence[Customer]) -> list[Line]:
    page = bridge.store.conversations.page
    own = [ConversationFilters(customer=row.id, sight=reader.sight) for row in rows]
    last = await asyncio.gather(*(page(each, None, 1) for each in own))
    return [Line(row, cases[0] if cases else None) for row, (cases, _) in zip(rows, last, strict=True)]


async def _after(bridge: Bridge, by: By, cursor: str, limit: int) -> list[Customer]:
    people = bridge.store.people
    if by is By.NAME:
        id, mark, name = cursor.partition("~")
        if cursor and not (id and mark):
            raise Invalid(("cursor", "invalid"))
        return await people.by_name((name, CustomerId(id)) if cursor else None, limit)
    millis, mark, id = cursor.removeprefix("silent~" if by is By.ACTIVE else "").partition("~")
    if not millis and not mark:
        return await people.newest(None, limit)
    try:
        at = datetime.fromtimestamp(int(millis) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid(("cursor", "invalid")) from None
    if not id:
        raise Invalid(("cursor", "invalid"))
    return await people.newest((at, CustomerId(id)), limit)


def _cursor(by: By, row: Customer) -> str:
    if by is By.NAME:
        return f"{row.id}~{row.sorts_as}"
    prefix = "silent~" if by is By.ACTIVE else ""
    return f"{prefix}{round(row.created_at.timestamp() * 1000)}~{row.id}"
