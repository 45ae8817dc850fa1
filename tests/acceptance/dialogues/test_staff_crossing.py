"""Two people at one conversation, from panel, program and topic: of two replies or claims that cross one is stopped."""

import asyncio
from typing import Any

import pytest

from tests.shop import GROUP


async def _topic_of(shop: Any) -> tuple[Any, dict[str, Any], int]:
    anna = await shop.caller()
    return anna, await shop.conversation(anna), await shop.topic(anna)


async def test_a_reply_from_a_topic_that_crosses_a_colleagues_is_stopped_and_both_are_shown(
    shop: Any, until: Any
) -> None:
    anna, case, topic = await _topic_of(shop)
    await shop.topic_shows(topic, "Диалог №")
    await shop.quiet()

    # Nothing gets into the group for a while, so what Mark answered is not there yet when Elena writes.
    await shop.ctl("POST", "/faults", {"chat": GROUP, "fault": "429", "seconds": 60, "retry_after": 1})
    await shop.api("POST", f"/conversations/{case['id']}/messages", {"text": "Привезём завтра"}, who="mark")
    await shop.staff_says("elena", topic, "Привезём в пятницу")

    async def stopped() -> Any:
        return await shop.bridge.store.journal.value(f"crossed:{case['id']}:op-elena")

    await until(stopped)
    await shop.ctl("DELETE", "/faults")
    told = await shop.topic_shows(topic, "Ваше не отправлено")
    assert "Марк Климов: «Привезём завтра»" in told["text"]
    own = next(m for m in await shop.in_topic(topic) if m["text"] == "Привезём в пятницу")
    assert told["reply_to"] == own["message_id"]
    await shop.quiet()
    assert "Привезём в пятницу" not in await anna.heard()
    # Read now, and said again: it goes.
    await shop.staff_says("elena", topic, "Всё-таки в пятницу")
    await anna.gets("Всё-таки в пятницу")
    heard = [text for text in await anna.heard() if "завтра" in text or "пятницу" in text]
    assert heard == ["Привезём завтра", "Всё-таки в пятницу"]


async def test_a_suggestions_button_that_crosses_a_colleagues_reply_is_stopped_and_pressed_again_it_sends(
    shop: Any, library: Any
) -> None:
    anna = await shop.caller()
    article = library.articles[3]
    await anna.say(article.questions[0])
    topic = await shop.topic(anna)
    suggestion = await shop.topic_shows(topic, "уверенность")
    title = suggestion["text"].split("💡 ")[1].split(" · ")[0]
    answer = next(each.answer for each in library.articles if each.title == title)
    case = await shop.conversation(anna)
    await shop.api("POST", f"/conversations/{case['id']}/messages", {"text": "Привезём завтра"}, who="mark")
    await anna.gets("Привезём завтра")

    await shop.staff_presses("elena", topic, suggestion, "1")
    told = await shop.topic_shows(topic, "Коллега уже ответил")
    assert f"Вы выбрали: «{title}»" in told["text"]
    assert "Марк Климов: «Привезём завтра»" in told["text"]
    assert told["reply_to"] == suggestion["message_id"]
    await shop.quiet()
    assert not any(answer[:20] in text for text in await anna.heard())

    await shop.staff_presses("elena", topic, suggestion, "1")  # read now, and still wanted
    await anna.gets(answer[:20])


async def test_a_reply_of_a_program_that_crosses_one_from_the_topic_is_stopped_unless_forced(shop: Any) -> None:
    anna, case, topic = await _topic_of(shop)
    seen = max(line["seq"] for line in await shop.history(anna))
    await shop.staff_says("elena", topic, "Уже в пути")
    await anna.gets("Уже в пути")
    body, url = {"text": "Заказ собран", "seen_seq": seen}, f"/conversations/{case['id']}/messages"
    crossed = await shop.api("POST", url, body, who="mark", status=409)
    assert crossed["code"] == "crossed"
    assert [(each["author"]["name"], each["text"]) for each in crossed["messages"]] == [
        ("Елена Соколова", "Уже в пути")
    ]
    held = await shop.api("POST", f"/conversations/{case['id']}/held", body, who="mark", status=409)
    assert held["code"] == "crossed"  # as the panel sends
    await shop.api("POST", url, body | {"force": True}, who="mark", status=201)
    await anna.gets("Заказ собран")


@pytest.mark.parametrize("first", ["topic", "program"])
async def test_of_claims_that_cross_one_wins_and_the_other_is_told(shop: Any, until: Any, first: str) -> None:
    anna, case, topic = await _topic_of(shop)
    url, headers = f"{shop.url}/api/v1/conversations/{case['id']}/claim", {"Authorization": "Bearer token-of-mark"}

    async def program() -> int:
        async with shop.http.post(url, headers=headers) as answer:
            return int(answer.status)

    async def group() -> None:
        await shop.staff_says("elena", topic, "/claim")

    if first == "topic":
        _, *statuses = await asyncio.gather(group(), program(), program())
    else:
        *statuses, _ = await asyncio.gather(program(), program(), group())
    owner = (await shop.stage(anna, "operator"))["assignee"]["name"]
    if owner == "Марк Климов":
        assert 200 in statuses
        await shop.topic_shows(topic, "уже у другого оператора: Марк Климов")
    else:
        assert statuses == [409, 409]
    await shop.quiet()
    assert (await shop.conversation(anna))["assignee"]["name"] == owner
    events = [line["event"] for line in await shop.history(anna) if line["event"]]
    assert [event["actor"] for event in events if event["code"] == "claimed"] == [owner]
