"""Files in memory: the readable twin of those on disk, for tests and tries."""

import asyncio
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path

from bridge.errors import NotFound
from bridge.model.files import FileClaim, FileFacts
from bridge.model.ids import FileId
from bridge.ports import Files
from storage.spool import spooled


class MemoryFiles:
    """Files that last as long as the process."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._files: dict[FileId, bytes] = {}

    @property
    def limit(self) -> int:
        return self._limit

    async def keep(self, id: FileId, chunks: AsyncIterable[bytes], claim: FileClaim) -> FileFacts:
        with tempfile.TemporaryDirectory() as folder:
            async with spooled(Path(folder), chunks, claim, self._limit) as found:
                self._files[id] = await asyncio.to_thread(found.path.read_bytes)
                return found.facts

    async def read(self, id: FileId, start: int = 0) -> AsyncIterator[bytes]:
        if id not in self._files:
            raise NotFound(f"file {id}")
        yield self._files[id][start:]

    async def delete(self, id: FileId) -> bool:
        return self._files.pop(id, None) is not None


_: type[Files] = MemoryFiles
