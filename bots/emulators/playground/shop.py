"""GET /playground/shop: a page of the sample shop with the widget on it, plain or under conditions that hurt.

`?lang=` chooses the language, `?csp=1` sends a strict Content-Security-Policy, `?hostile=1` a hostile style sheet.
Signing in shows how a shop vouches for its customer: its server signs, its page tells the widget.
"""

import hashlib
import hmac
import html
import json
from functools import cache
from pathlib import Path

from aiohttp import web
from yarl import URL

from bots.emulators.playground import files
from bots.emulators.playground.options import PlaygroundOptions

PAGE = "/playground/shop"
HERE = Path(__file__).parent
#: Nothing but what the shop itself has and the widget's script and frame; script sinks take no bare strings.
STRICT = (
    "default-src 'none'; script-src 'self' {widget}; frame-src {widget}; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
GUARDS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}


@cache
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((HERE / "shop.json").read_text(encoding="utf-8"))
    return found


def routes(options: PlaygroundOptions) -> list[web.RouteDef]:
    """Return the shop's routes; none when the demo has no widget."""
    if not options.widget:
        return []
    version, _ = files.read()
    template = (HERE / "shop.html").read_text(encoding="utf-8")

    async def page(request: web.Request) -> web.Response:
        asked = request.query.get("lang", "")
        lang = asked if asked in _words() else options.language
        headers = dict(GUARDS)
        if "csp" in request.query:
            headers["Content-Security-Policy"] = STRICT.format(widget=URL(options.widget).origin())
        text = _filled(template, options, lang, f"/playground/static/{version}", "hostile" in request.query)
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def vouched(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        if number >= len(options.shoppers):
            raise web.HTTPNotFound
        return web.json_response(signed(options, number), headers=GUARDS)

    return [web.get(PAGE, page), web.get(PAGE + r"/account/{number:\d{1,3}}", vouched)]


def account(number: int, name: str) -> dict[str, str]:
    """Return what the sample shop knows of one of its customers."""
    return {
        "userId": f"kedr-{1001 + number}",
        "name": name,
        "email": f"customer{1 + number}@kedr.example",
        "phone": f"+7912345678{number % 10}",
    }


def signed(options: PlaygroundOptions, number: int) -> dict[str, str]:
    """Return a sample customer as the shop's server would tell the widget: who it is, and the signature of that."""
    told = account(number, options.shoppers[number].name)
    key = options.widget_secret.encode()
    return {**told, "hash": hmac.new(key, told["userId"].encode(), hashlib.sha256).hexdigest()}


def _filled(template: str, options: PlaygroundOptions, lang: str, static: str, hostile: bool) -> str:
    words = _words()[lang]
    enter = words["enter_as"]
    buttons = "".join(
        f'<button type="button" class="ask enter" data-testid="log-in" data-customer="{number}">'
        f"{html.escape(enter.format(name=one.name))}</button>"
        for number, one in enumerate(options.shoppers[:2])
    )
    values = {
        **words,
        "lang": lang,
        "other": "en" if lang == "ru" else "ru",
        "page": PAGE,
        "shop": options.shop,
        "panel": options.panel_url,
        "widget": options.widget,
        "static": static,
    }
    text = template.replace("{{customers}}", buttons)
    sheet = f'<link rel="stylesheet" href="{static}/css/hostile.css">' if hostile else ""
    text = text.replace("{{hostile}}", sheet)
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", html.escape(value))
    return text
