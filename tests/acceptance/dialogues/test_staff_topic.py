"""A topic in step with panel and customer: edits, deletes, signs, answers that quote, origins, albums, both ways."""

import re
from typing import Any

from tests.custom import Program
from tests.shop import GROUP, STAFF, Phone

HEART = "❤"


async def _topic_of(shop: Any, text: str = "оператор") -> tuple[Any, int]:
    anna = await shop.phone()
    await anna.say(text)
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Диалог №")
    return anna, topic


async def _message(shop: Any, until: Any, topic: int, id: int, fact: Any) -> Any:
    async def true() -> Any:
        found = next((m for m in await shop.in_topic(topic) if m["message_id"] == id), None)
        return found if found is not None and fact(found) else None

    return await until(true)


async def _said(shop: Any, until: Any, phone: Any, text: str, state: str = "sent") -> Any:
    async def there() -> Any:
        found = next((m for m in await shop.history(phone) if m["text"] == text), None)
        done = found is not None and (found["delivery"] is None or found["delivery"]["state"] == state)
        return found if done else None

    return await until(there)


async def _sees(phone: Any, until: Any, id: int, fact: Any) -> Any:
    async def true() -> Any:
        found = next((m for m in await phone.sees() if m["message_id"] == id), None)
        return found if found is not None and fact(found) else None

    return await until(true)


