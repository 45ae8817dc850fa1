"""Several processes of one installation on one store, with an emulated messenger in a process of its own."""

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bridge.clock import SystemClock
from bridge.model.ids import OperatorId
from bridge.model.operators import ApiToken, Operator, Role
from mostik_house import open_store
from operator_panel.passwords import digest
from tests.chaos.course import LOOK, TOKEN, emulated, judge, knowledge, until_quiet
from tests.chaos.processes import START_SECONDS, Ended, Process
from tests.chaos.stream import Customer, Emulator, Stream, meet
from tests.chaos.verdict import Verdict

ADMIN_TOKEN = "admin-of-the-chaos"
#: How long what has to happen by itself may take on a busy machine, seconds.
PATIENCE = 120.0


class Member:
    """One process of the installation, by its role; its port is another one in each life."""

    def __init__(self, name: str, role: str, folder: Path, settings: str, session: aiohttp.ClientSession) -> None:
        self.name = name
        self._ready = folder / f"{name}.json"
        config = folder / f"{name}.toml"
        config.write_text(settings, encoding="utf-8")
        self._session = session
        arguments = ["run", "--config", str(config), "--role", role, "--ready-file", str(self._ready)]
        self.process = Process(name, arguments, folder / f"{name}.log")
        self.url = ""

    async def start(self) -> None:
        """Start it and wait until it serves."""
        self._ready.unlink(missing_ok=True)
        await self.process.start()
        until = time.monotonic() + START_SECONDS
        while not self._ready.exists():
            self.process.must_run()
            if time.monotonic() > until:
                raise Ended(f"{self.name} does not serve\n{self.process.tail()}")
            await asyncio.sleep(LOOK)
        self.url = json.loads(self._ready.read_text(encoding="utf-8"))["panel"]

    async def ready(self) -> dict[str, Any]:
        """Return what /readyz says."""
        async with self._session.get(f"{self.url}/readyz") as answer:
            told: dict[str, Any] = await answer.json()
            return told

    async def until_ready(self, faults: Mapping[str, str] | None = None) -> None:
        """Wait until it works, or until it names just these faults."""
        async with asyncio.timeout(PATIENCE):
            while (await self.ready()).get("faults", {}).keys() != (faults or {}).keys():
                self.process.must_run()
                await asyncio.sleep(LOOK)

    def says(self, words: str) -> int:
        """Return how often the log of all its lives says something."""
        return len(re.findall(words, self.process.log.read_text(encoding="utf-8", errors="replace")))


@dataclass
class Installation:
    """The processes, by name, and what they serve."""

    store: str
    config: Path
    emulator: Emulator
    session: aiohttp.ClientSession
    members: dict[str, Member]
    killed: set[str] = field(default_factory=set)

    @property
    def process(self) -> "Installation":
        """Stand for all its processes."""
        return self

    def must_run(self) -> None:
        """Raise Ended when a process that was not killed ended by itself."""
        for member in self.members.values():
            if member.name not in self.killed:
                member.process.must_run()

    def tail(self) -> str:
        """Return the ends of all logs."""
        return "\n".join(f"{name}:\n{member.process.tail()}" for name, member in self.members.items())

    async def kill(self, name: str) -> None:
        """kill -9 of one process."""
        self.killed.add(name)
        await self.members[name].process.kill()

    async def stop(self) -> None:
        """End all that run, each well."""
        for member in self.members.values():
            if member.name not in self.killed:
                await member.process.stop()

    async def served(self, customers: list[Customer]) -> Verdict:
        """Wait until nothing waits any more, then judge every chat."""
        await until_quiet(self, self.emulator)
        await self.stop()
        return await judge(self.store, self.emulator, customers)


@asynccontextmanager
async def installation(
    folder: Path,
    roles: Mapping[str, str],
    *,
    mode: str = "polling",
    store: str = "",
    bus: str = "",
    per_second: int = 0,
) -> AsyncIterator[Installation]:
    """Start processes by name and role on one store; all of them are ended with the block."""
    store = store or f"sqlite:///{folder / 'mostik.sqlite3'}"
    async with emulated(folder) as (emulator, session):
        settings = (
            f'[store]\nurl = "{store}"\n[bus]\nurl = "{bus}"\n[panel]\nport = 0\n'
            "[bot]\nburst_seconds = 0\nanswer = 0\noffer = 0\nsuggest = 0\n"
            f'[bots.telegram]\ntoken = "{TOKEN}"\napi_base = "{emulator.base}"\nmode = "{mode}"\n'
            f"per_second = {per_second}\n"
        )
        members = {name: Member(name, role, folder, settings, session) for name, role in roles.items()}
        config = folder / f"{next(iter(roles))}.toml"
        await knowledge(config, folder)
        await _admin(store)
        running = Installation(store, config, emulator, session, members)
        try:
            await asyncio.gather(*(member.start() for member in members.values()))
            yield running
        finally:
            for member in members.values():
                await member.process.kill()


async def _admin(url: str) -> None:
    clock = SystemClock()
    async with open_store(url, clock) as (_, store):
        id = OperatorId("admin")
        await store.staff.add(Operator(id, "admin@shop.example", "Ada", Role.ADMIN, "", clock.now()))
        await store.staff.add_token(ApiToken(digest(ADMIN_TOKEN), id, clock.now(), "test"))


async def speak(running: Installation, customers: int, messages: int, rate: float = 20.0, seed: int = 1) -> Stream:
    """Return customers who are about to write."""
    return Stream(running.emulator, await meet(running.emulator, customers), messages, rate, seed)


@asynccontextmanager
async def watching(member: Member, session: aiohttp.ClientSession) -> AsyncIterator[set[tuple[str, int]]]:
    """Follow the events of one process; gives (conversation, seq) of every message it told of so far."""
    seen: set[tuple[str, int]] = set()
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    timeout = aiohttp.ClientTimeout(total=None, sock_read=None)
    async with session.get(f"{member.url}/api/v1/events", headers=headers, timeout=timeout) as stream:
        assert stream.status == 200, await stream.text()
        task = asyncio.create_task(_follow(stream, seen))
        try:
            yield seen
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError):
                await task


async def _follow(stream: aiohttp.ClientResponse, seen: set[tuple[str, int]]) -> None:
    async for line in stream.content:
        name, _, value = line.decode().strip().partition(": ")
        if name == "data":
            told = json.loads(value)
            if "seq" in told:
                seen.add((told["conversation_id"], told["seq"]))
