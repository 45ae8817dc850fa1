"""What the repositories promise over any store: articles, their editions, what they are found by, imports."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, NotFound
from bridge.model.articles import (
    Article,
    ArticleFilters,
    Button,
    Edition,
    Import,
    NextEdition,
    Signed,
    Taken,
    Variant,
    edition_of,
)
from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, FileId
from storage.documents import Coll, Documents, Index
from storage.migrations import articles_can_be_searched
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
OLGA = Signed("op-olga", "Ольга", T0)


@pytest.fixture
async def store(documents: Documents) -> AsyncIterator[Repositories]:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


def article(name: str, **more: Any) -> Article:
    row = Article(ArticleId(name), name, f"Ответ {name}", ("как это сделать",))
    return replace(row, **more)


async def found(store: Repositories, **asked: Any) -> list[str]:
    rows, following = await store.articles.page(None, 50, ArticleFilters(**asked))
    assert following is None
    return [row.id for row in rows]


async def test_an_article_comes_back_as_it_was_written(store: Repositories) -> None:
    whole = article(
        "a",
        lang="ru",
        tags=("доставка", "vip"),
        variants=(Variant("Hi", "telegram", "en", (Button("Call"),)),),
        buttons=(Button("Ещё", ArticleId("b")), Button("Сайт", url="https://shop.example")),
        files=(Attachment(FileId("f"), "photo", "a.png", "image/png", 5),),
        valid_from=T0,
        valid_until=T0 + timedelta(days=1),
        signed=OLGA,
    )
    whole = replace(whole, next=NextEdition(replace(whole.content, title="Другое"), OLGA, review=True, comment="да"))
    await store.articles.put(whole)
    assert await store.articles.get(whole.id) == replace(whole, version=1)
    assert await store.articles.many([ArticleId("none"), whole.id]) == [replace(whole, version=1)]


async def test_articles_are_found_by_words_in_any_form_tags_and_single_values(store: Repositories) -> None:
    await store.articles.put(article("a", title="Сроки доставки", tags=("Склад",), team="t1"))
    await store.articles.put(article("b", questions=("где заказ",), state="draft", lang="ru"))
    worked_on = replace(article("c").content, answer="Скоро про самовывоз", tags=("новое",))
    await store.articles.put(article("c", next=NextEdition(worked_on, OLGA), team="t1"))
    assert await found(store, words="доставками срок") == ["a"]
    assert await found(store, words="зака") == ["b"]
    assert await found(store, words="самовывоз") == ["c"]
    assert await found(store, words="!!!") == []
    assert await found(store, tag="склад") == ["a"]
    assert await found(store, tag="новое") == ["c"]
    assert await found(store, tag="клад") == []
    assert await found(store, state="draft") == ["b"]
    assert await found(store, team="t1") == ["a", "c"]
    assert await found(store, team="t1", words="ответ a") == ["a"]
    assert await found(store, lang="ru", state="published") == []
    assert await store.articles.counts() == {"published": 2, "draft": 1}


async def test_filtered_lists_go_on_where_they_stopped(store: Repositories) -> None:
    for number in range(5):
        await store.articles.put(article(f"a{number}", tags=("x",)))
    first, cursor = await store.articles.page(None, 3, ArticleFilters(tag="x"))
    rest, end = await store.articles.page(cursor, 3, ArticleFilters(tag="x"))
    assert ([row.id for row in first], [row.id for row in rest], end) == (["a0", "a1", "a2"], ["a3", "a4"], None)


async def test_the_next_turn_is_the_earliest_date_ahead(store: Repositories) -> None:
    assert await store.articles.next_date(T0) is None
    await store.articles.put(article("a", valid_from=T0 + timedelta(hours=5)))
    await store.articles.put(article("b", valid_until=T0 + timedelta(hours=3), valid_from=T0 - timedelta(hours=1)))
    await store.articles.put(article("c"))
    assert await store.articles.next_date(T0) == T0 + timedelta(hours=3)
    assert await store.articles.next_date(T0 + timedelta(hours=3)) == T0 + timedelta(hours=5)
    assert await store.articles.next_date(T0 + timedelta(hours=5)) is None


async def test_editions_are_kept_once_and_listed_newest_first(store: Repositories) -> None:
    row = article("a")
    for number in (1, 3, 2):
        kept = Edition(edition_of(row.id, number), row.id, number, row.content, "published", OLGA)
        await store.articles.keep(kept)
    again = replace(row.content, title="поздно")
    await store.articles.keep(Edition(edition_of(row.id, 2), row.id, 2, again, "draft", None))
    other = ArticleId("b")
    await store.articles.keep(Edition(edition_of(other, 9), other, 9, row.content, "draft", None))
    assert [each.number for each in await store.articles.editions(row.id, None, 10)] == [3, 2, 1]
    assert [each.number for each in await store.articles.editions(row.id, 3, 1)] == [2]
    second = await store.articles.edition(row.id, 2)
    assert (second.content.title, second.signed) == ("a", OLGA)
    with pytest.raises(NotFound):
        await store.articles.edition(row.id, 4)


async def test_imports_are_swapped_by_version_and_listed_newest_first(store: Repositories) -> None:
    for number in range(3):
        signed = replace(OLGA, at=T0 + timedelta(hours=number))
        await store.articles.put_import(Import(f"i{number}", "a.csv", signed, (Taken(ArticleId("a"), 0),)))
    row = await store.articles.import_of("i1")
    assert row.taken == (Taken(ArticleId("a"), 0),)
    undone = await store.articles.put_import(replace(row, undone=OLGA))
    assert (undone.undone, undone.version) == (OLGA, 2)
    with pytest.raises(Conflict):
        await store.articles.put_import(replace(row, undone=None))
    assert [each.id for each in await store.articles.imports(2)] == ["i2", "i1"]
    with pytest.raises(NotFound):
        await store.articles.import_of("none")


async def test_articles_of_an_older_store_are_found_after_it_is_migrated(documents: Documents) -> None:
    older = Coll("articles", {"state": "str"}, (Index(("state",)),))
    await documents.open([older])
    body = {"title": "Старая статья", "answer": "Ответ", "questions": [], "state": "published", "tags": ["давно"]}
    await documents.insert(older, "old", body)
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    assert await found(store, words="старая") == []
    await articles_can_be_searched(documents)
    await articles_can_be_searched(documents)
    assert await found(store, words="старая") == ["old"]
    assert await found(store, tag="давно") == ["old"]
    assert await store.articles.next_date(T0) is None
    assert (await store.articles.get(ArticleId("old"))).edition == 1
