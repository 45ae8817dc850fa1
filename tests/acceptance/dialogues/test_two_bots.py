"""Customers meet one bot, operators another: files and presses find their own, one broken token harms no customer."""

import base64
from typing import Any

import pytest

from bots import connected
from tests.files import picture, shown_file
from tests.shop import GROUP

OTHER = "7000000002:BBtests-only-token-of-35-characters"
PHOTO = picture(80, 50, "JPEG")


async def test_a_group_with_a_bot_of_its_own(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected, "BROKEN", 0.1)
    table = {"staff_group": {"chat": GROUP, "token": OTHER}}
    async with open_shop(tmp_path, library, matcher, table) as shop:
        anna = await shop.phone()
        await anna.say(library.articles[0].questions[0])
        await anna.gets(library.articles[0].answer[:30])  # Telegram does not know the group's token yet

        async def told() -> bool:
            (item,) = (await shop.api("GET", "/channels"))["items"]
            return (item["state"], item["reason"]) == ("ok", "unauthorized")

        await until(told, "what is wrong with the group's bot")
        desk = shop.emulator.add_bot(OTHER)
        shop.emulator.add_group({"id": GROUP, "members": []})
        await anna.say("позовите человека")
        await shop.stage(anna, "waiting")
        topic = await shop.topic(anna)
        card = await shop.topic_shows(topic, "Диалог №")
        assert card["from"]["id"] == desk
        await shop.staff_presses("elena", topic, card, "Взять")
        await shop.stage(anna, "operator")
        given = {"base64": base64.b64encode(PHOTO).decode(), "mime": "image/jpeg"}
        await shop.staff_says("elena", topic, "вот такой", photo=given)

        async def arrived() -> Any:
            return next((m for m in await anna.sees() if m["kind"] == "photo"), None)

        photo = await until(arrived, "the photo at the customer")
        assert (photo["text"], photo["from"]["id"] != desk) == ("вот такой", True)
        assert await shown_file(shop, photo) == PHOTO
        await anna.say("", photo=given, caption="а у меня такой")

        async def in_topic() -> Any:
            return next((m for m in await shop.in_topic(topic) if "а у меня" in m["text"] and m["file"]), None)

        shown = await until(in_topic, "the photo in the topic")
        assert (await shown_file(shop, shown), shown["from"]["id"]) == (PHOTO, desk)
        answers = (await shop.ctl("GET", "/calls?method=answerCallbackQuery"))["items"]
        assert [(call["bot"], call["status"]) for call in answers] == [(desk, 200)]
        await shop.quiet()
        words = [m["text"] for m in await shop.history(anna) if m["author"]["kind"] in ("customer", "operator")]
        assert words[-2:] == ["вот такой", "а у меня такой"]
