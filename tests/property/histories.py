"""Histories of a shop, step by step: what people do, what the program does of it, and where it dies."""

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bridge import desk, service, snoozing, timers
from bridge.errors import Conflict, Forbidden, Invalid, NotFound, StoreDown
from bridge.model.conversations import Conversation
from bridge.model.desk import PostKind
from bridge.model.ids import ChatId, ConversationId, MessageId
from bridge.model.inbound import Edited, Inbound, Pressed, Reachable, Said, StaffPressed, StaffSaid, Started
from bridge.model.lanes import IDLE, in_lane
from bridge.model.messages import DeliveryState
from bridge.ports.channels import Outgoing, Raw
from storage.memory import MemoryDocuments
from storage.schema import CONVERSATIONS, MESSAGES
from tests.hall import OLGA, PETR, Process, founded, sender
from tests.property.changes import Changes
from tests.street import GROUP, NAME, Killed, Life, Street, Time, raw_of

STAFF = {"olga": OLGA, "petr": PETR}
#: Verb of a person -> the event it leaves behind.
ASKED = {
    "queue": "released",
    "release": "released",
    "bot": "released_to_bot",
    "close": "closed",
    "reopen": "reopened",
    "assign": "assigned",
}
#: Rounds after which a history that never comes to rest has failed.
ROUNDS = 400


@dataclass(frozen=True)
class Op:
    """One thing that happens; the process dies, or its store fails once, after so many effects of it."""

    do: str
    args: tuple[Any, ...] = ()
    dies: int | None = None
    fails: int | None = None

    def __repr__(self) -> str:
        fate = "".join(f", {name}={value}" for name in ("dies", "fails") if (value := getattr(self, name)) is not None)
        return f"Op({self.do!r}, {self.args!r}{fate})"


