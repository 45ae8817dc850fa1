"""What is typed in a topic after answers were suggested there: the suggestion sent, changed, or words of one's own."""

from dataclasses import replace
from datetime import timedelta

from bridge.library.learning.truth import resolved
from bridge.model.articles import Label
from bridge.model.ids import ArticleId, ChatId, ConversationId
from bridge.model.inbound import Said
from bridge.service import reply
from bridge.staff.accepting import accepted
from storage.memory import MemoryDocuments
from tests.hall import PETR, Process, founded, sender
from tests.street import NAME, Street, Time, raw_of

FIRST, OTHER = ArticleId("first"), ArticleId("other")
ANSWER = "Доставим по городу за два рабочих дня, курьер позвонит заранее"
OTHERWISE = "Возврат оформите в личном кабинете в течение месяца"


async def test_a_typed_suggestion_is_known_by_the_words_of_it_that_are_left() -> None:
    documents, time = MemoryDocuments(), Time()
    store, street = await founded(documents, time), Street(time)
    for id, answer in ((FIRST, ANSWER), (OTHER, OTHERWISE)):
        row = await store.articles.get(id)
        await store.articles.put(replace(row, answer=answer))
    process = Process(documents, street, burst=0.0)
    said = Said(NAME, ChatId("1"), "m1", sender("1"), "намёк на доставку", time.now())
    await process.inbox.accept(NAME, raw_of(1, "1", said))
    for _ in range(20):
        await process.step("in")
        await process.step("out")
        time.pass_(0.1)
    (conversation,) = await store.conversations.changed(time.now() - timedelta(hours=1), 9)
    id: ConversationId = conversation.id

    async def heard(text: str) -> list[tuple[ArticleId | None, str, str]]:
        found = await accepted(process.bridge, PETR, id, text)
        return [(each.article_id, each.source.value, each.text) for each in found]

    asked = "намёк на доставку"
    assert await heard(ANSWER) == [(FIRST, "sent", asked)]
    assert await heard(f"Анна, {ANSWER.lower()}!") == [(FIRST, "edited", asked)]
    assert await heard(f"Добрый день! {OTHERWISE}") == [(OTHER, "edited", asked)]
    for own in ("Сейчас уточню у коллег и напишу", "Доставим, курьер позвонит", ""):
        assert await heard(own) == [], own
    verdicts = await accepted(process.bridge, PETR, id, ANSWER)
    for _ in range(2):
        await reply(process.bridge, PETR, id, ANSWER, key="topic:1", verdicts=verdicts)
    assert resolved(await store.labels.all()) == [Label(asked, FIRST)]
    assert await store.staff_answers.open(time.now() - timedelta(hours=1), 9) == [], "it is an article's word already"
