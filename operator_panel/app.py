"""The room's one factory: what mostik.py calls to have the panel on its server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bridge.context import Bridge
from bridge.errors import NotFound
from operator_panel.office import Office
from operator_panel.options import PanelOptions
from operator_panel.pages import Visit, page
from operator_panel.routes import health_routes, routes


def panel(app: web.Application, bridge: Bridge, options: PanelOptions) -> Office:
    """Put the panel's routes and its life on a server; other rooms' paths are left alone.

    Takes /, /inbox, /tasks, /starred, /notifications, /kb, /customers, /settings, /join, /login, /logout, /live,
    /manifest.webmanifest, /static, /api/v1, /healthz, /readyz and /metrics. Returns the room's context, whose
    `metrics.registry` other counters may join.
    """
    office = Office.open(bridge, options)
    app.add_routes(routes(office))

    async def life(_: web.Application) -> AsyncIterator[None]:
        hearing = asyncio.create_task(office.lines.run(), name="panel lines")
        yield
        await office.works.close()
        hearing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await hearing

    async def stop(_: web.Application) -> None:
        office.lines.close_all()

    app.cleanup_ctx.append(life)
    app.on_shutdown.append(stop)
    app.middlewares.append(_way_back(office))
    return office


def _way_back(office: Office) -> Middleware:
    """Show people who typed an address that nobody serves a page with the way back; programs get the bare 404."""
    lost = page(office, "/*", _lost, known=False)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        unknown = isinstance(request.match_info.http_exception, web.HTTPNotFound)
        if unknown and request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return await lost(request)
        return await handler(request)

    return middleware


async def _lost(visit: Visit) -> web.Response:
    raise NotFound("page")


def health(app: web.Application, bridge: Bridge, options: PanelOptions) -> Office:
    """Put only /healthz, /readyz and /metrics on a server: a process that does not serve the panel."""
    office = Office.open(bridge, options)
    app.add_routes(health_routes(office))
    return office
