"""What all repositories share: a collection of rows of one class, and errors in the hall's words."""

from collections.abc import Callable, Sequence
from re import split
from typing import Any, Generic, TypeVar

from bridge.errors import Conflict, Invalid, NotFound
from storage.codec import body_of, changes_of, row_of, stored
from storage.documents import Body, Coll, Doc, Documents, Duplicate, Key, Order, P, VersionConflict, check_change

T = TypeVar("T")
#: Rows that are remembered with their documents; then all are forgotten: those in use come back.
MET = 1000


def by_name(name: str) -> list[str | int]:
    """Return what names are sorted by as people count: case tells nothing, "Line 2" stands before "Line 10"."""
    return [int(part) if place % 2 else part for place, part in enumerate(split(r"(\d{1,18})", name.casefold()))]


class Rows(Generic[T]):
    """Rows of one class in one collection; `extra` adds the fields that are only asked for, never read back.

    `met` is how many are remembered: none of those that are large, or read once.
    """

    def __init__(
        self,
        documents: Documents,
        coll: Coll,
        cls: type[T],
        extra: Callable[[T], Body] | None = None,
        met: int = MET,
    ) -> None:
        self.documents = documents
        self.coll = coll
        self._cls = cls
        self._extra = extra
        self._most = met
        self._met: dict[str, tuple[Doc, T]] = {}

    def body(self, row: T) -> Body:
        """Return the row's body with its extra fields."""
        body = body_of(row)
        if self._extra is not None:
            body.update(self._extra(row))
        return body

    def row(self, doc: Doc) -> T:
        """Return the row of a document; of the very document met last it is the same one."""
        met = self._met.get(doc.id)
        return met[1] if met is not None and met[0] is doc else self._meet(doc, row_of(self._cls, doc))

    def _meet(self, doc: Doc, row: T) -> T:
        if len(self._met) >= self._most:
            self._met.clear()
        if self._most:
            self._met[doc.id] = doc, row
        return row

    def met(self, id: str, version: int) -> T | None:
        """Return the row of a version if it is remembered."""
        met = self._met.get(id)
        return met[1] if met is not None and met[0].ver == version else None

    async def find(self, id: str) -> T | None:
        """Read one, None when it is not there."""
        doc = await self.documents.get(self.coll, id)
        return None if doc is None else self.row(doc)

    async def get(self, id: str) -> T:
        """Read one; raises NotFound."""
        row = await self.find(id)
        if row is None:
            raise NotFound(f"{self.coll.name} {id}")
        return row

    async def many(self, ids: Sequence[str]) -> list[T]:
        """Read several in the order asked, absent ones left out."""
        docs = await self.documents.get_many(self.coll, ids)
        return [self.row(docs[id]) for id in ids if id in docs]

    async def insert(self, row: T) -> T:
        """Write a new one; raises documents.Duplicate."""
        body = self.body(row)
        doc = await self.documents.insert(self.coll, _id(row), body)
        return self._meet(doc, stored(row, doc, body))

    async def insert_once(self, row: T) -> tuple[T, bool]:
        """Write it unless its id is there; returns the row that is there and whether it is new."""
        try:
            return await self.insert(row), True
        except Duplicate as duplicate:
            if duplicate.index != "_id":
                raise
        return await self.get(_id(row)), False

    async def insert_new(self, rows: Sequence[T]) -> list[bool]:
        """Write rows at once, of one id the first; returns of each whether it is new. Raises documents.Duplicate."""
        once = {_id(row): row for row in reversed(rows)}
        told = await self.documents.insert_many(self.coll, [(id, self.body(row)) for id, row in once.items()])
        new: set[str] = set()
        for id, each in zip(once, told, strict=True):
            if isinstance(each, Doc):
                new.add(id)
            elif each.index != "_id":
                raise each
        return [_id(row) in new for row in rows]

    def changed(self, row: T) -> Body:
        """Return the body of a row that is to be replaced: of one met before, only what changed is made and checked."""
        met = self._met.get(_id(row))
        if met is None:
            return self.body(row)
        stored, before = met[0].body, met[1]
        changes = changes_of(before, row)
        if self._extra is not None:
            changes.update((name, value) for name, value in self._extra(row).items() if stored.get(name) != value)
        body = check_change(self.coll, stored, changes)
        if all(body[name] == value for name, value in changes.items()):
            return body
        return self.body(row)  # what is stored differs in form (a time cut to milliseconds): it is read as it stands

    async def replace(self, row: T) -> T:
        """Compare and swap by the row's version; raises Conflict("version")."""
        body = self.changed(row)
        try:
            doc = await self.documents.replace(self.coll, _id(row), row.version, body)  # type: ignore[attr-defined]
        except VersionConflict as conflict:
            raise Conflict("version", f"{self.coll.name} {_id(row)}: {conflict}") from None
        return self._meet(doc, stored(row, doc, body))

    async def list(self, *where: P, order: Order | None = None, after: Key | None = None, limit: int = 100) -> list[T]:
        """Read rows in order."""
        return [self.row(doc) for doc in await self.documents.find(self.coll, where, order, after, limit)]


def _id(row: Any) -> str:
    return str(row.id)


def cursor_of(*parts: object) -> str:
    """Make an opaque cursor of plain parts (times as milliseconds)."""
    return "~".join(str(part) for part in parts)


def parts_of(cursor: str, count: int) -> list[str]:
    """Take a cursor apart; raises Invalid(("cursor", "invalid")) when it is none of ours."""
    parts = cursor.split("~", count - 1)
    if len(parts) != count or not all(parts):
        raise Invalid(("cursor", "invalid"))
    return parts
