"""A visitor of a shop's page, as the widget's frame speaks: session, socket, history, files."""

import asyncio
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.shop import PATIENCE, Shop

SECRET = "the-shop-s-own-secret"


def signed(user_id: str, secret: str = SECRET, **more: str) -> dict[str, str]:
    """Return what the shop's server puts into its page."""
    made = hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()
    return {"user_id": user_id, "hash": made, **more}


@dataclass
class Tab:
    """One open socket of a visitor, and all that came over it."""

    visitor: "Visitor"
    socket: aiohttp.ClientWebSocketResponse
    frames: list[dict[str, Any]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    reading: asyncio.Task[None] | None = None

    async def read(self) -> None:
        async for message in self.socket:
            self.frames.append(json.loads(message.data))
            self.came.set()
        self.came.set()

    async def frame(self, fits: Callable[[dict[str, Any]], bool], start: int = 0) -> dict[str, Any]:
        """Return the first frame that fits, awaiting it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = next((frame for frame in self.frames[start:] if fits(frame)), None)
                if found is not None:
                    return found
                self.came.clear()
                await self.came.wait()

    async def gets(self, part: str) -> dict[str, Any]:
        """Return the message of the shop that has this in it."""
        frame = await self.frame(
            lambda one: (
                one["type"] == "message"
                and one["message"]["author"]["kind"] != "customer"
                and part in one["message"]["text"]
            )
        )
        return dict(frame["message"])

    async def send(self, **frame: Any) -> None:
        await self.socket.send_str(json.dumps(frame))

    async def say(self, text: str, client_id: str = "", **more: Any) -> dict[str, Any]:
        """Say something and return what the door says to it."""
        client_id = client_id or f"c{next(self.visitor.numbers)}"
        await self.send(type="say", client_id=client_id, text=text, **more)
        return await self.frame(lambda one: one["type"] == "ack" and one["client_id"] == client_id)

    async def press(self, message: dict[str, Any], label: str) -> None:
        data = next(button["data"] for button in message["buttons"] if button["text"] == label)
        await self.send(type="press", message_id=message["id"], data=data)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [frame["message"] for frame in self.frames if frame["type"] == "message"]

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    async def shut(self) -> None:
        await self.socket.close()
        if self.reading is not None:
            await self.reading

    async def cut(self) -> None:
        """Lose the line without a goodbye."""
        transport = self.socket.get_extra_info("socket") and self.socket._writer.transport
        if transport is not None:
            transport.abort()
        if self.reading is not None:
            await asyncio.gather(self.reading, return_exceptions=True)

    async def closed(self) -> int:
        """Await the end; returns the close code."""
        assert self.reading is not None
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(self.reading, return_exceptions=True)
        return self.socket.close_code or 0


@dataclass
class Visitor:
    """Somebody at the widget of a shop's page."""

    shop: Shop
    token: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"Accept-Language": "ru-RU,ru;q=0.9"})
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    tabs: list[Tab] = field(default_factory=list)
    at: str = ""  # of another process than the shop's own

    @property
    def base(self) -> str:
        return f"{self.at or self.shop.url}/widget/site"

    async def ask(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        if self.token and path != "/session":
            headers.setdefault("Authorization", f"Bearer {self.token}")
        async with self.shop.http.request(method, self.base + path, headers=headers, **more) as answer:
            text = await answer.text()
            assert answer.status == status, (answer.status, text)
            return json.loads(text)

    async def enter(self, identify: dict[str, str] | None = None, status: int = 200) -> dict[str, Any]:
        """Get a session, or go on with the one there is."""
        body: dict[str, Any] = {"token": self.token} if self.token else {}
        if identify is not None:
            body["identify"] = identify
        answer = await self.ask("POST", "/session", status, json=body)
        if status == 200:
            self.token = answer["token"]
        return dict(answer)

    async def open(self, since: int | None = None, **hello: Any) -> Tab:
        """Open a socket and await that it is ready."""
        tab = await self.dial(since, **hello)
        await tab.frame(lambda one: one["type"] == "ready")
        return tab

    async def dial(self, since: int | None = None, headers: dict[str, str] | None = None, **hello: Any) -> Tab:
        place = "" if since is None else f"?since={since}"
        given = {**self.headers, **(headers or {})}
        socket = await self.shop.http.ws_connect(f"{self.base}/socket{place}", headers=given)
        tab = Tab(self, socket)
        self.tabs.append(tab)
        tab.reading = asyncio.create_task(tab.read())
        await tab.send(**{"type": "hello", "token": self.token, **hello})
        return tab

    async def come(self, identify: dict[str, str] | None = None) -> Tab:
        """Enter and open a socket."""
        await self.enter(identify)
        return await self.open()

    async def conversation(self) -> dict[str, Any]:
        """Return this visitor's conversation as the API shows it."""
        id = (await self.enter())["conversation_id"]
        return dict(await self.shop.api("GET", f"/conversations/{id}"))

    async def leave(self) -> None:
        for tab in self.tabs:
            await tab.shut()
