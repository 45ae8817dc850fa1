"""A lease: one at a time, handed over at once by who ends, and after its time by who died or lost the store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.delivery import leases
from bridge.delivery.leases import Lease
from bridge.errors import ChannelBroken
from bridge.ports import Bus
from storage.bus_memory import MemoryBus
from storage.documents import Unavailable
from storage.memory import MemoryDocuments
from storage.repositories import Repositories
from storage.schema import ALL
from tests.hall import Mortal
from tests.street import Killed, Life

PATIENCE = 20


class Worker:
    """Work that runs until it is stopped, and tells whether anybody did it at the same time."""

    at_work = 0
    most = 0

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.times = 0

    async def __call__(self) -> None:
        Worker.at_work += 1
        Worker.most = max(Worker.most, Worker.at_work)
        self.times += 1
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)  # what is under way is ended first
            Worker.at_work -= 1


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "at_work", 0)
    monkeypatch.setattr(Worker, "most", 0)


@pytest.fixture
async def documents() -> MemoryDocuments:
    made = MemoryDocuments()
    await made.open(ALL)
    return made


def lease_of(documents: object, bus: Bus | None = None, name: str = "receive:telegram") -> Lease:
    clock = SystemClock()
    return Lease(Repositories(documents, clock), bus or MemoryBus(), clock, name)  # type: ignore[arg-type]


@asynccontextmanager
async def holding(lease: Lease, worker: Worker) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(lease(worker))
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def begun(worker: Worker) -> None:
    async with asyncio.timeout(PATIENCE):
        await worker.begun.wait()


def impatient(patch: pytest.MonkeyPatch, seconds: float = 0.4) -> None:
    patch.setattr(leases, "LEASE", timedelta(seconds=seconds))
    patch.setattr(leases, "MARGIN", timedelta(seconds=seconds / 4))
    patch.setattr(leases, "LOOK", 0.02)


async def test_who_ends_hands_over_at_once(documents: MemoryDocuments, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LOOK", 3600.0)  # only the hint can bring the other
    bus = MemoryBus()
    first, second = Worker(), Worker()
    async with holding(lease_of(documents, bus), first) as one:
        await begun(first)
        async with holding(lease_of(documents, bus), second):
            await asyncio.sleep(0.05)
            assert not second.begun.is_set()
            one.cancel()
            await begun(second)
    assert Worker.most == 1


async def test_without_hints_a_look_finds_it_free(documents: MemoryDocuments, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LOOK", 0.02)
    first, second = Worker(), Worker()
    async with holding(lease_of(documents), first) as one:
        await begun(first)
        async with holding(lease_of(documents), second):
            one.cancel()
            await begun(second)
    assert Worker.most == 1


async def test_a_holder_keeps_it_beyond_its_time(documents: MemoryDocuments, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch, 1.4)  # a busy machine may hold a renewal up for most of it
    first, second = Worker(), Worker()
    async with holding(lease_of(documents), first):
        await begun(first)
        async with holding(lease_of(documents), second):
            await asyncio.sleep(1.8)
            assert not second.begun.is_set()
            assert first.times == 1


async def test_who_died_is_replaced(documents: MemoryDocuments, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)
    life = Life()
    first, second = Worker(), Worker()
    dying = asyncio.create_task(lease_of(Mortal(documents, life))(first))
    await begun(first)
    life.left = 0  # the next renewal kills it
    await asyncio.wait({dying})
    assert isinstance(dying.exception(), Killed)
    async with holding(lease_of(documents), second):
        await begun(second)
    assert Worker.most == 1


async def test_who_cannot_renew_stops_before_another_begins(
    documents: MemoryDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)

    class Weak(Mortal):
        away = False

        def __getattr__(self, name: str) -> Any:
            found = super().__getattr__(name)

            async def call(*args: Any, **more: Any) -> Any:
                if self.away:
                    raise Unavailable("away")
                return await found(*args, **more)

            return call

    hands = Weak(documents, Life())
    first, second = Worker(), Worker()
    async with holding(lease_of(hands), first), holding(lease_of(documents), second):
        await begun(first)
        hands.away = True
        await begun(second)
        hands.away = False
    assert Worker.most == 1


async def test_work_that_fails_or_ends_lets_go(documents: MemoryDocuments) -> None:
    async def broken() -> None:
        raise ChannelBroken("unauthorized")

    async def short() -> None:
        return None

    with pytest.raises(ChannelBroken):
        await lease_of(documents)(broken)
    await lease_of(documents)(short)
    other = Worker()
    async with holding(lease_of(documents), other):
        await begun(other)


async def test_every_name_has_its_own(documents: MemoryDocuments) -> None:
    first, second = Worker(), Worker()
    async with holding(lease_of(documents, name="a"), first), holding(lease_of(documents, name="b"), second):
        await begun(first)
        await begun(second)
