"""Canned replies, macros, and what people of the desk have written and not sent."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Generic, TypeVar

from bridge.errors import Conflict
from bridge.model.canned import Canned, Macro
from bridge.model.drafts import StoredDraft, draft_id
from bridge.model.ids import ConversationId, OperatorId
from storage.documents import Coll, Documents, Duplicate, Order, P, VersionConflict
from storage.repositories.base import Rows
from storage.schema import CANNED, COUNTERS, DRAFTS, MACROS

#: More than an installation has of one kind.
MOST = 10_000

T = TypeVar("T", Canned, Macro)


class _Counted(Generic[T]):
    """Rows whose uses are counted beside them, so that a use is no change of the row."""

    def __init__(self, documents: Documents, coll: Coll, cls: type[T]) -> None:
        self._rows: Rows[T] = Rows(documents, coll, cls)

    def _counter(self, id: str) -> str:
        return f"{self._rows.coll.name}:{id}"

    async def all(self) -> list[T]:
        rows = await self._rows.list(limit=MOST)
        return sorted(rows, key=lambda row: (row.title.casefold(), row.id))

    async def get(self, id: str) -> T:
        return await self._rows.get(id)

    async def add(self, row: T) -> T:
        return (await self._rows.insert_once(row))[0]

    async def replace(self, row: T) -> T:
        return await self._rows.replace(row)

    async def drop(self, id: str) -> None:
        for coll, key in ((self._rows.coll, id), (COUNTERS, self._counter(id))):
            await self._rows.documents.delete(coll, key)

    async def used(self, id: str, token: str) -> int:
        return int((await self._rows.documents.bump(COUNTERS, self._counter(id), {"n": 1}, token)).body["n"])

    async def uses(self, ids: Sequence[str]) -> dict[str, int]:
        docs = await self._rows.documents.get_many(COUNTERS, [self._counter(id) for id in ids])
        return {id: int(docs[self._counter(id)].body["n"]) for id in ids if self._counter(id) in docs}


class CannedRows(_Counted[Canned]):
    """Canned replies, as bridge.ports.canned.Shelf says."""

    def __init__(self, documents: Documents) -> None:
        super().__init__(documents, CANNED, Canned)


class MacroRows(_Counted[Macro]):
    """Macros, as bridge.ports.canned.Shelf says."""

    def __init__(self, documents: Documents) -> None:
        super().__init__(documents, MACROS, Macro)


class DraftRows:
    """Drafts, as bridge.ports.canned.Drafts says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, DRAFTS, StoredDraft)

    async def get(self, operator: OperatorId, conversation: ConversationId, mode: str) -> StoredDraft | None:
        return await self._rows.find(draft_id(operator, conversation, mode))

    async def put(self, draft: StoredDraft) -> StoredDraft:
        while True:
            with suppress(Duplicate, Conflict):
                there = await self._rows.find(draft.id)
                if there is None:
                    return await self._rows.insert(draft)
                return await self._rows.replace(replace(draft, version=there.version))

    async def drop(self, operator: OperatorId, conversation: ConversationId, mode: str, stamp: str | None) -> bool:
        id = draft_id(operator, conversation, mode)
        while (there := await self._rows.find(id)) is not None and stamp in (None, there.stamp):
            with suppress(VersionConflict):
                return await self._rows.documents.delete(DRAFTS, id, there.version)
        return False

    async def of(self, operator: OperatorId, limit: int) -> list[StoredDraft]:
        return await self._rows.list(P("operator", "eq", operator), order=Order("at", desc=True), limit=limit)
