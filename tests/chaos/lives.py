"""The hall on the store's twin in memory, in a process that dies before a chosen effect, and the life after it.

Effects are writes of the store and sends of the channel: nothing else outlives a process. Writes that are made at once
are mixed, so that each may be the one that was not made.
"""

import asyncio
import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from bridge import timers
from bridge.context import Bridge
from bridge.delivery.inbox import Inbox
from bridge.delivery.outbox import Outbox
from bridge.errors import RetryLater
from bridge.feed import Feed
from bridge.model.articles import Article, Decision, Library, Match, Ranked, Thresholds
from bridge.model.conversations import ConversationFilters
from bridge.model.ids import ArticleId, ChannelName, ChatId
from bridge.model.inbound import Inbound, Said, Sender, Update
from bridge.model.lanes import IDLE, Lane, in_lane
from bridge.phrases import Phrases
from bridge.ports import BotSettings
from bridge.ports.channels import Channels, ChannelState, Outgoing, Raw, Receipt
from configs.phrases import load_phrases
from storage.bus_memory import MemoryBus
from storage.files_memory import MemoryFiles
from storage.memory import MemoryDocuments
from storage.migrations import migrate
from storage.repositories import Repositories
from storage.schema import ALL
from tests.chaos.stream import Customer
from tests.chaos.verdict import Thread

NAME = ChannelName("shop")
CHAT = ChatId("7")
LEASE = timedelta(seconds=10)
ARTICLE = Article(ArticleId("any"), "Anything", "So it is.")
PHRASES = Phrases(load_phrases(), "en")
WRITES = ("insert", "replace", "delete", "bump", "claim")
#: More effects than the script has, so that the last run is one nobody killed.
MOST = 400


class Killed(BaseException):
    """The process is dead."""


@dataclass
class Life:
    """The effects one process may still have."""

    left: int
    mix: random.Random

    async def effect(self) -> None:
        """Let others go first now and then, then count; raises Killed when the process is dead."""
        for _ in range(self.mix.randrange(4)):
            await asyncio.sleep(0)
        if self.left == 0:
            raise Killed
        self.left -= 1  # below zero: this process lives as long as it likes


