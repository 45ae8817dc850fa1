"""Customers who write at a steady rate, and who remember what they said."""

import asyncio
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

ARTICLES = Path(__file__).with_name("articles.jsonl")
NAMES = ("Ada", "Boris", "Chloe", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Irina", "Jonas")


@dataclass(slots=True)
class Customer:
    """A person of the emulator: `said` holds (message id, text) in the order in which they were said."""

    id: int
    name: str
    said: list[tuple[int, str]] = field(default_factory=list)


class Emulator:
    """The control API of the emulated messenger."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self.base = base

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Ask for something to be done."""
        async with self._session.post(f"{self.base}/ctl{path}", json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def get(self, path: str) -> Any:
        """Ask for something to be shown."""
        async with self._session.get(f"{self.base}/ctl{path}") as answer:
            answer.raise_for_status()
            return await answer.json()

    async def undelivered(self) -> int:
        """Return how many updates wait for the bot."""
        return sum(bot["pending"] for bot in (await self.get("/stats"))["bots"])

    async def sends(self) -> int:
        """Return how many messages the bot has tried to send."""
        return int((await self.get("/stats"))["methods"].get("sendMessage", 0))

    async def seen(self, customer: Customer) -> list[dict[str, Any]]:
        """Return what a customer sees in his chat, in order."""
        items: list[dict[str, Any]] = (await self.get(f"/chat/{customer.id}/messages"))["items"]
        return items


def wordings() -> list[str]:
    """Return every exact wording of the articles."""
    rows = map(json.loads, ARTICLES.read_text(encoding="utf-8").splitlines())
    return [question for row in rows for question in row["questions"]]


async def meet(emulator: Emulator, count: int) -> list[Customer]:
    """Open accounts."""
    found = []
    for number in range(count):
        name = f"{NAMES[number % len(NAMES)]} {number + 1}"
        answer = await emulator.post("/user", {"name": name, "lang": "en"})
        found.append(Customer(answer["user"]["id"], name))
    return found


class Stream:
    """`messages` words in all, `rate` a second, everybody about as many, nobody the same twice in a row."""

    def __init__(self, emulator: Emulator, customers: list[Customer], messages: int, rate: float, seed: int) -> None:
        self._emulator = emulator
        self.customers = customers
        self._messages = messages
        self._pause = 1 / rate
        self._random = random.Random(seed)
        self._texts = wordings()
        self._news = asyncio.Condition()
        self._barrier = messages
        self.count = 0

    async def run(self) -> None:
        """Say everything."""
        loop = asyncio.get_running_loop()
        turn: list[Customer] = []
        due = loop.time()
        for _ in range(self._messages):
            async with self._news:
                await self._news.wait_for(lambda: self.count < self._barrier)
            if not turn:
                turn = self._random.sample(self.customers, len(self.customers))
            customer = turn.pop()
            last = customer.said[-1][1] if customer.said else ""
            text = self._random.choice([text for text in self._texts if text != last])
            said = await self._emulator.post("/user/say", {"user": customer.id, "text": text})
            customer.said.append((int(said["message_id"]), text))
            async with self._news:
                self.count += 1
                self._news.notify_all()
            # Steady, not catching up: a wait at the barrier is no reason for a flood.
            due = max(due + self._pause, loop.time())
            await asyncio.sleep(due - loop.time())

    async def until(self, count: int) -> None:
        """Wait until so many words are said."""
        async with self._news:
            await self._news.wait_for(lambda: self.count >= count)

    async def limit(self, count: int) -> None:
        """Let the stream say no more than so many words until further notice."""
        async with self._news:
            self._barrier = min(count, self._messages)
            self._news.notify_all()
