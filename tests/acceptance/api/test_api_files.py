"""Files over the API: uploaded, attached, shown, saved; what is refused, and that nothing is ever served as a page."""

import io
from typing import Any

import pytest
from aiohttp import FormData

from bridge.model.files import Remote
from tests.acceptance.api.conftest import CARRIED, House, checked
from tests.files import EXE, HTML, OGG, PDF, SVG, archive, bomb, picture

PHOTO = picture(40, 30)


def named(value: object) -> str:
    """Name a case by its texts: bytes that hold the time would name it anew in every process."""
    return value if isinstance(value, str) else "body"


def form(body: bytes, name: str = "a.bin", mime: str = "application/octet-stream", field: str = "file") -> FormData:
    made = FormData(quote_fields=False)  # as browsers write names
    made.add_field(field, io.BytesIO(body), filename=name, content_type=mime)
    return made


async def upload(house: House, body: bytes, name: str = "a.bin", status: int = 201, **more: Any) -> Any:
    mime = more.pop("mime", "application/octet-stream")
    response = await house.call("POST", "/files", more.pop("who", "anna"), data=form(body, name, mime), **more)
    return await checked(response, status)


async def lines(house: House, case: Any) -> list[Any]:
    found = await house.get(f"/conversations/{case.id}/messages")
    return list(found["items"])


