"""One run: customers write while the process that serves them is killed again and again; then everything is counted."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from bridge.clock import SystemClock
from bridge.model.articles import Match
from bridge.model.conversations import ConversationFilters
from bridge.model.lanes import IDLE
from bridge.model.messages import DeliveryState
from kb_matcher import KbMatcher
from mostik_house import open_store
from storage.documents import P
from storage.repositories import Repositories
from storage.schema import CONVERSATIONS, LANES, MESSAGES, UPDATES
from tests.chaos.processes import START_SECONDS, Ended, Process
from tests.chaos.stream import ARTICLES, Customer, Emulator, Stream, meet
from tests.chaos.verdict import Look, Thread, Verdict, judge_thread
from tests.ports import free_port

TOKEN = "424242:chaos-chaos-chaos-chaos-chaos"
#: Pause between two looks at what cannot be awaited, seconds.
LOOK = 0.05
#: The moment of a kill after the work was seen, seconds at most.
JITTER = 0.5
#: What share of a kill's part of the stream is said while the process is down, at most.
UNSERVED = 0.3
#: How long everything may take to become quiet after the last word, and to show any progress, seconds.
QUIET_SECONDS = 600.0
STALLED_SECONDS = 120.0
OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.RETRYING)
#: What the messenger does wrong now and then, so that kills also meet rows that wait for another try.
FAULTS: tuple[dict[str, Any], ...] = (
    {"fault": "429", "method": "sendMessage", "probability": 0.02, "retry_after": 1},
    {"fault": "500", "method": "sendMessage", "probability": 0.02},
    {"fault": "applied_lost", "method": "sendMessage", "probability": 0.003},
    {"fault": "duplicate_update", "probability": 0.02},
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of a run; `rate` is in messages a second, `store` an address (empty: SQLite in the folder)."""

    messages: int
    customers: int
    kills: int
    mode: str
    seed: int
    rate: float
    folder: Path
    store: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """How a run went: the verdict, and the times in seconds."""

    verdict: Verdict
    kills: int
    seconds: float
    to_ready: tuple[float, ...]


class Runs(Protocol):
    """What must not end by itself."""

    def must_run(self) -> None: ...
    def tail(self) -> str: ...


class Serving(Protocol):
    """Whatever serves customers from one store."""

    store: str

    @property
    def process(self) -> Runs: ...


