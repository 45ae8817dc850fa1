"""What the repositories promise over any store: what people said about questions, and answers to be looked at."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict
from bridge.model.articles import Label
from bridge.model.ids import ArticleId, ChannelName, ConversationId, MessageId, derive
from bridge.model.labels import LabelSource, Review, Verdict, review_of
from storage.documents import Coll, Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
A, B = ArticleId("a"), ArticleId("b")


def verdict(number: int, article: ArticleId | None = A, hours: float = 0, **more: object) -> Verdict:
    at = T0 + timedelta(hours=hours)
    known = {"source": LabelSource.SENT, "by": "olga", "about": "c", "at": at, "asked": f"k{number}"} | more
    return Verdict(f"l{number}", f"вопрос {number}", article, **known)  # type: ignore[arg-type]


async def test_a_verdict_is_written_once_and_the_later_word_stands(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    assert await store.write_rows([verdict(1), verdict(2, hours=1)]) == [verdict(1), verdict(2, hours=1)]
    assert await store.write_rows([verdict(1), verdict(3, B, 2)]) == [verdict(3, B, 2)]
    assert not await store.labels.put(verdict(1, hours=5)), "the same word again, later"
    taken = await store.labels.replace(replace((await store.labels.asked(["k1"]))[0], wording="taken"))
    assert not await store.labels.put(verdict(1, B, hours=-1)), "an earlier word"
    assert [row.id for row in await store.labels.proposed(A, 9)] == ["l2"], "what was decided on is none any more"
    assert await store.labels.put(verdict(1, B, hours=3)), "a later one"
    (now,) = await store.labels.asked(["k1", "k9"])
    assert (now.article_id, now.wording, now.at) == (B, "", T0 + timedelta(hours=3))
    with pytest.raises(Conflict):
        await store.labels.replace(taken)
    assert [row.id for row in await store.labels.proposed(B, 9)] == ["l1", "l3"], "about another article it is one"
    assert await store.labels.proposals() == {"a": 1, "b": 2}
    assert [row.id for row in await store.labels.many(["l3", "none", "l1"])] == ["l3", "l1"]
    assert await store.labels.since(T0 + timedelta(hours=1)) == 2
    assert await store.labels.asked([]) == []


async def test_labels_of_the_version_before_are_read_counted_and_not_written_twice(documents: Documents) -> None:
    before = Coll("labels")
    await documents.open([before])
    for text, article in (("где заказ", "a"), ("погода", None)):
        await documents.insert(before, derive("label", text, article), {"text": text, "article_id": article})
    await documents.close()
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    old = [Label("где заказ", A), Label("погода", None)]
    await store.articles.put_labels([*old, Label("где мой заказ", A)])
    await store.labels.put(verdict(1, fits=False))
    kept = {(row.text, row.article_id, row.fits, row.source, row.at) for row in await store.labels.all()}
    assert kept == {
        ("где заказ", A, True, "file", None),
        ("погода", None, True, "file", None),
        ("где мой заказ", A, True, "file", None),
        ("вопрос 1", A, False, "sent", T0),
    }
    assert set(await store.articles.labels()) == {*old, Label("где мой заказ", A), Label("вопрос 1", A, fits=False)}
    assert await store.labels.counts() == {"file": 3, "sent": 1}
    assert await store.labels.proposals() == {}, "neither files nor what does not fit make proposals"
    assert await store.labels.since(T0 - timedelta(days=9)) == 1


async def test_answers_to_be_looked_at_are_listed_newest_first_and_settled_once(documents: Documents) -> None:
    await documents.open(ALL)
    store = Repositories(documents, SystemClock())
    rows = []
    for number in range(3):
        message = MessageId(f"m{number}")
        at, where = T0 + timedelta(hours=number), (message, ConversationId("c"), ChannelName("tg"), "ru")
        rows.append(Review(review_of(message), at, "вопрос", A, "Ответ", 0.95, 0.9, "v1", *where))
    assert await store.write_rows(rows) == rows
    assert await store.write_rows(rows) == []
    assert [row.message for row in await store.reviews.page("open", 2)] == ["m2", "m1"]
    (there,) = await store.reviews.many([rows[1].id, "none"])
    await store.reviews.replace(replace(there, state="right", by="olga"))
    with pytest.raises(Conflict):
        await store.reviews.replace(replace(there, state="wrong"))
    assert await store.reviews.counts() == {"open": 2, "right": 1}
    assert await store.reviews.forget(T0 + timedelta(hours=2)) == 2
    assert [row.message for row in await store.reviews.page("open", 9)] == ["m2"]
