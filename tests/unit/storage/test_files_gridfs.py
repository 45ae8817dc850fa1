"""What is particular to files in GridFS: its own tools read them, and what dies on its way in leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from gridfs import AsyncGridFSBucket
from pymongo import AsyncMongoClient

from bridge.errors import NotFound, StoreDown
from bridge.model.files import FileClaim
from bridge.model.ids import FileId
from storage.files_gridfs import CHUNK, STALE, GridFiles
from storage.mongo import MongoDocuments
from tests.files import LIMIT, read, stream
from tests.mongo_server import MongoServer, database_of

pytestmark = pytest.mark.mongo
CLAIM = FileClaim("data.bin", "", "", LIMIT)
ID = FileId("0001abc")


@dataclass
class Place:
    files: GridFiles
    documents: MongoDocuments
    database: Any

    async def rows(self) -> dict[str, int]:
        names = ("fs.files", "fs.chunks", "fs.incoming")
        return {name: await self.database[name].count_documents({}) for name in names}


@pytest.fixture
async def place(mongo_url: str) -> AsyncIterator[Place]:
    documents = MongoDocuments(mongo_url)
    await documents.open([])
    async with AsyncMongoClient(mongo_url) as client:
        yield Place(GridFiles(documents.connection, LIMIT), documents, client.get_default_database())
    await documents.close()


async def test_gridfs_itself_reads_what_was_kept(place: Place) -> None:
    body = bytes(range(256)) * 2048
    facts = await place.files.keep(ID, stream(body), CLAIM)
    opened = await AsyncGridFSBucket(place.database).open_download_stream_by_name(ID)
    assert await opened.read() == body
    assert opened.metadata == {"contentType": facts.mime, "sha256": facts.sha256}
    assert await place.rows() == {"fs.files": 1, "fs.chunks": -(-len(body) // CHUNK), "fs.incoming": 0}
    assert set(await place.database["fs.chunks"].index_information()) == {"_id_", "files_id_1_n_1"}


async def test_a_file_kept_again_is_replaced_whoever_does_it_at_once(place: Place) -> None:
    bodies = [bytes([n]) * 300_000 for n in range(5)]
    await asyncio.gather(*(place.files.keep(ID, stream(body), CLAIM) for body in bodies))
    assert await read(place.files.read(ID)) in bodies
    await place.files.keep(ID, stream(b"last"), CLAIM)
    assert await read(place.files.read(ID)) == b"last"
    assert await place.rows() == {"fs.files": 1, "fs.chunks": 1, "fs.incoming": 0}
    assert await place.files.delete(ID)
    assert await place.rows() == {"fs.files": 0, "fs.chunks": 0, "fs.incoming": 0}


async def test_a_file_that_ends_before_its_end_leaves_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    written = asyncio.Event()

    async def stuck(self: GridFiles, revision: ObjectId, *rest: Any) -> None:
        async with self._call() as database:
            await database["fs.chunks"].insert_one({"files_id": revision, "n": 0, "data": b"half"})
        written.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(GridFiles, "_write", stuck)
    keeping = asyncio.create_task(place.files.keep(ID, stream(b"whole"), CLAIM))
    await written.wait()
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert await place.rows() == {"fs.files": 0, "fs.chunks": 0, "fs.incoming": 0}
    with pytest.raises(NotFound):
        await read(place.files.read(ID))


async def test_what_a_dead_process_left_is_thrown_away_and_nothing_else(place: Place) -> None:
    await place.files.keep(ID, stream(b"kept"), CLAIM)
    (kept,) = await place.database["fs.files"].find().to_list(None)
    long_ago, just_now = datetime.now(UTC) - STALE - timedelta(hours=1), datetime.now(UTC)
    dead, alive = ObjectId(), ObjectId()
    for revision, at in ((dead, long_ago), (alive, just_now), (kept["_id"], long_ago)):
        await place.database["fs.incoming"].insert_one({"_id": revision, "at": at})
    for revision in (dead, alive):
        await place.database["fs.chunks"].insert_one({"files_id": revision, "n": 0, "data": b"half"})
    again = GridFiles(place.documents.connection, LIMIT)
    await again.keep(FileId("0002abc"), stream(b"another"), CLAIM)
    assert await read(again.read(ID)) == b"kept"
    left = await place.database["fs.chunks"].distinct("files_id")
    assert dead not in left
    assert alive in left
    assert [row["_id"] for row in await place.database["fs.incoming"].find().to_list(None)] == [alive]


async def test_a_file_that_goes_while_it_is_read_says_so(place: Place) -> None:
    await place.files.keep(ID, stream(b"x" * (CHUNK + 1)), CLAIM)
    pieces = place.files.read(ID)
    assert len(await anext(pieces)) == CHUNK
    await place.files.delete(ID)
    with pytest.raises(StoreDown, match="while it was read"):
        await anext(pieces)


@pytest.mark.usefixtures("absent_server")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
async def test_a_server_that_is_away_is_store_down(mongo_server: MongoServer) -> None:
    server = MongoServer()
    documents = MongoDocuments(database_of(f"{server.url}?serverSelectionTimeoutMS=400&timeoutMS=400"))
    await documents.open([])
    server.stop()
    files = GridFiles(documents.connection, LIMIT)
    for call in (files.keep(ID, stream(b"x"), CLAIM), read(files.read(ID)), files.delete(ID)):
        with pytest.raises(StoreDown, match="does not answer"):
            await call
    await documents.close()
    with pytest.raises(StoreDown, match="closed"):
        await files.delete(ID)
