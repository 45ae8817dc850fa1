"""What the hall needs from the cellar to know its files: their rows; bridge.ports.Files keeps the bytes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bridge.model.files import StoredFile
from bridge.model.ids import FileId


class FileRows(Protocol):
    """Files by id; a row is written when the bytes are kept."""

    async def get(self, id: FileId) -> StoredFile:
        """Read one; raises NotFound."""

    async def find(self, id: FileId) -> StoredFile | None:
        """Read one if it is there."""

    async def many(self, ids: Sequence[FileId]) -> list[StoredFile]:
        """Read several in the order asked, absent ones left out."""

    async def add(self, file: StoredFile) -> StoredFile:
        """Store it once; returns the one that is there."""

    async def replace(self, file: StoredFile) -> StoredFile:
        """Compare and swap by version; raises Conflict("version"), also when it is gone."""

    async def loose(self, before: datetime, limit: int) -> list[StoredFile]:
        """Files brought before a time that are part of no message, oldest first."""

    async def drop(self, file: StoredFile) -> None:
        """Remove one at its version; raises Conflict("version") when it was written meanwhile."""
