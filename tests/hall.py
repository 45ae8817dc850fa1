"""The hall alone, over the store in memory: a street of customers, a staff group, a clock to be moved, and deaths.

Tests of histories use it: nothing runs by itself, every step of a worker is asked for, so that a history repeats.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge import timers
from bridge.context import Bridge
from bridge.delivery.inbox import Inbox
from bridge.delivery.lanes import LEASE
from bridge.delivery.outbox import Outbox
from bridge.feed import Feed
from bridge.model.articles import Article, Decision, Library, Match, Ranked, Thresholds
from bridge.model.ids import ArticleId, OperatorId
from bridge.model.inbound import (
    Sender,
)
from bridge.model.lanes import Lane
from bridge.model.operators import Operator, Role
from bridge.phrases import Phrases
from bridge.ports import BotSettings
from bridge.ports.channels import Channels
from configs.phrases import load_phrases
from storage.bus_memory import MemoryBus
from storage.memory import MemoryDocuments
from storage.repositories import Repositories
from storage.schema import ALL
from tests.street import NAME, Door, DoorWithGroup, Killed, Life, Street, Time

PHRASES = Phrases(load_phrases())
OLGA = Operator(
    OperatorId("olga"), "olga@shop.example", "Ольга", Role.OPERATOR, "", datetime(2025, 1, 1, tzinfo=UTC), 1
)
PETR = replace(OLGA, id=OperatorId("petr"), email="petr@shop.example", name="Пётр", telegram_user_id=2)
#: What the effects of a store are: everything that writes.
WRITES = frozenset({"insert", "replace", "delete", "bump", "claim", "sweep"})


class Mortal:
    """A process's hands on the documents: they go limp with it. `pace` says how often each call gives way first."""

    def __init__(self, documents: MemoryDocuments, life: Life, pace: Sequence[int] = (0,)) -> None:
        self._documents = documents
        self._life = life
        self._pace = pace
        self._calls = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._documents, name)

        async def call(*args: Any, **more: Any) -> Any:
            self._calls += 1
            for _ in range(self._pace[self._calls % len(self._pace)]):
                await asyncio.sleep(0)
            if name in WRITES:
                self._life.effect()
            elif self._life.dead:
                raise Killed
            return await found(*args, **more)

        return call


class Scripted:
    """A library of two articles: a word in the text says how sure it is; the title found tells what was asked."""

    thresholds = Thresholds(0.9, 0.45, 0.25)

    async def match(self, text: str, limit: int = 5, language: str | None = None) -> Match:
        await asyncio.sleep(0)
        sure = 0.95 if "вопрос" in text else 0.6 if "сомнение" in text else 0.3 if "намёк" in text else 0.1
        other = Ranked(ArticleId("other"), f"other: {text}", sure / 2)
        return Match(Decision.NONE, (Ranked(ArticleId("first"), text, sure), other))

    async def change(self, put: Sequence[Article], gone: Collection[ArticleId] = ()) -> None:
        return None

    def masked(self, text: str) -> str:
        return text

    async def grouped(self, texts: Sequence[str]) -> list[list[int]]:
        return [[number] for number in range(len(texts))]

    async def rebuild(self, library: Library) -> None:
        return None


class Process:
    """One life of the program."""

    def __init__(
        self,
        documents: MemoryDocuments,
        street: Street,
        life: Life | None = None,
        *,
        group: bool = True,
        pace: Sequence[int] = (0,),
        burst: float = 0.2,
    ) -> None:
        self.life = life or Life()
        store = Repositories(Mortal(documents, self.life, pace), street.time)  # type: ignore[arg-type]
        bus = MemoryBus()
        door = DoorWithGroup(street, self.life) if group else Door(street, self.life)
        self.bridge = Bridge(
            store=store,
            bus=bus,
            clock=street.time,
            matcher=Scripted(),
            files=street.files,
            phrases=PHRASES,
            settings=BotSettings(burst_seconds=burst),
            channels=Channels({NAME: door}),
            feed=Feed(store, bus, street.time),
            shop="Кедр",
        )
        self.inbox = Inbox(self.bridge)
        self.outbox = Outbox(self.bridge)

    async def start(self) -> None:
        """Take up what the last life left, as timers do first."""
        await timers.take_up(self.bridge, timedelta(0))
        await timers.take_up_unsent(self.bridge, timedelta(0))

    async def step(self, direction: str) -> bool:
        """Handle the lane that is due longest; False: none is."""
        now = self.bridge.clock.now()
        lanes = self.bridge.store.lanes
        claimed = await lanes.claim_due(direction, now, now + LEASE, "hand", 1)
        held: Lane | None = claimed[0] if claimed else None
        while held is not None:
            due = await (self.inbox if direction == "in" else self.outbox).handle(held)
            held = await lanes.release(held, due)
        return bool(claimed)


async def founded(documents: MemoryDocuments, time: Time) -> Repositories:
    """Open a store with the articles and the staff every history knows; returns eyes that never die."""
    await documents.open(ALL)
    store = Repositories(documents, time)
    for name in ("first", "other"):
        await store.articles.put(Article(ArticleId(name), name, f"Ответ {name}"))
    for operator in (OLGA, PETR):
        await store.staff.add(operator)
    return store


def sender(chat: str) -> Sender:
    """Return the customer who writes in a chat."""
    return Sender(chat, f"Покупатель {chat}")