async def test_a_photo_is_uploaded_attached_and_fetched(house: House) -> None:
    kept = await upload(house, PHOTO, "кот.png", mime="image/png")
    assert kept == {
        "id": kept["id"],
        "kind": "photo",
        "name": "кот.png",
        "mime": "image/png",
        "size": len(PHOTO),
        "width": 40,
        "height": 30,
        "url": f"/api/v1/files/{kept['id']}",
    }
    case = await house.says("покажите товар")
    body = {"text": "вот он", "attachments": [{"file_id": kept["id"]}]}
    said = await house.post(f"/conversations/{case.id}/messages", body, status=201)
    assert (said["kind"], said["text"]) == ("photo", "вот он")
    assert said["attachments"] == [kept | {"seconds": 0, "reason": None, "reason_text": None}]
    assert (await lines(house, case))[-1]["attachments"] == said["attachments"]
    row = await house.get(f"/conversations/{case.id}")
    assert (row["last_message"]["content"], row["last_message"]["text"]) == ("photo", "вот он")
    got = await house.call("GET", f"/files/{kept['id']}", who="watcher")
    assert (got.status, got.content_type, await got.read()) == (200, "image/png", PHOTO)
    assert got.headers["Content-Disposition"].startswith("inline;")
    assert "filename*=UTF-8''%D0%BA%D0%BE%D1%82.png" in got.headers["Content-Disposition"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert got.headers["Cache-Control"] == "private, max-age=31536000, immutable"


async def test_a_file_needs_no_text_and_a_note_may_have_one(house: House) -> None:
    case = await house.says("вопрос")
    kept = [await upload(house, PDF, "счёт.pdf"), await upload(house, OGG, "voice.ogg")]
    url = f"/conversations/{case.id}/messages"
    ids = [{"file_id": each["id"]} for each in kept]
    said = await house.post(url, {"attachments": ids}, status=201)
    assert (said["text"], [each["kind"] for each in said["attachments"]]) == ("", ["document", "audio"])
    noted = await house.post(url, {"text": "для своих", "kind": "note", "attachments": ids[:1]}, status=201)
    assert (noted["author"]["kind"], noted["attachments"][0]["name"]) == ("note", "счёт.pdf")


@pytest.mark.parametrize(
    ("headers", "status", "expected", "where"),
    [
        ({"Range": "bytes=2-5"}, 206, slice(2, 6), "bytes 2-5/{size}"),
        ({"Range": "bytes=10-"}, 206, slice(10, None), "bytes 10-{last}/{size}"),
        ({"Range": "bytes=-4"}, 206, slice(-4, None), "bytes {tail}-{last}/{size}"),
        ({"Range": "bytes=0-999999"}, 206, slice(None), "bytes 0-{last}/{size}"),
        ({"Range": "bytes=1-2,4-5"}, 200, slice(None), None),
        ({"Range": "lines=1-2"}, 200, slice(None), None),
    ],
)
async def test_ranges(house: House, headers: dict[str, str], status: int, expected: slice, where: str | None) -> None:
    kept = await upload(house, OGG, "voice.ogg")
    got = await house.call("GET", f"/files/{kept['id']}", headers=headers)
    assert (got.status, await got.read()) == (status, OGG[expected])
    size = len(OGG)
    assert got.headers.get("Content-Range") == (where and where.format(size=size, last=size - 1, tail=size - 4))


async def test_what_is_known_is_not_sent_again_and_what_is_not_there_is_refused(house: House) -> None:
    kept = await upload(house, PDF, "a.pdf")
    url = f"/files/{kept['id']}"
    etag = (await house.call("GET", url)).headers["ETag"]
    same = await house.call("GET", url, headers={"If-None-Match": etag})
    assert (same.status, await same.read()) == (304, b"")
    beyond = await house.get(url, status=416, headers={"Range": f"bytes={len(PDF)}-"})
    assert beyond["code"] == "no_range"
    await house.get("/files/nothing", status=404)
    await house.get(f"/files/{kept['id']}%2F..%2Fx", status=404)
    await house.get(url, who=None, status=401)
    await house.bridge.files.delete(kept["id"])
    await house.get(url, status=404)


@pytest.mark.parametrize(
    ("body", "name", "mime"),
    [
        (HTML, "page.html", "text/html"),
        (HTML, "photo.jfif", "image/jpeg"),
        (SVG, "logo.svg", "image/svg+xml"),
        (b"<?xml version='1.0'?><x/>", "x.xml", "text/xml"),
        (bytes(100), "x.xhtml", "application/xhtml+xml"),
        (PDF, "a.pdf", "text/html"),
    ],
    ids=named,
)
async def test_nothing_is_ever_served_as_a_page(house: House, body: bytes, name: str, mime: str) -> None:
    kept = await upload(house, body, name, mime=mime)
    got = await house.call("GET", f"/files/{kept['id']}")
    assert got.content_type in ("application/octet-stream", "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        (b"", "a.txt", "file_empty"),
        (PHOTO[:-30], "a.png", "file_broken"),
        (b"not a picture", "a.jpg", "file_broken"),
        (bomb(), "a.zip", "file_bomb"),
        (archive(a=b"x")[:-20], "a.zip", "file_broken"),
    ],
    ids=named,
)
async def test_what_is_refused_says_why(house: House, body: bytes, name: str, code: str) -> None:
    problem = await upload(house, body, name, status=422)
    assert (problem["code"], problem["errors"]) == ("invalid", [{"field": "file", "code": code}])


async def test_a_file_over_the_limit_is_not_read_to_its_end(house: House) -> None:
    limit = house.bridge.files.limit
    said = await upload(house, bytes(limit + (64 << 10)), status=413)
    assert said["code"] == "too_large"

    async def untold() -> Any:  # no length is told before
        boundary = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        yield boundary
        for _ in range((limit >> 16) + 2):
            yield bytes(1 << 16)
        yield b"\r\n--x--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = await house.call("POST", "/files", data=untold(), headers=headers)
    assert (await checked(response, 413))["code"] == "too_large"
    assert (await upload(house, bytes(limit)))["size"] == limit


async def test_forms_that_are_none(house: House) -> None:
    async def refused(data: Any, status: int, headers: dict[str, str] | None = None) -> Any:
        return await checked(await house.call("POST", "/files", data=data, headers=headers), status)

    assert (await refused(b"raw bytes", 422))["errors"] == [{"field": "file", "code": "no_form"}]
    other = await refused(form(PDF, field="upload"), 422)
    assert {"field": "upload", "code": "unknown"} in other["errors"]
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await refused(b"--x--\r\n", 422, multipart))["errors"] == [{"field": "file", "code": "required"}]
    cut = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nhalf a file'
    assert (await refused(cut, 400, multipart))["code"] == "bad_form"
    two = form(PDF)
    two.add_field("more", "x")
    assert (await refused(two, 422))["errors"] == [{"field": "more", "code": "unknown"}]
    assert (await refused(b"", 400, {"Content-Type": "multipart/form-data"}))["code"] == "bad_form"


