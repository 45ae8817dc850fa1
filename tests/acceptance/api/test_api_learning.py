"""What operators, customers and editors do with answers becomes labels; wordings grow, answers are looked at."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.bot import answer_burst, press
from bridge.errors import Forbidden, Invalid
from bridge.library import index
from bridge.library.learning import labels as learning
from bridge.library.learning import reviewing, teaching
from bridge.library.learning.truth import resolved
from bridge.model.articles import Label
from bridge.model.ids import ArticleId, ChannelName, ChatId, MessageId
from bridge.model.inbound import Pressed, Said, Sender
from bridge.model.labels import LabelSource, Verdict, verdict_of
from bridge.model.messages import AuthorKind
from bridge.receive import receive
from tests.acceptance.api.conftest import waiting

WHEN = "когда уже привезут мой заказ? номер +7 912 345-67-89"
MASKED = "когда уже привезут мой заказ? номер [number]"


async def labels(house: Any) -> list[tuple[str, str | None, bool, str, str]]:
    rows = sorted(await house.bridge.store.labels.all(), key=lambda row: (row.at, row.id))
    return [(row.text, row.article_id, row.fits, row.source, row.by) for row in rows]


async def asks(house: Any, text: str, chat: str) -> str:
    """A customer asks, and the bot takes its turn; returns the conversation."""
    where = ChannelName("telegram"), ChatId(chat), f"q{next(house.numbers)}"
    said = Said(*where, Sender(chat, "Игорь"), text, house.clock.now(), "text")
    received = await receive(house.bridge, said)
    await answer_burst(house.bridge, received.conversation, [received])
    return received.conversation


async def presses(house: Any, case: str, chat: str, verb: str) -> str:
    """A customer presses the newest button that begins so."""
    lines = await house.bridge.store.messages.page(case, None, None, 20)
    said = [line for line in lines if line.author.kind is AuthorKind.BOT and line.choices][-1]
    data = next(each.data for each in said.choices if each.data.startswith(verb))
    where = ChannelName("telegram"), ChatId(chat), f"p{next(house.numbers)}"
    pressed = Pressed(*where, Sender(chat, "Игорь"), data, "Кнопка", house.clock.now())
    return await press(house.bridge, await receive(house.bridge, pressed), data)


async def test_a_suggestion_sent_as_it_is_changed_or_refused_is_a_label_written_once(house: Any) -> None:
    case = await waiting(house, WHEN)
    best, *_ = await house.get(f"/conversations/{case}/suggestions")
    answer, article = best["answer"], best["article_id"]
    body = {"text": answer, "client_id": "one", "suggestion": article}
    for _ in range(2):
        await house.post(f"/conversations/{case}/messages", body, status=201)
    assert await labels(house) == [(MASKED, article, True, "sent", "anna")]
    house.clock.shift = timedelta(seconds=1)
    changed = {"text": f"{answer} Ждём вас!", "client_id": "two", "suggestion": article, "force": True}
    await house.post(f"/conversations/{case}/messages", changed, status=201)
    assert await labels(house) == [(MASKED, article, True, "edited", "anna")], "the last word of a person stands"
    house.clock.shift = timedelta(seconds=2)
    other = {"text": "Уточню и напишу.", "client_id": "three", "suggestion": article, "force": True}
    await house.post(f"/conversations/{case}/messages", other, status=201)
    gone = {"text": "Да.", "client_id": "four", "suggestion": "gone", "force": True}
    await house.post(f"/conversations/{case}/messages", gone, status=201)
    assert len(await labels(house)) == 1, "words of his own say nothing about a suggestion"
    for noted in (True, False):
        refused = await house.post(f"/conversations/{case}/suggestions/refuse", {"articles": [article]})
        assert refused == {"noted": noted}
    shown = await house.get(f"/conversations/{case}/suggestions")
    assert article not in [each["article_id"] for each in shown]
    assert resolved(await house.bridge.store.labels.all()) == [Label(MASKED, article, fits=False)]
    await house.post(f"/conversations/{case}/suggestions/refuse", {"articles": []})
    assert resolved(await house.bridge.store.labels.all()) == [Label(MASKED, None)]
    assert await house.get(f"/conversations/{case}/suggestions") == []
    back = f"/conversations/{case}/suggestions/unrefuse"
    for verb in ("refuse", "unrefuse"):
        await house.post(f"/conversations/{case}/suggestions/{verb}", {"articles": []}, who="watcher", status=403)
    for noted in (True, False):
        assert await house.post(back, {"articles": []}, who="mark") == {"noted": noted}
    assert resolved(await house.bridge.store.labels.all()) == [Label(MASKED, article, fits=False)]
    assert await house.post(back, {"articles": ["gone", article]}) == {"noted": True}
    assert await labels(house) == []
    assert article in [each["article_id"] for each in await house.get(f"/conversations/{case}/suggestions")]


async def test_customers_teach_by_buttons_and_people_have_the_last_word(house: Any) -> None:
    case = await asks(house, "срок доставки?", "500")
    source = (await answer_of(house, case)).source
    assert (source.article_id, source.engine, source.threshold) == ("delivery", house.bridge.matcher.version, None)
    await presses(house, case, "500", "ok:")
    assert await labels(house) == [("срок доставки", "delivery", True, "helped", "customer")]
    house.clock.shift = timedelta(minutes=1)
    case = await asks(house, "Срок доставки", "501")
    await presses(house, case, "501", "no:")
    denied = ("Срок доставки", "delivery", False, "helped", "customer")
    assert (await labels(house))[1:] == [denied]
    rows = await house.bridge.store.labels.all()
    assert resolved(rows) == [Label("Срок доставки", ArticleId("delivery"), fits=False)]
    house.clock.shift = timedelta(0)
    await learning.judged(house.bridge, house.staff["writer"], "СРОК доставки", ArticleId("delivery"))
    (stands,) = resolved(await house.bridge.store.labels.all())
    assert (stands.article_id, stands.fits) == ("delivery", True), "said before, but by a person of the house"


async def test_a_pick_among_offered_questions_is_a_label_for_what_was_asked(house: Any) -> None:
    lenient = replace(house.bridge, settings=replace(house.bridge.settings, offer=0.01, suggest=0.01))
    house.bridge = lenient
    case = await asks(house, "верните за покупку", "502")
    await presses(house, case, "502", "pick:")
    picked = (await labels(house))[0]
    assert (picked[0], picked[2:]) == ("верните за покупку", (True, "picked", "customer"))
    answer = await answer_of(house, case)
    assert answer.source.article_id == picked[1]
    await presses(house, case, "502", "no:")
    assert resolved(await house.bridge.store.labels.all()) == [Label(picked[0], answer.source.article_id, fits=False)]


async def test_wordings_grow_from_what_was_accepted(house: Any) -> None:
    store, now = house.bridge.store, house.clock.now()
    anna = {"source": LabelSource.SENT, "by": "anna"}

    async def said(text: str, article: str | None, about: str = "c", **more: Any) -> None:
        known = anna | {"about": about, "at": now, "asked": learning.asked_as(text)} | more
        id = verdict_of(about, known["asked"], known["by"], article, True)
        await store.labels.put(Verdict(id, text, ArticleId(article) if article else None, **known))

    for about in ("c1", "c2"):
        await said("долго ли ехать посылке", "delivery", about)
    await said("долго ли ехать посылки", "delivery", "c3")  # one letter is no other wording
    await said("Срок доставки!", "delivery", "c4")  # is one
    await said("хочу оформить возврат", "delivery", "c5")  # another article has it
    await said("погода сегодня", "delivery", "c6")
    await said("погода сегодня", None, "c7", by="writer", at=now + timedelta(seconds=1))  # the last word
    items = (await house.get("/articles/delivery/proposals"))["items"]
    assert [(each["text"], each["count"], each["conflict"], each["other"]) for each in items] == [
        ("долго ли ехать посылке", 3, "", None),
        ("хочу оформить возврат", 1, "taken", "return"),
    ]
    assert (await house.get("/kb/proposals"))["items"] == [{"article_id": "delivery", "count": 6}]
    path = "/articles/delivery/proposals"
    await house.post(f"{path}/accept", {"ids": items[0]["ids"]}, status=403)
    for _ in range(2):
        row = await house.post(f"{path}/accept", {"ids": items[0]["ids"]}, who="writer")
        assert row["questions"][3:] == ["долго ли ехать посылке"]
    for done in (1, 0):
        assert await house.post(f"{path}/refuse", {"ids": items[1]["ids"]}, who="writer") == {"done": done}
    assert (await house.get(path))["items"] == []
    assert len(await store.labels.all()) == 7, "what is no wording stays a label"


async def test_a_share_of_automatic_answers_is_looked_at_and_teaches(house: Any) -> None:
    assert sum(reviewing.chosen(MessageId(f"m{number}"), 0.05) for number in range(4000)) in range(150, 250)
    house.bridge = replace(house.bridge, settings=replace(house.bridge.settings, sampled=1.0))
    for chat in ("600", "601"):
        await asks(house, "срок доставки?", chat)
    found = await house.get("/kb/reviews")
    assert ([each["text"] for each in found["items"]], found["counts"]["open"]) == (["срок доставки?"] * 2, 2)
    assert found["items"][0]["engine"] == house.bridge.matcher.version
    right, wrong = (each["id"] for each in found["items"])
    await house.post(f"/kb/reviews/{right}", {"right": True}, status=403)
    for _ in range(2):
        await house.post(f"/kb/reviews/{right}", {"right": True}, who="writer")
    row = await house.post(f"/kb/reviews/{wrong}", {"right": False}, who="writer")
    assert row["state"] == "wrong"
    assert (await house.get("/kb/reviews"))["counts"] == {"open": 0, "right": 1, "wrong": 1}
    assert sorted((each[2], each[3]) for each in await labels(house)) == [(False, "review"), (True, "review")]
    await house.post("/kb/reviews/none", {"right": True}, who="writer", status=404)


async def test_labels_are_in_force_when_enough_were_said_and_never_before(house: Any) -> None:
    bridge = house.bridge
    writer = house.staff["writer"]
    before = bridge.matcher.version
    for number in range(teaching.MANY):
        assert not await teaching.look(bridge)
        await learning.judged(bridge, writer, f"вопрос про доставку {number} коробок", ArticleId("delivery"))
    now = await house.get("/kb/learning")
    assert (now["labels"], now["sources"], now["waiting"], now["usable"]) == (50, {"console": 50}, 50, 0)
    assert (now["answer"], now["needed"], now["fitted_at"]) == (None, 300, None)
    assert await teaching.look(bridge)
    assert not await teaching.look(bridge)
    await index.look(bridge)
    now = await house.get("/kb/learning")
    assert (now["waiting"], now["usable"], bridge.matcher.version != before) == (0, 50, True)
    for number in range(teaching.FEW):
        await learning.judged(bridge, writer, f"ещё вопрос {number}", None)
    assert not await teaching.look(bridge)
    house.clock.shift = teaching.REST
    assert await teaching.look(bridge), "a day later fewer will do"
    with pytest.raises(Invalid):
        await learning.judged(bridge, writer, " ?! ", None)
    with pytest.raises(Forbidden):
        await learning.judged(bridge, house.staff["anna"], "вопрос", None)


async def answer_of(house: Any, case: str) -> Any:
    """The newest answer of the bot in a conversation."""
    lines = await house.bridge.store.messages.page(case, None, None, 20)
    return [line for line in lines if line.source][-1]
