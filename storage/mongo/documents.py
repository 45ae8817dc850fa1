"""Documents in a MongoDB database. Fulfils storage.documents.Documents; several processes may share the database.

A single server suffices: every write changes one document, transactions and change streams are not used. A write whose
answer was lost on the way is Unavailable to the caller and may have happened; all writes of the port can be repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from pymongo.errors import OperationFailure

from storage.checks import (
    check_after,
    check_claim,
    check_collection,
    check_id,
    check_inc,
    check_new,
    check_where,
    plan_group,
)
from storage.documents import Body, Coll, Doc, Documents, Duplicate, Index, Key, Order, P, Unavailable, check_body, plan
from storage.mongo import writes
from storage.mongo.connection import Connection
from storage.mongo.faults import BAD_HINT
from storage.mongo.layout import OWN, Collection, drop_index, make_indexes, require_layout
from storage.mongo.queries import Hint, beyond, hint, matching, sorting
from storage.mongo.rows import READ, Raw, doc_of, path_of

T = TypeVar("T")

_IDS_AT_ONCE = 1000
_ROWS_AT_ONCE = 1000


class MongoDocuments:
    """Documents in the database an address names ("mostik" when it names none); raises ValueError for a bad address.

    The user needs the role readWrite on that database. Calls belong to the event loop that opened the store.
    """

    def __init__(self, url: str) -> None:
        self.connection = Connection(url)
        self._opened: dict[str, Coll] = {}

    async def open(self, collections: Sequence[Coll]) -> None:
        """Connect and make declared indexes; raises ValueError, Duplicate, Unavailable."""
        checked = [check_collection(coll) for coll in collections]
        if not self.connection.is_open:
            await self.connection.open()
        try:
            async with self.connection.call(patient=True) as database:
                await require_layout(database)
                # All are made before any is dropped: whoever is refused here finds the old ones as they were.
                made = await asyncio.gather(
                    *(make_indexes(database[coll.name], coll) for coll in checked), return_exceptions=True
                )
                for coll, stale in zip(checked, made, strict=True):
                    if isinstance(stale, BaseException):
                        raise stale
                    for name in stale:
                        await drop_index(database[coll.name], name)
        except BaseException:
            if not self._opened:
                await self.close()
            raise
        self._opened |= {coll.name: coll for coll in checked}

    async def close(self) -> None:
        """Finish accepted writes and disconnect."""
        self._opened = {}
        await self.connection.close()

    async def ping(self) -> None:
        """Change a document."""
        async with self.connection.call() as database:
            await database[OWN].update_one({"_id": "ping"}, {"$inc": {"at": 1}}, upsert=True)

    async def give_back(self, pages: int) -> bool:
        """Leave it to the server: what is freed is used again."""
        return False

    async def scrub(self) -> None:
        """Leave it to the server: its files, journal and oplog are written over in its own time."""

    async def get(self, coll: Coll, id: str) -> Doc | None:
        """Read one document."""
        self._known(coll)
        id = check_id(id)
        async with self.connection.call() as database:
            raw = await database[coll.name].find_one({"_id": id}, READ)
        return None if raw is None else doc_of(raw)

    async def get_many(self, coll: Coll, ids: Sequence[str]) -> dict[str, Doc]:
        """Read several documents at once, absent ones left out."""
        self._known(coll)
        wanted, found = list(dict.fromkeys(map(check_id, ids))), {}
        for start in range(0, len(wanted), _IDS_AT_ONCE):
            portion = wanted[start : start + _IDS_AT_ONCE]
            async with self.connection.call() as database:
                rows = database[coll.name].find({"_id": {"$in": portion}}, READ, batch_size=len(portion))
                found.update({raw["_id"]: doc_of(raw) for raw in await rows.to_list(None)})
        return {id: found[id] for id in wanted if id in found}

    async def insert(self, coll: Coll, id: str, body: Body) -> Doc:
        """Write a new document; raises Duplicate."""
        coll = self._known(coll)
        id, clean = check_id(id), check_body(coll, body)
        async with self.connection.call() as database:
            return await writes.insert(database[coll.name], coll, id, clean)

    async def insert_many(self, coll: Coll, docs: Sequence[tuple[str, Body]]) -> list[Doc | Duplicate]:
        """Write new documents, each for itself: what became of each, in order."""
        coll = self._known(coll)
        clean = check_new(coll, docs)
        told: list[Doc | Duplicate] = []
        for start in range(0, len(clean), _ROWS_AT_ONCE):
            async with self.connection.call() as database:
                told += await writes.insert_many(database[coll.name], coll, clean[start : start + _ROWS_AT_ONCE])
        return told

    async def replace(self, coll: Coll, id: str, ver: int, body: Body) -> Doc:
        """Write a new body if the version is still `ver`; raises VersionConflict or Duplicate."""
        coll = self._known(coll)
        id, clean = check_id(id), check_body(coll, body)
        async with self.connection.call() as database:
            return await writes.replace(database[coll.name], coll, id, ver, clean)

    async def delete(self, coll: Coll, id: str, ver: int | None = None) -> bool:
        """Remove a document (at this version, if one is given); raises VersionConflict."""
        self._known(coll)
        id = check_id(id)
        async with self.connection.call() as database:
            return await writes.delete(database[coll.name], id, ver)

    async def find(
        self,
        coll: Coll,
        where: Sequence[P] = (),
        order: Order | None = None,
        after: Key | None = None,
        limit: int = 100,
    ) -> list[Doc]:
        """Read documents in order, from after a key on; raises Unplanned."""
        coll = self._known(coll)
        index = plan(coll, where, order)
        asked, end = check_where(coll, where), check_after(coll, order, after)
        if limit < 1:
            return []

        async def run(collection: Collection, hint: Hint) -> list[Raw]:
            wanted, sort = matching(coll, asked, *beyond(order, end)), sorting(index, asked, order)
            batch = min(limit, _ROWS_AT_ONCE)
            return await collection.find(wanted, READ, sort=sort, limit=limit, batch_size=batch, **hint).to_list(None)

        return [doc_of(raw) for raw in await self._planned(coll, index, asked, run)]

    async def count(self, coll: Coll, where: Sequence[P] = ()) -> int:
        """Count documents; raises Unplanned."""
        coll = self._known(coll)
        index = plan(coll, where, None)
        asked = check_where(coll, where)
        return await self._planned(
            coll, index, asked, lambda collection, hint: collection.count_documents(matching(coll, asked), **hint)
        )

    async def group(self, coll: Coll, by: str, where: Sequence[P] = ()) -> dict[Any, int]:
        """Count documents by the values of one declared field; raises Unplanned."""
        coll = self._known(coll)
        index = plan_group(coll, by, where)
        asked = check_where(coll, where)
        path = path_of(by)
        steps = [
            {"$match": matching(coll, asked, {path: {"$ne": None}})},
            {"$group": {"_id": f"${path}", "n": {"$sum": 1}}},
        ]

        async def run(collection: Collection, hint: Hint) -> list[Raw]:
            return await (await collection.aggregate(steps, **hint)).to_list(None)

        return {raw["_id"]: raw["n"] for raw in await self._planned(coll, index, asked, run)}

    async def bump(self, coll: Coll, id: str, inc: Mapping[str, int], token: str | None = None) -> Doc:
        """Add to counters of a document, made at 0 when absent; once only for a token."""
        coll, id, steps = self._known(coll), check_id(id), dict(inc)
        check_inc(coll, steps, token)
        async with self.connection.call() as database:
            return await writes.bump(database[coll.name], coll, id, steps, token)

    async def claim(
        self, coll: Coll, where: Sequence[P], due: str, now: datetime, until: datetime, holder: str, limit: int
    ) -> list[Doc]:
        """Take documents whose `due` is past, earliest first: sets due = until and holder = holder."""
        coll = self._known(coll)
        now, until, holder = check_claim(coll, due, now, until, holder)
        index = plan(coll, where, Order(due))
        asked = [*check_where(coll, where), P(due, "le", now)]
        taken: list[Doc] = []
        try:
            while len(taken) < limit:
                # A lease that ends by now would give the same ones again.
                more = [] if until > now else [{"_id": {"$nin": [doc.id for doc in taken]}}]
                wanted, sort = matching(coll, asked, *more), sorting(index, asked, Order(due))
                take = partial(writes.claim, wanted=wanted, sort=sort, due=due, until=until, holder=holder)
                doc = await self._planned(coll, index, asked, take)
                if doc is None:
                    break
                taken.append(doc)
        except Unavailable:
            if not taken:  # those that were taken are this call's to tell
                raise
        return taken

    async def sweep(self, coll: Coll, where: Sequence[P], limit: int = 1000) -> int:
        """Delete a portion of the documents that match; returns how many."""
        coll = self._known(coll)
        index = plan(coll, where, None)
        asked = check_where(coll, where)
        if limit < 1:
            return 0
        sweep = partial(writes.sweep, wanted=matching(coll, asked), limit=limit)
        return await self._planned(coll, index, asked, sweep)

    async def _planned(
        self, coll: Coll, index: Index | None, where: Sequence[P], run: Callable[[Collection, Hint], Awaitable[T]]
    ) -> T:
        """Run a question with the hint to its planned index.

        One that a newer program dropped meanwhile, or an administrator, costs time and not the answer.
        """
        async with self.connection.call() as database:
            try:
                return await run(database[coll.name], hint(index, where))
            except OperationFailure as error:
                if error.code != BAD_HINT:
                    raise
                return await run(database[coll.name], {})

    def _known(self, coll: Coll) -> Coll:
        if not self.connection.is_open:
            raise Unavailable(f"{self.connection.where} is closed")
        known = self._opened.get(coll.name)
        if known is None:
            raise ValueError(f"{coll.name} was not opened")
        return known


_: type[Documents] = MongoDocuments
