"""What bad input gets: a plain sentence for the customer, the reason for the operator, never silence, nothing lost."""

from typing import Any

import pytest

from bridge.errors import StoreDown


async def test_a_wrong_token_breaks_that_bot_alone_with_its_reason(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, until: Any
) -> None:
    wrong = {"token": "7000000001:AAanother-secret-of-the-same-bot-id"}
    async with open_shop(tmp_path, library, matcher, wrong) as shop:

        async def broken() -> Any:
            items = (await shop.api("GET", "/channels"))["items"]
            return next((item for item in items if item["state"] == "broken"), None)

        item = await until(broken)
        assert item["name"] == "telegram"
        assert item["reason"]
        assert "AAanother" not in str(item)
        async with shop.http.get(f"{shop.url}/readyz") as answer:
            assert answer.status == 503
            assert "telegram" in await answer.text()
        async with shop.http.get(f"{shop.url}/healthz") as answer:
            assert answer.status == 200
        assert (await shop.api("GET", "/conversations"))["items"] == []


async def test_a_text_that_is_no_token_breaks_that_bot_alone_too(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, {"token": "nonsense"}) as shop:
        items = (await shop.api("GET", "/channels"))["items"]
        assert [(item["state"], bool(item["reason"])) for item in items] == [("broken", True)]


async def test_an_unreadable_update_is_put_aside_and_the_chat_goes_on(shop: Any, article: Any) -> None:
    anna = await shop.phone()
    boris = await shop.phone("Борис")
    await shop.ctl("POST", "/faults", {"fault": "bad_update", "count": 1, "chat": anna.id})
    await anna.say("позовите оператора")
    await boris.say(article.questions[0])
    await boris.gets(article.answer[:30])
    await shop.stage(anna, "waiting")
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "[сообщение неизвестного вида]")
    dead = await shop.bridge.store.updates.dead(10)
    assert len(dead) == 1
    assert "forward_origin" in (dead[0].reason or "")
    kinds = [m["kind"] for m in await shop.history(anna) if m["author"]["kind"] == "customer"]
    assert kinds == ["other", "text"]


async def test_a_kind_we_cannot_carry_is_named_to_staff_and_handed_off(shop: Any) -> None:
    anna = await shop.phone()
    await shop.ctl("POST", "/user/say", {"user": anna.id, "location": {"latitude": 55.8, "longitude": 49.1}})
    await anna.gets("прочитать не могу")
    await shop.stage(anna, "waiting")
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "[геопозиция]")


async def test_long_and_empty_replies_are_refused_in_words(shop: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    conversation = await shop.stage(anna, "waiting")
    path = f"/conversations/{conversation['id']}/messages"
    problem = await shop.api("POST", path, {"text": "я" * 4097, "kind": "reply"}, status=422)
    assert problem["errors"] == [{"field": "text", "code": "too_long"}]
    problem = await shop.api("POST", path, {"text": " \n ", "kind": "reply"}, status=422)
    assert problem["errors"][0]["field"] == "text"
    await shop.api("POST", path, {"text": "😀" * 2048, "kind": "reply"}, status=201)
    await anna.gets("😀" * 2048)


async def test_markup_in_names_and_texts_stays_text(shop: Any) -> None:
    name = "<b>Анна</b> & *Ко* [x](http://x)"
    anna = await shop.phone(name)
    text = "оператор <script>alert(1)</script> _*[`"
    await anna.say(text)
    topic = await shop.topic(anna)
    shown = await shop.topic_shows(topic, "<script>")
    assert name in shown["text"]
    conversation = await shop.stage(anna, "waiting")
    assert conversation["customer"]["name"] == name
    await shop.staff_says("elena", topic, "ответ с <b>разметкой</b> & _знаками_")
    await anna.gets("ответ с <b>разметкой</b> & _знаками_")


async def test_a_customer_who_blocked_the_bot_is_told_to_staff_and_heard_again(shop: Any, until: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    topic = await shop.topic(anna)
    await shop.ctl("POST", "/user/block", {"user": anna.id})
    await shop.staff_says("elena", topic, "Вы здесь?")
    await shop.topic_shows(topic, "клиент заблокировал бота")

    async def failed() -> Any:
        reply = next((m for m in await shop.history(anna) if m["text"] == "Вы здесь?"), None)
        return reply if reply and reply["delivery"]["state"] == "failed" else None  # the block is heard sooner

    reply = await until(failed)
    assert reply["delivery"]["reason"] == "blocked"
    await shop.ctl("POST", "/user/unblock", {"user": anna.id})
    await anna.say("я вернулась")
    await shop.api("POST", f"/messages/{reply['id']}/retry")
    await anna.gets("Вы здесь?")


async def test_strangers_in_the_staff_group_are_told_that_nobody_hears_them(shop: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    topic = await shop.topic(anna)
    stranger = (await shop.ctl("POST", "/user", {"name": "Чужой"}))["user"]["id"]
    body = {"operator": stranger, "group": -1001700000001, "topic": topic, "text": "я отвечу клиенту"}
    await shop.ctl("POST", "/operator/say", body)
    await shop.topic_shows(topic, "не зарегистрированы")
    await shop.quiet()
    assert not any("я отвечу" in text for text in await anna.heard())


async def test_a_deleted_topic_is_made_anew(shop: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Диалог №")
    elena = {"operator": 5002, "group": -1001700000001, "topic": topic}
    await shop.ctl("POST", "/operator/delete_topic", elena)
    await anna.say("вы меня слышите?")
    again = await shop.topic(anna)
    assert again != topic
    await shop.topic_shows(again, "вы меня слышите?")
    await shop.topic_shows(again, "Диалог №")


async def test_a_store_that_fails_makes_the_door_answer_5xx_and_nothing_is_lost(
    shop: Any, article: Any, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await shop.phone()
    refused = 0

    async def down(_rows: Any, _update: Any) -> bool:
        nonlocal refused
        refused += 1
        raise StoreDown("the disk is full")

    monkeypatch.setattr(type(shop.bridge.store.updates), "add", down)
    await anna.say(article.questions[0])

    async def was_refused() -> bool:
        return refused > 0

    await until(was_refused)
    monkeypatch.undo()
    await anna.gets(article.answer[:30])
    said = [m["text"] for m in await shop.history(anna) if m["author"]["kind"] == "customer"]
    assert said == [article.questions[0]]
