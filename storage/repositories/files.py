"""What the files are that the house keeps: their rows, the bytes stand elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from bridge.errors import Conflict
from bridge.model.files import StoredFile
from bridge.model.ids import FileId
from storage.documents import Documents, Order, P, VersionConflict
from storage.repositories.base import Rows
from storage.schema import FILES


class StoredFileRows:
    """Rows of files, as bridge.ports.shelf.FileRows says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, FILES, StoredFile)

    async def get(self, id: FileId) -> StoredFile:
        return await self._rows.get(id)

    async def find(self, id: FileId) -> StoredFile | None:
        return await self._rows.find(id)

    async def many(self, ids: Sequence[FileId]) -> list[StoredFile]:
        return await self._rows.many(ids)

    async def add(self, file: StoredFile) -> StoredFile:
        return (await self._rows.insert_once(file))[0]

    async def replace(self, file: StoredFile) -> StoredFile:
        return await self._rows.replace(file)

    async def loose(self, before: datetime, limit: int) -> list[StoredFile]:
        past = (P("loose", "eq", True), P("at", "lt", before))
        return await self._rows.list(*past, order=Order("at"), limit=limit)

    async def drop(self, file: StoredFile) -> None:
        try:
            await self._rows.documents.delete(FILES, file.id, file.version)
        except VersionConflict:
            raise Conflict("version", f"file {file.id}") from None
