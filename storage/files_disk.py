"""Files in a folder beside the store: `ab/<id>`, whole or not there, readable by their owner alone."""

import os
import re
import time
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path

from bridge.errors import NotFound
from bridge.model.files import FileClaim, FileFacts
from bridge.model.ids import FileId
from bridge.ports import Files
from storage.spool import on_disk, spooled

#: Bytes of one piece of a file that is read.
PIECE = 256 << 10
#: What a process that died left half written is thrown away after so many seconds.
STALE = 24 * 3600
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{2,63}")


class DiskFiles:
    """Files of an installation that keeps its store on one machine."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._swept = False

    @property
    def limit(self) -> int:
        return self._limit

    async def keep(self, id: FileId, chunks: AsyncIterable[bytes], claim: FileClaim) -> FileFacts:
        path = self._path(id)
        spool = await on_disk(self._made, path.parent)
        async with spooled(spool, chunks, claim, self._limit) as found:
            await on_disk(_placed, found.path, path)
            return found.facts

    async def read(self, id: FileId, start: int = 0) -> AsyncIterator[bytes]:
        path = self._path(id)
        with await on_disk(lambda: path.open("rb")) as file:
            await on_disk(file.seek, start)
            while piece := await on_disk(file.read, PIECE):
                yield piece

    async def delete(self, id: FileId) -> bool:
        try:
            await on_disk(self._path(id).unlink)
        except NotFound:
            return False
        return True

    def _path(self, id: FileId) -> Path:
        """Return a file's place: made of an id of ours alone, nothing a person says stands in a path."""
        if not _ID.fullmatch(id):
            raise NotFound(f"file {id!r}")
        return self._folder / id[:2].lower() / id

    def _made(self, folder: Path) -> Path:
        """Make the folders; returns the one for files on their way in."""
        spool = self._folder / "incoming"
        for each in (self._folder, spool, folder):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._swept:
            self._swept = True
            for left in spool.iterdir():
                if left.stat().st_mtime < time.time() - STALE:
                    left.unlink(missing_ok=True)
        return spool


def _placed(spooled_file: Path, path: Path) -> None:
    """Move a file to its place so that neither a crash nor a power cut leaves half of it there."""
    _synced(spooled_file)
    spooled_file.replace(path)
    _synced(path.parent)


def _synced(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


_: type[Files] = DiskFiles
