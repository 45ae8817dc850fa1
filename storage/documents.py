"""The narrow document port: what every store can do, and nothing that only one of them could.

There are no transactions here (a standalone MongoDB has none): whoever needs several writes makes the first one the
commit point and the others repeatable.

Bodies hold None, bool, int (64 bits), float (finite), str (whole characters), aware datetimes (read back in UTC, cut
to milliseconds), lists, and dicts with plain string keys (no "$", ".", NUL). Declared fields of a body are never null
unless the collection lists them as optional; fields of a unique index and of an order are never null.

Calls that break a rule of the port (a body, an id or a predicate of a wrong kind) raise ValueError in every store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from storage.values import FieldType, Refused, clean_value, fits

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Index:
    """An index over declared fields, in order; unique ones refuse a second document."""

    fields: tuple[str, ...]
    unique: bool = False

    @property
    def name(self) -> str:
        """The index's name, the same in every store."""
        return "_".join(self.fields)


@dataclass(frozen=True, slots=True)
class Coll:
    """A collection: the fields that can be asked for and the indexes.

    `name` is lower-case letters, digits and single underscores. `fields` names fields of the body's first level;
    `optional` those that may be absent or null (they then match no predicate). `words` names a field (declared or
    not, null or a string) holding normalised words separated by blanks, which can be searched. `ttl` names a "ts"
    field: a store may drop documents whose value is past by itself; the others wait for `sweep`.
    """

    name: str
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    indexes: tuple[Index, ...] = ()
    optional: frozenset[str] = frozenset()
    words: str | None = None
    ttl: str | None = None


@dataclass(frozen=True, slots=True)
class Doc:
    """A stored document: `ver` is 1 after insert and rises by one with each write.

    The body is the store's, which may hand out the same one again: it is not to be changed.
    """

    id: str
    ver: int
    body: Body


@dataclass(frozen=True, slots=True)
class P:
    """A predicate on a declared field: eq, ne, lt, le, gt, ge, in (a tuple), or words (all of them stand in it).

    Missing or null values match no predicate, `ne` included. "_id" may be asked with eq and in. The value is of the
    field's kind, never None; `words` takes words separated by blanks, and no words at all match nothing;
    one that ends in "*" asks for a word that begins so.
    """

    field: str
    op: Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "words"]
    value: Any


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by one declared field, then by id; both falling when `desc`."""

    field: str
    desc: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: the last document's value of the order field and its id."""

    value: Any
    id: str


class StoreError(Exception):
    """Base of the port's errors."""


class Duplicate(StoreError):
    """A document with this id or unique fields is already there; `index` is "_id" (told first) or the index's name."""

    def __init__(self, index: str) -> None:
        super().__init__(index)
        self.index = index


class VersionConflict(StoreError):
    """Somebody wrote this document in between; `found` is its version now, None when it is gone."""

    def __init__(self, found: int | None) -> None:
        super().__init__(f"found version {found}")
        self.found = found


class Unplanned(StoreError):
    """No declared index serves this find; declare one or ask otherwise (a fault of the caller)."""


class Unavailable(StoreError):
    """The store does not answer or refuses to write; nothing was accepted."""


class Documents(Protocol):
    """A store of documents. Bodies it is given are copied; those it gives are not to be changed.

    Every call may raise Unavailable. A call is atomic for the one document it writes (claim: for each document).
    """

    async def open(self, collections: Sequence[Coll]) -> None:
        """Connect and make tables, key columns and declared indexes; drop own indexes that are no longer declared.

        Raises ValueError for a collection that breaks the rules, Duplicate when documents that are there break a
        new unique index. May be called again, with more collections, and after close.
        """

    async def close(self) -> None:
        """Finish accepted writes and disconnect; calls after it raise Unavailable."""

    async def ping(self) -> None:
        """Prove that the store answers and can write."""

    async def get(self, coll: Coll, id: str) -> Doc | None:
        """Read one document."""

    async def get_many(self, coll: Coll, ids: Sequence[str]) -> dict[str, Doc]:
        """Read several documents at once, absent ones left out."""

    async def insert(self, coll: Coll, id: str, body: Body) -> Doc:
        """Write a new document; raises Duplicate."""

    async def insert_many(self, coll: Coll, docs: Sequence[tuple[str, Body]]) -> list[Doc | Duplicate]:
        """Write new documents, each for itself: what became of each, in order; cheaper than as many inserts.

        Raises ValueError when an id stands there twice. When it raises Unavailable, some may have been written.
        """

    async def replace(self, coll: Coll, id: str, ver: int, body: Body) -> Doc:
        """Write a new body if the version is still `ver`; raises VersionConflict or Duplicate."""

    async def delete(self, coll: Coll, id: str, ver: int | None = None) -> bool:
        """Remove a document (at this version, if one is given); False: it was not there. Raises VersionConflict."""

    async def find(
        self,
        coll: Coll,
        where: Sequence[P] = (),
        order: Order | None = None,
        after: Key | None = None,
        limit: int = 100,
    ) -> list[Doc]:
        """Read documents in order, from after a key on; without order, by id. Raises Unplanned."""

    async def count(self, coll: Coll, where: Sequence[P] = ()) -> int:
        """Count documents; the same planning rule as find."""

    async def group(self, coll: Coll, by: str, where: Sequence[P] = ()) -> dict[Any, int]:
        """Count documents by the values of one declared field (null ones left out); planned as find."""

    async def bump(self, coll: Coll, id: str, inc: Mapping[str, int], token: str | None = None) -> Doc:
        """Add to counters of a document, made at 0 when absent; once only for a token (the last 256 are kept).

        Tokens live as long as the document, `replace` included. A token seen before changes nothing. Raises
        ValueError when a counter holds something else than an int, or a new document would lack a declared field.
        """

    async def claim(
        self, coll: Coll, where: Sequence[P], due: str, now: datetime, until: datetime, holder: str, limit: int
    ) -> list[Doc]:
        """Take documents whose `due` field (ts) is past, earliest first: sets due = until and holder = holder.

        No document is given to two callers for the same due time. Planned as find ordered by `due`. The collection
        declares "holder" as "str"; neither it nor `due` stands in a unique index (ValueError).
        """

    async def sweep(self, coll: Coll, where: Sequence[P], limit: int = 1000) -> int:
        """Delete a portion of the documents that match, in no promised order; returns how many. Planned as find."""

    async def give_back(self, pages: int) -> bool:
        """Give room of what was deleted back to the disk, at most so many pages of the store's files in one go.

        Tells whether more is left to be given back. A store whose files are not in our hands leaves it to its server.
        """

    async def scrub(self) -> None:
        """Overwrite what was deleted, as far as the store's own files are in our hands; writes wait meanwhile."""


