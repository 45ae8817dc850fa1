"""Questions kept as tests of the knowledge base, and what became of articles with customers."""

from collections.abc import Sequence
from datetime import datetime

from bridge.errors import Conflict
from bridge.model.questions import KeptQuestion, Use, UseDay
from storage.documents import Documents, Key, Order, P
from storage.repositories.base import Rows
from storage.schema import KEPT_QUESTIONS, USE_DAYS, USES

#: Rows read at once.
PORTION = 1000


class KeptQuestionRows:
    """Kept questions, as bridge.ports.knowledge.KeptQuestions says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._rows = Rows(documents, KEPT_QUESTIONS, KeptQuestion)

    async def all(self) -> list[KeptQuestion]:
        found: list[KeptQuestion] = []
        after: Key | None = None
        while True:
            rows = await self._rows.list(after=after, limit=PORTION)
            found += rows
            if len(rows) < PORTION:
                return sorted(found, key=lambda row: (row.signed.at, row.id))
            after = Key(None, rows[-1].id)

    async def get(self, id: str) -> KeptQuestion:
        return await self._rows.get(id)

    async def has(self, id: str) -> bool:
        return await self._rows.find(id) is not None

    async def put(self, row: KeptQuestion) -> KeptQuestion:
        return await self._rows.replace(row) if row.version else (await self._rows.insert_once(row))[0]

    async def delete(self, id: str) -> bool:
        return await self._documents.delete(KEPT_QUESTIONS, id)

    async def count(self) -> int:
        return await self._documents.count(KEPT_QUESTIONS)


class UseRows:
    """What became of articles with customers, as bridge.ports.knowledge.Uses says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.kept = Rows(documents, USES, Use)
        self._days = Rows(documents, USE_DAYS, UseDay)

    async def days(self) -> list[UseDay]:
        return await self._days.list(limit=PORTION)

    async def save(self, day: UseDay) -> UseDay:
        if day.version:
            return await self._days.replace(day)
        there, new = await self._days.insert_once(day)
        if not new:
            raise Conflict("version", f"{day.id} is there")
        return there

    async def drop(self, day: UseDay) -> None:
        await self._documents.delete(USE_DAYS, day.id)

    async def rows(self, since: datetime | None, before: datetime) -> list[Use]:
        found: list[Use] = []
        where = [P("at", "lt", before)] + ([P("at", "ge", since)] if since is not None else [])
        after: Key | None = None
        while True:
            rows = await self.kept.list(*where, order=Order("at"), after=after, limit=PORTION)
            found += rows
            if len(rows) < PORTION:
                return found
            after = Key(rows[-1].at, rows[-1].id)

    async def newest(self, how: Sequence[str]) -> datetime | None:
        found = [await self.kept.list(P("how", "eq", one), order=Order("at", desc=True), limit=1) for one in how]
        return max((row.at for rows in found for row in rows), default=None)

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        return await self._documents.sweep(USES, (P("at", "lt", before),), limit)
