"""GET /widget/{channel} and what belongs to it: the loader, the frame's page, its files, its settings."""

import asyncio
import gzip
import hashlib
import html
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
from aiohttp import web

from bots.web.access import language_of
from bots.web.leaving import ways
from bots.web.problems import Problem
from bots.web.signs import REACTIONS
from bots.web.site import Site
from bridge import files

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
PACKED = (".js", ".css", ".json", ".svg")
FOR_EVER = "public, max-age=31536000, immutable"
#: Seconds a browser may use the loader and the settings without asking.
FRESH = 300
#: The loader's place for the channel's settings, and the frame's for its words.
_CONFIG = "'{{config}}'"
#: Comments that stand on lines of their own: a quarter of the frame's scripts, of no use to a browser.
_COMMENTS = re.compile(rb"^[ \t]*(?:/\*\*(?:(?!\*/)[\s\S])*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file as it is sent; `packed` is its gzip form, None where packing does not pay."""

    kind: str
    body: bytes
    packed: bytes | None


@cache
def pieces() -> tuple[str, dict[str, PageFile]]:
    """Return the hash of all files of the frame, and the files by path; the hash keeps imports relative."""
    digest = hashlib.sha256()
    found: dict[str, PageFile] = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix not in TYPES or path.name == "loader.js":
            continue
        name, body = path.relative_to(FOLDER).as_posix(), path.read_bytes()
        if path.suffix == ".js" and "vendor" not in path.parts:
            body = bare_module(body)
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
        packed = gzip.compress(body, 9, mtime=0) if path.suffix in PACKED else None
        found[name] = PageFile(TYPES[path.suffix], body, packed)
    return digest.hexdigest()[:12], found


def bare_module(body: bytes) -> bytes:
    """Return a module without the comments that stand on lines of their own."""
    return _COMMENTS.sub(b"", body)


@cache
def text_of(name: str) -> str:
    """Read a text of the folder once."""
    return (FOLDER / name).read_text(encoding="utf-8")


async def loader(site: Site, request: web.Request) -> web.Response:
    """Return the script a shop's page has in it, with the channel's settings in its place for them."""
    settings = site.settings
    given = {
        "language": "" if settings.language == "auto" else settings.language,
        "color": settings.color,
        "ink": _ink(settings.color),
        "position": settings.position,
        "origins": origins_pattern(settings.origins),
    }
    body = _bare(text_of("loader.js")).replace(_CONFIG, _script_safe(given)).encode()
    return _kept(request, body, TYPES[".js"])


async def frame(site: Site, request: web.Request) -> web.Response:
    """Return the page inside the frame."""
    language = language_of(site, request)
    text = text_of("frame.html")
    words = {
        "lang": language,
        "title": site.title,
        "base": f"/widget/{site.name}",
        "static": f"/widget/{site.name}/static/{pieces()[0]}",
        "config": json.dumps(config_of(site, language), ensure_ascii=False),
    }
    for name, value in words.items():
        text = text.replace("{{" + name + "}}", html.escape(value))
    headers = {"Content-Security-Policy": policy(site), "Cache-Control": "no-cache"}
    return web.Response(text=text, content_type="text/html", headers=headers)


def policy(site: Site) -> str:
    """Return the Content-Security-Policy of the frame: its own files alone, shown by the shop's pages alone."""
    url = urlsplit(site.public_url)
    socket = f"{'wss' if url.scheme == 'https' else 'ws'}://{url.netloc}"
    ancestors = " ".join(("'self'", *site.settings.origins)) if site.settings.origins else "*"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' blob: data:",
            "media-src blob:",
            f"connect-src 'self' {socket}",
            "form-action 'none'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        )
    )


async def static(site: Site, request: web.Request) -> web.Response:
    """Return one of the frame's files."""
    version, found = pieces()
    wanted = found.get(request.match_info["path"])
    if wanted is None:
        raise Problem(404, "not_found")
    # A page opened before an update still asks by the old hash: it gets what there is, and keeps nothing.
    fresh = request.match_info["hash"] == version
    headers = {"Cache-Control": FOR_EVER if fresh else "no-cache", "Content-Type": wanted.kind}
    if wanted.packed is not None:
        headers["Vary"] = "Accept-Encoding"
        accepted = request.headers.get("Accept-Encoding", "")
        if "br" in re.split(r"\s*,\s*", accepted):
            tight = await asyncio.to_thread(_tight, wanted.body)
            return web.Response(body=tight, headers={**headers, "Content-Encoding": "br"})
        if "gzip" in accepted:
            return web.Response(body=wanted.packed, headers={**headers, "Content-Encoding": "gzip"})
    return web.Response(body=wanted.body, headers=headers)


@cache
def _tight(body: bytes) -> bytes:
    """One of the frame's files in brotli, packed when a browser first asks for it."""
    return bytes(brotli.compress(body, mode=brotli.MODE_TEXT))


async def config(site: Site, request: web.Request) -> web.Response:
    """Return what a page needs to know of the widget before anybody opens it."""
    body = json.dumps(config_of(site, language_of(site, request)), ensure_ascii=False).encode()
    response = _kept(request, body, "application/json")
    response.headers["Vary"] = "Accept-Encoding, Accept-Language"
    return response


def config_of(site: Site, language: str) -> dict[str, Any]:
    """Return the settings as pages are told them, in one language."""
    settings = site.settings
    words = ("open", "close", "frame")
    greetings: dict[str, str] = {str(name): text for name, text in settings.greeting.items()}
    questions = {str(name): texts for name, texts in settings.questions.items()}
    return {
        "channel": site.name,
        "title": site.title,
        "color": settings.color or None,
        "position": settings.position,
        "language": language,
        "greeting": greetings.get(language) or site.say(language, "greeting"),
        "questions": questions.get(language, ()),
        "words": {word: site.say(language, word) for word in words},
        "limits": {"text": settings.max_length, "file": site.bridge.files.limit, "files": files.MOST},
        "required_identity": settings.required_identity,
        "online": site.online,
        "reactions": REACTIONS,
        "ways": ways(site, language),
    }


def _kept(request: web.Request, body: bytes, kind: str) -> web.Response:
    """Answer with a text browsers keep a while and ask after by its tag."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"Cache-Control": f"public, max-age={FRESH}", "ETag": tag, "Vary": "Accept-Encoding"}
    asked = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    if tag in asked:
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = kind
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=_packed(body), headers={**headers, "Content-Encoding": "gzip"})
    return web.Response(body=body, headers=headers)


@lru_cache(64)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


@cache
def _bare(script: str) -> str:
    """Return a script without indents and lines of comment, which every page would load."""
    return re.sub(r"^[ \t]*(//.*\n)?", "", script, flags=re.MULTILINE)


def origins_pattern(origins: tuple[str, ...]) -> str:
    """Return what the loader finds its page's origin with, as `frame-ancestors` would; empty: any page.

    A rule of http: holds for https: too (CSP 3, scheme-part matches), a star stands for one label or more.
    """
    each = (re.escape(one).replace("http:", "https?:").replace(r"\*", "[^/:]+") for one in origins)
    return f"^({'|'.join(each)})$" if origins else ""


def _ink(color: str) -> str:
    """Return what is read on a colour: white from a contrast of 4.5 on, as WCAG 2 counts it, else black."""
    if not color:
        return ""
    parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    luminance = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#fff" if 1.05 / (luminance + 0.05) >= 4.5 else "#000"


def _script_safe(value: dict[str, str]) -> str:
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c")
