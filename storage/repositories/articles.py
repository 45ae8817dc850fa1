"""The knowledge base as it is kept."""

from collections.abc import Sequence

from bridge.errors import Conflict
from bridge.model.articles import Article, Label, Library
from bridge.model.ids import ArticleId, derive
from storage.documents import Documents, Duplicate, Key, P
from storage.repositories.base import Rows
from storage.schema import ARTICLES, LABELS

#: Articles read at once when a matcher is built.
PORTION = 1000


class ArticleRows:
    """Articles and labels, as bridge.ports.stores.Articles says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._rows = Rows(documents, ARTICLES, Article)

    async def get(self, id: ArticleId) -> Article:
        return await self._rows.get(id)

    async def page(self, cursor: str | None, limit: int) -> tuple[list[Article], str | None]:
        rows = await self._rows.list(after=Key(None, cursor) if cursor else None, limit=limit + 1)
        return rows[:limit], rows[limit - 1].id if len(rows) > limit else None

    async def put(self, article: Article) -> Article:
        if article.version:
            return await self._rows.replace(article)
        stored = await self._documents.get(ARTICLES, article.id)
        if stored is None:
            try:
                return await self._rows.insert(article)
            except Duplicate:
                raise Conflict("version") from None
        return self._rows.row(await self._documents.replace(ARTICLES, article.id, stored.ver, self._rows.body(article)))

    async def delete(self, id: ArticleId) -> bool:
        return await self._documents.delete(ARTICLES, id)

    async def labels(self) -> list[Label]:
        labels: list[Label] = []
        after: Key | None = None
        while True:
            docs = await self._documents.find(LABELS, after=after, limit=PORTION)
            labels += [Label(doc.body["text"], doc.body["article_id"]) for doc in docs]
            if len(docs) < PORTION:
                return labels
            after = Key(None, docs[-1].id)

    async def put_labels(self, labels: Sequence[Label]) -> None:
        for label in labels:
            try:
                await self._documents.insert(
                    LABELS,
                    derive("label", label.text, label.article_id),
                    {"text": label.text, "article_id": label.article_id},
                )
            except Duplicate:
                continue

    async def library(self) -> Library:
        articles: list[Article] = []
        after: Key | None = None
        while True:
            rows = await self._rows.list(P("state", "eq", "published"), after=after, limit=PORTION)
            articles += rows
            if len(rows) < PORTION:
                return Library(tuple(articles), tuple(await self.labels()))
            after = Key(None, rows[-1].id)
