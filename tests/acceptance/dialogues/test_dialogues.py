"""The main job, played through the real doors: question, answer, buttons, handoff, two desks."""

import asyncio
from typing import Any

import pytest


async def test_a_sure_question_is_answered(shop: Any, article: Any) -> None:
    anna = await shop.phone()
    await anna.say(article.questions[0])
    answer = await anna.gets(article.answer[:30])
    assert [button["text"] for row in answer["buttons"] for button in row] == ["Да, спасибо", "Нет"]
    greeting, said = await anna.heard()
    assert "бот" in greeting
    assert said.endswith("Ответ помог?")
    await anna.press(answer, "Да, спасибо")
    await anna.gets("Рад, что помогло")
    await shop.quiet()
    conversation = await shop.stage(anna, "bot")
    assert conversation["unread"] == 2
    bot = [m for m in await shop.history(anna) if m["author"]["kind"] == "bot"]
    assert bot[1]["source"]["article_id"] == article.id
    assert [m["delivery"]["state"] for m in bot] == ["sent"] * 3


async def test_an_unsure_question_is_offered_as_buttons(shop: Any, library: Any) -> None:
    anna = await shop.phone()
    await anna.say("доставка подарка")
    offer = await anna.gets("Возможно, вы об этом?")
    labels = [button["text"] for row in offer["buttons"] for button in row]
    assert 2 <= len(labels) <= 4
    assert labels[-1] == "Позвать оператора"
    await anna.press(offer, labels[0])
    picked = next(article for article in library.articles if article.title == labels[0])
    await anna.gets(picked.answer[:30])
    history = await shop.history(anna)
    assert [m["text"] for m in history if m["author"]["kind"] == "customer"] == ["доставка подарка", labels[0]]


async def test_a_person_is_called_and_answers_from_the_panel(shop: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    await anna.gets("зову оператора")
    conversation = await shop.stage(anna, "waiting")
    claimed = await shop.api("POST", f"/conversations/{conversation['id']}/claim")
    assert claimed["assignee"]["name"] == "Елена Соколова"
    problem = await shop.api("POST", f"/conversations/{conversation['id']}/claim", who="mark", status=409)
    assert problem["code"] == "taken"
    body = {"text": "Добрый день! Чем помочь?", "kind": "reply"}
    await shop.api("POST", f"/conversations/{conversation['id']}/messages", body)
    await anna.gets("Чем помочь?")
    await shop.quiet()
    reply = (await shop.history(anna))[-1]
    assert reply["delivery"]["state"] == "sent"
    assert (await anna.heard()).count("Добрый день! Чем помочь?") == 1
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Чем помочь?")


async def test_a_person_answers_from_the_topic_and_notes_never_leave(shop: Any, until: Any) -> None:
    anna = await shop.phone()
    await anna.say("позовите человека")
    topic = await shop.topic(anna)
    card = await shop.topic_shows(topic, "Диалог №")
    await shop.staff_presses("mark", topic, card, "Взять")
    conversation = await shop.stage(anna, "operator")
    assert conversation["assignee"]["name"] == "Марк Климов"
    await shop.staff_says("mark", topic, "Здравствуйте, это Марк")
    await anna.gets("это Марк")
    await shop.staff_says("mark", topic, "// клиент постоянный")

    async def noted() -> bool:
        return any(m["author"]["kind"] == "note" for m in await shop.history(anna))

    await until(noted)
    await shop.api(
        "POST", f"/conversations/{conversation['id']}/messages", {"text": "скидка 5 %", "kind": "note"}, who="elena"
    )
    await shop.topic_shows(topic, "скидка 5 %")
    await anna.say("спасибо!")
    await shop.topic_shows(topic, "спасибо!")
    await shop.quiet()
    history = await shop.history(anna)
    assert [m["text"] for m in history if m["author"]["kind"] == "note"] == ["клиент постоянный", "скидка 5 %"]
    assert [m["seq"] for m in history] == list(range(1, len(history) + 1))
    heard = await anna.heard()
    assert not any("постоянный" in text or "скидка" in text for text in heard)
    assert heard[-1] == "Здравствуйте, это Марк"

    async def marked() -> bool:
        return any(m["reactions"] for m in await shop.in_topic(topic) if m["text"] == "Здравствуйте, это Марк")

    await until(marked)


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_duplicates_disorder_and_faults_leave_each_message_once_in_order(
    mode: str, tmp_path: Any, library: Any, matcher: Any, article: Any, open_shop: Any, until: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, {"mode": mode, "timeout": 3}) as shop:
        for fault in ("duplicate_update", "reorder_updates"):
            await shop.ctl("POST", "/faults", {"fault": fault, "probability": 0.3, "seconds": 600})
        for fault in ("429", "500", "502html"):
            body = {"fault": fault, "method": "sendMessage", "count": 2, "retry_after": 1}
            await shop.ctl("POST", "/faults", body)
        await shop.ctl("POST", "/faults", {"fault": "applied_lost", "method": "sendMessage", "count": 1})
        phones = [await shop.phone(f"Клиент {number}") for number in range(4)]
        wordings = [other.questions[0] for other in library.articles[:6]]
        for wording in wordings:
            await asyncio.gather(*(phone.say(wording) for phone in phones))
            await asyncio.sleep(0.3)
        for phone in phones:

            async def all_in(phone: Any = phone) -> bool:
                said = [m["text"] for m in await shop.history(phone) if m["author"]["kind"] == "customer"]
                return len(said) >= len(wordings)

            await until(all_in)
        await shop.quiet()
        unknown = 0
        for phone in phones:
            history = await shop.history(phone)
            assert [m["text"] for m in history if m["author"]["kind"] == "customer"] == wordings
            assert [m["seq"] for m in history] == list(range(1, len(history) + 1))
            heard = await phone.heard()
            sent = [m["text"] for m in history if m["author"]["kind"] == "bot"]
            assert heard == sent
            states = [m["delivery"]["state"] for m in history if m["author"]["kind"] == "bot"]
            assert set(states) <= {"sent", "unknown"}
            unknown += states.count("unknown")
        assert unknown == 1
