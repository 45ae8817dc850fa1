"""The one route table of the panel: URL, file and function share a name."""

from functools import cache
from importlib import metadata
from typing import Any

from aiohttp import web

from operator_panel import health, login, openapi, openapi_inbound, pages, welcome
from operator_panel.assets import asset
from operator_panel.live import live
from operator_panel.manifest import PATH as MANIFEST
from operator_panel.manifest import manifest
from operator_panel.office import Office
from operator_panel.paths import composing, conversations, desk, library, people, staff, work
from operator_panel.problems import Problem
from operator_panel.serving import Serve, api, watched
from operator_panel.wire import json_text

API = (
    *desk.ROUTES,
    *conversations.ROUTES,
    *composing.ROUTES,
    *people.ROUTES,
    *library.ROUTES,
    *staff.ROUTES,
    *work.ROUTES,
)

#: method, path, function, must somebody be logged in?
PAGES = (
    ("GET", "/", pages.root, True),
    ("GET", "/inbox", pages.root, True),
    ("GET", "/inbox/{view}", pages.inbox, True),
    ("GET", "/inbox/{view}/{conversation}", pages.inbox, True),
    ("GET", "/customers", pages.customers, True),
    ("GET", "/customers/import", pages.customers, True),
    ("GET", "/kb", pages.kb, True),
    ("GET", "/kb/{section}", pages.kb, True),
    ("GET", "/kb/{section}/{id}", pages.kb, True),
    ("GET", "/tasks", pages.work, True),
    ("GET", "/starred", pages.work, True),
    ("GET", "/notifications", pages.work, True),
    ("GET", "/settings", pages.settings_root, True),
    ("GET", "/settings/{section}", pages.settings, True),
    ("GET", "/settings/{section}/{id}", pages.settings, True),
    ("GET", "/join/{word}", welcome.join, False),
    ("POST", "/join/{word}", welcome.join_post, False),
    ("GET", "/login", login.login, False),
    ("POST", "/login", login.login_post, False),
    ("POST", "/logout", login.logout, False),
)

HEALTH = (
    ("/healthz", health.healthz),
    ("/readyz", health.readyz),
    ("/metrics", health.metrics),
)

_BASE = "/api/v1"


def routes(office: Office) -> list[web.RouteDef]:
    """Return everything the panel serves, to be added to a server's router."""
    return [
        *(web.route(route.method, _BASE + route.path, api(office, route)) for route in API),
        web.get(f"{_BASE}/openapi.json", _openapi(office), allow_head=False),
        web.route("*", f"{_BASE}{{rest:(/.*)?}}", _elsewhere(office)),
        *(web.route(method, path, pages.page(office, path, show, known)) for method, path, show, known in PAGES),
        web.get("/live", live(office), allow_head=False),
        web.get(MANIFEST, manifest(office)),
        web.get("/static/{hash}/{path:.+}", asset(office)),
        *health_routes(office),
    ]


def health_routes(office: Office) -> list[web.RouteDef]:
    """Return what every process of an installation serves, the panel or not."""
    return [web.get(path, _open(office, path, look)) for path, look in HEALTH]


def _open(office: Office, path: str, look: health.Look) -> Serve:
    async def serve(request: web.Request) -> web.StreamResponse:
        return await watched(office, path, request, lambda: look(office, request))

    return serve


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document of the table."""
    try:
        version = metadata.version("mostik")
    except metadata.PackageNotFoundError:
        version = "0"
    made = openapi.document(API, version)
    made["paths"] |= openapi_inbound.PATHS
    made["components"]["securitySchemes"] |= openapi_inbound.SCHEME
    return made


def _openapi(office: Office) -> Serve:
    async def answer() -> web.Response:
        return web.Response(text=json_text(document()), content_type="application/json")

    async def serve(request: web.Request) -> web.StreamResponse:
        return await watched(office, f"{_BASE}/openapi.json", request, answer)

    return serve


def _elsewhere(office: Office) -> Serve:
    """Answer for everything below /api/v1 that no line of the table serves: 405 with what is allowed, or 404."""
    known = _known()

    async def serve(request: web.Request) -> web.StreamResponse:
        async def answer() -> web.Response:
            found = await known.resolve(request)
            if isinstance(found.http_exception, web.HTTPMethodNotAllowed):
                allowed = ", ".join(sorted(found.http_exception.allowed_methods))
                raise Problem(405, "method_not_allowed", f"allowed here: {allowed}", headers={"Allow": allowed})
            raise Problem(404, "not_found", "there is no such resource")

        return await watched(office, f"{_BASE}/*", request, answer)

    return serve


@cache
def _known() -> web.UrlDispatcher:
    known = web.UrlDispatcher()
    for route in API:
        known.add_route(route.method, _BASE + route.path, _nothing)
    return known


async def _nothing(request: web.Request) -> web.StreamResponse:
    raise Problem(404, "not_found")
