"""Known pitfalls of the Bot API that take a whole shop to try: the test's name says which."""

from typing import Any

import pytest

from tests.files import picture
from tests.shop import GROUP

PHOTO = picture(50, 40, "JPEG")


async def made(shop: Any) -> int:
    """Return how many topics were ever made."""
    return len((await shop.ctl("GET", "/calls?method=createForumTopic"))["items"])


async def test_3_a_word_that_breaks_its_handling_holds_up_nobody(
    shop: Any, article: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bots.telegram import private

    text_of = private.text_of

    def broken(message: Any) -> str:
        if message.text == "сломайся":
            raise RuntimeError("a fault of ours")
        return text_of(message)

    monkeypatch.setattr(private, "text_of", broken)
    anna, boris = await shop.phone(), await shop.phone("Борис")
    await anna.say("сломайся")
    await boris.say(article.questions[0])
    await boris.gets(article.answer[:30])
    await anna.say(article.questions[0])
    await anna.gets(article.answer[:30])
    stats = await shop.ctl("GET", "/stats")
    assert (stats["webhook_failures"], [bot["pending"] for bot in stats["bots"]]) == (0, [0])
    dead = await shop.bridge.store.updates.dead(10)
    assert ["a fault of ours" in (row.reason or "") for row in dead] == [True]


async def test_4_what_is_delivered_twice_is_answered_once(shop: Any, article: Any) -> None:
    anna = await shop.phone()
    await shop.ctl("POST", "/faults", {"fault": "duplicate_update", "count": 2, "chat": anna.id})
    await anna.say(article.questions[0])
    answer = await anna.gets(article.answer[:30])
    await anna.press(answer, "Да, спасибо")
    await anna.gets("Рад, что помогло")
    await shop.quiet()
    heard = await anna.heard()
    assert len(heard) == len(set(heard)) == 3
    assert len([m for m in await shop.history(anna) if m["author"]["kind"] == "customer"]) == 2


@pytest.mark.parametrize("how", ["message thread not found", "TOPIC_DELETED"])
async def test_5_a_deleted_topic_is_made_anew_and_nothing_said_is_missing_there(shop: Any, how: str) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Диалог №")
    if how == "TOPIC_DELETED":
        await shop.ctl("POST", "/faults", {"fault": "topic_deleted", "chat": GROUP, "method": "sendMessage"})
    else:
        await shop.ctl("POST", "/operator/delete_topic", {"operator": 5002, "group": GROUP, "topic": topic})
    await anna.say("вы меня слышите?")
    again = await shop.topic(anna)
    while again == topic:
        again = await shop.topic(anna)
    await shop.topic_shows(again, "вы меня слышите?")
    await shop.staff_says("elena", again, "Да, слышу")
    await anna.gets("Да, слышу")


async def test_6_a_topic_made_again_under_a_crowd_of_words_is_made_once(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Диалог №")
    assert await made(shop) == 1
    await shop.ctl("POST", "/operator/delete_topic", {"operator": 5002, "group": GROUP, "topic": topic})
    words = [f"слово {number}" for number in range(6)]
    for text in words:
        await anna.say(text)
    conversation = await shop.conversation(anna)
    path = f"/conversations/{conversation['id']}/messages"
    await shop.api("POST", path, {"text": "Ответ из панели", "kind": "reply", "force": True})
    again = await shop.topic(anna)
    for text in [*words, "Ответ из панели"]:
        await shop.topic_shows(again, text)
    assert await made(shop) == 2


async def test_6_a_first_album_makes_one_customer_and_one_topic(shop: Any, until: Any) -> None:
    anna = await shop.phone()
    await anna.say("", album=10)
    await shop.stage(anna, "waiting")
    await shop.topic(anna)
    await shop.quiet()
    said = [m for m in await shop.history(anna) if m["author"]["kind"] == "customer"]
    assert [len(m["attachments"]) for m in said] == [10]
    assert await made(shop) == 1
    assert len((await shop.api("GET", "/conversations"))["items"]) == 1


async def test_12_an_album_whose_parts_come_late_and_out_of_order_is_one_word(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    await shop.ctl("POST", "/faults", {"fault": "reorder_updates", "chat": anna.id, "count": 1})
    await shop.ctl("POST", "/faults", {"fault": "duplicate_update", "chat": anna.id, "count": 1})
    ids = await anna.say("вся серия", album=4)
    assert ids

    async def whole() -> Any:
        said = [m for m in await shop.history(anna) if m["attachments"]]
        return said if said and sum(len(m["attachments"]) for m in said) == 4 else None

    (word,) = await until(whole, "the album")
    assert (word["text"], len(word["attachments"])) == ("вся серия", 4)


async def test_13_an_edit_finds_its_word_after_a_restart(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, until: Any
) -> None:
    async with open_shop(tmp_path, library, matcher) as shop:
        anna = await shop.caller()
        said = await anna.say("адрес: Лесная, 1")
        topic = await shop.topic(anna)
        await shop.topic_shows(topic, "Лесная, 1")
        reply = await shop.staff_says("elena", topic, "Везём")
        await anna.gets("Везём")
        await shop.quiet()
        world = await shop.ctl("GET", "/snapshot")
        row = await shop.conversation(anna)
    async with open_shop(tmp_path, library, matcher, world=world) as shop:
        anna.shop = shop
        await shop.ctl("POST", "/user/edit", {"user": anna.id, "message_id": said, "text": "адрес: Лесная, 7"})
        place = {"operator": 5002, "group": GROUP, "topic": topic, "message_id": reply}
        await shop.ctl("POST", "/operator/edit", {**place, "text": "Едем"})

        async def texts() -> Any:
            page = await shop.api("GET", f"/conversations/{row['id']}/messages?limit=200")
            there = [m["text"] for m in page["items"]]
            return "адрес: Лесная, 7" in there and "Едем" in there

        await until(texts, "both edits")
        await anna.gets("Едем")
        await shop.topic_shows(topic, "Лесная, 7")
