"""The room's one factory: what mostik.py calls to have the panel on its server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from bridge.context import Bridge
from operator_panel.office import Office
from operator_panel.options import PanelOptions
from operator_panel.routes import health_routes, routes


def panel(app: web.Application, bridge: Bridge, options: PanelOptions) -> Office:
    """Put the panel's routes and its life on a server; other rooms' paths are left alone.

    Takes /, /inbox, /login, /logout, /live, /static, /api/v1, /healthz, /readyz and /metrics. Returns the room's
    context, whose `metrics.registry` other counters may join.
    """
    office = Office.open(bridge, options)
    app.add_routes(routes(office))

    async def life(_: web.Application) -> AsyncIterator[None]:
        hearing = asyncio.create_task(office.lines.run(), name="panel lines")
        yield
        hearing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await hearing

    async def stop(_: web.Application) -> None:
        office.lines.close_all()

    app.cleanup_ctx.append(life)
    app.on_shutdown.append(stop)
    return office


def health(app: web.Application, bridge: Bridge, options: PanelOptions) -> Office:
    """Put only /healthz, /readyz and /metrics on a server: a process that does not serve the panel."""
    office = Office.open(bridge, options)
    app.add_routes(health_routes(office))
    return office
