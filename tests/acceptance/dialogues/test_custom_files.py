"""Files at a custom channel: in the call and by address in, by a signed address out, never from inside."""

import base64
from pathlib import Path

from aiohttp import web

from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests.custom import Program, program
from tests.files import EXE, PDF, picture, upload
from tests.ports import free_port
from tests.shop import open_shop, serving, until


async def test_files_come_in_the_call_and_by_address_and_go_out_by_a_signed_one(own: Program) -> None:
    shop = own.mostik
    await own.tell(text="позовите человека")
    data = {"data": base64.b64encode(picture()).decode(), "name": "фото.png"}
    program_ = {"data": base64.b64encode(EXE).decode(), "name": "a.exe"}
    await own.tell(text="вот", attachments=[data, program_])
    line = await until(lambda: own.has("вот"))
    kept, refused = line["attachments"]
    assert (kept["kind"], kept["name"], kept["mime"]) == ("photo", "фото.png", "image/png")
    assert refused["reason"] == "file_type"
    await own.gets("a.exe")
    id = await upload(shop, PDF, "счёт.pdf")
    await own.reply("держите", attachments=[{"file_id": id}])
    (file,) = (await own.gets("держите"))["message"]["attachments"]
    assert (file["kind"], file["name"], file["size"]) == ("document", "счёт.pdf", len(PDF))
    assert await own.file(file["url"]) == PDF
    await own.file(file["url"].replace("expires=1", "expires=2"), 403)
    await own.file(file["url"].partition("?")[0], 403)
    await own.file(file["url"].replace(id, "0" * 16), 403)


async def test_an_internal_address_is_never_asked_for_a_file(own: Program) -> None:
    hosts = ["127.0.0.1:1", "localhost", "[::1]", "169.254.169.254", "2130706433", "0x7f.1", "[::ffff:10.0.0.1]"]
    for host in [*hosts, "192.168.0.1", "a.localhost.", "0.0.0.0", "[fe80::1]", "[64:ff9b::7f00:1]"]:
        url = f"http://{host}/a.png"
        problem = await own.tell(text="a", attachments=[{"url": url}], status=422)
        assert problem["errors"] == [{"field": "attachments.0.url", "code": "address_not_allowed"}], url
    for url in ["ftp://shop.example/a", "file:///etc/passwd", "http://", "http://user:secret@shop.example/a"]:
        problem = await own.tell(text="a", attachments=[{"url": url}], status=422)
        assert problem["errors"] == [{"field": "attachments.0", "code": "no_address"}], url


async def test_named_origins_are_fetched_from_and_no_others(
    tmp_path: Path, library: Library, matcher: KbMatcher
) -> None:
    shelf = web.Application()

    async def photo(request: web.Request) -> web.Response:
        return web.Response(body=picture(), content_type="image/png")

    async def away(request: web.Request) -> web.Response:
        raise web.HTTPFound("http://127.0.0.1:1/secret")

    shelf.router.add_get("/photo.png", photo)
    shelf.router.add_get("/away.png", away)
    async with program() as own, serving(shelf, free_port()) as base:
        table = {"custom": own.table(file_origins=[base])}
        async with open_shop(tmp_path, library, matcher, more=table) as own.shop:
            await own.tell(text="позовите человека")
            await own.tell(text="a", attachments=[{"url": f"{own.url}/photo.png"}], status=422)
            files = [{"url": f"{base}/photo.png"}, {"url": f"{base}/none.png"}, {"url": f"{base}/away.png"}]
            await own.tell(text="вот", attachments=files)
            line = await until(lambda: own.has("вот"))
            kept, absent, astray = line["attachments"]
            assert (kept["kind"], kept["name"], kept["size"]) == ("photo", "photo.png", len(picture()))
            assert [absent["reason"], astray["reason"]] == ["file_unavailable", "file_address"]
