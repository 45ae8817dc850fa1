"""Who asks: origin, address, language, and the token in the header."""

import re

from aiohttp import web

from bots.web.problems import Problem
from bots.web.site import Site
from bridge.addresses import caller, network, place_of

_PREFERRED = re.compile(r"\s*([a-zA-Z]{2,3})(?:-[a-zA-Z0-9-]+)?\s*(?:;\s*q=([0-9.]+))?\s*")


def origin_allowed(site: Site, request: web.Request, origin: str) -> bool:
    """May pages of this origin talk to the widget's door? Our own frame always, others as the settings say."""
    place = place_of(origin)
    if place and place in (request.host.lower(), place_of(site.public_url)):
        return True
    return not site.settings.origins or any(_matches(allowed, origin.lower()) for allowed in site.settings.origins)


def _matches(allowed: str, origin: str) -> bool:
    scheme, _, host = allowed.partition("://*.")
    if not host:
        return allowed == origin
    return origin.startswith(f"{scheme}://") and origin.endswith(f".{host}")


def check_origin(site: Site, request: web.Request) -> None:
    """Refuse a foreign page. No Origin: not a browser, which could claim any. Raises Problem 403."""
    origin = request.headers.get("Origin")
    if origin is not None and not origin_allowed(site, request, origin):
        raise Problem(403, "origin")


def allow_origin(site: Site, request: web.Request, response: web.StreamResponse) -> None:
    """Let pages of allowed origins read the answer; nothing here goes by cookies."""
    origin = request.headers.get("Origin")
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Origin")))
    if origin is not None and origin_allowed(site, request, origin):
        response.headers["Access-Control-Allow-Origin"] = origin


def address_of(site: Site, request: web.Request) -> str:
    """Return whose turns the caller takes: his address, or of IPv6 his network."""
    return network(caller(request.headers.getall("X-Forwarded-For", ()), site.proxies, request.remote))


def language_of(site: Site, request: web.Request) -> str:
    """Return the visitor's language: as the settings say, else ?lang=, else what the browser prefers."""
    if site.settings.language != "auto":
        return site.settings.language
    known = site.bridge.phrases.texts
    asked = request.query.get("lang", "")[:2].lower()
    if asked in known:
        return asked
    wanted: list[tuple[float, str]] = []
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        found = _PREFERRED.fullmatch(part)
        if found and found[1].lower() in known:
            wanted.append((_weight(found[2]), found[1].lower()))
    best = max(wanted, key=lambda one: one[0], default=(0.0, ""))
    return best[1] or site.bridge.phrases.language


def _weight(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text)
    except ValueError:
        return 0.0


def bearer(request: web.Request) -> str:
    """Return the token of the Authorization header. Raises Problem 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(401, "no_session", headers={"WWW-Authenticate": 'Bearer realm="widget"'})
    return token.strip()