async def test_only_those_who_answer_upload_and_only_what_is_theirs_is_attached(house: House) -> None:
    await upload(house, PDF, who="watcher", status=403)
    mine, others = await upload(house, PDF), await upload(house, PDF, who="mark")
    case = await house.says("вопрос")
    url = f"/conversations/{case.id}/messages"
    for wrong, code in (([others["id"]], "unknown"), (["nothing"], "unknown"), ([mine["id"]] * 11, "too_long")):
        body = {"text": "вот", "attachments": [{"file_id": id} for id in wrong]}
        problem = await house.post(url, body, status=422)
        assert problem["errors"] == [{"field": "attachments", "code": code}]
    assert len(await lines(house, case)) == 1


async def test_the_channel_is_asked_before_anything_is_written(house: House) -> None:
    big = await upload(house, bytes(CARRIED + 1))
    case = await house.says("вопрос")
    body = {"text": "вот", "attachments": [{"file_id": big["id"]}]}
    url = f"/conversations/{case.id}/messages"
    problem = await house.post(url, body, status=422)
    assert problem["errors"] == [{"field": "attachments", "code": "file_too_big"}]
    assert (await house.post(url, body | {"kind": "note"}, status=201))["attachments"][0]["size"] == CARRIED + 1


async def test_the_same_key_keeps_one_file(house: House) -> None:
    key = {"Idempotency-Key": "upload-1"}
    first = await upload(house, PDF, "a.pdf", headers=key)
    assert await upload(house, PDF, "a.pdf", headers=key) == first
    assert (await upload(house, OGG, "a.pdf", headers=key, status=422))["code"] == "key_reused"
    assert (await upload(house, PDF, "a.pdf", headers=key, who="mark"))["id"] != first["id"]
    await upload(house, PDF, headers={"Idempotency-Key": "k" * 201}, status=422)


async def test_files_of_customers_are_shown_and_those_refused_say_why(house: House) -> None:
    house.channel.held = {"good": PHOTO, "exe": EXE}
    case = await house.says(
        "смотрите", files=(Remote("good", "photo", "", "image/jpeg"), Remote("exe", "document", "игра.exe"))
    )
    line, told = await lines(house, case)
    assert (line["kind"], line["text"]) == ("photo", "смотрите")
    shown, refused = line["attachments"]
    assert (shown["width"], shown["reason"]) == (40, None)
    got = await house.call("GET", shown["url"].removeprefix("/api/v1"))
    assert await got.read() == PHOTO
    assert (refused["id"], refused["url"], refused["reason"], refused["name"]) == ("", None, "file_type", "игра.exe")
    assert refused["reason_text"] == "программы и сценарии не принимаются"
    assert told["author"]["kind"] == "bot"
    assert told["text"] == "Файл «игра.exe»: принять не получилось, программы и сценарии не принимаются."


async def test_a_file_the_messenger_does_not_hand_out_leaves_its_reason(house: House) -> None:
    limit = house.bridge.files.limit
    case = await house.says("", files=(Remote("gone", "voice", seconds=7), Remote("big", "video", "", "", limit + 1)))
    line, *told = await lines(house, case)
    assert [(each["reason"], each["seconds"]) for each in line["attachments"]] == [
        ("file_unavailable", 7),
        ("file_too_big", 0),
    ]
    assert [each["text"] for each in told] == [
        "Голосовое сообщение: принять не получилось, мессенджер не отдал файл.",
        "Видео: слишком большой размер, принять не получилось. Можно присылать файлы до 1 МБ.",
    ]
