"""Questions without an answer."""

from collections.abc import Sequence
from datetime import datetime

from bridge.model.ids import ArticleId
from bridge.model.misses import Miss
from storage.documents import Documents, Order, P
from storage.repositories.base import Rows
from storage.schema import MISSES


class MissRows:
    """Questions without an answer, as bridge.ports.knowledge.Misses says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.rows = Rows(documents, MISSES, Miss)

    async def many(self, ids: Sequence[str]) -> list[Miss]:
        return await self.rows.many(ids)

    async def open(self, since: datetime, limit: int) -> list[Miss]:
        return await self._in("open", since, limit)

    async def dismissed(self, since: datetime, limit: int) -> list[Miss]:
        return await self._in("dismissed", since, limit)

    async def _in(self, state: str, since: datetime, limit: int) -> list[Miss]:
        newest = Order("at", desc=True)
        return await self.rows.list(P("state", "eq", state), P("at", "ge", since), order=newest, limit=limit)

    async def of(self, article: ArticleId, limit: int) -> list[Miss]:
        return await self.rows.list(P("article", "eq", article), order=Order("at", desc=True), limit=limit)

    async def replace(self, miss: Miss) -> Miss:
        return await self.rows.replace(miss)

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        return await self._documents.sweep(MISSES, (P("at", "lt", before),), limit)
