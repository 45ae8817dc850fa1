"""The shop's own program at a custom channel: it calls Mostik signed, and takes Mostik's signed webhooks."""

import asyncio
import io
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from bridge import signatures
from tests.ports import free_port
from tests.shop import PATIENCE, Shop, serving, until

SECRET = "a-secret-of-both-sides"


@dataclass
class Program:
    """A web server of the shop; `answers` are what the next webhooks get, then each gets 200."""

    url: str
    events: list[dict[str, Any]] = field(default_factory=list)  # those that were answered with 2xx, each id once
    calls: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  # every call with the status it got
    answers: list[web.Response | str] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    gone: set[str] = field(default_factory=set)  # customers who cannot be written to
    names: bool = True  # does it give words ids of its own?
    shop: Shop | None = None
    secret: str = SECRET
    channel: str = "custom"

    def table(self, **more: Any) -> dict[str, Any]:
        """Return the settings of the channel this program is at."""
        return {"kind": "custom", "secret": self.secret, "url": f"{self.url}/mostik", **more}

    async def take(self, request: web.Request) -> web.Response:
        """Take a webhook as a careful program does."""
        raw = await request.read()
        assert signatures.fault(self.secret, request.headers[signatures.HEADER], raw, time.time()) is None
        event = json.loads(raw)
        quiet = event["type"] == "typing"
        answer = self.answers.pop(0) if self.answers and not quiet else None
        if event["data"]["customer"]["id"] in self.gone:
            answer = web.Response(status=410)
        if answer == "applied":  # it is taken, and the answer gets lost
            self._note(event)
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(answer, web.Response) and answer.status >= 300:
            self.calls.append((answer.status, event))
            return answer
        self._note(event)
        self.calls.append((200, event))
        if answer is not None:
            assert isinstance(answer, web.Response)
            return answer
        named = self.names and event["type"] == "message.created"
        return web.json_response({"external_id": f"out-{event['id']}"} if named else {})

    def _note(self, event: dict[str, Any]) -> None:
        if event["id"] not in {known["id"] for known in self.events}:
            self.events.append(event)
        self.came.set()

    async def event(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first event that fits, awaiting it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = next((event for event in self.events if fits(event)), None)
                if found is not None:
                    return found
                self.came.clear()
                await self.came.wait()

    async def of(self, kind: str, customer: str = "c1") -> dict[str, Any]:
        """Return the data of the first event of a type about a customer."""
        event = await self.event(lambda one: one["type"] == kind and one["data"]["customer"]["id"] == customer)
        return dict(event["data"])

    async def gets(self, part: str, customer: str = "c1") -> dict[str, Any]:
        """Return the data of the first word to a customer that has this in it."""
        event = await self.event(
            lambda one: (
                one["type"] == "message.created"
                and one["data"]["customer"]["id"] == customer
                and part in one["data"]["message"]["text"]
            )
        )
        return dict(event["data"])

    def texts(self, customer: str = "c1") -> list[str]:
        """Return the words a customer was sent, in order."""
        mine = [one["data"] for one in self.events if one["type"] == "message.created"]
        return [data["message"]["text"] for data in mine if data["customer"]["id"] == customer]

    async def tell(self, who: str = "c1", status: int = 200, **event: Any) -> dict[str, Any]:
        """Call Mostik with an event of a customer; returns the answer."""
        event.setdefault("external_id", f"in-{next(self.numbers)}")
        event.setdefault("customer", {"id": who, "name": "Анна Ковалёва"})
        return await self.post(json.dumps(event).encode(), status)

    async def post(self, raw: bytes, status: int = 200, header: str | None = None) -> dict[str, Any]:
        """Call Mostik with a raw body; `header` replaces the right signature."""
        made = signatures.signature(self.secret, raw, int(time.time())) if header is None else header
        assert self.shop is not None
        url = f"{self.shop.url}/api/v1/channels/{self.channel}/inbound"
        headers = {signatures.HEADER: made} if made else {}
        async with self.shop.http.post(url, data=io.BytesIO(raw), headers=headers) as answer:
            text = await answer.text()
            assert answer.status == status, (answer.status, text)
            if status >= 300:
                assert answer.content_type == "application/problem+json"
            return dict(json.loads(text))

    async def conversation(self, customer: str = "c1") -> dict[str, Any]:
        """Return a customer's conversation as the API shows it."""
        assert self.shop is not None
        items = (await self.shop.api("GET", f"/conversations?external_id={customer}"))["items"]
        return dict(items[0]) if items else {}

    @property
    def mostik(self) -> Shop:
        """The shop whose channel this is."""
        assert self.shop is not None
        return self.shop

    async def lines(self, customer: str = "c1") -> list[dict[str, Any]]:
        """Return what the desk sees, awaiting that there is something."""
        found = await until(lambda: self.conversation(customer))
        return list((await self.mostik.api("GET", f"/conversations/{found['id']}/messages?limit=200"))["items"])

    async def has(self, text: str) -> dict[str, Any] | None:
        """Return the line with exactly this text, if it is there."""
        return next((line for line in await self.lines() if line["text"] == text), None)

    async def reply(self, text: str, customer: str = "c1", **more: Any) -> dict[str, Any]:
        """Reply as an operator."""
        found = await until(lambda: self.conversation(customer))
        body = {"text": text, "kind": "reply", "force": True, **more}
        return dict(await self.mostik.api("POST", f"/conversations/{found['id']}/messages", body))

    async def settled(self, message: dict[str, Any], state: str) -> dict[str, Any]:
        """Return an operator's line once its delivery is in a state."""

        async def reached() -> dict[str, Any] | None:
            found = next(line for line in await self.lines() if line["id"] == message["id"])
            return found if found["delivery"]["state"] == state else None

        return dict(await until(reached, state))

    async def file(self, url: str, status: int = 200) -> bytes:
        """Fetch a file by the address that stood in a webhook."""
        async with aiohttp.ClientSession() as http, http.get(url) as answer:
            assert answer.status == status, await answer.text()
            return bytes(await answer.read())


@asynccontextmanager
async def program() -> AsyncIterator[Program]:
    """Run the shop's program on a port of its own."""
    port = free_port()
    made = Program(f"http://127.0.0.1:{port}")
    app = web.Application(client_max_size=64 << 20)
    app.router.add_post("/mostik", made.take)
    async with serving(app, port):
        yield made
