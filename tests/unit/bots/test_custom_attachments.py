"""Addresses of files at a custom channel: what may be fetched, whatever spelling, name or redirect leads there."""

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bots.custom import attachments
from bots.custom.attachments import handed_out, is_allowed, may_have
from bots.custom.settings import CustomSettings
from bots.internet import address_fault, is_public
from bridge.errors import Rejected, RetryLater
from bridge.model.ids import FileId
from tests.ports import free_port
from tests.serving import serving

SETTINGS = CustomSettings(secret="a-long-secret", url="https://shop.example/mostik")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "2002:7f00:1::", "64:ff9b::7f00:1", "2001:db8::1", "nonsense", ""],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST.", "a.localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "①②⑦.0.0.1",
     "127。0。0。1", "１２７.0.0.1", "[::1]", "[::ffff:7f00:1]", "ⓛocalhost", "127.0.0.1."],
)  # fmt: skip
def test_no_spelling_of_a_host_inside_is_allowed(host: str) -> None:
    assert not is_allowed(SETTINGS, f"http://{host}/secret")


def test_names_and_public_numbers_are_allowed_as_far_as_they_tell() -> None:
    for host in ("shop.example", "8.8.8.8", "магазин.рф", "[2606:4700::1]"):
        assert is_allowed(SETTINGS, f"https://{host}/a"), host


def test_named_origins_are_the_only_ones() -> None:
    settings = CustomSettings(
        secret="a-long-secret", url="http://h/", file_origins="http://Files.example:80/, https://10.0.0.5:8443"
    )
    allowed = ["http://files.example/a", "http://FILES.example:80/b", "https://10.0.0.5:8443/c"]
    assert all(is_allowed(settings, url) for url in allowed)
    refused = [
        "https://files.example/a",
        "http://files.example:81/a",
        "https://10.0.0.5/c",
        "http://files.example.evil/",
    ]
    assert not any(is_allowed(settings, url) for url in refused)


@pytest.mark.parametrize(
    "url",
    ["", "shop.example/a", "ftp://shop.example/a", "file:///etc/passwd", "http://", "http:///a", "data:,a",
     "http://user@shop.example/", "http://:pw@shop.example/", "http://shop.example/a b", "http://shop.example/\x00",
     "http://shop.example:99999/", "http://[::1/", "//shop.example/a", "http://a\\@127.0.0.1/"],
)  # fmt: skip
def test_what_is_no_http_address_is_named(url: str) -> None:
    assert address_fault(url) == "no_address"


def test_an_address_of_ours_is_good_for_a_week_and_for_one_file() -> None:
    url = handed_out("https://desk.example/api/v1/channels/app", "s", FileId("abc"), 1000.0)
    query = dict(part.split("=") for part in url.partition("?")[2].split("&"))
    assert url.startswith("https://desk.example/api/v1/channels/app/files/abc?")
    assert may_have("s", "abc", query["expires"], query["v1"], 1000.0 + attachments.HANDED_OUT)
    assert not may_have("s", "abc", query["expires"], query["v1"], 1001.0 + attachments.HANDED_OUT)
    assert not may_have("s", "abd", query["expires"], query["v1"], 1000.0)
    assert not may_have("t", "abc", query["expires"], query["v1"], 1000.0)
    assert not may_have("s", "abc", str(int(query["expires"]) + 1), query["v1"], 1000.0)
    assert not any(may_have("s", "abc", expires, "ё", 0.0) for expires in ("", "soon", "-1", "²", "9" * 20))


@pytest.fixture
async def shelf() -> AsyncIterator[str]:
    """A server inside, that nobody may reach by a name."""
    app = web.Application()

    async def serve(request: web.Request) -> web.StreamResponse:
        status = int(request.match_info["status"])
        if status == 307:
            raise web.HTTPTemporaryRedirect(request.path)  # to itself, for ever
        return web.Response(status=status, body=b"inside", headers={"Location": request.query.get("to", "/200")})

    app.router.add_get("/{status}", serve)
    async with serving(app, free_port()) as base:
        yield base


async def read(url: str, settings: CustomSettings) -> bytes:
    async with attachments.session(settings) as http:
        return b"".join([piece async for piece in attachments.fetch(http, settings, url)])


async def test_a_name_that_leads_inside_is_refused_before_anybody_is_called(
    shelf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(shelf.rpartition(":")[2])

    async def resolve(
        self: object, host: str, port: int = 0, family: object = socket.AF_INET
    ) -> list[dict[str, object]]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    with pytest.raises(Rejected, match="file_address"):
        await read(f"http://looks-public.example:{port}/200", SETTINGS)


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/200", b"inside"),
        ("/302", b"inside"),
        ("/307", Rejected("file_unavailable")),
        ("/302?to=http://127.0.0.1:1/", Rejected("file_address")),
        ("/302?to=file:///etc/passwd", Rejected("file_address")),
        ("/404", Rejected("file_unavailable")),
        ("/403", Rejected("file_unavailable")),
        ("/429", RetryLater(2, "server")),
        ("/503", RetryLater(2, "server")),
    ],
)
async def test_what_an_answer_means(shelf: str, path: str, outcome: bytes | Exception) -> None:
    settings = CustomSettings(secret="a-long-secret", url="http://h/", file_origins=(shelf,))
    if isinstance(outcome, bytes):
        assert await read(shelf + path, settings) == outcome
        return
    with pytest.raises(type(outcome), match=str(outcome)):
        await read(shelf + path, settings)


async def test_nobody_there_is_tried_again() -> None:
    base = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(RetryLater, match="network"):
        await read(f"{base}/a", CustomSettings(secret="a-long-secret", url="http://h/", file_origins=(base,)))
