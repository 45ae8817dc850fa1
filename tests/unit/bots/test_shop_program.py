"""The shop's program, hostile: what it answers costs a bounded time and memory, and no name leads us inside."""

import asyncio
import contextlib
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from bots import calls
from bots.internet import Internal, PublicResolver
from bots.shop_program import SignedProgram
from bridge.people.shop_data import fields_of
from tests.ports import free_port
from tests.serving import serving

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]
SECRET = "the shop's own secret"
QUESTION = {"type": "customer.data"}
GOOD = b'{"fields": [{"name": "a", "value": "b"}]}'
BOMB = gzip.compress(b" " * 2_000_000 + GOOD)
INSIDE = (
    "127.0.0.1 2130706433 0x7f.1 0 0.0.0.0 [::] [::1] [::ffff:127.0.0.1] [::127.0.0.1] [64:ff9b:1::7f00:1] [fe80::1] "
    "169.254.169.254 localhost LOCALHOST. 10.0.0.1 100.100.100.200"
)


async def drip(request: web.Request) -> web.StreamResponse:
    return await _for_ever(request, b" ", 0.01)


async def endless(request: web.Request) -> web.StreamResponse:
    return await _for_ever(request, b"x" * 65_536, 0.0)


async def _for_ever(request: web.Request, piece: bytes, pause: float) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    with contextlib.suppress(ConnectionError):
        while True:
            await answer.write(piece)
            await asyncio.sleep(pause)
    return answer


async def elsewhere(_: web.Request) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect("/good")


def body(content: bytes, kind: str = "application/json", packed: bool = False) -> Serve:
    async def serve(_: web.Request) -> web.StreamResponse:
        headers = {"Content-Encoding": "gzip"} if packed else {}
        return web.Response(body=content, content_type=kind, headers=headers)

    return serve


@pytest.fixture
async def shop() -> AsyncIterator[str]:
    """A program that answers as its path says."""
    rows: dict[str, Serve] = {
        "/drip": drip,
        "/endless": endless,
        "/elsewhere": elsewhere,
        "/good": body(GOOD, "text/html"),
        "/html": body(b"<script>alert(1)</script>", "text/html"),
        "/bomb": body(BOMB, packed=True),
        "/deep": body(b"[" * 60_000),
        "/long": body(b'{"fields": ' + b"1" * 60_000 + b"}"),
        "/list": body(b"[1]"),
        "/empty": body(b""),
        "/other": body(b'{"fields": {"name": "a"}}'),
        "/bytes": body(b"\xff\xfe\x00"),
    }
    app = web.Application()
    for path, serve in rows.items():
        app.router.add_post(path, serve)
    async with serving(app, free_port()) as base:
        yield base


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/good", ""),
        ("/elsewhere", "refused"),
        ("/drip", "network"),
        ("/endless", "unreadable"),
        ("/html", "unreadable"),
        ("/bomb", "unreadable"),
        ("/deep", "unreadable"),
        ("/long", "unreadable"),
        ("/list", "unreadable"),
        ("/empty", "unreadable"),
        ("/bytes", "unreadable"),
        ("/nowhere", "refused"),
        ("/other", ""),
    ],
)
async def test_what_a_program_answers_is_bounded_and_named(shop: str, path: str, fault: str) -> None:
    program = SignedProgram(shop + path, SECRET, True, 5.0, 0.5 if path == "/drip" else 20.0)
    try:
        reply = await program.ask(QUESTION)
    finally:
        await program.close()
    assert reply.fault == fault
    assert len(str(reply.said)) < calls.ANSWER
    assert (fields_of(reply.said) is None) == (path != "/good")


async def test_no_spelling_of_an_address_inside_is_called(shop: str) -> None:
    for host in INSIDE.split():
        program = SignedProgram(f"http://{host}:{shop.rpartition(':')[2]}/good", SECRET, False, 5.0, 5.0)
        try:
            assert (await program.ask(QUESTION)).fault == "address_not_allowed", host
        finally:
            await program.close()


async def test_a_name_is_looked_up_once_and_connected_to_as_it_was_checked(
    shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [["127.0.0.1"], ["8.8.8.8", "10.0.0.1", "::1"], ["127.0.0.1"]]
    asked: list[str] = []

    async def resolve(
        self: object, host: str, port: int = 0, family: object = socket.AF_INET
    ) -> list[dict[str, object]]:
        asked.append(host)
        here = {"hostname": host, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
        return [{**here, "host": each} for each in told[len(asked) - 1]]

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    program = SignedProgram(f"http://turns.example:{shop.rpartition(':')[2]}/good", SECRET, False, 5.0, 5.0)
    try:
        assert (await program.ask(QUESTION)).fault == "address_not_allowed"
    finally:
        await program.close()
    resolver = PublicResolver()
    assert [each["host"] for each in await resolver.resolve("turns.example", 80)] == ["8.8.8.8"]
    with pytest.raises(Internal):
        await resolver.resolve("turns.example", 80)
    assert len(asked) == 3