async def test_a_customers_edit_changes_the_post_in_the_topic(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    id = await anna.say("адрес: Лесная, 1")
    shown = await shop.topic_shows(topic, "Лесная, 1")
    await shop.ctl("POST", "/user/edit", {"user": anna.id, "message_id": id, "text": "адрес: Лесная, 7"})
    changed = await _message(shop, until, topic, shown["message_id"], lambda m: "Лесная, 7" in m["text"])
    assert "изменено" in changed["text"]
    assert anna.name in changed["text"]


async def test_words_of_the_panel_are_edited_and_deleted_in_the_topic_too(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    conversation = await shop.conversation(anna)
    path = f"/conversations/{conversation['id']}/messages"
    reply = await shop.api("POST", path, {"text": "Приедем в пять", "kind": "reply"})
    shown = await shop.topic_shows(topic, "Приедем в пять")
    await _said(shop, until, anna, "Приедем в пять")
    await shop.api("PATCH", f"/messages/{reply['id']}", {"text": "Приедем в шесть"})
    await anna.gets("Приедем в шесть")
    await _message(shop, until, topic, shown["message_id"], lambda m: "Приедем в шесть" in m["text"])
    await shop.api("DELETE", f"/messages/{reply['id']}")
    gone = await _message(shop, until, topic, shown["message_id"], lambda m: "удалено" in m["text"])
    assert any(look["type"] == "strikethrough" for look in gone["entities"])

    async def vanished() -> bool:
        return all(m["deleted"] for m in await anna.sees() if "Приедем" in (m["text"] or ""))

    await until(vanished)


async def test_what_was_written_in_the_topic_and_edited_in_the_panel_is_said_below(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    own = await shop.staff_says("elena", topic, "Скидка 10 %")
    message = await _said(shop, until, anna, "Скидка 10 %")
    await shop.api("PATCH", f"/messages/{message['id']}", {"text": "Скидка 15 %"})
    await anna.gets("Скидка 15 %")
    line = await shop.topic_shows(topic, "Теперь: ")
    assert "Скидка 15 %" in line["text"]
    assert line["reply_to"] == own


async def test_an_operators_edit_in_the_topic_reaches_the_customer(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    own = await shop.staff_says("elena", topic, "Привезём завтра")
    sent = await anna.gets("Привезём завтра")
    body = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic, "message_id": own}
    await shop.ctl("POST", "/operator/edit", {**body, "text": "Привезём послезавтра"})
    await _sees(anna, until, sent["message_id"], lambda m: m["text"] == "Привезём послезавтра" and m["edited"])
    await shop.ctl("POST", "/operator/edit", {**body, "text": "// ой, это было своим"})
    await shop.topic_shows(topic, "заметкой оно не станет")
    await shop.quiet()
    assert [m["text"] for m in await anna.sees() if "ой, это" in (m["text"] or "")] == []


async def test_an_edited_note_stays_a_note(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    own = await shop.staff_says("elena", topic, "// клиент злится")
    await _said(shop, until, anna, "клиент злится")
    body = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic, "message_id": own}
    await shop.ctl("POST", "/operator/edit", {**body, "text": "клиент добрый"})
    note = await _said(shop, until, anna, "клиент добрый")
    assert note["author"]["kind"] == "note"
    await shop.quiet()
    assert not any("клиент" in text for text in await anna.heard())


async def test_a_mistyped_command_is_mended_by_an_edit(shop: Any) -> None:
    anna, topic = await _topic_of(shop)
    own = await shop.staff_says("elena", topic, "/clsoe")
    await shop.topic_shows(topic, "Команды /clsoe нет")
    body = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic, "message_id": own}
    await shop.ctl("POST", "/operator/edit", {**body, "text": "/close"})
    await shop.stage(anna, "closed")


async def test_signs_go_both_ways(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    said = await anna.say("спасибо вам")
    shown = await shop.topic_shows(topic, "спасибо вам")
    own = await shop.staff_says("elena", topic, "Рады помочь")
    sent = await anna.gets("Рады помочь")
    await shop.ctl("POST", "/user/react", {"user": anna.id, "message_id": sent["message_id"], "emoji": HEART})
    await _message(shop, until, topic, own, lambda m: m["reactions"] == [HEART])
    await shop.ctl("POST", "/user/react", {"user": anna.id, "message_id": sent["message_id"], "emoji": ""})
    await _message(shop, until, topic, own, lambda m: m["reactions"] == ["👌"])
    body = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic, "message_id": shown["message_id"]}
    await shop.ctl("POST", "/operator/react", {**body, "emoji": "🔥"})
    await _sees(anna, until, said, lambda m: m["reactions"] == ["🔥"])
    word = await _said(shop, until, anna, "спасибо вам")
    await shop.api("PUT", f"/messages/{word['id']}/reaction", {"emoji": "👍"})
    await _sees(anna, until, said, lambda m: m["reactions"] == ["👍"])
    await _message(shop, until, topic, shown["message_id"], lambda m: "👍" in m["reactions"])


async def test_a_sign_telegram_does_not_have_is_said_in_words(own: Program) -> None:
    """Where the customer is every sign may be put; in Telegram, where the group is, not every one."""
    shop = own.mostik
    await own.tell(text="позовите человека", customer={"id": "c1", "name": "Пётр Ильин"})
    topic = await shop.topic(Phone(shop, 0, "Пётр Ильин"))
    sent = await own.reply("Готово, отправили")
    shown = await shop.topic_shows(topic, "Готово, отправили")
    await own.gets("Готово, отправили")
    await own.settled(sent, "sent")
    await own.tell(type="reaction", message_id=sent["id"], emoji="🧦")
    line = await shop.topic_shows(topic, "🧦")
    assert "Готово" in line["text"]
    assert line["reply_to"] == shown["message_id"]


async def test_answers_quote_both_ways(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    first = await anna.say("есть ли чашки?")
    shown = await shop.topic_shows(topic, "есть ли чашки?")
    await anna.say("и блюдца?")
    await shop.topic_shows(topic, "и блюдца?")
    own = await shop.staff_says("elena", topic, "Чашки есть", reply_to=shown["message_id"])
    sent = await anna.gets("Чашки есть")
    assert sent["reply_to"] == first
    await anna.say("тогда две", reply_to=sent["message_id"])
    back = await shop.topic_shows(topic, "тогда две")
    assert back["reply_to"] == own


async def test_an_origin_of_passed_on_words_is_shown(shop: Any) -> None:
    anna, topic = await _topic_of(shop)
    await anna.say("вот что мне писали", forward_from="Курьер Пётр")
    shown = await shop.topic_shows(topic, "вот что мне писали")
    assert re.search(r"Переслано: .*Пётр", shown["text"])


async def test_an_album_of_the_topic_is_one_word_at_the_customer(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    body = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic, "album": 3, "text": "Три вида"}
    await shop.ctl("POST", "/operator/say", body)

    async def came() -> Any:
        return [m for m in await anna.sees() if m["kind"] == "photo"]

    async def whole() -> Any:
        found = await came()
        return found if len(found) == 3 else None

    photos = await until(whole)
    assert len({m.get("media_group_id") for m in photos}) == 1
    replies = [m for m in await shop.history(anna) if m["author"]["kind"] == "operator"]
    assert [len(m["attachments"]) for m in replies] == [3]


async def test_an_album_of_the_customer_is_answered_at_any_photo_and_its_caption_edited(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    said = await shop.ctl("POST", "/user/say", {"user": anna.id, "album": 3, "text": "вот сколы"})

    async def shown() -> Any:
        found = [m for m in await shop.in_topic(topic) if m["kind"] == "photo"]
        return found if len(found) == 3 else None

    photos = await until(shown)
    captioned = next(photo for photo in photos if "вот сколы" in photo["text"])
    await shop.staff_says("elena", topic, "Заменим эту", reply_to=photos[1]["message_id"])
    assert (await anna.gets("Заменим эту"))["reply_to"] in said["message_ids"]
    words = [m for m in await anna.sees() if m["text"] == "вот сколы"]
    body = {"user": anna.id, "message_id": words[0]["message_id"], "text": "вот трещины"}
    await shop.ctl("POST", "/user/edit", body)
    changed = await _message(shop, until, topic, captioned["message_id"], lambda m: "вот трещины" in m["text"])
    assert anna.name in changed["text"]
