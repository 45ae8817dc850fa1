"""The Telegram door at its emulator, without a hall behind it: what it accepts is kept, and parsed when asked for."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web

from bots import telegram
from bots.emulators.telegram import TelegramEmulator
from bridge.delivery.sharing import Installation, Sole, at_once
from bridge.errors import StoreDown, Unreadable
from bridge.model.files import Attachment
from bridge.model.ids import ChannelName, ChatId, FileId
from bridge.model.inbound import Inbound, Update
from bridge.ports.channels import Outgoing, OutgoingFile, Raw
from tests.ports import free_port
from tests.serving import serving, until

TOKEN = "7000000001:AAtests-only-token-of-35-characters"
OTHER = "7000000002:BBtests-only-token-of-35-characters"
GROUP = -1001700000001
OLGA = 5001


@dataclass
class Door:
    """A channel that runs, and what came through it."""

    channel: Any
    raws: list[Raw] = field(default_factory=list)
    down: bool = False  # the store does not take anything
    task: asyncio.Task[None] | None = None

    async def accept(self, channel: ChannelName, raw: Raw) -> None:
        if self.down:
            raise StoreDown("no place left")
        if raw.key not in {each.key for each in self.raws}:
            self.raws.append(raw)

    def start(self) -> None:
        self.task = asyncio.create_task(self.channel.run(self.accept))

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
            self.task = None

    def facts(self) -> list[Inbound]:
        """Parse everything that came, in order; of what cannot be read, what was rescued."""
        return [fact for raw in self.raws for fact in self.understood(raw)]

    def understood(self, raw: Raw) -> Sequence[Any]:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        name = self.channel.name
        try:
            return list(
                self.channel.parse(Update(f"{name}:{raw.key}", name, raw.key, raw.lane, raw.order, raw.body, at))
            )
        except Unreadable as fault:
            return list(fault.rescued)

    async def hears(self, kind: type, **wanted: Any) -> Any:
        """Return the first fact of a kind with these values."""

        async def found() -> Any:
            fits = (fact for fact in self.facts() if isinstance(fact, kind))
            return next((f for f in fits if all(getattr(f, name) == value for name, value in wanted.items())), None)

        return await until(found, f"{kind.__name__} {wanted}")


@dataclass
class Street:
    """The emulated Telegram, and doors that lead to it."""

    emulator: TelegramEmulator
    http: aiohttp.ClientSession
    base: str
    doors: list[Door] = field(default_factory=list)

    async def ctl(self, method: str, path: str, body: Any = None) -> Any:
        async with self.http.request(method, f"{self.base}/ctl{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return json.loads(await answer.text() or "{}")

    async def person(self, name: str = "Анна Ковалёва") -> int:
        return int((await self.ctl("POST", "/user", {"name": name, "lang": "ru"}))["user"]["id"])

    async def say(self, user: int, text: str = "", **more: Any) -> int:
        words = {"text": text} if text else {}
        return int((await self.ctl("POST", "/user/say", {"user": user, **words, **more}))["message_id"])

    async def sees(self, chat: int) -> list[dict[str, Any]]:
        """Return what stands in a chat now, what was deleted left out."""
        items = (await self.ctl("GET", f"/chat/{chat}/messages"))["items"]
        return [item for item in items if not item["deleted"]]

    async def from_bot(self, chat: int) -> list[dict[str, Any]]:
        return [item for item in await self.sees(chat) if item["from"]["is_bot"]]

    async def calls(self, method: str) -> list[dict[str, Any]]:
        return list((await self.ctl("GET", f"/calls?method={method}"))["items"])

    async def fault(self, fault: str, **more: Any) -> None:
        await self.ctl("POST", "/faults", {"fault": fault, **more})

    def door(self, public_url: str = "http://127.0.0.1:1", *, sole: Sole = at_once, **table: Any) -> Door:
        """Open a door; it runs when it is started, and receives when `sole` lets it."""
        given = {"token": TOKEN, "api_base": self.base, "mode": "polling", **table}
        door = Door(telegram.open("telegram", given, public_url, Installation(sole)))
        self.doors.append(door)
        return door

    async def polling(self, *, name: str = "telegram", **table: Any) -> Door:
        """Open a door that polls, and wait until it does."""
        door = self.door(**table)
        door.start()

        async def polls() -> bool:
            lines = self.emulator.emulation.lines
            return any(line.poll is not None for line in lines.values())

        await until(polls, "a poll")
        return door


@asynccontextmanager
async def street(*tokens: str) -> AsyncIterator[Street]:
    """Open an emulator with bots and a staff group."""
    made = TelegramEmulator(
        {token: {} for token in (tokens or (TOKEN,))},
        [{"id": GROUP, "title": "Staff", "forum": True, "members": [{"id": OLGA, "name": "Ольга"}]}],
    )
    async with serving(made.app(), free_port()) as base, aiohttp.ClientSession() as http:
        opened = Street(made, http, base)
        try:
            yield opened
        finally:
            for door in opened.doors:
                await door.stop()
                await door.channel.close()


@asynccontextmanager
async def hooked(door: Callable[[str], Door]) -> AsyncIterator[tuple[Door, str]]:
    """Serve the webhook of a door: it is opened with the address it is reached at."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    opened = door(url)
    app = web.Application()
    app.router.add_post("/hooks/telegram", opened.channel._receiver.hook)
    async with serving(app, port):
        yield opened, url


def word(chat: int, text: str, *files: OutgoingFile, **more: Any) -> Outgoing:
    """Return a word on its way to a customer."""
    return Outgoing("m1", ChatId(str(chat)), text, files=files, **more)


def file(kind: str, mime: str, body: bytes = b"bytes", name: str = "a.bin", remote: str = "") -> OutgoingFile:
    """Return a file on its way out."""

    async def read() -> AsyncIterator[bytes]:
        yield body

    return OutgoingFile(Attachment(FileId("f"), kind, name, mime, len(body), remote=remote), read)
