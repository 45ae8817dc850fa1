"""Files at the widget: brought by a visitor, sent by people, refused, and never anybody else's."""

import base64
import io
from typing import Any

import aiohttp

from tests.shop import GROUP, STAFF
from tests.widget import Visitor

#: The smallest PNG there is: one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f00"
    "05000001ff56c7f30d0000000049454e44ae426082"
)


async def upload(visitor: Visitor, content: bytes, name: str, status: int = 201) -> dict[str, Any]:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    return dict(await visitor.ask("POST", "/files", status, data=form))


async def test_a_photo_goes_in_and_stays_the_visitor_s(site: Any, visit: Any) -> None:
    anna, eve = visit(), visit()
    tab = await anna.come()
    await eve.come()
    kept = await upload(anna, PIXEL, "кот <b>.png")
    assert (kept["kind"], kept["mime"], kept["width"]) == ("photo", "image/png", 1)
    assert (await eve.tabs[0].say("моё", "hers", files=[kept["id"]]))["error"]["code"] == "bad_file"
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
    form = aiohttp.FormData(quote_fields=False)
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


async def test_what_people_send_reaches_its_visitor_alone(site: Any, visit: Any) -> None:
    anna, eve = visit(), visit()
    tab = await anna.come()
    await tab.say("оператор")
    await tab.gets("зову оператора")
    await (await eve.come()).say("я не Анна")
    sent = await staff_upload(site, PIXEL, "полка.png")
    noted = await staff_upload(site, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "внутреннее.pdf")
    path = f"/conversations/{(await anna.conversation())['id']}/messages"
    await site.api("POST", path, {"text": "Вот полка", "kind": "reply", "attachments": [{"file_id": sent}]})
    await site.api("POST", path, {"text": "не показывать", "kind": "note", "attachments": [{"file_id": noted}]})
    message = await tab.gets("Вот полка")
    (shown,) = message["attachments"]
    assert (shown["id"], shown["kind"], shown["name"]) == (sent, "photo", "полка.png")
    async with site.http.get(f"{anna.base}/files/{sent}", headers=bearer(anna)) as answer:
        assert (answer.status, await answer.read()) == (200, PIXEL)
    for visitor, id in ((eve, sent), (anna, noted), (anna, "nothing")):
        problem = await visitor.ask("GET", f"/files/{id}", status=404)
        assert problem["code"] == "not_found"


async def test_a_visitor_s_photo_stands_in_the_panel(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    kept = await upload(anna, PIXEL, "кот.png")
    assert "error" not in await tab.say("", "photo", files=[kept["id"]])
    await tab.frame(lambda one: one.get("message", {}).get("client_id") == "photo")
    path = f"/conversations/{(await anna.conversation())['id']}/messages"
    row = (await site.api("GET", path))["items"][0]
    assert [each["id"] for each in row["attachments"]] == [kept["id"]]
    async with site.http.get(
        f"{site.url}/api/v1/files/{kept['id']}", headers=bearer(anna, site.tokens["elena"])
    ) as got:
        assert await got.read() == PIXEL


async def test_a_photo_from_the_topic_reaches_the_visitor_and_a_note_does_not(
    site: Any, visit: Any, until: Any
) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say("оператор")
    await tab.gets("зову оператора")

    async def opened() -> int | None:
        topics = (await site.ctl("GET", f"/topics?group={GROUP}"))["items"]
        return next((one["topic"] for one in topics if one["name"].startswith("Гость")), None)

    topic = await until(opened)
    photo = {"base64": base64.b64encode(PIXEL).decode(), "name": "", "mime": "image/png"}
    body = {"operator": STAFF["mark"][1], "group": GROUP, "topic": topic, "photo": photo, "caption": "Вот она"}
    await site.staff_says("mark", topic, "// скидку не давать")
    await site.ctl("POST", "/operator/say", body)
    message = await tab.gets("Вот она")
    assert message["author"] == {"kind": "operator", "name": "Марк Климов"}
    (shown,) = message["attachments"]
    assert shown["kind"] == "photo"
    async with site.http.get(f"{anna.base}/files/{shown['id']}", headers=bearer(anna)) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("image/")
    assert "скидку" not in str(tab.frames)


async def test_an_upload_that_breaks_off_and_a_flood_of_them(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, site={"files_per_hour": 2}) as shop:
        anna = Visitor(shop)
        await anna.enter()
        broken = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf a text'
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        problem = await anna.ask("POST", "/files", 400, data=broken, headers=headers)
        assert problem["code"] == "bad_form"
        await upload(anna, PIXEL, "a.png")
        problem = await upload(anna, PIXEL, "a.png", 429)
        assert problem["code"] == "too_many"
        async with shop.http.post(f"{anna.base}/files", headers=bearer(anna)) as answer:
            assert int(answer.headers["Retry-After"]) > 60


def bearer(visitor: Visitor, token: str = "") -> dict[str, str]:
    return {"Authorization": f"Bearer {token or visitor.token}"}


async def staff_upload(shop: Any, content: bytes, name: str) -> str:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", io.BytesIO(content), filename=name)
    headers = {"Authorization": f"Bearer {shop.tokens['elena']}"}
    async with shop.http.post(f"{shop.url}/api/v1/files", data=form, headers=headers) as answer:
        assert answer.status < 300, await answer.text()
        return str((await answer.json())["id"])
