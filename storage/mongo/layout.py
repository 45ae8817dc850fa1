"""Bringing a database to the declared collections: their indexes, and the words beside the bodies."""

from typing import Any

from pymongo import IndexModel, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError, OperationFailure

from storage.documents import Coll, Duplicate, Unavailable
from storage.mongo.queries import index_keys, index_name
from storage.mongo.rows import Raw, words_of, words_path

#: Where the store keeps what is its own; no declared collection begins with an underscore.
OWN = "_mostik"
#: How documents are laid out; raised when they are laid out in another way.
LAYOUT = 1
_PORTION = 500
_PREFIXES = ("ix_", "ux_")
_INDEX_NOT_FOUND = 27

Keys = list[tuple[str, int]]
Collection = AsyncCollection[Raw]


async def require_layout(database: AsyncDatabase[Raw]) -> None:
    """Write the layout's number into a new database; raises Unavailable when a newer program laid it out."""
    await database[OWN].update_one({"_id": "layout"}, {"$setOnInsert": {"number": LAYOUT}}, upsert=True)
    found = await database[OWN].find_one({"_id": "layout"})
    if found is not None and found["number"] > LAYOUT:
        raise Unavailable(f"the database has layout {found['number']}, this program knows {LAYOUT}")


def declared(coll: Coll) -> dict[str, tuple[Keys, bool]]:
    """Return name -> (keys, unique) of all indexes of a collection."""
    wanted = {index_name(index): (index_keys(index), index.unique) for index in coll.indexes}
    if coll.words is not None:
        wanted[_words_index(coll)] = ([(words_path(coll), 1)], False)
    return wanted


def _words_index(coll: Coll) -> str:
    # A blank stands in no name of a field: this is never the name of another index.
    return f"ix_words {coll.words}"


async def make_indexes(collection: Collection, coll: Coll) -> None:
    """Make the indexes that are missing; raises Duplicate."""
    wanted, there = declared(coll), await _indexes(collection)
    wrong = [name for name, found in there.items() if name in wanted and found != wanted[name]]
    for name in wrong:
        await _drop(collection, name)
    missing = [name for name in wanted if name not in there or name in wrong]
    if coll.words is not None and _words_index(coll) in missing:
        await _fill_words(collection, coll)
    for name in [name for name in missing if wanted[name][1]]:
        try:
            await collection.create_index(wanted[name][0], name=name, unique=True)
        except DuplicateKeyError:
            raise Duplicate(name.removeprefix("ux_")) from None
    models = [IndexModel(wanted[name][0], name=name) for name in missing if not wanted[name][1]]
    if models:
        await collection.create_indexes(models)


async def drop_indexes(collection: Collection, coll: Coll) -> None:
    """Drop indexes of ours that are no longer declared."""
    wanted = declared(coll)
    for name in await _indexes(collection):
        if name.startswith(_PREFIXES) and name not in wanted:
            await _drop(collection, name)


async def _indexes(collection: Collection) -> dict[str, tuple[Keys, bool]]:
    found: dict[str, Any] = dict(await collection.index_information())
    return {
        name: ([(path, int(way)) for path, way in one["key"]], bool(one.get("unique", False)))
        for name, one in found.items()
    }


async def _drop(collection: Collection, name: str) -> None:
    try:
        await collection.drop_index(name)
    except OperationFailure as error:
        if error.code != _INDEX_NOT_FOUND:  # another process was quicker
            raise


async def _fill_words(collection: Collection, coll: Coll) -> None:
    """Write the words of documents that were written when another field, or none, held them."""
    last = ""
    while rows := await collection.find({"_id": {"$gt": last}}, sort=[("_id", 1)], limit=_PORTION).to_list(None):
        # Who writes a document meanwhile writes its words, too: that one is left as it is.
        await collection.bulk_write(
            [
                UpdateOne({"_id": row["_id"], "ver": row["ver"]}, {"$set": {"words": words_of(coll, row["body"])}})
                for row in rows
            ],
            ordered=False,
        )
        last = rows[-1]["_id"]
