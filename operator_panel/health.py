"""/healthz, /readyz, /metrics: for those who run the house."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from bridge.errors import BridgeError
from operator_panel.metrics import CONTENT_TYPE
from operator_panel.office import Office

Look = Callable[[Office, web.Request], Awaitable[web.Response]]

_PATIENCE = 3.0  # seconds for the store to answer


async def healthz(office: Office, request: web.Request) -> web.Response:
    """Say that the process lives."""
    return web.json_response({"status": "ok"})


async def readyz(office: Office, request: web.Request) -> web.Response:
    """Say whether store, bus and doors work; 503 names what does not."""
    faults = {}
    try:
        async with asyncio.timeout(_PATIENCE):
            await office.bridge.store.ping()
    except (BridgeError, TimeoutError):
        faults["store"] = "does not answer"
    for name, channel in office.bridge.channels.by_name.items():
        if channel.state.state != "ok":
            faults[f"channel {name}"] = channel.state.state
    if office.bridge.bus.fault is not None:
        faults["bus"] = "does not answer; processes look into the store instead"
    body = {"status": "ok"} if not faults else {"status": "unready", "faults": faults}
    return web.json_response(body, status=503 if faults else 200)


async def metrics(office: Office, request: web.Request) -> web.Response:
    """Give the counters in Prometheus' text format."""
    return web.Response(body=office.metrics.text(), headers={"Content-Type": CONTENT_TYPE})
