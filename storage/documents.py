"""The narrow document port: what every store can do, and nothing that only one of them could.

There are no transactions here (a standalone MongoDB has none): whoever needs several writes makes the first one the
commit point and the others repeatable.

Bodies hold None, bool, int (64 bits), float (finite), str, aware datetimes (cut to milliseconds), lists, and dicts
with plain string keys (no "$", ".", NUL). Indexed fields of a body are never null unless the collection lists them
as optional; fields of a unique index and of an order are never null.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

Body = dict[str, Any]
FieldType = Literal["str", "int", "bool", "float", "ts"]


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
    """A collection: the fields that can be asked for, the indexes, and how old bodies are lifted.

    `fields` names fields of the body's first level; `optional` those that may be absent or null (they then match no
    predicate). `words` names a field holding normalised words separated by blanks, which can be searched. `ttl`
    names a "ts" field: `sweep` may drop documents whose value is past. `upcast[n]` lifts a body of schema n to n+1.
    """

    name: str
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    indexes: tuple[Index, ...] = ()
    optional: frozenset[str] = frozenset()
    words: str | None = None
    ttl: str | None = None


@dataclass(frozen=True, slots=True)
class Doc:
    """A stored document: `ver` is 1 after insert and rises by one with each write."""

    id: str
    ver: int
    body: Body


@dataclass(frozen=True, slots=True)
class P:
    """A predicate on a declared field: eq, ne, lt, le, gt, ge, in (a tuple), or words (all of them stand in it).

    Missing or null values match no predicate, `ne` included. "_id" may be asked with eq and in.
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
    """A store of documents.

    Every call may raise Unavailable. A call is atomic for the one document it writes (claim: for each document).
    """

    async def open(self, collections: Sequence[Coll]) -> None:
        """Connect and make tables, key columns and declared indexes; drop own indexes that are no longer declared."""

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

    async def replace(self, coll: Coll, id: str, ver: int, body: Body) -> Doc:
        """Write a new body if the version is still `ver`; raises VersionConflict or Duplicate."""

    async def delete(self, coll: Coll, id: str, ver: int | None = None) -> bool:
        """Remove a document (only at this version, if one is given); False: it was not there; raises VersionConflict."""

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
        """Count documents by the values of one declared field; the same planning rule as find."""

    async def bump(self, coll: Coll, id: str, inc: Mapping[str, int], token: str | None = None) -> Doc:
        """Add to counters of a document, made at 0 when absent; once only for a token (the last 256 are kept)."""

    async def claim(
        self, coll: Coll, where: Sequence[P], due: str, now: datetime, until: datetime, holder: str, limit: int
    ) -> list[Doc]:
        """Take documents whose `due` field (ts) is past, earliest first: sets due = until and holder = holder.

        No document is given to two callers for the same due time. The collection declares "holder" as "str".
        """

    async def sweep(self, coll: Coll, where: Sequence[P], limit: int = 1000) -> int:
        """Delete a portion of the documents that match; returns how many."""


def check_body(coll: Coll, body: Body) -> Body:
    """Return the body as it will be read back (datetimes cut to milliseconds, tuples as lists).

    Raises ValueError when the body breaks the rules of the port: better here, in every store alike, than in one.
    """
    clean = _value(body, "")
    assert isinstance(clean, dict)
    for name, kind in coll.fields.items():
        value = clean.get(name)
        if value is None:
            if name not in coll.optional:
                raise ValueError(f"{coll.name}.{name} is null")
            continue
        if not _fits(value, kind):
            raise ValueError(f"{coll.name}.{name} is no {kind}: {type(value).__name__}")
    return clean


def _fits(value: Any, kind: FieldType) -> bool:
    match kind:
        case "str":
            return isinstance(value, str)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "bool":
            return isinstance(value, bool)
        case "float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "ts":
            return isinstance(value, datetime)


def _value(value: Any, path: str) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int():
            if not -(2**63) <= value < 2**63:
                raise ValueError(f"{path}: beyond 64 bits")
            return value
        case float():
            if value != value or value in (float("inf"), float("-inf")):
                raise ValueError(f"{path}: not a finite number")
            return value
        case datetime():
            if value.tzinfo is None:
                raise ValueError(f"{path}: a datetime without a zone")
            return value.replace(microsecond=value.microsecond // 1000 * 1000)
        case list() | tuple():
            return [_value(item, f"{path}[]") for item in value]
        case dict():
            return {_key(key, path): _value(item, f"{path}.{key}") for key, item in value.items()}
    raise ValueError(f"{path}: {type(value).__name__} cannot be stored")


def _key(key: Any, path: str) -> str:
    if not isinstance(key, str) or not key or any(sign in key for sign in "$.\0"):
        raise ValueError(f"{path}: {key!r} cannot be a key")
    return key


def plan(coll: Coll, where: Sequence[P], order: Order | None) -> Index | None:
    """Return the declared index that serves a find (None: the primary key does); raises Unplanned.

    The rule: the index begins with fields asked by eq (or in, when there is no order), followed by the order's field
    or by the one field asked by a range; further predicates on declared fields are checked on the rows it yields. A
    `words` predicate brings its own index, and everything else is checked on what it finds.
    """
    for predicate in where:
        if predicate.op == "words":
            if predicate.field != coll.words:
                raise Unplanned(f"{coll.name}: {predicate.field} holds no words")
        elif predicate.field != "_id" and predicate.field not in coll.fields:
            raise Unplanned(f"{coll.name}: {predicate.field} is not declared")
    if order is not None and order.field not in coll.fields:
        raise Unplanned(f"{coll.name}: order by {order.field} is not declared")
    if any(predicate.op == "words" or predicate.field == "_id" for predicate in where):
        return None
    if not where and order is None:
        return None
    exact = {p.field for p in where if p.op == "eq" or (p.op == "in" and order is None)}
    ranged = {p.field for p in where if p.op in ("lt", "le", "gt", "ge")}
    wanted = order.field if order is not None else None
    best: Index | None = None
    best_served = -1
    for index in coll.indexes:
        served = 0
        for name in index.fields:
            if name in exact:
                served += 1
                continue
            if name == wanted or (wanted is None and name in ranged):
                served += 1
                if name == wanted:
                    wanted_served = True
                    break
            break
        else:
            wanted_served = wanted is None
        wanted_served = wanted is None or wanted in index.fields[: served] and index.fields[served - 1] == wanted
        if served and wanted_served and served > best_served:
            best, best_served = index, served
    if best is None:
        asked = ", ".join(sorted({p.field for p in where} | ({wanted} if wanted else set())))
        raise Unplanned(f"{coll.name}: no index for {asked}")
    return best
