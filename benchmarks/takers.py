"""What the doors are compared with, a process of its own: servers that take updates in and do nothing with them.

For Telegram aiogram's own webhook server with its defaults and a handler that does nothing; for VK, whose library has
no server, a bare one that reads the event and answers as VK wants it.
"""

import asyncio
import json
import sys

from aiogram import Bot, Dispatcher
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

SECRET = "takertakertaker"


def telegram(app: web.Application) -> None:
    """Take Telegram's updates as aiogram does."""
    dispatcher, bot = Dispatcher(), Bot("9:" + "benchmark" * 4)

    @dispatcher.message()
    async def nothing(message: Message) -> None:
        """Do nothing."""

    SimpleRequestHandler(dispatcher=dispatcher, bot=bot, secret_token=SECRET).register(app, path="/telegram")
    setup_application(app, dispatcher, bot=bot)


async def vk(request: web.Request) -> web.Response:
    """Take one event of VK's callback."""
    event = json.loads(await request.read())
    return web.Response(text="ok", status=200 if event["secret"] == SECRET else 403)


async def serve(port: int) -> None:
    """Serve until killed."""
    app = web.Application()
    telegram(app)
    app.router.add_post("/vk", vk)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
