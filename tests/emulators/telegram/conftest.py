"""The emulated Telegram in the test's own loop, driven by a real aiogram bot."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Update
from aiohttp import ClientSession, TCPConnector
from aiohttp.test_utils import TestServer

from bots.emulators.telegram import TelegramEmulator
from tests.hooks import Receiver, hearing, serve

TOKEN = "4200001:" + "A" * 35
OTHER_TOKEN = "4200002:" + "B" * 35
STAFF = [{"id": 5001, "name": "Olga Petrova"}, {"id": 5002, "name": "Ivan"}]


class QuickSession(AiohttpSession):
    """aiogram's session without its pause of a quarter of a second at the end."""

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()


@dataclass
class Stand:
    """An emulator behind a server, a bot, and the control API."""

    emulator: TelegramEmulator
    server: TestServer
    client: ClientSession
    bots: list[Bot] = field(default_factory=list)
    group: int = 0

    @property
    def base(self) -> str:
        """The address of the emulator."""
        return str(self.server.make_url("/")).rstrip("/")

    @property
    def bot(self) -> Bot:
        """The first bot."""
        return self.bots[0]

    def open_bot(self, token: str) -> Bot:
        """Open an aiogram bot on this emulator."""
        bot = Bot(token, session=QuickSession(api=TelegramAPIServer.from_base(self.base)))
        self.bots.append(bot)
        return bot

    async def ctl(self, path: str, body: Any = None, *, method: str | None = None, status: int = 200) -> Any:
        """Ask the control API: POST with a body, GET without one."""
        verb = method or ("GET" if body is None else "POST")
        async with self.client.request(verb, f"{self.base}/ctl{path}", json=body) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json(content_type=None)

    async def raw(self, method: str, data: Any = None, token: str = TOKEN) -> tuple[int, Any]:
        """Call a method without aiogram: HTTP status and JSON."""
        async with self.client.post(f"{self.base}/bot{token}/{method}", data=data) as answer:
            return answer.status, await answer.json()

    async def user(self, name: str = "Anna Sidorova", **details: Any) -> int:
        """Open a person's account and return its id."""
        return int((await self.ctl("/user", {"name": name, **details}))["user"]["id"])

    async def say(self, user: int, text: str | None = None, **more: Any) -> int:
        """Let a person speak and return the message id."""
        words = {} if text is None else {"text": text}
        return int((await self.ctl("/user/say", {"user": user, **words, **more}))["message_id"])

    async def polling(self) -> None:
        """Wait until the first bot's getUpdates waits."""
        async with asyncio.timeout(5):
            while self.emulator.emulation.line(self.bot.id).poll is None:  # noqa: ASYNC110 - the future appears in another task
                await asyncio.sleep(0)

    async def updates(self, offset: int | None = None, count: int = 1) -> list[Update]:
        """Poll until so many updates came; each is parsed by aiogram."""
        found: list[Update] = []
        while len(found) < count:
            found += await self.bot.get_updates(offset=found[-1].update_id + 1 if found else offset, timeout=5)
        return found


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    """One bot and one forum of two operators."""
    emulator = TelegramEmulator(
        {TOKEN: {"name": "Shop", "username": "shop_bot"}}, [{"title": "Staff", "members": STAFF}]
    )
    async with ClientSession(connector=TCPConnector(force_close=True)) as client:
        made = Stand(emulator, await serve(emulator.app()), client)
        made.open_bot(TOKEN)
        made.group = int((await made.ctl("/groups"))["items"][0]["id"])
        yield made
        for bot in made.bots:
            await bot.session.close()
        await made.server.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A webhook's other end."""
    async with hearing(Receiver()) as made:
        yield made
