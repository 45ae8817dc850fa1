"""The hall alone, over the store in memory: a street of customers, a staff group, a clock to be moved, and deaths.

Tests of histories use it: nothing runs by itself, every step of a worker is asked for, so that a history repeats.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge import timers
from bridge.context import Bridge
from bridge.errors import NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable
from bridge.feed import Feed
from bridge.inbox import Inbox
from bridge.lanes import LEASE
from bridge.model.articles import Article, Decision, Library, Match, Ranked, Thresholds
from bridge.model.desk import Post, PostKind, Topic
from bridge.model.ids import ArticleId, ChannelName, OperatorId
from bridge.model.inbound import (
    Edited,
    Inbound,
    Pressed,
    Reachable,
    Said,
    Sender,
    StaffPressed,
    StaffSaid,
    Started,
    Update,
)
from bridge.model.lanes import Lane, in_lane
from bridge.model.operators import Operator, Role
from bridge.outbox import Outbox
from bridge.phrases import Phrases
from bridge.ports import Accept, BotSettings, Channels, ChannelState, Outgoing, Raw, Receipt
from configs.phrases import load_phrases
from storage.bus_memory import MemoryBus
from storage.documents import Unavailable
from storage.memory import MemoryDocuments
from storage.repositories import Repositories
from storage.schema import ALL

NAME = ChannelName("street")
DESK = ChannelName("street.staff")
GROUP = "-100"
#: Updates that one may overtake on this street.
OVERTAKEN = 40
PHRASES = Phrases(load_phrases())
FACTS: dict[str, type[Any]] = {
    cls.__name__: cls for cls in (Said, Pressed, Started, Edited, Reachable, StaffSaid, StaffPressed)
}
OLGA = Operator(
    OperatorId("olga"), "olga@shop.example", "Ольга", Role.OPERATOR, "", datetime(2025, 1, 1, tzinfo=UTC), 1
)
PETR = replace(OLGA, id=OperatorId("petr"), email="petr@shop.example", name="Пётр", telegram_user_id=2)
#: What the effects of a store are: everything that writes.
WRITES = frozenset({"insert", "replace", "delete", "bump", "claim", "sweep"})


class Killed(BaseException):
    """The process died here: nothing after this was done."""


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)

    def pass_(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Life:
    """How many effects a process may still have before it dies, and before its store fails once; None: no end."""

    left: int | None = None
    fails_after: int | None = None
    dead: bool = False
    had: int = 0

    def effect(self, of_store: bool = True) -> None:
        """Count one; raises Killed or Unavailable instead of letting it happen."""
        if self.left == 0:
            self.dead = True
        if self.dead:
            raise Killed
        self.had += 1
        self.left = None if self.left is None else self.left - 1
        if of_store and self.fails_after is not None:
            self.fails_after -= 1
            if self.fails_after < 0:
                self.fails_after = None
                raise Unavailable("a moment of weakness")


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


@dataclass
class Street:
    """The messenger and its people: they outlive every process."""

    time: Time
    seen: list[Outgoing] = field(default_factory=list)
    at: dict[str, list[int]] = field(default_factory=dict)  # row's id -> places in seen
    posts: list[Post] = field(default_factory=list)
    topics: dict[str, str] = field(default_factory=dict)  # topic -> conversation
    # What comes of the next sends to customers, and of the next posts in the group; then all is well.
    outcomes: dict[str, list[str]] = field(default_factory=lambda: {"send": [], "post": []})
    witness: Callable[[Outgoing], None] = lambda message: None

    def outcome(self, of: str) -> str:
        return self.outcomes[of].pop(0) if self.outcomes[of] else "ok"


_FAULTS: dict[str, Any] = {
    "retry": lambda: RetryLater(3, "flood"),
    "network": lambda: RetryLater(1, "network"),
    "lost": lambda: OutcomeUnknown("network_unknown"),
    "applied": lambda: OutcomeUnknown("network_unknown"),
    "unreachable": lambda: Unreachable("blocked"),
    "rejected": lambda: Rejected("bad_text"),
}


class Door:
    """The channel of one process to the street."""

    name = NAME
    kind = "street"
    state = ChannelState("ok")

    def __init__(self, street: Street, life: Life) -> None:
        self._street = street
        self._life = life

    async def run(self, accept: Accept) -> None:
        raise AssertionError("nothing runs by itself here")

    def parse(self, update: Update) -> Sequence[Inbound]:
        facts = json.loads(update.raw)
        return [_fact(fact) for fact in facts]

    def before(self, key: str) -> Sequence[str]:
        return [str(number) for number in range(max(1, int(key) - OVERTAKEN), int(key))]

    async def pressed(self, press_id: str, text: str = "") -> None:
        return None

    async def send(self, message: Outgoing) -> Receipt:
        self._life.effect(of_store=False)
        outcome = self._street.outcome("send")
        self._street.witness(message)
        if outcome in ("ok", "applied"):
            self._street.at.setdefault(message.id, []).append(len(self._street.seen))
            self._street.seen.append(message)
        if outcome != "ok":
            raise _FAULTS[outcome]()
        return Receipt(f"sent{len(self._street.seen)}")


class DoorWithGroup(Door):
    """The same with a staff group."""

    desk = DESK
    group = GROUP
    open_at = "handoff"

    async def post(self, post: Post, topic: Topic) -> Receipt:
        self._life.effect(of_store=False)
        street = self._street
        outcome = street.outcome("post")
        if post.kind is not PostKind.TOPIC and topic.topic not in street.topics:
            raise NotFound("topic")
        if outcome in ("ok", "applied"):
            street.posts.append(post)
            if post.kind is PostKind.TOPIC:
                street.topics[f"topic{len(street.posts)}"] = post.conversation
        if outcome != "ok":
            raise _FAULTS[outcome]()
        return Receipt(next(reversed(street.topics)) if post.kind is PostKind.TOPIC else f"post{len(street.posts)}")


def _fact(fact: dict[str, Any]) -> Inbound:
    values = {**fact, "at": datetime.fromtimestamp(fact["at"], UTC)}
    if "sender" in values:
        values["sender"] = Sender(**values["sender"])
    made: Inbound = FACTS[values.pop("fact")](**values)
    return made


def raw_of(number: int, lane: str, fact: Inbound) -> Raw:
    """Return the raw update that a door of this street reads as `fact`."""
    values = {name: getattr(fact, name) for name in type(fact).__slots__}
    values["at"] = fact.at.timestamp()
    if "sender" in values:
        values["sender"] = {name: getattr(values["sender"], name) for name in Sender.__slots__}
    body = json.dumps([{"fact": type(fact).__name__, **values}])
    return Raw(str(number), in_lane(NAME, lane), number, body)


class Scripted:
    """A library of two articles: a word in the text says how sure it is; the title found tells what was asked."""

    thresholds = Thresholds(0.9, 0.45, 0.25)

    async def match(self, text: str, limit: int = 5, language: str | None = None) -> Match:
        await asyncio.sleep(0)
        sure = 0.95 if "вопрос" in text else 0.6 if "сомнение" in text else 0.3 if "намёк" in text else 0.1
        other = Ranked(ArticleId("other"), f"other: {text}", sure / 2)
        return Match(Decision.NONE, (Ranked(ArticleId("first"), text, sure), other))

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
