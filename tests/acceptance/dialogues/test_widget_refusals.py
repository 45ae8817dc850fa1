"""What the widget's door does not take: floods, endless words; each with a plain sentence."""

from typing import Any

import aiohttp
import pytest

from bots.web import socket, uploads
from bots.web.lines import tell
from bridge.errors import StoreDown
from bridge.model.ids import ChannelName
from tests.widget import SECRET, Visitor


async def refusal(tab: Any, **frame: Any) -> dict[str, Any]:
    """Say something that is refused; returns code and text."""
    await tab.send(type="say", **frame)
    answer = await tab.frame(lambda one: one["type"] == "ack" and one["client_id"] == frame.get("client_id"))
    return dict(answer["error"])


async def test_words_that_are_not_taken(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    assert await refusal(tab, client_id="long", text="я" * 4001) == {
        "code": "too_long",
        "text": "Сообщение длиннее 4000 знаков. Разделите его на части.",
    }
    assert (await refusal(tab, client_id="blank", text=" \n "))["code"] == "empty"
    assert (await refusal(tab, client_id="number", text=5))["code"] == "bad_frame"
    assert (await refusal(tab, client_id="file", text="", files=["nothing"]))["code"] == "bad_file"
    assert (await refusal(tab, client_id="files", text="", files=["x"] * 11))["code"] == "too_many_files"
    for number, id in enumerate(("", "\ud800", "\0", "../x", "y" * 64 + ".")):
        assert (await refusal(tab, client_id=f"f{number}", text="", files=[id]))["code"] == "bad_file"
        await tab.send(type="press", client_id=f"p{number}", message_id=id[:64], data="contact:skip")
        pressed = await tab.frame(lambda one, id=f"p{number}": one["type"] == "ack" and one["client_id"] == id)
        assert pressed["error"]["code"] == "stale_button"
    assert (await refusal(tab, text="no id"))["code"] == "bad_frame"
    english = Visitor(site, headers={"Accept-Language": "de, en;q=0.8, ru;q=0.5"})
    other = await english.come()
    assert (await refusal(other, client_id="blank", text=""))["text"] == "The message is empty."
    await english.leave()
    assert (await anna.enter())["conversation_id"] is None


async def test_floods_of_words_visitors_and_frames(tmp_path: Any, library: Any, matcher: Any, open_shop: Any) -> None:
    table = {"secret": SECRET, "messages_per_minute": 3, "sessions_per_minute": 4}
    async with open_shop(tmp_path, library, matcher, site=table) as shop:
        anna = Visitor(shop)
        tab = await anna.come()
        for number in range(3):
            assert "error" not in await tab.say(f"слово {number}", f"w{number}")
        refused = await refusal(tab, client_id="w3", text="слово 3")
        assert refused["code"] == "too_many"
        assert "Слишком часто" in refused["text"]
        assert "error" not in await tab.say("слово 2", "w2")  # it is kept already
        for _ in range(5):
            await anna.enter()  # one and the same visitor may come as often as he likes
        for _ in range(3):
            await Visitor(shop).enter()
        problem = await Visitor(shop).enter(status=429)
        assert problem["code"] == "too_many"
        for _ in range(250):
            await tab.send(type="typing")
        assert await tab.closed() == 4429
        for _ in range(20):
            await anna.open()
        assert await (await anna.dial()).closed() == 4429
        await anna.leave()


async def test_a_store_that_is_away_is_said_and_nothing_is_lost(
    site: Any, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say("до")
    await tab.gets("бот")
    await site.quiet()
    updates = type(site.bridge.store.updates)
    real = updates.add

    async def away(self: Any, update: Any) -> bool:
        raise StoreDown("away")

    monkeypatch.setattr(updates, "add", away)
    assert (await refusal(tab, client_id="during", text="во время"))["code"] == "unavailable"
    monkeypatch.setattr(updates, "add", real)
    at = len(tab.frames)
    await tab.send(type="say", client_id="during", text="во время")
    await tab.frame(lambda one: one["type"] == "ack" and "message_id" in one, at)
    await tab.frame(lambda one: one.get("message", {}).get("client_id") == "during")


async def test_who_says_nothing_and_who_does_not_read_are_let_go(
    site: Any, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = visit()
    tab = await anna.come()
    chat = next(iter(site.bridge.channels.by_name["site"]._lines._by_chat))
    for _ in range(300):  # all at once: the line cannot be written to in between
        await tell(site.bridge.bus, ChannelName("site"), chat, kind="typing", author={"kind": "bot", "name": ""})
    assert await tab.closed() == 4008
    monkeypatch.setattr(socket, "HELLO", 0.05)
    async with site.http.ws_connect(f"{anna.base}/socket") as silent:
        assert (await silent.receive()).data == 4401


async def test_a_line_ends_kindly_when_the_server_stops(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    site.bridge.channels.by_name["site"].hang_up()
    assert await tab.closed() == 1001
    assert (await anna.open()).frames[0]["type"] == "ready"


async def test_an_origin_that_cannot_be_read_is_nobody_s(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any
) -> None:
    table = {"secret": SECRET, "origins": ["https://kedr.example"]}
    async with open_shop(tmp_path, library, matcher, site=table) as shop:
        anna = Visitor(shop)
        for origin in ("http://[", "http://[::1", "null"):
            problem = await anna.ask("POST", "/session", 403, json={}, headers={"Origin": origin})
            assert problem["code"] == "origin"
            async with shop.http.get(f"{anna.base}/config", headers={"Origin": origin}) as answer:
                assert (answer.status, answer.headers.get("Access-Control-Allow-Origin")) == (200, None)
            async with shop.http.get(f"{shop.url}/live", headers={"Origin": origin}) as answer:
                assert answer.status < 500


async def test_files_of_one_address_are_counted_whoever_brings_them(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_ONE_ADDRESS", 2)
    async with open_shop(tmp_path, library, matcher, site={"secret": SECRET, "files_per_hour": 1}) as shop:
        for status in (201, 201, 429):
            visitor = Visitor(shop)
            await visitor.enter()
            form = aiohttp.FormData()
            form.add_field("file", b"a;b\n", filename="a.csv")
            await visitor.ask("POST", "/files", status, data=form)
