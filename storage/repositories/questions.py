"""Questions kept as tests of the knowledge base, and what became of articles with customers."""

from collections.abc import Sequence
from datetime import datetime

from bridge.model.ids import ArticleId
from bridge.model.questions import KeptQuestion, Use
from storage.documents import Documents, Key, Order, P
from storage.repositories.base import Rows
from storage.schema import KEPT_QUESTIONS, USES

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
        self.rows = Rows(documents, USES, Use)

    async def counts(self, how: str, since: datetime | None = None) -> dict[ArticleId, int]:
        where = [P("how", "eq", how)] + ([P("at", "ge", since)] if since is not None else [])
        found = await self._documents.group(USES, "article", where)
        return {ArticleId(str(article)): count for article, count in found.items()}

    async def of(self, article: ArticleId) -> dict[str, int]:
        found = await self._documents.group(USES, "how", [P("article", "eq", article)])
        return {str(how): count for how, count in found.items()}

    async def last(self, article: ArticleId, how: Sequence[str]) -> datetime | None:
        dates = []
        for one in how:
            where = [P("article", "eq", article), P("how", "eq", one)]
            rows = await self.rows.list(*where, order=Order("at", desc=True), limit=1)
            dates += [row.at for row in rows]
        return max(dates, default=None)
