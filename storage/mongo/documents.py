"""Documents in a MongoDB database. Fulfils storage.documents.Documents; several processes may share the database.

A single server suffices: every write changes one document, transactions and change streams are not used. A write whose
answer was lost on the way is Unavailable to the caller and may have happened; all writes of the port can be repeated.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.checks import check_after, check_claim, check_collection, check_id, check_inc, check_where, plan_group
from storage.documents import Body, Coll, Doc, Documents, Key, Order, P, Unavailable, check_body, plan
from storage.mongo import writes
from storage.mongo.connection import Connection
from storage.mongo.layout import OWN, drop_indexes, make_indexes, require_layout
from storage.mongo.queries import beyond, hint, matching, sorting
from storage.mongo.rows import READ, doc_of, path_of

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
                await asyncio.gather(*(make_indexes(database[coll.name], coll) for coll in checked))
                await asyncio.gather(*(drop_indexes(database[coll.name], coll) for coll in checked))
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
        async with self.connection.call() as database:
            rows = database[coll.name].find(
                matching(coll, asked, *beyond(order, end)),
                READ,
                sort=sorting(index, asked, order),
                limit=limit,
                batch_size=min(limit, _ROWS_AT_ONCE),
                **hint(index, asked),
            )
            return [doc_of(raw) for raw in await rows.to_list(None)]

    async def count(self, coll: Coll, where: Sequence[P] = ()) -> int:
        """Count documents; raises Unplanned."""
        coll = self._known(coll)
        index = plan(coll, where, None)
        asked = check_where(coll, where)
        async with self.connection.call() as database:
            return await database[coll.name].count_documents(matching(coll, asked), **hint(index, asked))

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
        async with self.connection.call() as database:
            cursor = await database[coll.name].aggregate(steps, **hint(index, asked))
            return {raw["_id"]: raw["n"] for raw in await cursor.to_list(None)}

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
        asked = check_where(coll, where)
        taken: list[Doc] = []
        try:
            while len(taken) < limit:
                # A lease that ends by now would give the same ones again.
                more = [] if until > now else [doc.id for doc in taken]
                async with self.connection.call() as database:
                    doc = await writes.claim(database[coll.name], coll, index, asked, due, now, until, holder, more)
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
        async with self.connection.call() as database:
            return await writes.sweep(database[coll.name], coll, index, asked, limit)

    def _known(self, coll: Coll) -> Coll:
        if not self.connection.is_open:
            raise Unavailable(f"{self.connection.where} is closed")
        known = self._opened.get(coll.name)
        if known is None:
            raise ValueError(f"{coll.name} was not opened")
        return known


_: type[Documents] = MongoDocuments
