"""What people said about questions and answers, and automatic answers to be looked at."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from heapq import nlargest

from bridge.errors import Conflict
from bridge.model.ids import ArticleId
from bridge.model.labels import LabelSource, Review, Verdict
from storage.documents import Body, Documents, Key, Order, P, VersionConflict
from storage.repositories.base import Rows
from storage.schema import LABELS, REVIEWS

#: Verdicts read at once when all are.
PORTION = 1000


class LabelRows:
    """Verdicts, as bridge.ports.knowledge.Labels says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._rows = Rows(documents, LABELS, Verdict, _proposed)

    async def all(self) -> list[Verdict]:
        found: list[Verdict] = []
        after: Key | None = None
        while True:
            rows = await self._rows.list(after=after, limit=PORTION)
            found += rows
            if len(rows) < PORTION:
                return found
            after = Key(None, rows[-1].id)

    async def put(self, verdict: Verdict) -> bool:
        while True:
            there, new = await self._rows.insert_once(verdict)
            if new:
                return True
            if there.said == verdict.said or not _later(verdict.at, there.at):
                return False
            try:
                await self._rows.replace(_over(there, verdict))
            except Conflict:
                continue  # written meanwhile: who is later is asked again
            return True

    async def proposed(self, article: ArticleId, limit: int) -> list[Verdict]:
        return await self._rows.list(P("proposed", "eq", article), limit=limit)

    async def proposals(self) -> dict[ArticleId, int]:
        return {ArticleId(id): count for id, count in (await self._documents.group(LABELS, "proposed")).items()}

    async def many(self, ids: Sequence[str]) -> list[Verdict]:
        return await self._rows.many(ids)

    async def asked(self, keys: Sequence[str]) -> list[Verdict]:
        if not keys:
            return []
        return await self._rows.list(P("asked", "in", tuple(dict.fromkeys(keys))), limit=PORTION)

    async def replace(self, verdict: Verdict) -> Verdict:
        return await self._rows.replace(verdict)

    async def drop(self, verdict: Verdict) -> bool:
        try:
            return await self._documents.delete(LABELS, verdict.id, verdict.version)
        except VersionConflict:
            return False

    async def counts(self) -> dict[str, int]:
        found = {str(source): count for source, count in (await self._documents.group(LABELS, "source")).items()}
        # Rows of the version before have no source: they came with files.
        unnamed = await self._documents.count(LABELS) - sum(found.values())
        return found if not unnamed else found | {"file": found.get("file", 0) + unnamed}

    async def since(self, at: datetime) -> int:
        return await self._documents.count(LABELS, [P("at", "gt", at)])

    async def said(self, since: datetime, limit: int) -> list[Verdict]:
        found: list[Verdict] = []
        after: Key | None = None
        while True:
            rows = await self._rows.list(P("at", "ge", since), after=after, limit=PORTION)
            found = nlargest(limit, [*found, *rows], key=lambda row: (row.at or since, row.id))
            if len(rows) < PORTION:
                return found
            after = Key(None, rows[-1].id)


def _proposed(row: Verdict) -> Body:
    """Return for which article the text may become a wording: what came with files is not asked about."""
    open_for = row.article_id if row.fits and not row.wording and row.source != LabelSource.FILE else None
    return {"proposed": open_for}


def _later(now: datetime | None, before: datetime | None) -> bool:
    return now is not None and (before is None or now > before)


def _over(there: Verdict, verdict: Verdict) -> Verdict:
    """Return the later word in the row of the earlier one; about another article it is undecided again."""
    same = (there.text, there.article_id) == (verdict.text, verdict.article_id)
    return replace(verdict, version=there.version, wording=there.wording if same else "")


class ReviewRows:
    """Automatic answers to be looked at, as bridge.ports.knowledge.Reviews says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.rows = Rows(documents, REVIEWS, Review)

    async def many(self, ids: Sequence[str]) -> list[Review]:
        return await self.rows.many(ids)

    async def page(self, state: str, limit: int) -> list[Review]:
        return await self.rows.list(P("state", "eq", state), order=Order("at", desc=True), limit=limit)

    async def counts(self) -> dict[str, int]:
        return {str(state): count for state, count in (await self._documents.group(REVIEWS, "state")).items()}

    async def replace(self, review: Review) -> Review:
        return await self.rows.replace(review)

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        return await self._documents.sweep(REVIEWS, (P("at", "lt", before),), limit)