class Mortal:
    """Documents as one life of a process reaches them."""

    def __init__(self, documents: MemoryDocuments, life: Life) -> None:
        self._documents = documents
        self._life = life

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._documents, name)
        if name not in WRITES:
            return call

        async def counted(*arguments: Any, **named: Any) -> Any:
            await self._life.effect()
            return await call(*arguments, **named)

        return counted


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.moment = datetime(2030, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class OneArticle:
    """A library with one article, which tells by its confidence what text it was asked for."""

    thresholds = Thresholds(0, 0, 0)

    async def match(self, text: str, limit: int = 5, language: str | None = None) -> Match:
        return look(text, "")

    async def change(self, put: Sequence[Article], gone: Collection[ArticleId] = ()) -> None:
        raise AssertionError

    def masked(self, text: str) -> str:
        return text

    async def grouped(self, texts: Sequence[str]) -> list[list[int]]:
        return [[number] for number in range(len(texts))]

    async def rebuild(self, library: Library) -> None:
        raise AssertionError


def look(text: str, language: str) -> Match:
    """Answer any text; two texts hardly have the same confidence."""
    return Match(Decision.ANSWER, (Ranked(ARTICLE.id, ARTICLE.title, crc32(text.encode()) / 2**32),), exact=True)


@dataclass
class Street:
    """The messenger: it outlives every process."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    attempts: int = 0

    def say(self, text: str, by_bot: bool) -> str:
        self.seen.append({"message_id": len(self.seen) + 1, "from": {"is_bot": by_bot}, "text": text})
        return str(len(self.seen))


class Door:
    """A channel that sends, asks for patience now and then, or dies while sending."""

    name = NAME
    kind = "shop"
    state = ChannelState("ok")

    def __init__(self, street: Street, life: Life) -> None:
        self._street = street
        self._life = life

    async def run(self, accept: Any) -> None:
        raise AssertionError

    def parse(self, update: Update) -> Sequence[Inbound]:
        id, text = json.loads(update.raw)
        sender = Sender("7", "Ada", language="en")
        return [Said(NAME, CHAT, id, sender, text, update.received_at)]

    async def send(self, message: Outgoing) -> Receipt:
        await self._life.effect()
        self._street.attempts += 1
        if self._street.attempts % 3 == 0:
            raise RetryLater(1, "flood")
        return Receipt(self._street.say(message.text, by_bot=True))


class World:
    """What outlives a process, and the script of one chat: two words one after the other, then two at once."""

    def __init__(self) -> None:
        self.documents = MemoryDocuments()
        self.clock = Clock()
        self.street = Street()
        self.customer = Customer(7, "Ada")
        self.undelivered: list[Raw] = []
        self.script = [["one"], ["two"], ["three", "four"], ["five"]]

    async def open(self) -> None:
        await self.documents.open(ALL)
        await migrate(self.documents)
        await Repositories(self.documents, self.clock).articles.put(ARTICLE)

    def process(self, life: Life) -> "Process":
        return Process(self, life)

    def say(self, text: str) -> None:
        id = self.street.say(text, by_bot=False)
        self.customer.said.append((int(id), text))
        number = len(self.customer.said)
        self.undelivered.append(Raw(str(number), in_lane(NAME, CHAT), number, json.dumps([id, text])))


class Process:
    """One life of the process: it takes in what the street delivers and works until nothing is due."""

    def __init__(self, world: World, life: Life) -> None:
        self._world = world
        store = Repositories(Mortal(world.documents, life), world.clock)  # type: ignore[arg-type]
        bus = MemoryBus()
        self.bridge = Bridge(
            store=store,
            bus=bus,
            clock=world.clock,
            matcher=OneArticle(),
            files=MemoryFiles(20 << 20),
            phrases=PHRASES,
            settings=BotSettings(burst_seconds=0, answer=0, offer=0, suggest=0, language="en"),
            channels=Channels({NAME: Door(world.street, life)}),  # type: ignore[dict-item]
            feed=Feed(store, bus, world.clock),
        )
        self.inbox = Inbox(self.bridge)
        self.outbox = Outbox(self.bridge)

    async def go_on(self) -> None:
        """Take up what the last life left, then follow the script to its end."""
        await timers.take_up(self.bridge, timedelta(0))
        while True:
            await self._deliver()
            await self._work()
            if not self._world.script:
                break
            for text in self._world.script.pop(0):
                self._world.say(text)
        await timers.tidy_up(self.bridge)

    async def _deliver(self) -> None:
        while self._world.undelivered:
            await self.inbox.accept(NAME, self._world.undelivered[0])
            self._world.undelivered.pop(0)

    async def _work(self) -> None:
        clock, lanes = self._world.clock, self.bridge.store.lanes
        retry = IDLE
        while retry is not None:
            retry = None
            for direction, handle in (("in", self.inbox.handle), ("out", self.outbox.handle)):
                now = clock.now()
                for lane in await lanes.claim_due(direction, now, now + LEASE, "worker", 10):
                    held: Lane | None = lane
                    while held is not None:
                        due = await handle(held)
                        held = await lanes.release(held, due)
                    retry = due if due < IDLE else (retry or now)
            clock.moment = max(clock.moment, retry or clock.moment)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left when all is done: the chat, how many updates wait for ever, how often the process died."""

    thread: Thread
    waiting: int
    deaths: int


async def live(*deaths: int, seed: int = 0, writes_on: bool = True) -> Outcome:
    """Run the script in as many lives as needed; each but the last ends before the effect of that number in `deaths`.

    `writes_on`: the customer writes also while the process is dead; else nothing new reminds it of what it left.
    """
    world = World()
    await world.open()
    mix = random.Random(seed)
    died = 0
    for number in deaths:
        try:
            await world.process(Life(number, mix)).go_on()
            break
        except* Killed:
            died += 1
        world.clock.moment += LEASE  # what the dead one held is free when its lease is over
        if writes_on:
            world.say(f"meanwhile {died}")
    else:
        await world.process(Life(-1, mix)).go_on()
    store = Repositories(world.documents, world.clock)
    conversations, _ = await store.conversations.page(ConversationFilters(), None, 10)
    rows = [row for one in conversations for row in await store.messages.page(one.id, 0, None, 100)]
    waiting = await store.updates.lost(datetime.max.replace(tzinfo=UTC), 10)
    return Outcome(Thread(world.customer, conversations, rows, world.street.seen), len(waiting), died)
