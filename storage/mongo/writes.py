"""Writes: each changes one document, in one command of the server or by compare-and-swap on its version."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pymongo import ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure

from storage.checks import TOKENS_KEPT, bumped, remember
from storage.documents import Body, Coll, Doc, Duplicate, P, VersionConflict, check_body
from storage.mongo.queries import Filter, Hint, Sort, matching
from storage.mongo.rows import READ, Raw, doc_of, path_of, written

#: Counters this far from the ends of 64 bits are raised by the server itself.
_FAR = 2**62
#: The server's code for a document that breaks a unique index.
_DUPLICATE_KEY = 11000

Collection = AsyncCollection[Raw]


async def insert(collection: Collection, coll: Coll, id: str, body: Body, seen: Sequence[str] = ()) -> Doc:
    """Write a new document; raises Duplicate."""
    raw: Raw = {"_id": id, "ver": 1, **written(coll, body)}
    if seen:
        raw["seen"] = list(seen)
    try:
        await collection.insert_one(raw)
    except DuplicateKeyError as error:
        if await collection.find_one({"_id": id}, {"_id": 1}) is not None:
            raise Duplicate("_id") from None
        raise await _taken(collection, coll, id, body, error) from None
    return Doc(id, 1, body)


async def insert_many(collection: Collection, coll: Coll, docs: Sequence[tuple[str, Body]]) -> list[Doc | Duplicate]:
    """Write new documents, each for itself: what became of each, in order."""
    if any(index.unique for index in coll.indexes):  # which of several is taken depends on those before it
        return [await _one(collection, coll, id, body) for id, body in docs]
    told: list[Doc | Duplicate] = [Doc(id, 1, body) for id, body in docs]
    try:
        await collection.insert_many([{"_id": id, "ver": 1, **written(coll, body)} for id, body in docs], ordered=False)
    except BulkWriteError as error:
        details = error.details or {}
        for fault in [*details.get("writeErrors", ()), *details.get("writeConcernErrors", ())]:
            if fault["code"] != _DUPLICATE_KEY:
                raise OperationFailure(str(fault.get("errmsg", "")), fault["code"], fault) from None
            told[fault["index"]] = Duplicate("_id")
    return told


async def _one(collection: Collection, coll: Coll, id: str, body: Body) -> Doc | Duplicate:
    try:
        return await insert(collection, coll, id, body)
    except Duplicate as duplicate:
        return duplicate


async def replace(
    collection: Collection, coll: Coll, id: str, ver: int, body: Body, seen: Sequence[str] | None = None
) -> Doc:
    """Write a new body if the version is still `ver`; raises VersionConflict or Duplicate."""
    change = {"ver": ver + 1, **written(coll, body)}
    if seen is not None:
        change["seen"] = list(seen)
    try:
        done = await collection.update_one({"_id": id, "ver": ver}, {"$set": change})
    except DuplicateKeyError as error:
        raise await _taken(collection, coll, id, body, error) from None
    if not done.matched_count:
        raise VersionConflict(await _version(collection, id))
    return Doc(id, ver + 1, body)


async def delete(collection: Collection, id: str, ver: int | None) -> bool:
    """Remove a document; raises VersionConflict."""
    done = await collection.delete_one({"_id": id} if ver is None else {"_id": id, "ver": ver})
    if done.deleted_count or ver is None:
        return bool(done.deleted_count)
    found = await _version(collection, id)
    if found is None:
        return False
    raise VersionConflict(found)


async def bump(collection: Collection, coll: Coll, id: str, inc: Mapping[str, int], token: str | None) -> Doc:
    """Add to counters of a document, made at 0 when absent; once only for a token; raises ValueError, Duplicate."""
    raised = await _raise(collection, coll, id, inc, token)
    while raised is None:
        raw = await collection.find_one({"_id": id})
        seen = raw.get("seen", []) if raw else []
        if raw is not None and token in seen:
            return doc_of(raw)
        body = check_body(coll, bumped(coll, raw["body"] if raw else {}, inc))
        if token is not None:
            seen = remember(seen, token)
        try:
            if raw is None:
                raised = await insert(collection, coll, id, body, seen)
            else:
                raised = await replace(collection, coll, id, raw["ver"], body, seen)
        except VersionConflict:
            continue
        except Duplicate as duplicate:
            if raw is not None or duplicate.index != "_id":
                raise
    return raised


async def _raise(collection: Collection, coll: Coll, id: str, inc: Mapping[str, int], token: str | None) -> Doc | None:
    """Let the server add, where nothing can go wrong with that; None: it is absent, or must be looked at first."""
    unique = {name for index in coll.indexes if index.unique for name in index.fields}
    for name, step in inc.items():
        if name in unique or name == coll.words or coll.fields.get(name, "int") not in ("int", "float"):
            return None
        if abs(step) >= _FAR:
            return None
    plain: list[Filter] = [_countable(f"body.{name}") for name in inc]
    if token is not None:
        plain.append({"seen": {"$ne": token}})
    change: Raw = {"$inc": {"ver": 1, **{f"body.{name}": step for name, step in inc.items()}}}
    if token is not None:
        change["$push"] = {"seen": {"$each": [token], "$slice": -TOKENS_KEPT}}
    raw = await collection.find_one_and_update(
        matching(coll, [P("_id", "eq", id)], *plain), change, projection=READ, return_document=ReturnDocument.AFTER
    )
    return None if raw is None else doc_of(raw)


def _countable(path: str) -> Filter:
    within = {"$type": ["int", "long"], "$gt": -_FAR, "$lt": _FAR}
    return {"$or": [{path: {"$exists": False}}, {path: within}]}


async def claim(
    collection: Collection, hint: Hint, wanted: Filter, sort: Sort, due: str, until: datetime, holder: str
) -> Doc | None:
    """Take the first of the documents that are wanted."""
    raw = await collection.find_one_and_update(
        wanted,
        {"$set": {path_of(due): until, "body.holder": holder}, "$inc": {"ver": 1}},
        projection=READ,
        sort=sort,
        return_document=ReturnDocument.AFTER,
        **hint,
    )
    return None if raw is None else doc_of(raw)


async def sweep(collection: Collection, hint: Hint, wanted: Filter, limit: int) -> int:
    """Delete a portion of the documents that are wanted; returns how many."""
    rows = await collection.find(wanted, {"_id": 1}, limit=limit, **hint).to_list(None)
    if not rows:
        return 0
    # Who changed meanwhile is asked again.
    done = await collection.delete_many({"$and": [{"_id": {"$in": [row["_id"] for row in rows]}}, wanted]})
    return done.deleted_count


async def _version(collection: Collection, id: str) -> int | None:
    raw = await collection.find_one({"_id": id}, {"ver": 1})
    return None if raw is None else int(raw["ver"])


async def _taken(collection: Collection, coll: Coll, id: str, body: Body, error: DuplicateKeyError) -> Duplicate:
    """Tell which unique index, in declared order, holds another document with these values."""
    unique = [index for index in coll.indexes if index.unique]
    for index in unique:
        same = [P(name, "eq", body[name]) for name in index.fields]
        if await collection.find_one(matching(coll, same, {"_id": {"$ne": id}}), {"_id": 1}) is not None:
            return Duplicate(index.name)
    # The other one is gone by now: what the server said stands.
    keys = {path.removeprefix("body.") for path in (error.details or {}).get("keyPattern", {})}
    return Duplicate(next((index.name for index in unique if set(index.fields) == keys), "_id"))
