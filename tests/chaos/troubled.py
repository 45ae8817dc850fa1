"""A street where messengers do wrong: two Telegram bots and a VK community on one process, faults on order."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bridge.clock import SystemClock
from bridge.model.conversations import ConversationFilters
from bridge.model.messages import SETTLED, AuthorKind, DeliveryState, Message
from mostik_house import open_store
from storage.repositories import Repositories
from tests.chaos.course import LOOK, knowledge, waiting
from tests.chaos.processes import START_SECONDS, Ended, Process
from tests.chaos.stream import Emulator, wordings
from tests.ports import free_port

#: The bot that is troubled, the one that must not notice, and the community.
TOKENS = {"telegram": "7301:" + "troubled" * 5, "calm": "7302:" + "undisturbed" * 4, "vk": "vk1.a." + "troubled" * 5}
#: Faults of a delivery, which belongs to no chat.
DELIVERIES = ("no_secret", "wrong_secret")
#: How long all may take to become quiet, seconds: a bot that seemed revoked is looked at again after a minute.
QUIET_SECONDS = 240.0


@dataclass
class Person:
    """Somebody who writes to one of the channels: `said` are his words by the messenger's ids, in order."""

    channel: str
    id: int
    trouble: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def bot(self) -> dict[str, int]:
        """Which of the server's bots he writes to, as the control API wants it."""
        return {} if self.channel == "vk" else {"bot": int(TOKENS[self.channel].split(":")[0])}


@dataclass
class Tally:
    """What became of everything: `unknown` rows that arrived, and those that did not."""

    words: int = 0
    answers: int = 0
    doubled: Counter[str] = field(default_factory=Counter)  # by channel
    states: Counter[str] = field(default_factory=Counter)  # "channel state"
    arrived: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Troubled:
    """The process under test between its emulators."""

    emulators: dict[str, Emulator]  # by channel
    process: Process
    url: str
    store: str
    session: aiohttp.ClientSession
    mix: random.Random
    people: list[Person] = field(default_factory=list)

    async def person(self, channel: str, **trouble: Any) -> Person:
        """Let somebody come who writes to a channel, with a fault ordered for his chat alone."""
        emulator = self.emulators[channel]
        made = await emulator.post("/user", {"name": f"Person {len(self.people) + 1}", "lang": "en"})
        person = Person(channel, int(made["user"]["id"]), trouble)
        self.people.append(person)
        return person

    async def order(self, person: Person) -> None:
        """Have the messenger do wrong in this person's chat."""
        if person.trouble:
            chat = {} if person.trouble["fault"] in DELIVERIES else {"chat": person.id}
            await self.emulators[person.channel].post("/faults", {**chat, **person.trouble})

    async def say(self, person: Person, text: str | None = None) -> None:
        """Let a person say something the library answers."""
        body = {"user": person.id, "text": text or self.mix.choice(wordings()), **person.bot}
        told = await self.emulators[person.channel].post("/user/say", body)
        person.said.append(str(told.get("cmid", told["message_id"])))  # VK numbers words by dialog

    async def quiet(self) -> None:
        """Wait until nothing waits any more. Raises Ended when that does not come."""
        until = time.monotonic() + QUIET_SECONDS
        async with open_store(self.store, SystemClock()) as (_, store):
            calm = 0
            while calm < 3:
                self.process.must_run()
                waits = await waiting(store)
                left = [f"{each.channel} {each.trouble}" for each in self.people if not await _stored(store, each)]
                calm = 0 if any(waits.values()) or left else calm + 1
                if time.monotonic() > until:
                    raise Ended(f"it does not become quiet: {waits}, unanswered: {left}\n{self.process.tail()}")
                await asyncio.sleep(0.3)

    async def count(self) -> Tally:
        """Compare what was said, stored, sent and seen."""
        tally = Tally()
        async with open_store(self.store, SystemClock()) as (_, store):
            for person in self.people:
                await _judge(tally, store, self.emulators[person.channel], person)
        return tally


async def _rows(store: Repositories, person: Person) -> list[Message]:
    filters = ConversationFilters(external_id=str(person.id), channel=person.channel)
    found, _ = await store.conversations.page(filters, None, 10)
    found.sort(key=lambda each: each.number)
    return [row for each in found for row in await store.messages.page(each.id, 0, None, 10_000)]


async def _stored(store: Repositories, person: Person) -> bool:
    """Tell whether a person's newest word is there and somebody answered after it, however that ended."""
    rows = await _rows(store, person)
    ids = [row.external_id for row in rows if row.author.kind is AuthorKind.CUSTOMER]
    last = next((row for row in reversed(rows) if row.author.kind is not AuthorKind.SYSTEM), None)
    return set(person.said) <= set(ids) and (
        not person.said or (last is not None and last.author.kind is AuthorKind.BOT)
    )


