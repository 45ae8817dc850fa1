"""A stand with the emulated VK in the test's own loop, driven by the real vk_api in threads and by plain HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jconfig
import requests
import vk_api
from aiohttp import ClientSession, TCPConnector, web
from aiohttp.test_utils import TestServer
from vk_api.bot_longpoll import VkBotLongPoll

from bots.emulators.vk import VkEmulator
from tests import hooks
from tests.hooks import serve

TOKEN = "vk1.a." + "A" * 40
OTHER_TOKEN = "vk1.a." + "B" * 40
ADMIN_TOKEN = "vk1.a." + "C" * 40
GROUP, OTHER_GROUP = 220_100_001, 220_100_002
VERSION = "5.199"


class LocalSession(requests.Session):
    """vk_api's session, led to the emulator, with a timeout."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.trust_env = False
        self.base = base

    def request(self, method: str, url: str, **more: Any) -> requests.Response:  # type: ignore[override]
        """Send to the emulator what is meant for VK."""
        more.setdefault("timeout", (3, 10))
        return super().request(method, url.replace("https://api.vk.ru/", f"{self.base}/"), **more)


class QuickVk(vk_api.VkApiGroup):
    """vk_api without its pause between calls."""

    RPS_DELAY = 0.0


@dataclass
class Stand:
    """An emulator behind a server, the control API, and a real client."""

    emulator: VkEmulator
    server: TestServer
    client: ClientSession
    opened: list[requests.Session] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The address of the emulator."""
        return str(self.server.make_url("/")).rstrip("/")

    def vk(self, token: str = TOKEN) -> vk_api.VkApiGroup:
        """Open a vk_api object on this emulator; use it in one thread at a time."""
        session = LocalSession(self.base)
        self.opened.append(session)
        return QuickVk(token=token, api_version=VERSION, session=session, config=jconfig.MemoryConfig)

    async def do(self, method: str, token: str = TOKEN, **values: Any) -> Any:
        """Call a method by vk_api in a thread; raises its ApiError."""
        return await asyncio.to_thread(self.vk(token).method, method, values)

    async def raw(self, method: str, token: str = TOKEN, **values: Any) -> Any:
        """Call a method without vk_api and return the whole answer."""
        data = {"access_token": token, "v": VERSION, **values}
        async with self.client.post(f"{self.base}/method/{method}", data=data) as answer:
            return await answer.json()

    async def ctl(self, path: str, body: Any = None, *, method: str | None = None, status: int = 200) -> Any:
        """Ask the control API: POST with a body, GET without one."""
        verb = method or ("GET" if body is None else "POST")
        async with self.client.request(verb, f"{self.base}/ctl{path}", json=body) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json(content_type=None)

    async def user(self, name: str = "Anna Sidorova", **details: Any) -> int:
        """Open a person's account and return its id."""
        return int((await self.ctl("/user", {"name": name, **details}))["user"]["id"])

    async def say(self, user: int, text: str | None = None, **more: Any) -> int:
        """Let a person speak and return the message id."""
        words = {} if text is None else {"text": text}
        return int((await self.ctl("/user/say", {"user": user, **words, **more}))["message_id"])

    async def send(self, user: int, text: str, random_id: int = 0, **more: Any) -> int:
        """Let the community write and return the message id."""
        return int(await self.do("messages.send", peer_id=user, message=text, random_id=random_id, **more))

    async def seen(self, chat: int) -> list[dict[str, Any]]:
        """Return what a human sees in a dialog."""
        found: list[dict[str, Any]] = (await self.ctl(f"/chat/{chat}/messages"))["items"]
        return found

    async def listener(self, token: str = TOKEN, group: int = GROUP, wait: int = 1) -> "Listener":
        """Open vk_api's Long Poll."""
        poll = await asyncio.to_thread(VkBotLongPoll, self.vk(token), group, wait)
        self.opened.append(poll.session)
        poll.session.trust_env = False
        return Listener(poll)


async def refused(stand: Stand, method: str = "messages.send", **values: Any) -> int:
    """Return the code of the error a call ends with; raises AssertionError for a call that is done."""
    try:
        done = await stand.do(method, **values)
    except vk_api.ApiError as error:
        return int(error.code)
    raise AssertionError(f"{method} was not refused: {done!r}")


@dataclass
class Listener:
    """vk_api's Long Poll, asked in threads."""

    poll: VkBotLongPoll
    got: list[dict[str, Any]] = field(default_factory=list)

    async def events(self, count: int = 1) -> list[dict[str, Any]]:
        """Poll until so many events came; return them raw and forget them."""
        async with asyncio.timeout(10):
            while len(self.got) < count:
                self.got += [event.raw for event in await asyncio.to_thread(self.poll.check)]
        found, self.got = self.got, []
        return found


@dataclass
class Receiver(hooks.Receiver):
    """A callback server that notes what it got; `answer` may decide what to reply."""

    code: str = ""

    def taken(self, update: dict[str, Any]) -> web.Response:
        """Return VK's word for it, or the code of the handshake."""
        return web.Response(text=self.code if update["type"] == "confirmation" else "ok")

    async def connect(self, stand: Stand, secret: str = "", *kinds: str) -> int:
        """Register as the community's callback server, confirmed, for some kinds of events; forget the handshake."""
        self.code = (await stand.do("groups.getCallbackConfirmationCode", group_id=GROUP))["code"]
        given = {"group_id": GROUP, "url": self.url, "title": "Mostik", "secret_key": secret}
        server = int((await stand.do("groups.addCallbackServer", **given))["server_id"])
        await self.wait(1)
        flags = dict.fromkeys(kinds or ("message_new", "message_reply"), 1)
        await stand.do("groups.setCallbackSettings", group_id=GROUP, server_id=server, api_version=VERSION, **flags)
        self.got.clear()
        self.headers.clear()
        return server


@asynccontextmanager
async def open_stand() -> AsyncIterator[Stand]:
    """Open two communities, the first one with Long Poll and all its events on."""
    emulator = VkEmulator(
        {
            TOKEN: {"id": GROUP, "name": "Shop", "screen_name": "shop", "long_poll": True, "admin_token": ADMIN_TOKEN},
            OTHER_TOKEN: {"id": OTHER_GROUP, "name": "Other"},
        }
    )
    async with ClientSession(connector=TCPConnector(force_close=True)) as client:
        made = Stand(emulator, await serve(emulator.app()), client)
        try:
            yield made
        finally:
            for session in made.opened:
                session.close()
            await made.server.close()


@asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    """Open a callback server's other end."""
    async with hooks.hearing(Receiver()) as made:
        yield made
