"""One key, one deed."""

import asyncio
from datetime import timedelta

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, StoreDown
from operator_panel import idempotency
from operator_panel.idempotency import Once, fingerprint
from operator_panel.problems import Problem
from storage.memory import MemoryDocuments
from storage.repositories import Repositories
from storage.schema import ALL


class Clock(SystemClock):
    """A clock a test moves."""

    shift = timedelta()

    def now(self):
        return super().now() + self.shift


@pytest.fixture
async def clock():
    return Clock()


@pytest.fixture
async def store(clock):
    documents = MemoryDocuments()
    await documents.open(ALL)
    yield Repositories(documents, clock)
    await documents.close()


def work(answers: list[int]):
    async def do(seed: str) -> tuple[int, str]:
        assert seed
        answers.append(len(answers))
        await asyncio.sleep(0)
        return 201, f'"{len(answers)}"'

    return do


async def test_a_second_process_waits_for_the_first(store, clock) -> None:
    one, other = Once(store, clock), Once(store, clock)
    done: list[int] = []
    answers = await asyncio.gather(
        one.run("t", "k", "a", work(done)), other.run("t", "k", "a", work(done)), one.run("t", "k", "a", work(done))
    )
    assert done == [0]
    assert {answer for answer, _ in answers} == {(201, '"1"')}
    assert sorted(again for _, again in answers) == [False, True, True]


async def test_scopes_do_not_meet(store, clock) -> None:
    once, done = Once(store, clock), []
    await once.run("t", "k", "a", work(done))
    await once.run("u", "k", "b", work(done))
    assert len(done) == 2
    with pytest.raises(Conflict) as reused:
        await once.run("t", "k", "other", work(done))
    assert reused.value.code == "key_reused"


async def test_what_failed_frees_the_key(store, clock) -> None:
    once, done = Once(store, clock), []

    async def fail(seed: str) -> tuple[int, str]:
        raise Problem(409, "taken")

    with pytest.raises(Problem):
        await once.run("t", "k", "a", fail)
    assert (await once.run("t", "k", "other body", work(done)))[1] is False


async def test_a_dead_process_holds_its_key_for_a_minute(store, clock, monkeypatch) -> None:
    monkeypatch.setattr(idempotency, "_PATIENCE", 0.1)
    once, done = Once(store, clock), []
    dead = Once(store, clock)
    held = await dead._claim(f"idempotency:{idempotency.derive('t', 'k')}", "a")
    assert held["state"] == "running"
    with pytest.raises(Problem) as busy:
        await once.run("t", "k", "a", work(done))
    assert (busy.value.status, busy.value.code) == (409, "in_progress")
    clock.shift = timedelta(seconds=61)
    assert await once.run("t", "k", "a", work(done)) == ((201, '"1"'), False)


async def test_a_key_left_by_a_store_that_went_down_is_taken_up_at_once(store, clock, monkeypatch) -> None:
    once, seeds = Once(store, clock), []

    async def down(*_args: object, **_more: object) -> None:
        raise StoreDown("gone")

    async def lose(seed: str) -> tuple[int, str]:
        seeds.append(seed)
        monkeypatch.setattr(store.journal, "put_value", down)
        raise StoreDown("gone")

    async def do(seed: str) -> tuple[int, str]:
        seeds.append(seed)
        return 201, "1"

    with pytest.raises(StoreDown):
        await once.run("t", "k", "a", lose)
    monkeypatch.undo()
    assert await once.run("t", "k", "a", do) == ((201, "1"), False)
    assert seeds[0] == seeds[1]


async def test_after_a_day_it_is_another_request(store, clock) -> None:
    once, seeds = Once(store, clock), []

    async def do(seed: str) -> tuple[int, str]:
        seeds.append(seed)
        return 201, "1"

    for hours in (0, 23, 25):
        clock.shift = timedelta(hours=hours)
        await once.run("t", "k", "a", do)
    assert len(seeds) == len(set(seeds)) == 2


def test_fingerprints_see_through_spacing_only() -> None:
    same = fingerprint("POST", "/a", b'{"x":1,"y":2}')
    assert fingerprint("POST", "/a", b' { "y": 2, "x": 1 }') == same
    assert fingerprint("POST", "/b", b'{"x":1,"y":2}') != same
    assert fingerprint("POST", "/a", b'{"x":1,"y":3}') != same
    assert fingerprint("POST", "/a", b"") != same
    assert fingerprint("POST", "/a", b"{") != same
