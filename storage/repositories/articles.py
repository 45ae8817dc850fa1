"""The knowledge base as it is kept."""

from collections.abc import Sequence
from datetime import datetime

from bridge.errors import Conflict
from bridge.model.articles import Article, ArticleFilters, Content, Edition, Import, Label, Library, edition_of
from bridge.model.ids import ArticleId, derive
from bridge.model.labels import Verdict
from bridge.model.lanes import IDLE
from bridge.ports.knowledge import ALL
from storage.codec import body_of
from storage.documents import Body, Documents, Duplicate, Key, Order, P
from storage.repositories.base import Rows
from storage.schema import ARTICLES, EDITIONS, IMPORTS, LABELS
from storage.words import search_of, tag_word, words_of

#: Articles read at once when a matcher is built.
PORTION = 1000


class ArticleRows:
    """Articles and labels, as bridge.ports.knowledge.Articles says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._rows = Rows(documents, ARTICLES, Article, asked_by)
        self._editions = Rows(documents, EDITIONS, Edition)
        self._imports = Rows(documents, IMPORTS, Import, _when)

    async def get(self, id: ArticleId) -> Article:
        return await self._rows.get(id)

    async def many(self, ids: Sequence[ArticleId]) -> list[Article]:
        return await self._rows.many(ids)

    async def page(
        self, cursor: str | None, limit: int, filters: ArticleFilters = ALL
    ) -> tuple[list[Article], str | None]:
        where = _where(filters)
        if where is None:
            return [], None
        rows = await self._rows.list(*where, after=Key(None, cursor) if cursor else None, limit=limit + 1)
        return rows[:limit], rows[limit - 1].id if len(rows) > limit else None

    async def counts(self) -> dict[str, int]:
        return {str(state): count for state, count in (await self._documents.group(ARTICLES, "state")).items()}

    async def next_date(self, now: datetime) -> datetime | None:
        turns = []
        for name in ("begins", "ends"):
            docs = await self._documents.find(ARTICLES, [P(name, "gt", now)], Order(name), limit=1)
            turns += [doc.body[name] for doc in docs if doc.body[name] < IDLE]
        return min(turns, default=None)

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

    async def keep(self, edition: Edition) -> None:
        await self._editions.insert_once(edition)

    async def edition(self, article: ArticleId, number: int) -> Edition:
        return await self._editions.get(edition_of(article, number))

    async def editions(self, article: ArticleId, before: int | None, limit: int) -> list[Edition]:
        where = [P("article", "eq", article)]
        if before is not None:
            where.append(P("number", "lt", before))
        return await self._editions.list(*where, order=Order("number", desc=True), limit=limit)

    async def put_import(self, row: Import) -> Import:
        return await (self._imports.replace(row) if row.version else self._imports.insert(row))

    async def import_of(self, id: str) -> Import:
        return await self._imports.get(id)

    async def imports(self, limit: int) -> list[Import]:
        return await self._imports.list(order=Order("at", desc=True), limit=limit)

    async def labels(self) -> list[Label]:
        labels: list[Label] = []
        after: Key | None = None
        while True:
            docs = await self._documents.find(LABELS, after=after, limit=PORTION)
            labels += [Label(each.body["text"], each.body["article_id"], each.body.get("fits", True)) for each in docs]
            if len(docs) < PORTION:
                return labels
            after = Key(None, docs[-1].id)

    async def put_labels(self, labels: Sequence[Label]) -> None:
        for label in labels:
            try:
                id = derive("label", label.text, label.article_id)
                await self._documents.insert(LABELS, id, body_of(Verdict(id, label.text, label.article_id, label.fits)))
            except Duplicate:
                continue

    async def library(self) -> Library:
        articles: list[Article] = []
        after: Key | None = None
        while True:
            rows = await self._rows.list(P("state", "eq", "published"), after=after, limit=PORTION)
            articles += rows
            if len(rows) < PORTION:
                return Library(tuple(articles))
            after = Key(None, rows[-1].id)


def _when(row: Import) -> Body:
    return {"at": row.signed.at}


def asked_by(row: Article) -> Body:
    """Return what an article is asked for by: its dates, its words, those of what is to stand in it, its tags."""
    contents = [row.content, row.next.content] if row.next else [row.content]
    tags = {tag_word(tag): None for content in contents for tag in content.tags}
    words = words_of(*(text for content in contents for text in _texts(content)))
    begins, ends = row.valid_from or IDLE, row.valid_until or IDLE
    return {"words": " ".join([words, *tags]), "begins": begins, "ends": ends}


def _texts(content: Content) -> list[str]:
    said = [variant.answer for variant in content.variants]
    return [content.title, *content.questions, content.answer, *said, *content.tags]


def _where(filters: ArticleFilters) -> list[P] | None:
    """Return what a filter asks; None: nothing can be found, there is no word in what is looked for."""
    words = [search_of(filters.words)] if filters.words.strip() else []
    if words == [""]:
        return None
    words += [tag_word(filters.tag)] if filters.tag else []
    single = {"state": filters.state, "team": filters.team, "lang": filters.lang}
    where = [P(name, "eq", value) for name, value in single.items() if value]
    return [P("words", "words", " ".join(words)), *where] if words else where
