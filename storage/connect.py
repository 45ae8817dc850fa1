"""From the address of a store to the store, importing only the driver it needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bridge.delivery.quota import LocalQuota, Quota
from bridge.ports import Bus, Files
from storage.documents import Documents


def documents_of(url: str) -> Documents:
    """Return the unopened store of an address.

    sqlite:///path, mongodb://… or mongodb+srv://… (the path names the database), or memory:// for tests and tries.
    Raises ValueError for an address of another kind, or one that cannot be read.
    """
    if url.startswith("sqlite:///"):
        from storage.sqlite import SqliteDocuments

        return SqliteDocuments(Path(url.removeprefix("sqlite:///")))
    if _is_mongo(url):
        from storage.mongo import MongoDocuments

        return MongoDocuments(url)
    if url == "memory://":
        from storage.memory import MemoryDocuments

        return MemoryDocuments()
    raise ValueError(f"no store of this kind: {url.split('://')[0]}")


def files_of(url: str, limit: int, folder: Path | None = None, documents: Documents | None = None) -> Files:
    """Return where the files of a store are kept; at most `limit` bytes each.

    A folder when one is named, else beside an SQLite store `<its file>.files`, in the database of a MongoDB store
    (over the connection of its `documents`), in memory for memory://. Raises ValueError for a store that needs a
    folder to be named.
    """
    if folder is not None or url.startswith("sqlite:///"):
        from storage.files_disk import DiskFiles

        return DiskFiles(folder or Path(url.removeprefix("sqlite:///") + ".files"), limit)
    if _is_mongo(url) and documents is not None:
        from storage.files_gridfs import GridFiles
        from storage.mongo import MongoDocuments

        if isinstance(documents, MongoDocuments):
            return GridFiles(documents.connection, limit)
    if url == "memory://":
        from storage.files_memory import MemoryFiles

        return MemoryFiles(limit)
    raise ValueError(f"files of a store of this kind need a folder: {url.split('://')[0]}")


@asynccontextmanager
async def bus_of(url: str, installation: str) -> AsyncIterator[tuple[Bus, Quota]]:
    """Open the bus of an address and the send budget that goes with it: redis://, rediss://, unix://.

    An empty address: both are this process's own. Names on the server begin with the installation's. Raises
    ValueError for an address that cannot be read; a server that is away is waited for meanwhile.
    """
    if not url:
        from storage.bus_memory import MemoryBus

        yield MemoryBus(), LocalQuota()
        return
    from storage.bus_redis import RedisBus
    from storage.quota_redis import RedisQuota
    from storage.redis_line import RedisLine

    async with RedisLine(url, f"mostik:{installation}") as line, RedisBus(line).open() as bus:
        yield bus, RedisQuota(line)


async def check_bus(url: str) -> str:
    """Prove that the server of an address passes hints on; returns what it is. Raises whatever it raises."""
    from storage.redis_line import check_redis

    return await check_redis(url)


def _is_mongo(url: str) -> bool:
    return url.startswith(("mongodb://", "mongodb+srv://"))
