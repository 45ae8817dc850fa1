"""What tests with servers share: a server on a port, and a fact that is awaited."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

#: How long a fact is awaited on a busy machine, seconds.
PATIENCE = 45.0


async def until(fact: Callable[[], Awaitable[Any]], what: str = "") -> Any:
    """Return the first true value of a fact; fails when it does not come true."""
    async with asyncio.timeout(PATIENCE):
        while True:
            value = await fact()
            if value:
                return value
            await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(app: web.Application, port: int) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()
