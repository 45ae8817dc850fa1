"""The readable twin of the stores: everything in dicts of this process, every rule of the port in plain sight.

Fulfils storage.documents.Documents.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any

from storage.checks import (
    beginning,
    bumped,
    check_after,
    check_claim,
    check_collection,
    check_id,
    check_inc,
    check_new,
    check_where,
    plan_group,
    remember,
    words_in,
)
from storage.documents import (
    Body,
    Coll,
    Doc,
    Duplicate,
    Key,
    Order,
    P,
    Unavailable,
    VersionConflict,
    check_body,
    plan,
)

_RANGES: dict[str, Callable[[Any, Any], bool]] = {"lt": lt, "le": le, "gt": gt, "ge": ge}


@dataclass(slots=True)
class _Row:
    ver: int
    body: Body
    seen: list[str]


class MemoryDocuments:
    """Documents in memory; what was written stays with the object, so that it can be closed and opened again.

    Every call gives way once before it acts, as a real store's would, so that races show in tests.
    """

    def __init__(self) -> None:
        self._open = False
        self._opened: dict[str, Coll] = {}
        self._rows: dict[str, dict[str, _Row]] = {}

    async def open(self, collections: Sequence[Coll]) -> None:
        """Declare collections; raises ValueError, or Duplicate when rows break a new unique index."""
        for coll in map(check_collection, collections):
            rows = self._rows.setdefault(coll.name, {})
            for index in coll.indexes:
                keys = Counter(tuple(row.body.get(name) for name in index.fields) for row in rows.values())
                if index.unique and any(count > 1 for count in keys.values()):
                    raise Duplicate(index.name)
            self._opened[coll.name] = coll
        self._open = True

    async def close(self) -> None:
        """Refuse further calls."""
        self._open, self._opened = False, {}

    async def give_back(self, pages: int) -> bool:
        """There is no file."""
        await self.ping()
        return False

    async def scrub(self) -> None:
        """What was deleted is nowhere any more."""
        await self.ping()

    async def ping(self) -> None:
        """Prove that the store is open."""
        if not self._open:
            raise Unavailable("the store is closed")

    async def get(self, coll: Coll, id: str) -> Doc | None:
        """Read one document."""
        rows, id = await self._collection(coll), check_id(id)
        return _doc(id, rows[id]) if id in rows else None

    async def get_many(self, coll: Coll, ids: Sequence[str]) -> dict[str, Doc]:
        """Read several documents at once, absent ones left out."""
        rows = await self._collection(coll)
        return {id: _doc(id, rows[id]) for id in map(check_id, ids) if id in rows}

    async def insert(self, coll: Coll, id: str, body: Body) -> Doc:
        """Write a new document; raises Duplicate."""
        rows, id = await self._collection(coll), check_id(id)
        clean = check_body(coll, body)
        if id in rows:
            raise Duplicate("_id")
        return self._write(coll, id, _Row(1, clean, []))

    async def insert_many(self, coll: Coll, docs: Sequence[tuple[str, Body]]) -> list[Doc | Duplicate]:
        """Write new documents, each for itself: what became of each, in order."""
        rows = await self._collection(coll)
        told: list[Doc | Duplicate] = []
        for id, clean in check_new(coll, docs):
            try:
                told.append(Duplicate("_id") if id in rows else self._write(coll, id, _Row(1, clean, [])))
            except Duplicate as duplicate:
                told.append(duplicate)
        return told

    async def replace(self, coll: Coll, id: str, ver: int, body: Body) -> Doc:
        """Write a new body if the version is still `ver`; raises VersionConflict or Duplicate."""
        rows, id = await self._collection(coll), check_id(id)
        clean = check_body(coll, body)
        row = rows.get(id)
        if row is None or row.ver != ver:
            raise VersionConflict(row.ver if row else None)
        return self._write(coll, id, _Row(ver + 1, clean, row.seen))

    async def delete(self, coll: Coll, id: str, ver: int | None = None) -> bool:
        """Remove a document (at this version, if one is given); raises VersionConflict."""
        rows, id = await self._collection(coll), check_id(id)
        if id not in rows:
            return False
        if ver is not None and rows[id].ver != ver:
            raise VersionConflict(rows[id].ver)
        del rows[id]
        return True

    async def find(
        self,
        coll: Coll,
        where: Sequence[P] = (),
        order: Order | None = None,
        after: Key | None = None,
        limit: int = 100,
    ) -> list[Doc]:
        """Read documents in order, from after a key on; raises Unplanned."""
        rows = await self._collection(coll)
        plan(coll, where, order)
        matching, key = self._matching(coll, rows, where), check_after(coll, order, after)
        place = _place(order)
        if order is not None:
            matching = [id for id in matching if rows[id].body.get(order.field) is not None]
        found = sorted(matching, key=lambda id: place(id, rows[id]), reverse=order is not None and order.desc)
        if key is not None:
            end = (key.id,) if order is None else (key.value, key.id)
            beyond = lt if order is not None and order.desc else gt
            found = [id for id in found if beyond(place(id, rows[id]), end)]
        return [_doc(id, rows[id]) for id in found[: max(limit, 0)]]

    async def count(self, coll: Coll, where: Sequence[P] = ()) -> int:
        """Count documents; raises Unplanned."""
        rows = await self._collection(coll)
        plan(coll, where, None)
        return len(self._matching(coll, rows, where))

    async def group(self, coll: Coll, by: str, where: Sequence[P] = ()) -> dict[Any, int]:
        """Count documents by the values of one declared field; raises Unplanned."""
        rows = await self._collection(coll)
        plan_group(coll, by, where)
        values = (rows[id].body.get(by) for id in self._matching(coll, rows, where))
        return dict(Counter(value for value in values if value is not None))

    async def bump(self, coll: Coll, id: str, inc: Mapping[str, int], token: str | None = None) -> Doc:
        """Add to counters of a document, made at 0 when absent; once only for a token."""
        rows, id = await self._collection(coll), check_id(id)
        check_inc(coll, inc, token)
        row = rows.get(id) or _Row(0, {}, [])
        if token in row.seen:
            return _doc(id, row)
        seen = row.seen if token is None else remember(row.seen, token)
        return self._write(coll, id, _Row(row.ver + 1, check_body(coll, bumped(coll, row.body, inc)), seen))

    async def claim(
        self, coll: Coll, where: Sequence[P], due: str, now: datetime, until: datetime, holder: str, limit: int
    ) -> list[Doc]:
        """Take documents whose `due` is past, earliest first: sets due = until and holder = holder."""
        rows = await self._collection(coll)
        now, until, holder = check_claim(coll, due, now, until, holder)
        plan(coll, where, Order(due))
        ready = self._matching(coll, rows, [*where, P(due, "le", now)])
        ready.sort(key=lambda id: (rows[id].body[due], id))
        taken = []
        for id in ready[: max(limit, 0)]:
            row = rows[id]
            taken.append(self._write(coll, id, _Row(row.ver + 1, {**row.body, due: until, "holder": holder}, row.seen)))
        return taken

    async def sweep(self, coll: Coll, where: Sequence[P], limit: int = 1000) -> int:
        """Delete a portion of the documents that match; returns how many."""
        rows = await self._collection(coll)
        plan(coll, where, None)
        swept = self._matching(coll, rows, where)[: max(limit, 0)]
        for id in swept:
            del rows[id]
        return len(swept)

    async def _collection(self, coll: Coll) -> dict[str, _Row]:
        await asyncio.sleep(0)
        if not self._open:
            raise Unavailable("the store is closed")
        if coll.name not in self._opened:
            raise ValueError(f"{coll.name} was not opened")
        return self._rows[coll.name]

    def _write(self, coll: Coll, id: str, row: _Row) -> Doc:
        rows = self._rows[coll.name]
        for index in coll.indexes:
            if index.unique:
                key = [row.body[name] for name in index.fields]
                others = (other.body for other_id, other in rows.items() if other_id != id)
                if any([other.get(name) for name in index.fields] == key for other in others):
                    raise Duplicate(index.name)
        rows[id] = row
        return _doc(id, row)

    def _matching(self, coll: Coll, rows: dict[str, _Row], where: Sequence[P]) -> list[str]:
        asked = check_where(coll, where)
        return [id for id, row in rows.items() if all(_matches(p, id, row.body) for p in asked)]


def _matches(p: P, id: str, body: Body) -> bool:
    value = id if p.field == "_id" else body.get(p.field)
    if value is None:
        return False
    match p.op:
        case "eq":
            return bool(value == p.value)
        case "ne":
            return bool(value != p.value)
        case "in":
            return value in p.value
        case "words":
            held = set(words_in(value))
            return bool(p.value) and all(_holds(held, word) for word in p.value.split())
    return _RANGES[p.op](value, p.value)


def _holds(held: set[str], word: str) -> bool:
    start = beginning(word)
    return word in held if start is None else any(each.startswith(start) for each in held)


def _place(order: Order | None) -> Callable[[str, _Row], tuple[Any, ...]]:
    if order is None:
        return lambda id, row: (id,)
    name = order.field
    return lambda id, row: (row.body[name], id)


def _doc(id: str, row: _Row) -> Doc:
    return Doc(id, row.ver, copied(row.body))


def copied(value: Any) -> Any:
    """Return a value whose lists and dicts are its own."""
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value
