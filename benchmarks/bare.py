"""The bots Mostik is compared with, a process of its own: bare aiogram on a webhook, nothing stored.

One asks the same library by the same call and sends the first article's answer; the other only echoes. Both are built
as aiogram's own example of a webhook bot, with its defaults (an update is acknowledged, then handled in background).
"""

import asyncio
import sys
from pathlib import Path

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from bridge.model.articles import Library
from kb_matcher import KbMatcher
from kb_matcher.files import read_articles, read_labels

SECRET = "bare-bare-bare"
LANGUAGE = "ru"


async def answering(articles: Path, labels: Path) -> Dispatcher:
    """Return a dispatcher that answers from the library."""
    library = Library(tuple(read_articles(articles)), tuple(read_labels(labels)))
    matcher = await KbMatcher.build(library)
    answers = {article.id: article.answer for article in library.articles}
    dispatcher = Dispatcher()

    @dispatcher.message(F.text)
    async def answer(message: Message, bot: Bot) -> None:
        assert message.text is not None
        match = await matcher.match(message.text, language=LANGUAGE)
        await bot.send_message(message.chat.id, answers[match.ranked[0].article_id])

    return dispatcher


def echoing() -> Dispatcher:
    """Return a dispatcher that says what it hears."""
    dispatcher = Dispatcher()

    @dispatcher.message(F.text)
    async def echo(message: Message, bot: Bot) -> None:
        assert message.text is not None
        await bot.send_message(message.chat.id, message.text)

    return dispatcher


async def serve(port: int, base: str, token: str, dispatcher: Dispatcher) -> None:
    """Serve until killed."""
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base)))
    app = web.Application()
    SimpleRequestHandler(dispatcher=dispatcher, bot=bot, secret_token=SECRET).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token=SECRET, allowed_updates=["message"])
    await asyncio.Event().wait()


async def main(port: str, base: str, token: str, *library: str) -> None:
    """Serve the bot that is asked for: with the files of a library the answering one, else the echoing one."""
    dispatcher = await answering(Path(library[0]), Path(library[1])) if library else echoing()
    await serve(int(port), base, token, dispatcher)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