class Served:
    """The process under test with its settings, killed and started at one address."""

    def __init__(self, plan: Plan, emulator: Emulator, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._url = f"http://127.0.0.1:{free_port()}"
        self.config = plan.folder / "mostik.toml"
        self.store = plan.store or f"sqlite:///{plan.folder / 'mostik.sqlite3'}"
        self.config.write_text(
            f'[store]\nurl = "{self.store}"\n'
            f'[panel]\nport = {self._url.rpartition(":")[2]}\npublic_url = "{self._url}"\n'
            # Whatever is asked is answered: a bot that gave up would leave nothing to be doubled.
            "[bot]\nburst_seconds = 0\nanswer = 0\noffer = 0\nsuggest = 0\n"
            f'[bots.telegram]\ntoken = "{TOKEN}"\napi_base = "{emulator.base}"\nmode = "{plan.mode}"\nper_second = 0\n',
            encoding="utf-8",
        )
        self.process = Process("mostik run", ["run", "--config", str(self.config)], plan.folder / "mostik.log")
        self.to_ready: list[float] = []

    async def start(self) -> None:
        """Start it and wait until it is ready."""
        started = time.monotonic()
        await self.process.start()
        while not await self._ready():
            self.process.must_run()
            if time.monotonic() - started > START_SECONDS:
                raise Ended(f"not ready within {START_SECONDS:g} s\n{self.process.tail()}")
            await asyncio.sleep(LOOK)
        self.to_ready.append(time.monotonic() - started)

    async def _ready(self) -> bool:
        try:
            async with self._session.get(f"{self._url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


async def drive(plan: Plan) -> Course:
    """Do one run in a folder of its own. Raises Ended when a process does what it should not."""
    started = time.monotonic()
    async with emulated(plan.folder) as (emulator, session):
        served = Served(plan, emulator, session)
        try:
            await knowledge(served.config, plan.folder)
            customers = await meet(emulator, plan.customers)
            for fault in FAULTS:
                await emulator.post("/faults", fault)
            stream = Stream(emulator, customers, plan.messages, plan.rate, plan.seed)
            async with asyncio.TaskGroup() as group:
                speaking = group.create_task(stream.run())
                await _strike(plan, served, emulator, stream)
                await speaking
            await until_quiet(served, emulator)
            await served.process.stop()
            verdict = await judge(served.store, emulator, customers)
        finally:
            await served.process.kill()
    return Course(verdict, plan.kills, time.monotonic() - started, tuple(served.to_ready[1:]))


@asynccontextmanager
async def emulated(folder: Path) -> AsyncIterator[tuple[Emulator, aiohttp.ClientSession]]:
    ready = folder / "emulator.json"
    state = folder / "emulator-state.json"
    arguments = ["emulate", "telegram", "--port", "0", "--ready-file", str(ready), "--state", str(state)]
    process = Process("the emulator", arguments, folder / "emulator.log")
    try:
        await process.start()
        until = time.monotonic() + START_SECONDS
        while not ready.exists():
            process.must_run()
            if time.monotonic() > until:
                raise Ended(f"the emulator is not ready\n{process.tail()}")
            await asyncio.sleep(LOOK)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            yield Emulator(session, json.loads(ready.read_text(encoding="utf-8"))["base"]), session
    finally:
        await process.kill()


async def knowledge(config: Path, folder: Path) -> None:
    command = Process(
        "mostik kb import",
        ["kb", "import", "--config", str(config), str(ARTICLES)],
        folder / "import.log",
    )
    try:
        await command.start()
        await command.finish()
    finally:
        await command.kill()


async def _strike(plan: Plan, served: Served, emulator: Emulator, stream: Stream) -> None:
    """Kill at random moments, each in its own part of the stream, and each a process that is seen to work."""
    moments = random.Random(plan.seed + 1)
    part = plan.messages / (plan.kills + 1)
    await stream.limit(0)
    await served.start()
    for kill in range(plan.kills):
        sent = await emulator.sends()
        await stream.limit(round(part * (kill + 1)))
        await stream.until(round(part * (kill + moments.uniform(UNSERVED, 1))))
        while await emulator.sends() == sent:
            served.process.must_run()
            await asyncio.sleep(LOOK)
        await asyncio.sleep(moments.uniform(0, JITTER))
        served.process.must_run()
        await served.process.kill()
        # Customers go on writing, but not so much that the later kills would meet nobody.
        await stream.limit(round(part * (kill + 1 + UNSERVED)))
        await served.start()
    await stream.limit(plan.messages)


async def until_quiet(served: Serving, emulator: Emulator) -> None:
    """Wait until nothing waits any more. Raises Ended when that does not come."""
    until = time.monotonic() + QUIET_SECONDS
    async with open_store(served.store, SystemClock()) as (_, store):
        before: dict[str, int] = {}
        moved = time.monotonic()
        while True:
            served.process.must_run()
            waits = await waiting(store) | {"undelivered": await emulator.undelivered()}
            if not any(waits.values()) and not any(before.values()) and before:
                return
            moved = moved if waits == before else time.monotonic()
            if time.monotonic() > until or time.monotonic() - moved > STALLED_SECONDS:
                raise Ended(f"it does not become quiet: {waits}\n{served.process.tail()}")
            before = waits
            await asyncio.sleep(1)


async def waiting(store: Repositories) -> dict[str, int]:
    """Return how much waits in the store, by what it is."""
    documents = store.documents
    lanes = [
        lane
        for direction in ("in", "out")
        for lane in await documents.find(LANES, [P("direction", "eq", direction), P("due", "lt", IDLE)], limit=10_000)
    ]
    return {
        "updates": await documents.count(UPDATES, [P("state", "eq", "new")]),
        "lanes": len(lanes),
        "entries": await documents.count(CONVERSATIONS, [P("unsettled", "eq", True)]),
        "rows": sum([await documents.count(MESSAGES, [P("state", "eq", state.value)]) for state in OPEN]),
    }


async def judge(url: str, emulator: Emulator, customers: list[Customer]) -> Verdict:
    verdict = Verdict()
    async with open_store(url, SystemClock()) as (_, store):
        for what, number in (await waiting(store)).items():
            verdict.lose(number, f"{what} wait for ever")
        dead = await store.updates.dead(10)
        verdict.lose(len(dead), f"dead letters: {[(row.key, row.reason) for row in dead]}")
        look = await _library(store)
        for customer in customers:
            judge_thread(verdict, await _thread(store, emulator, customer), look)
    return verdict


async def _library(store: Repositories) -> Look:
    matcher = await KbMatcher.build(await store.articles.library(), answer=0, offer=0, suggest=0)
    engine = matcher.engine

    @cache
    def look(text: str, language: str) -> Match:
        return engine.match(text, 5, language)

    return look


async def _thread(store: Repositories, emulator: Emulator, customer: Customer) -> Thread:
    filters = ConversationFilters(external_id=str(customer.id))
    conversations, _ = await store.conversations.page(filters, None, 100)
    conversations.sort(key=lambda conversation: conversation.number)
    rows = [row for one in conversations for row in await store.messages.page(one.id, 0, None, 100_000)]
    return Thread(customer, conversations, rows, await emulator.seen(customer))
