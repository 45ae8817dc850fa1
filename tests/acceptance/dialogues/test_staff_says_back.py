"""What a topic says back to who works in it: signs on words and commands, the card, what became of an edit."""

from typing import Any

from tests.shop import GROUP, STAFF

SENT, DONE = "👌", "👍"


async def _topic_of(shop: Any) -> tuple[Any, int]:
    anna = await shop.phone()
    await anna.say("оператор")
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Диалог №")
    return anna, topic


async def _topics(shop: Any) -> list[dict[str, Any]]:
    return list((await shop.ctl("GET", f"/topics?group={GROUP}"))["items"])


async def _signs(shop: Any, until: Any, topic: int, id: int, wanted: list[str]) -> None:
    async def stand() -> bool:
        return any(m["message_id"] == id and m["reactions"] == wanted for m in await shop.in_topic(topic))

    await until(stand, f"{wanted} on {id}")


def _by(topic: int, who: str = "elena") -> dict[str, Any]:
    return {"operator": STAFF[who][1], "group": GROUP, "topic": topic}


async def test_a_topic_closed_by_hand_stays_closed_until_the_customer_writes(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)

    async def looks(icon: str, closed: bool) -> bool:
        return any((t["topic"], t["icon"], t["closed"]) == (topic, icon, closed) for t in await _topics(shop))

    await shop.ctl("POST", "/operator/close_topic", _by(topic))
    await until(lambda: looks("✅", True), "closed, and looks so")
    await shop.staff_says("elena", topic, "// это было в третий раз")
    await shop.quiet()
    assert await looks("✅", True)
    await anna.say("А ещё вот что: позовите человека")
    await until(lambda: looks("❗️", False), "open again")
    await shop.topic_shows(topic, "А ещё вот что")


async def test_a_word_taken_back_loses_the_sign_that_it_arrived(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    own = await shop.staff_says("elena", topic, "Ваш пароль 1234")
    await _signs(shop, until, topic, own, [SENT])
    await shop.staff_says("elena", topic, "/recall")
    await _signs(shop, until, topic, own, [])
    other = await shop.staff_says("elena", topic, "Забудьте")
    await _signs(shop, until, topic, other, [SENT])
    word = next(m for m in await shop.history(anna) if m["text"] == "Забудьте")
    await shop.ctl("POST", "/faults", {"fault": "400", "method": "deleteMessage"})
    await shop.api("DELETE", f"/messages/{word['id']}")
    line = await shop.topic_shows(topic, "не удалось удалить у клиента")
    assert line["reply_to"] == other
    await _signs(shop, until, topic, other, [SENT])


async def test_a_note_that_is_edited_like_a_reply_is_told_to_be_a_note(shop: Any) -> None:
    anna, topic = await _topic_of(shop)
    own = await shop.staff_says("elena", topic, "// скажу, что завтра")
    await shop.ctl("POST", "/operator/edit", {**_by(topic), "message_id": own, "text": "// скажу, что в среду"})
    await shop.ctl("POST", "/operator/edit", {**_by(topic), "message_id": own, "text": "Привезём в среду"})
    line = await shop.topic_shows(topic, "Это заметка, ею и осталось")
    assert line["reply_to"] == own
    await shop.quiet()
    assert not any("среду" in text for text in await anna.heard())
    assert len([m for m in await shop.in_topic(topic) if "ею и осталось" in m["text"]]) == 1


async def test_the_card_shows_tags_and_until_when_a_conversation_sleeps(shop: Any) -> None:
    anna, topic = await _topic_of(shop)
    url = f"/conversations/{(await shop.conversation(anna))['id']}"
    await shop.api("POST", f"{url}/tags", {"add": ["vip", "срочно"], "remove": []})
    card = await shop.topic_shows(topic, "Метки: vip, срочно")
    assert card["text"].startswith("Диалог №")
    await shop.staff_says("elena", topic, "/snooze завтра 9:00")
    card = await shop.topic_shows(topic, "🏷 Метки: vip, срочно\n💤 Отложено до ")
    assert card["text"].startswith("Диалог №")


async def test_a_command_is_signed_when_it_was_carried_out_and_answered_when_not(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    claim = await shop.staff_says("elena", topic, "/claim")
    await _signs(shop, until, topic, claim, [DONE])
    await shop.stage(anna, "operator")
    long = await shop.staff_says("elena", topic, "/tag " + "x" * 41)
    line = await shop.topic_shows(topic, "не длиннее 40 знаков")
    assert line["reply_to"] == long
    asked = await shop.staff_says("elena", topic, "/kb")
    assert (await shop.topic_shows(topic, "Например: /kb"))["reply_to"] == asked
    refused = await shop.staff_says("mark", topic, "/claim")
    assert (await shop.topic_shows(topic, "уже у другого оператора"))["reply_to"] == refused
    assert not any(m["reactions"] for m in await shop.in_topic(topic) if m["message_id"] == refused)
    assert not any("Не доставлено" in m["text"] for m in await shop.in_topic(topic))


async def test_a_topic_made_anew_tells_what_was_said_in_the_lost_one(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    await anna.say("заказ 1542 пришёл без крышки")
    await shop.topic_shows(topic, "без крышки")
    own = await shop.staff_says("elena", topic, "Вышлем крышку")
    await _signs(shop, until, topic, own, [SENT])
    other = await shop.staff_says("elena", topic, "или две")
    await _signs(shop, until, topic, other, [SENT])
    await shop.staff_says("elena", topic, "/recall")
    await _signs(shop, until, topic, other, [])
    await shop.ctl("POST", "/operator/delete_topic", _by(topic))
    await anna.say("когда она будет?")

    async def made_anew() -> Any:
        return next((t["topic"] for t in await _topics(shop) if t["topic"] != topic), None)

    again = await until(made_anew)
    told = await shop.topic_shows(again, "Перед этим:")
    assert "без крышки" in told["text"]
    assert "👤 Елена Соколова: Вышлем крышку" in told["text"]
    assert "👤 Елена Соколова · удалено: или две" in told["text"]
    await shop.topic_shows(again, "Диалог №")
    asked = await shop.topic_shows(again, "когда она будет?")
    assert asked["message_id"] >= told["message_id"]  # words that had to wait may stand in one message
    assert "".join(m["text"] for m in await shop.in_topic(again)).count("когда она будет?") == 1


async def test_a_sign_that_did_not_reach_the_customer_is_told_at_the_word(shop: Any) -> None:
    anna, topic = await _topic_of(shop)
    await anna.say("спасибо")
    shown = await shop.topic_shows(topic, "спасибо")
    await shop.ctl("POST", "/user/block", {"user": anna.id})
    await shop.ctl("POST", "/operator/react", {**_by(topic), "message_id": shown["message_id"], "emoji": "❤"})
    line = await shop.topic_shows(topic, "Реакция не дошла до клиента")
    assert line["reply_to"] == shown["message_id"]