async def _judge(tally: Tally, store: Repositories, emulator: Emulator, person: Person) -> None:
    rows, who = await _rows(store, person), f"{person.channel} {person.trouble or 'undisturbed'}"
    words = [row.external_id for row in rows if row.author.kind is AuthorKind.CUSTOMER]
    chat = await emulator.get(f"/chat/{person.id}/messages?bot={person.bot.get('bot', '')}")
    # The messenger's own unreadable updates are told to the staff as far as they can be read: nobody said those.
    real = {str(each.get("cmid", each["message_id"])) for each in chat["items"]}
    if [id for id in words if id in real] != person.said or len(words) != len(set(words)):
        tally.faults.append(f"{who}: said {person.said}, stored {words}")
    seqs = [row.seq for row in rows]
    if seqs != list(range(1, len(seqs) + 1)):
        tally.faults.append(f"{who}: numbered {seqs}")
    ours = [row for row in rows if row.delivery is not None]
    seen = Counter(each["text"] for each in chat["items"] if each["from"]["is_bot"])
    sent = Counter(
        row.text for row in ours if _is(row, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)
    )
    unknown = Counter(row.text for row in ours if _is(row, DeliveryState.UNKNOWN))
    tally.words += len(person.said)
    tally.answers += len(ours)
    tally.states.update(f"{person.channel} {row.delivery.state.value}" for row in ours if row.delivery)
    tally.arrived += sum(((seen - sent) & unknown).values())
    tally.doubled[person.channel] += sum((seen - sent - unknown).values())
    missing = sent - seen
    if missing:
        tally.faults.append(f"{who}: sent and not seen: {missing}")
    for row in ours:
        assert row.delivery is not None
        if row.delivery.state not in SETTLED:
            tally.faults.append(f"{who}: {row.delivery.state} for ever")
        if _is(row, DeliveryState.FAILED, DeliveryState.UNKNOWN) and not row.delivery.reason:
            tally.faults.append(f"{who}: failed without a reason")


def _is(row: Message, *states: DeliveryState) -> bool:
    return row.delivery is not None and row.delivery.state in states


@asynccontextmanager
async def troubled(folder: Path, mode: str = "webhook", seed: int = 1) -> AsyncIterator[Troubled]:
    """Open the street: emulators and `mostik run` in processes of their own."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)))
        bases = {name: await _emulated(stack, folder, name) for name in ("telegram", "vk")}
        url = f"http://127.0.0.1:{free_port()}"
        store = f"sqlite:///{folder / 'mostik.sqlite3'}"
        config = folder / "mostik.toml"
        config.write_text(_settings(store, url, bases, mode), encoding="utf-8")
        await knowledge(config, folder)
        process = Process("mostik run", ["run", "--config", str(config)], folder / "mostik.log")
        await process.start()
        stack.push_async_callback(process.kill)
        telegram, vk = (Emulator(session, base) for base in bases.values())
        emulators = {"telegram": telegram, "calm": telegram, "vk": vk}
        street = Troubled(emulators, process, url, store, session, random.Random(seed))
        await _until_ready(street)
        await _until_heard(street)
        yield street
        await process.stop()


async def _emulated(stack: AsyncExitStack, folder: Path, messenger: str) -> str:
    ready = folder / f"{messenger}.json"
    arguments = ["emulate", messenger, "--port", "0", "--ready-file", str(ready)]
    process = Process(f"the emulated {messenger}", arguments, folder / f"{messenger}.log")
    await process.start()
    stack.push_async_callback(process.kill)
    until = time.monotonic() + START_SECONDS
    while not ready.exists():
        process.must_run()
        if time.monotonic() > until:
            raise Ended(f"{process.name} is not ready\n{process.tail()}")
        await asyncio.sleep(LOOK)
    return str(json.loads(ready.read_text(encoding="utf-8"))["base"])


def _settings(store: str, url: str, bases: dict[str, str], mode: str) -> str:
    polls = "longpoll" if mode == "polling" else "callback"
    bots = "".join(
        f'[bots.{name}]\nkind = "telegram"\ntoken = "{TOKENS[name]}"\napi_base = "{bases["telegram"]}"\n'
        f'mode = "{mode}"\nper_second = 0\ntimeout = 2\n'
        for name in ("telegram", "calm")
    )
    return (
        f'[store]\nurl = "{store}"\n[panel]\nport = {url.rpartition(":")[2]}\npublic_url = "{url}"\n'
        f"[bot]\nburst_seconds = 0\nanswer = 0\noffer = 0\nsuggest = 0\n{bots}"
        f'[bots.vk]\ntoken = "{TOKENS["vk"]}"\napi_base = "{bases["vk"]}"\nmode = "{polls}"\ntimeout = 2\n'
    )


async def _until_ready(street: Troubled) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        street.process.must_run()
        try:
            async with street.session.get(f"{street.url}/readyz") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        if time.monotonic() > until:
            raise Ended(f"not ready within {START_SECONDS:g} s\n{street.process.tail()}")
        await asyncio.sleep(LOOK)


async def _until_heard(street: Troubled) -> None:
    """Wait until VK delivers to us: what is said to a new community before that is told to nobody, as in life."""
    vk, until = street.emulators["vk"], time.monotonic() + START_SECONDS
    while True:
        asked = (await vk.get("/stats"))["methods"]
        (group,) = (await vk.get("/groups"))["items"]
        hears = asked.get("groups.setCallbackSettings") and any(one["status"] == "ok" for one in group["servers"])
        if group["long_poll"] or hears:
            return
        if time.monotonic() > until:
            raise Ended(f"VK does not deliver within {START_SECONDS:g} s\n{street.process.tail()}")
        await asyncio.sleep(LOOK)
