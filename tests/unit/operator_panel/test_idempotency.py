"""One key, one deed."""

import asyncio
from datetime import timedelta

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict
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
    async def do() -> tuple[int, str]:
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

    async def fail() -> tuple[int, str]:
        raise Problem(409, "taken")

    with pytest.raises(Problem):
        await once.run("t", "k", "a", fail)
    assert (await once.run("t", "k", "other body", work(done)))[1] is False


async def test_a_dead_process_holds_its_key_for_a_minute(store, clock, monkeypatch) -> None:
    monkeypatch.setattr(idempotency, "_PATIENCE", 0.1)
    once, done = Once(store, clock), []
    await once._claim(f"idempotency:{idempotency.derive('t', 'k')}", "a")
    with pytest.raises(Problem) as busy:
        await once.run("t", "k", "a", work(done))
    assert (busy.value.status, busy.value.code) == (409, "in_progress")
    clock.shift = timedelta(seconds=61)
    assert await once.run("t", "k", "a", work(done)) == ((201, '"1"'), False)


def test_fingerprints_see_through_spacing_only() -> None:
    same = fingerprint("POST", "/a", b'{"x":1,"y":2}')
    assert fingerprint("POST", "/a", b' { "y": 2, "x": 1 }') == same
    assert fingerprint("POST", "/b", b'{"x":1,"y":2}') != same
    assert fingerprint("POST", "/a", b'{"x":1,"y":3}') != same
    assert fingerprint("POST", "/a", b"") != same
    assert fingerprint("POST", "/a", b"{") != same
