"""What the widget's door does not take: floods, endless words, files of others; each with a plain sentence."""

import io
from typing import Any

import aiohttp
import pytest

from bridge.errors import StoreDown
from tests.widget import SECRET, Visitor

#: The smallest PNG there is: one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f00"
    "05000001ff56c7f30d0000000049454e44ae426082"
)


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


async def upload(visitor: Visitor, content: bytes, name: str, status: int = 201) -> dict[str, Any]:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    return dict(await visitor.ask("POST", "/files", status, data=form))


async def test_a_photo_goes_in_and_stays_the_visitor_s(site: Any, visit: Any) -> None:
    anna, eve = visit(), visit()
    tab = await anna.come()
    await eve.come()
    kept = await upload(anna, PIXEL, "кот <b>.png")
    assert (kept["kind"], kept["mime"], kept["width"]) == ("photo", "image/png", 1)
    assert (await refusal(eve.tabs[0], client_id="hers", text="моё", files=[kept["id"]]))["code"] == "bad_file"
    await tab.say("вот фото", "photo", files=[kept["id"]])
    mine = await tab.frame(lambda one: one.get("message", {}).get("client_id") == "photo")
    (shown,) = mine["message"]["attachments"]
    assert (shown["id"], shown["kind"], shown["size"]) == (kept["id"], "photo", len(PIXEL))
    headers = {"Authorization": f"Bearer {anna.token}"}
    async with site.http.get(f"{anna.base}/files/{kept['id']}", headers=headers) as answer:
        assert await answer.read() == PIXEL
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    await eve.ask("GET", f"/files/{kept['id']}", status=404)
    async with site.http.get(f"{anna.base}/files/{kept['id']}") as answer:
        assert answer.status == 401


async def test_files_that_are_not_taken(site: Any, visit: Any) -> None:
    anna = visit()
    await anna.enter()
    for content, name, status, code in (
        (b"", "empty.txt", 422, "file_empty"),
        (PIXEL[:40], "broken.png", 422, "file_broken"),
        (b"x" * (21 << 20), "big.bin", 413, "file_too_big"),
    ):
        problem = await upload(anna, content, name, status)
        assert problem["code"] == code
        assert problem["detail"]
        assert "{" not in problem["detail"]
    assert (await anna.ask("POST", "/files", 422, data=b"nothing"))["code"] == "no_file"
    form = aiohttp.FormData({"other": "field"})
    form.add_field("another", b"x", filename="x.txt")
    assert (await anna.ask("POST", "/files", 422, data=form))["code"] == "no_file"
    eve = Visitor(site, "forged")
    form = aiohttp.FormData()
    form.add_field("file", PIXEL, filename="x.png")
    assert (await eve.ask("POST", "/files", 401, data=form))["code"] == "no_session"


async def test_a_page_is_never_served_as_one(site: Any, visit: Any) -> None:
    anna = visit()
    await anna.enter()
    kept = await upload(anna, b"<!doctype html><script>alert(1)</script>", "page.html")
    headers = {"Authorization": f"Bearer {anna.token}"}
    async with site.http.get(f"{anna.base}/files/{kept['id']}", headers=headers) as answer:
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