def check_body(coll: Coll, body: Body) -> Body:
    """Return the body as it will be read back (datetimes in UTC cut to milliseconds, tuples as lists), all copied.

    Raises ValueError when the body breaks the rules of the port: better here, in every store alike, than in one.
    """
    try:
        clean = clean_value(body)
    except Refused as refused:
        raise ValueError(f"{coll.name}{refused.path}: {refused.why}") from None
    if not isinstance(clean, dict):
        raise ValueError(f"{coll.name}: a body is a dict, no {type(body).__name__}")
    for name, kind in coll.fields.items():
        _check_field(coll, name, kind, clean.get(name))
    if coll.words is not None and not isinstance(clean.get(coll.words), str | None):
        raise ValueError(f"{coll.name}.{coll.words} holds no words")
    return clean


class Checked(dict[str, Any]):
    """A body that need not be checked again: it is a stored one, but for fields that were checked."""


def check_change(coll: Coll, stored: Body, changes: Body) -> Checked:
    """Return a stored body with some fields changed: only those are looked at. Raises ValueError as check_body."""
    body = Checked(stored)
    for name, value in changes.items():
        try:
            body[name] = clean = clean_value(value)
        except Refused as refused:
            raise ValueError(f"{coll.name}.{name}{refused.path}: {refused.why}") from None
        kind = coll.fields.get(name)
        if kind is not None:
            _check_field(coll, name, kind, clean)
        elif name == coll.words and not isinstance(clean, str | None):
            raise ValueError(f"{coll.name}.{coll.words} holds no words")
    return body


def _check_field(coll: Coll, name: str, kind: FieldType, value: Any) -> None:
    if value is None:
        if name not in coll.optional:
            raise ValueError(f"{coll.name}.{name} is null")
    elif not fits(value, kind):
        raise ValueError(f"{coll.name}.{name} is no {kind}: {type(value).__name__}")


def plan(coll: Coll, where: Sequence[P], order: Order | None) -> Index | None:
    """Return the declared index that serves a find (None: the primary key or the words do); raises Unplanned.

    The rule: the index begins with fields asked by eq (or by in, when there is no order), followed by the order's
    field or, without order, by one asked by a range; of several the one that serves most fields. An order by a field
    that eq has pinned is served by any such index. Further predicates on declared fields are checked on the rows it
    yields. "_id" and `words` predicates bring their own index, and everything else is checked on what they find.
    """
    for predicate in where:
        if predicate.op == "words":
            if predicate.field != coll.words:
                raise Unplanned(f"{coll.name}: {predicate.field} holds no words")
        elif predicate.field != "_id" and predicate.field not in coll.fields:
            raise Unplanned(f"{coll.name}: {predicate.field} is not declared")
    if order is not None and (order.field not in coll.fields or order.field in coll.optional):
        raise Unplanned(f"{coll.name}: {order.field} cannot be an order: not declared, or it may be null")
    if any(p.op == "words" or p.field == "_id" for p in where) or (not where and order is None):
        return None
    exact = {p.field for p in where if p.op == "eq" or (p.op == "in" and order is None)}
    if order is None:
        last, bound = {p.field for p in where if p.op in ("lt", "le", "gt", "ge")}, None
    else:
        last, bound = {order.field}, order.field
    best = max(coll.indexes, key=lambda index: _served(index, exact, last, bound), default=None)
    if best is None or not _served(best, exact, last, bound):
        raise Unplanned(f"{coll.name}: no index for {', '.join(sorted({p.field for p in where} | last))}")
    return best


def _served(index: Index, exact: set[str], last: set[str], bound: str | None) -> int:
    """Count the leading fields of an index that a find uses; 0 when the order's field is not among them."""
    served = 0
    for name in index.fields:
        if name not in exact and name not in last:
            break
        served += 1
        if name not in exact:
            break
    return served if bound is None or bound in index.fields[:served] else 0
