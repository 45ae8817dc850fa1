"""The page's way to the emulators: their control APIs under the page's own address, and only what the page uses.

An emulator may listen elsewhere and answers no other origin; a relay also spares the page the difference between
127.0.0.1 and localhost.
"""

import io
import re
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import web

from bots.emulators.playground.options import PlaygroundOptions

#: Verb and path below /ctl.
ALLOWED = re.compile(
    r"GET (?:users|groups|bots|topics|changes|calls|stats|faults|chat/-?\d+/messages|file/[\w-]+)"
    r"|POST (?:user|faults)"
    r"|POST user/(?:say|edit|delete|react|press|block|unblock|allow|deny|typing|read)"
    r"|POST operator/(?:say|edit|delete|react|press|open_topic|close_topic|reopen_topic|delete_topic)"
    r"|DELETE faults"
)
NAMES = {"telegram": "Telegram", "vk": "VK"}
#: A person's file of 50 MB as JSON carries it, bytes.
LARGEST = 70 << 20
#: Pictures the page shows; what else people send is saved.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: Longer than the page's long poll (seconds).
PATIENCE = aiohttp.ClientTimeout(total=60, connect=5)


def routes(options: PlaygroundOptions) -> list[web.RouteDef]:
    """Return the relays' routes: 403 for what the page has no need of, 502 while the emulator is away."""
    paths = {"telegram": "/playground/ctl/{path:.+}", "vk": "/playground/vk/ctl/{path:.+}"}
    return [
        web.route(verb, paths[name], _relay(control, name))
        for name, control in options.controls.items()
        for verb in ("GET", "POST", "DELETE")
    ]


def _relay(control: str, messenger: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def relay(request: web.Request) -> web.Response:
        path = request.match_info["path"]
        if ALLOWED.fullmatch(f"{request.method} {path}") is None or not _of_the_page(request):
            return _problem(403, "the playground does not pass this on")
        try:
            body = await request.clone(client_max_size=LARGEST).read() if request.body_exists else b""
            async with aiohttp.request(
                request.method,
                f"{control}/{path}",
                params=request.query,
                data=io.BytesIO(body) if body else None,
                headers={"Content-Type": "application/json"} if body else None,
                timeout=PATIENCE,
            ) as answer:
                headers = _file(answer.content_type) if path.startswith("file/") else {"Cache-Control": "no-store"}
                return web.Response(
                    body=await answer.read(),
                    status=answer.status,
                    headers={"Content-Type": answer.headers.get("Content-Type", ""), **headers},
                )
        except web.HTTPRequestEntityTooLarge:
            return _problem(413, "the playground passes on files of at most 50 MB")
        except (aiohttp.ClientError, TimeoutError):
            return _problem(502, f"the emulated {NAMES[messenger]} does not answer")

    return relay


def _file(kind: str) -> dict[str, str]:
    """Return how a file is handed to the page: people bring what they like, and none of it may run as ours."""
    shown = kind in SHOWN or kind.startswith(("audio/", "video/"))
    headers = {
        "Cache-Control": "private, max-age=3600",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return (
        headers
        if shown
        else headers | {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
    )


def _of_the_page(request: web.Request) -> bool:
    """Tell whether a request that changes something can come from a page of this origin only.

    Another site's form cannot send JSON as such, and its script would have to ask permission first, which nobody gives.
    """
    return request.method != "POST" or request.content_type == "application/json"


def _problem(status: int, detail: str) -> web.Response:
    body = {"type": "about:blank", "title": "Not relayed", "status": status, "detail": detail}
    return web.json_response(body, status=status, content_type="application/problem+json")
