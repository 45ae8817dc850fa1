"""Files of Telegram's messages: what they are called, and that a failed download tells no token."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiohttp import web

from bots.telegram.errors import Session
from bots.telegram.media import DOWN, fetch, remotes
from bridge.errors import Rejected, RetryLater
from bridge.model.files import Remote

TOKEN = "7000000001:AAtests-only-token-of-35-characters"
FILE = {"file_id": "A1", "file_unique_id": "u"}
SOUND = {**FILE, "duration": 7, "mime_type": "audio/ogg", "file_size": 5}
CLIP = {**FILE, "duration": 7, "width": 64, "height": 48}


def message(**parts: Any) -> Message:
    return Message.model_validate(
        {"message_id": 5, "date": 1_790_000_000, "chat": {"id": 77, "type": "private"}, **parts}
    )


def sizes(*widths: int) -> list[dict[str, Any]]:
    return [{"file_id": f"A{w}", "file_unique_id": "u", "width": w, "height": w, "file_size": w} for w in widths]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"text": "words"}, ()),
        ({"photo": sizes(90, 800, 320)}, (Remote("A800", "photo", "", "image/jpeg", 800),)),
        ({"voice": SOUND}, (Remote("A1", "voice", "", "audio/ogg", 5, 7),)),
        ({"audio": {**SOUND, "file_name": "a.mp3"}}, (Remote("A1", "audio", "a.mp3", "audio/ogg", 5, 7),)),
        ({"document": {**FILE, "file_name": "счёт.pdf"}}, (Remote("A1", "document", "счёт.pdf"),)),
        ({"video": CLIP}, (Remote("A1", "video", seconds=7),)),
        ({"animation": CLIP, "document": FILE}, (Remote("A1", "animation", seconds=7),)),
        ({"video_note": {**FILE, "duration": 7, "length": 240}}, (Remote("A1", "video_note", "", "video/mp4", 0, 7),)),
    ],
)
def test_what_a_messages_file_is(parts: dict[str, Any], expected: tuple[Remote, ...]) -> None:
    assert remotes(message(**parts)) == expected


@pytest.mark.parametrize(
    ("flags", "name", "mime"),
    [
        ((False, False), "sticker.webp", "image/webp"),
        ((True, False), "sticker.tgs", "application/x-tgsticker"),
        ((False, True), "sticker.webm", "video/webm"),
    ],
)
def test_stickers_are_files(flags: tuple[bool, bool], name: str, mime: str) -> None:
    sticker = {**FILE, "type": "regular", "width": 512, "height": 512, "is_animated": flags[0], "is_video": flags[1]}
    assert remotes(message(sticker=sticker)) == (Remote("A1", "sticker", name, mime),)


Door = Callable[..., Awaitable[Any]]


@pytest.fixture
async def door(aiohttp_server: Any) -> AsyncIterator[Door]:
    """Fetch a file from a server that answers as told; returns the bytes or the error."""
    told: dict[str, Any] = {}

    async def method(request: web.Request) -> web.StreamResponse:
        found = told["found"]
        return web.json_response(found, status=found.get("error_code", 200))

    async def file(request: web.Request) -> web.StreamResponse:
        return await told["file"](request)

    app = web.Application()
    app.router.add_route("*", f"/bot{TOKEN}/getFile", method)
    app.router.add_get(f"/file/bot{TOKEN}/{{path:.*}}", file)
    server = await aiohttp_server(app)
    session = Session(api=TelegramAPIServer.from_base(str(server.make_url("")).rstrip("/")))
    bot = Bot(TOKEN, session=session)

    async def ask(answer: Any, found: dict[str, Any] | None = None, size: int = 0) -> Any:
        known = {"ok": True, "result": {**FILE, "file_path": "photos/1.jpg"}}
        told.update(found=found or known, file=answer)
        try:
            return b"".join([piece async for piece in fetch(bot, session, Remote("A1", "photo", size=size))])
        except Exception as error:
            return error

    yield ask
    await session.close()


async def whole(_: web.Request) -> web.StreamResponse:
    return web.Response(body=bytes(200_000))


async def gone(_: web.Request) -> web.StreamResponse:
    return web.Response(status=404, text="Not Found")


async def busy(_: web.Request) -> web.StreamResponse:
    return web.Response(status=502, text="<html>")


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_length = 100_000
    await response.prepare(request)
    await response.write(bytes(10))
    assert request.transport is not None
    request.transport.abort()
    return response


def refused(text: str) -> dict[str, Any]:
    return {"ok": False, "error_code": 400, "description": f"Bad Request: {text}"}


async def test_a_file_is_read_whole(door: Door) -> None:
    assert await door(whole) == bytes(200_000)


@pytest.mark.parametrize("answer", [gone, busy, cut])
async def test_a_failed_download_says_what_to_do_and_never_the_address(door: Door, answer: Any) -> None:
    error = await door(answer)
    assert type(error) is (Rejected if answer is gone else RetryLater)
    seen: BaseException | None = error
    while seen is not None and not seen.__suppress_context__:
        assert "AAtests" not in repr(seen)
        seen = seen.__context__
    assert "AAtests" not in repr(error)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("file is too big", "file_too_big"),
        ("invalid file_id", "file_unavailable"),
        ("wrong file_id or the file is temporarily unavailable", "file_unavailable"),
    ],
)
async def test_a_refused_file_has_its_reason(door: Door, text: str, reason: str) -> None:
    error = await door(whole, refused(text))
    assert isinstance(error, Rejected)
    assert error.reason == reason


async def test_what_telegram_never_hands_out_is_not_asked_for(door: Door) -> None:
    error = await door(busy, refused("never asked"), size=DOWN + 1)
    assert isinstance(error, Rejected)
    assert error.reason == "file_too_big"


async def test_a_file_without_a_path_cannot_be_had(door: Door) -> None:
    assert isinstance(await door(whole, {"ok": True, "result": FILE}), Rejected)
