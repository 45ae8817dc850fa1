"""Bringing a database to the declared collections: their indexes, and the words beside the bodies."""

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


async def make_indexes(collection: Collection, coll: Coll) -> list[str]:
    """Make the indexes that are missing; returns those of ours that are no longer declared. Raises Duplicate."""
    wanted, there = declared(coll), await _indexes(collection)
    for name in [name for name, found in there.items() if found != wanted.get(name, found)]:
        await drop_index(collection, name)
        del there[name]
    missing = {name: keys for name, (keys, unique) in wanted.items() if name not in there and not unique}
    if coll.words is not None and _words_index(coll) in missing:
        await _fill_words(collection, coll)
    for index in coll.indexes:
        if index.unique and index_name(index) not in there:
            try:
                await collection.create_index(index_keys(index), name=index_name(index), unique=True)
            except DuplicateKeyError:
                raise Duplicate(index.name) from None
    if missing:
        await collection.create_indexes([IndexModel(keys, name=name) for name, keys in missing.items()])
    return [name for name in there if name.startswith(_PREFIXES) and name not in wanted]


async def drop_index(collection: Collection, name: str) -> None:
    """Drop an index, if it is still there."""
    try:
        await collection.drop_index(name)
    except OperationFailure as error:
        if error.code != _INDEX_NOT_FOUND:  # another process was quicker
            raise


async def _indexes(collection: Collection) -> dict[str, tuple[Keys, bool]]:
    found = dict(await collection.index_information())
    return {name: (list(one["key"]), bool(one.get("unique", False))) for name, one in found.items()}


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
