"""Files for tests, made on the spot: pictures, archives, programs, and streams of them."""

import io
import struct
import wave
import zipfile
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from PIL import Image

LIMIT = 1 << 20
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(120)
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"
#: A second of Ogg by its first page: what a voice message begins with.
OGG = b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead\x01\x01" + bytes(400)
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def picture(width: int = 32, height: int = 20, form: str = "PNG", **more: object) -> bytes:
    """Return an image with some structure, so that it does not shrink to nothing."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def sound(seconds: int) -> bytes:
    """Return a recording: a low tone, 8,000 samples a second, as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(8000)
        written.writeframes(bytes(128 + 60 * (place // 40 % 2) for place in range(8000 * seconds)))
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """Return a PNG whose head promises that many pixels and whose body holds none of them."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def archive(**files: bytes) -> bytes:
    """Return a zip of files by name (a dot is written as __)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files.items():
            packed.writestr(name.replace("__", "."), body)
    return out.getvalue()


def bomb(promised: int = 3 << 30) -> bytes:
    """Return a small zip whose directory promises so many bytes, up to 4 GiB."""
    packed = bytearray(archive(a=b"0" * 1000))
    entry = packed.rindex(b"PK\x01\x02")
    struct.pack_into("<I", packed, entry + 24, promised)
    return bytes(packed)


async def stream(body: bytes, piece: int = 4096) -> AsyncIterator[bytes]:
    """Give a file as it comes over a line, in pieces."""
    for place in range(0, len(body), piece):
        yield body[place : place + piece]


async def read(chunks: AsyncIterator[bytes]) -> bytes:
    """Return a file read whole."""
    return b"".join([piece async for piece in chunks])


async def upload(shop: Any, body: bytes, name: str, who: str = "elena") -> str:
    """Upload a file over a shop's API; returns its id."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", body, filename=name, content_type="application/octet-stream")
    headers = {"Authorization": f"Bearer {shop.tokens[who]}"}
    async with shop.http.post(f"{shop.url}/api/v1/files", data=form, headers=headers) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])


async def download(shop: Any, url: str, who: str = "elena") -> bytes:
    """Fetch a file of a message by its address."""
    return await _bytes(shop, shop.url + url, {"Authorization": f"Bearer {shop.tokens[who]}"})


async def shown_file(shop: Any, message: dict[str, Any]) -> bytes:
    """Return the bytes of a file as a human sees it in a shop's Telegram."""
    return await _bytes(shop, f"{shop.telegram}/ctl/file/{message['file']['id']}", {})


async def _bytes(shop: Any, url: str, headers: dict[str, str]) -> bytes:
    async with shop.http.get(url, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return bytes(await answer.read())