@dataclass
class World(Changes):
    """A shop, its people, and one process after the other."""

    group: bool = True
    pace: tuple[int, ...] = (0,)
    burst: float = 0.2  # seconds; 0: a plain question and its answer are one write
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    time: Time = field(default_factory=Time)
    raws: list[Raw] = field(default_factory=list)  # everything the messenger has, in its order
    undelivered: list[Raw] = field(default_factory=list)
    said: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # chat -> (external id, text)
    notes: list[str] = field(default_factory=list)
    retried: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)  # event -> how often a person asked for it
    violations: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)  # chats whose topic was deleted by hand
    calm: bool = True  # nobody died and nothing failed
    alone: bool = True  # never two hands at work at once
    effects: int = 0  # of all lives so far
    dies_at: list[int] = field(default_factory=list)  # effects, counted over all lives, before which one ends

    async def found(self) -> None:
        self.street = Street(self.time, witness=self._sees)
        self.eyes = await founded(self.documents, self.time)
        await self._born()

    async def _born(self) -> None:
        self.process = Process(self.documents, self.street, Life(), group=self.group, pace=self.pace, burst=self.burst)
        await self.process.start()

    async def twin(self, pace: tuple[int, ...]) -> "World":
        """Return the same shop with a second process at work on the same store."""
        other = copy.copy(self)
        self.alone = other.alone = False
        other.pace = pace
        await other._born()
        return other

    async def happen(self, op: Op) -> None:
        """Let one thing happen. Errors meant for people are theirs; any other is a fault of the hall."""
        life = self.process.life
        life.left, life.fails_after = op.dies, op.fails
        if self.dies_at:
            life.left = self.dies_at[0] - self.effects - life.had
        try:
            await getattr(self, op.do)(*op.args)
        except Killed:
            self.calm = False
            self.effects += life.had
            await self._born()
            if self.dies_at:
                self.dies_at.pop(0)
                await self.happen(op)  # whoever asked for it and got no answer asks again
                return
        except StoreDown:
            self.calm = False
        except (Conflict, Invalid, NotFound, Forbidden):
            pass
        life.left = life.fails_after = None

    def _sees(self, message: Outgoing) -> None:
        """When a bot's word is on its way, no person has spoken or taken over since it was decided."""
        rows = self.documents._rows
        row = rows[MESSAGES.name][message.id].body
        epoch = row["delivery"]["epoch"]
        now = rows[CONVERSATIONS.name][row["conversation"]].body["epoch"]
        if self.alone and epoch not in (None, now):
            self.violations.append("the bot spoke after a person")

    # What customers do.

    def _post(self, lane: str, fact: Inbound) -> None:
        raw = raw_of(len(self.raws) + 1, lane, fact)
        self.raws.append(raw)
        self.undelivered.append(raw)

    async def say(self, chat: str, text: str) -> None:
        said = self.said.setdefault(chat, [])
        external = f"m{len(self.raws) + 1}"
        words = text if text in ("оператор", "спасибо", "привет") else f"{text} №{len(self.raws) + 1}"
        said.append((external, words))
        self._post(chat, Said(NAME, ChatId(chat), external, sender(chat), words, self.time.now()))

    async def start(self, chat: str) -> None:
        external = f"m{len(self.raws) + 1}"
        self.said.setdefault(chat, []).append((external, "/start"))
        self._post(chat, Started(NAME, ChatId(chat), external, sender(chat), self.time.now()))

    async def edit(self, chat: str, place: int) -> None:
        said = self.said.get(chat, [])
        if said:
            external, text = said[place % len(said)]
            if text != "/start":
                said[place % len(said)] = (external, f"{text} изменено")
                words, number, now = f"{text} изменено", len(self.raws) + 1, self.time.now()
                self._post(chat, Edited(NAME, ChatId(chat), f"e{number}", external, sender(chat), words, now))

    async def press(self, chat: str, place: int) -> None:
        shown = [choice for m in self.street.seen if m.chat == chat for choice in m.choices]
        if shown:
            choice = shown[-1 - place % len(shown)]
            external = f"p{len(self.raws) + 1}"
            self.said.setdefault(chat, []).append((external, choice.text))
            self._post(
                chat, Pressed(NAME, ChatId(chat), external, sender(chat), choice.data, choice.text, self.time.now())
            )

    async def block(self, chat: str, reason: str | None) -> None:
        self._post(chat, Reachable(NAME, ChatId(chat), f"b{len(self.raws) + 1}", sender(chat), reason, self.time.now()))

    # What the messenger does.

    async def deliver(self, backwards: bool) -> None:
        while self.undelivered:
            raw = self.undelivered[-1 if backwards else 0]
            await self.process.inbox.accept(NAME, raw)
            if raw in self.undelivered:
                self.undelivered.remove(raw)

    async def replay(self, place: int) -> None:
        known = [raw for raw in self.raws if raw not in self.undelivered]
        if known:
            await self.process.inbox.accept(NAME, known[place % len(known)])

    async def outcomes(self, of: str, outcomes: Sequence[str]) -> None:
        self.street.outcomes[of] = list(outcomes)

    # What the desk does.

    async def case(self, chat: str) -> ConversationId | None:
        found = await self.eyes.people.chat(NAME, ChatId(chat))
        return None if found is None else found.conversation

    async def act(self, who: str, verb: str, chat: str) -> None:
        id = await self.case(chat)
        if id is None:
            return
        bridge, actor = self.process.bridge, STAFF[who]
        self.asked[ASKED.get(verb, verb)] += 1
        match verb:
            case "claim":
                await service.claim(bridge, actor, id)
            case "queue" | "bot":
                await service.release(bridge, actor, id, verb)
            case "close":
                await service.close(bridge, actor, id)
            case "reopen":
                await service.reopen(bridge, actor, id)
            case "assign":
                await service.assign(bridge, actor, id, PETR.id)
            case "snooze":
                await snoozing.snooze(bridge, actor, id, self.time.now() + timedelta(seconds=30), "перезвонить")
            case "later":
                await snoozing.reopen_later(bridge, actor, id, self.time.now() + timedelta(seconds=30))
            case "tag":
                await desk.tag(bridge, actor, id, ("срочно",), ())

    async def reply(self, who: str, chat: str, key: int, seen: int | None = None) -> None:
        id = await self.case(chat)
        if id is not None:
            text = f"Ответ человека {key}"
            await service.reply(self.process.bridge, STAFF[who], id, text, key=f"{who}{key}", seen_seq=seen)

    async def note(self, who: str, chat: str, key: int) -> None:
        id = await self.case(chat)
        if id is not None:
            self.notes.append(f"Заметка {key}")
            await service.note(self.process.bridge, STAFF[who], id, f"Заметка {key}", key=f"{who}{key}")

    async def retry(self, who: str) -> None:
        for row in await self.eyes.messages.stuck((DeliveryState.FAILED, DeliveryState.UNKNOWN), 1):
            self.retried.add(row.id)
            await desk.retry(self.process.bridge, STAFF[who], MessageId(row.id))

    def _topic(self, id: ConversationId | None) -> str | None:
        return next((topic for topic, case in reversed(self.street.topics.items()) if case == id), None)

    async def topic_say(self, who: str, chat: str, text: str) -> None:
        topic, number = self._topic(await self.case(chat)), len(self.raws) + 1
        if topic is not None:
            words = text if text.startswith("/") and not text.startswith("//") else f"{text} {number}"
            if text.startswith("//"):
                self.notes.append(words.removeprefix("//").strip())
            self.asked[ASKED.get(text.lstrip("/"), text)] += 1
            user = STAFF[who].telegram_user_id or 0
            fact = StaffSaid(NAME, GROUP, topic, f"t{number}", user, who, words, self.time.now())
            self._post(f"{GROUP}/{topic}", fact)

    async def topic_press(self, who: str, chat: str, verb: str) -> None:
        id = await self.case(chat)
        topic, number = self._topic(id), len(self.raws) + 1
        posts = [p for p in self.street.posts if p.conversation == id and p.kind is PostKind.SUGGESTION]
        buttons = [choice.data for post in posts for choice in post.choices if choice.data.startswith(f"{verb}:")]
        data = buttons[-1] if buttons else f"{verb}:{id}"
        if topic is not None:
            self.asked[ASKED.get(verb, verb)] += 1
            user = STAFF[who].telegram_user_id or 0
            fact = StaffPressed(NAME, GROUP, topic, f"t{number}", user, who, data, f"q{number}", self.time.now())
            self._post(f"{GROUP}/{topic}", fact)

    async def drop_topic(self, chat: str) -> None:
        topic = self._topic(await self.case(chat))
        if topic is not None:
            del self.street.topics[topic]
            self.dropped.add(chat)

    # What the program does.

    async def work(self, direction: str, steps: int) -> None:
        for _ in range(steps):
            if not await self.process.step(direction):
                return

    async def wait(self, seconds: float) -> None:
        # Messengers deliver in order within the time an update is waited for; later ones may stand anywhere.
        await self.deliver(backwards=False)
        self.time.pass_(seconds)

    async def look(self) -> None:
        await timers.tidy_up(self.process.bridge)
        await timers.wake(self.process.bridge)

    async def rest(self) -> None:
        """Everybody goes on until nothing is left to do; every lane is idle then."""
        self.street.outcomes = {"send": [], "post": [], "amend": []}
        await self.deliver(backwards=False)
        lanes = self.eyes.lanes
        for _ in range(ROUNDS):
            while await self.process.step("in") or await self.process.step("out"):
                pass
            due = min(await lanes.next_due("in"), await lanes.next_due("out"))
            if due == IDLE:
                return
            self.time.moment = max(self.time.moment, due)
        raise AssertionError("the hall never comes to rest")

    async def conversations(self) -> list[Conversation]:
        return await self.eyes.conversations.changed(self.time.moment - timedelta(days=999), 100)


def lane_of(chat: str) -> str:
    """Return the inbound lane of a chat."""
    return in_lane(NAME, chat)
