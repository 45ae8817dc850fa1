"""The other end of an emulator's webhook, and a server for a test's application."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestServer

Hook = Callable[[web.Request, dict[str, Any]], Awaitable[web.StreamResponse | None]]


@dataclass
class Receiver:
    """A webhook that notes what it got; `answer` may decide what to reply."""

    url: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Hook | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take an update."""
        update = await request.json()
        reply = await self.answer(request, update) if self.answer is not None else None
        self.got.append(update)
        self.headers.append(dict(request.headers))
        self._news.set()
        return reply or self.taken(update)

    def taken(self, update: dict[str, Any]) -> web.Response:
        """Return what says that an update was taken."""
        return web.Response()

    async def wait(self, count: int, seconds: float = 5.0) -> list[dict[str, Any]]:
        """Wait for so many updates."""
        async with asyncio.timeout(seconds):
            while len(self.got) < count:
                self._news.clear()
                await self._news.wait()
        return self.got


R = TypeVar("R", bound=Receiver)


async def serve(app: web.Application) -> TestServer:
    """Serve an application on a free loopback port."""
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0.2)
    return server


@asynccontextmanager
async def hearing(made: R) -> AsyncIterator[R]:
    """Serve a webhook."""
    app = web.Application()
    app.router.add_post("/hook", made.handle)
    server = await serve(app)
    made.url = str(server.make_url("/hook"))
    try:
        yield made
    finally:
        await server.close()
