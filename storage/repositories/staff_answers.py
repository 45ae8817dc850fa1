"""What people of the desk answered, kept for editors."""

from collections.abc import Sequence
from datetime import datetime

from bridge.model.staff_answers import StaffAnswer
from storage.documents import Documents, Key, Order, P
from storage.repositories.base import Rows
from storage.schema import STAFF_ANSWERS

#: Rows read at once.
PORTION = 1000


class StaffAnswerRows:
    """Answers of the desk, as bridge.ports.knowledge.StaffAnswers says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.rows = Rows(documents, STAFF_ANSWERS, StaffAnswer)

    async def many(self, ids: Sequence[str]) -> list[StaffAnswer]:
        return await self.rows.many(ids)

    async def open(self, since: datetime, limit: int) -> list[StaffAnswer]:
        newest = Order("at", desc=True)
        return await self.rows.list(P("state", "eq", "open"), P("at", "ge", since), order=newest, limit=limit)

    async def settled(self) -> list[StaffAnswer]:
        found: list[StaffAnswer] = []
        for state in ("skipped", "taken"):
            after: Key | None = None
            while True:
                rows = await self.rows.list(P("state", "eq", state), order=Order("at"), after=after, limit=PORTION)
                found += rows
                if len(rows) < PORTION:
                    break
                after = Key(rows[-1].at, rows[-1].id)
        return found

    async def replace(self, row: StaffAnswer) -> StaffAnswer:
        return await self.rows.replace(row)

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        return await self._documents.sweep(STAFF_ANSWERS, (P("state", "eq", "open"), P("at", "lt", before)), limit)
