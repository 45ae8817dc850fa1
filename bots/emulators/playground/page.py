"""GET /playground, what it is told, its files, and the way to the emulator's control API."""

import html
import re
from pathlib import Path

from aiohttp import web
from yarl import URL

from bots.emulators.playground import files, relay, shop
from bots.emulators.playground.options import PlaygroundOptions

TEMPLATE = Path(__file__).parent / "page.html"
TITLES = {"ru": "Площадка", "en": "Playground"}
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: What a link to a bot may carry.
INVITATION = re.compile(r"[\w-]{1,64}", re.ASCII)
FOR_EVER = "public, max-age=31536000, immutable"


def routes(options: PlaygroundOptions) -> list[web.RouteDef]:
    """Return the playground's routes, all below /playground.

    They show passwords and steer the emulator without any login: mount them only where `/ctl` may be reached too.
    """
    version, found = files.read()
    text = TEMPLATE.read_text(encoding="utf-8")
    words = {
        "lang": options.language,
        "title": f"{options.shop} · {TITLES[options.language]}",
        "static": f"/playground/static/{version}",
    }
    for name, value in words.items():
        text = text.replace("{{" + name + "}}", html.escape(value))

    async def page(_: web.Request) -> web.Response:
        headers = {**GUARDS, "Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def told(_: web.Request) -> web.Response:
        return web.json_response(options.shown(), headers={**GUARDS, "Cache-Control": "no-store"})

    async def static(request: web.Request) -> web.Response:
        wanted = found.get(request.match_info["path"])
        if wanted is None:
            raise web.HTTPNotFound
        # A page opened before an update still asks by the old hash: it gets what there is, and keeps nothing.
        fresh = request.match_info["version"] == version
        headers = {**GUARDS, "Cache-Control": FOR_EVER if fresh else "no-cache", "Content-Type": wanted.kind}
        if wanted.packed is not None:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                return web.Response(body=wanted.packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=wanted.body, headers=headers)

    async def invited(request: web.Request) -> web.Response:
        """Open a link to the bot or the community: a phone of the page begins with what the link carries."""
        found = INVITATION.fullmatch(request.query.get("start") or request.query.get("ref") or "")
        query = {"to": request.match_info["messenger"], "with": found[0] if found else ""}
        raise web.HTTPFound(URL("/playground").with_query(query))

    return [
        web.get("/playground", page),
        web.get("/playground/{messenger:telegram|vk}/{name}", invited),
        web.get("/playground/options", told),
        web.get("/playground/static/{version}/{path:.+}", static),
        *shop.routes(options),
        *relay.routes(options),
    ]
