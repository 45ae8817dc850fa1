"""Files in the database beside the documents, laid out as GridFS (`fs.files`, `fs.chunks`): its tools read them.

A file kept under an id is a revision with that file name; the newest counts, and a revision is there once its entry in
`fs.files` is, which is written last. `fs.incoming` lists revisions on their way in: a process that died left those.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING, WriteConcern

from bridge.errors import NotFound, StoreDown
from bridge.model.files import FileClaim, FileFacts
from bridge.model.ids import FileId
from bridge.ports import Files
from storage.checks import check_id
from storage.documents import Unavailable
from storage.mongo.connection import Connection, Database
from storage.spool import spooled

#: Bytes of a chunk, as GridFS has it.
CHUNK = 255 << 10
#: What a process that died left half written is thrown away after so long.
STALE = timedelta(hours=24)
#: Chunks need not be on the disk before the entry is: one journal holds both in the order they were written.
_SOON = WriteConcern(w=1)


class GridFiles:
    """Files of an installation whose store is a MongoDB database; open as long as its documents are."""

    def __init__(self, connection: Connection, limit: int) -> None:
        self._connection = connection
        self._limit = limit
        self._prepared = False

    @property
    def limit(self) -> int:
        return self._limit

    async def keep(self, id: FileId, chunks: AsyncIterable[bytes], claim: FileClaim) -> FileFacts:
        check_id(id)
        with tempfile.TemporaryDirectory(prefix="mostik-") as folder:
            async with spooled(Path(folder), chunks, claim, self._limit) as found:
                await self._prepare()
                revision = ObjectId()
                async with self._call() as database:
                    await database["fs.incoming"].insert_one({"_id": revision, "at": datetime.now(UTC)})
                try:
                    await self._write(revision, id, found.path, found.facts)
                except BaseException:
                    await self._withdraw(revision)
                    raise
                await self._drop_older(id)
                return found.facts

    async def read(self, id: FileId, start: int = 0) -> AsyncIterator[bytes]:
        entry = await self._newest(id)
        size, length = int(entry["chunkSize"]), int(entry["length"])
        skipped = start % size
        for number in range(start // size, -(-length // size)):
            async with self._call() as database:
                chunk = await database["fs.chunks"].find_one({"files_id": entry["_id"], "n": number})
            if chunk is None:
                raise StoreDown(f"files: {id} was replaced or forgotten while it was read")
            piece = bytes(chunk["data"])[skipped:]
            skipped = 0
            if piece:
                yield piece

    async def delete(self, id: FileId) -> bool:
        there = False
        for revision in await self._revisions(id):
            there = await self._forget(revision) or there
        return there

    async def _write(self, revision: ObjectId, id: FileId, path: Path, facts: FileFacts) -> None:
        with await asyncio.to_thread(path.open, "rb") as file:
            number = 0
            while piece := await asyncio.to_thread(file.read, CHUNK):
                async with self._call() as database:
                    soon = database["fs.chunks"].with_options(write_concern=_SOON)
                    await soon.insert_one({"files_id": revision, "n": number, "data": piece})
                number += 1
        entry = {
            "_id": revision,
            "filename": id,
            "length": facts.size,
            "chunkSize": CHUNK,
            "uploadDate": datetime.now(UTC),
            "metadata": {"contentType": facts.mime, "sha256": facts.sha256},
        }
        async with self._call() as database:
            await database["fs.files"].insert_one(entry)
            await database["fs.incoming"].delete_one({"_id": revision})

    async def _withdraw(self, revision: ObjectId) -> None:
        """Take back what was written of a revision, if the server is still there; else the next process does."""
        try:
            async with self._call() as database:
                await _removed(database, revision)
        except StoreDown:
            return

    async def _drop_older(self, id: FileId) -> None:
        # Several may have replaced it at once: all of them find the same one the newest.
        for revision in (await self._revisions(id))[1:]:
            await self._forget(revision)

    async def _newest(self, id: FileId) -> dict[str, Any]:
        try:
            check_id(id)
        except ValueError:
            raise NotFound(f"file {id!r}") from None
        async with self._call() as database:
            newest = [("uploadDate", DESCENDING), ("_id", DESCENDING)]
            entry = await database["fs.files"].find_one({"filename": id}, sort=newest)
        if entry is None:
            raise NotFound(f"file {id}")
        return entry

    async def _revisions(self, id: FileId) -> list[ObjectId]:
        """Return all revisions of a file, the newest first."""
        async with self._call() as database:
            newest = [("uploadDate", DESCENDING), ("_id", DESCENDING)]
            rows = await database["fs.files"].find({"filename": id}, {"_id": 1}, sort=newest).to_list(None)
        return [row["_id"] for row in rows]

    async def _forget(self, revision: ObjectId) -> bool:
        async with self._call() as database:
            # The entry goes first: nobody finds a file whose chunks are going.
            return await _removed(database, revision)

    async def _prepare(self) -> None:
        """Make the indexes GridFS wants, and throw away what dead processes left, once."""
        if self._prepared:
            return
        async with self._call(patient=True) as database:
            await database["fs.files"].create_index([("filename", ASCENDING), ("uploadDate", ASCENDING)])
            await database["fs.chunks"].create_index([("files_id", ASCENDING), ("n", ASCENDING)], unique=True)
            left = database["fs.incoming"].find({"at": {"$lt": datetime.now(UTC) - STALE}})
            for row in await left.to_list(None):
                if await database["fs.files"].find_one({"_id": row["_id"]}, {"_id": 1}) is None:
                    await _removed(database, row["_id"])
                await database["fs.incoming"].delete_one({"_id": row["_id"]})
        self._prepared = True

    @asynccontextmanager
    async def _call(self, patient: bool = False) -> AsyncIterator[Database]:
        try:
            async with self._connection.call(patient) as database:
                yield database
        except Unavailable as fault:
            raise StoreDown(f"files: {fault}") from None


async def _removed(database: Database, revision: ObjectId) -> bool:
    done = await database["fs.files"].delete_one({"_id": revision})
    await database["fs.chunks"].delete_many({"files_id": revision})
    await database["fs.incoming"].delete_one({"_id": revision})
    return bool(done.deleted_count)


_: type[Files] = GridFiles
