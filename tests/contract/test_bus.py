"""The bus under contract: in one process, and over a real Redis server in several; and what happens when that goes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis.asyncio

from bridge.delivery.quota import Draw
from bridge.ports import Bus
from storage import bus_redis, redis_line
from storage.bus_memory import BACKLOG, MemoryBus
from storage.bus_redis import LARGEST, RedisBus
from storage.quota_redis import RedisQuota
from storage.redis_line import RedisLine, check_redis
from tests.redis_server import RedisServer, fresh_prefix, redis_server

#: How long a hint is awaited on a busy machine, seconds.
PATIENCE = 30


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times of minutes as fractions of a second."""
    monkeypatch.setattr(bus_redis, "PAUSE", (0.02, 0.1))
    monkeypatch.setattr(bus_redis, "BEAT", 0.2)
    monkeypatch.setattr("storage.quota_redis.AGAIN", 0.0)


@asynccontextmanager
async def process(server: RedisServer, prefix: str) -> AsyncIterator[RedisBus]:
    async with RedisLine(server.url, prefix) as line, RedisBus(line).open() as bus:
        yield bus


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    if request.param == "memory":
        yield MemoryBus()
    else:
        async with process(request.getfixturevalue("server"), fresh_prefix()) as opened:
            yield opened


async def next_of(hints: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        return await anext(hints)


async def until_heard(teller: Bus, listener: Bus) -> None:
    """Tell until it is heard: from then on the way is open."""
    async with listener.subscribe("way") as hints:
        heard = asyncio.create_task(next_of(hints))
        while not heard.done():
            await teller.publish("way", {})
            await asyncio.wait({heard}, timeout=0.02)
        await heard


async def until(fact: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not fact():  # noqa: ASYNC110 - it is not ours to tell
            await asyncio.sleep(0.02)


# One suite for every bus.


async def test_every_listener_of_a_subject_hears_and_no_other(bus: Bus) -> None:
    async with bus.subscribe("a") as one, bus.subscribe("a") as two, bus.subscribe("b") as other:
        await bus.publish("a", {"n": 1})
        await bus.publish("b", {"n": 2})
        assert [await next_of(one), await next_of(two), await next_of(other)] == [{"n": 1}, {"n": 1}, {"n": 2}]


async def test_hints_keep_their_order_and_their_content(bus: Bus) -> None:
    sent = [{"n": number, "text": "слово \u2028 \0", "none": None, "list": [1, {"a": 2.5}]} for number in range(300)]
    async with bus.subscribe("a") as hints:
        for hint in sent:
            await bus.publish("a", hint)
        assert [await next_of(hints) for _ in sent] == sent


async def test_nothing_is_kept_for_those_who_come_later(bus: Bus) -> None:
    await bus.publish("a", {"n": 1})
    async with bus.subscribe("a") as hints:
        await bus.publish("a", {"n": 2})
        assert await next_of(hints) == {"n": 2}


async def test_nobody_hears_the_same_hint_twice(bus: Bus) -> None:
    async with bus.subscribe("a") as hints:
        for number in range(20):
            await bus.publish("a", {"n": number})
        assert [(await next_of(hints))["n"] for _ in range(20)] == list(range(20))
        await asyncio.sleep(0.1)  # for an echo, should one come
        await bus.publish("a", {"n": "last"})
        assert await next_of(hints) == {"n": "last"}


async def test_a_slow_listener_loses_the_oldest(bus: Bus) -> None:
    async with bus.subscribe("a") as hints:
        for number in range(BACKLOG + 5):
            await bus.publish("a", {"n": number})
        assert await next_of(hints) == {"n": 5}


async def test_who_left_is_told_nothing(bus: Bus) -> None:
    async with bus.subscribe("a"):
        pass
    await bus.publish("a", {"n": 1})


async def test_a_bus_that_works_has_no_fault(bus: Bus) -> None:
    assert bus.fault is None


async def test_what_is_no_json_or_too_long_stays_in_the_process_and_breaks_nothing(bus: Bus) -> None:
    async with bus.subscribe("a") as hints:
        for value in ({1, 2}, "x" * LARGEST, "end"):
            await bus.publish("a", {"value": value})
        assert [(await next_of(hints))["value"] for _ in range(3)] == [{1, 2}, "x" * LARGEST, "end"]


# Several processes.


@pytest.mark.redis
async def test_processes_of_one_installation_hear_each_other_and_no_other(server: RedisServer) -> None:
    prefix = fresh_prefix()
    async with (
        process(server, prefix) as one,
        process(server, prefix) as two,
        process(server, fresh_prefix()) as alien,
        one.subscribe("a") as own,
        two.subscribe("a") as hints,
        alien.subscribe("a") as foreign,
    ):
        for number in range(1000):
            await one.publish("a", {"n": number})
        assert [(await next_of(hints))["n"] for _ in range(1000)] == list(range(1000))
        await two.publish("a", {"from": "two"})
        assert [(await next_of(own)).get("n") for _ in range(1001)] == [*range(1000), None]
        await alien.publish("a", {"from": "alien"})
        assert await next_of(foreign) == {"from": "alien"}


@pytest.mark.redis
async def test_what_foreigners_say_on_our_channels_harms_nobody(server: RedisServer) -> None:
    prefix = fresh_prefix()
    async with (
        process(server, prefix) as bus,
        redis.asyncio.Redis.from_url(server.url) as foreigner,
        bus.subscribe("a") as hints,
    ):
        for payload in (b"", b"word", b"x [1]", b"x {", b"\xff\xfe \xff", b'x {"n": 1}'):
            await foreigner.publish(f"{prefix}:a", payload)
        assert await next_of(hints) == {"n": 1}


@pytest.mark.redis
async def test_redis_goes_away_and_comes_back(server: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="mostik.redis")
    prefix = fresh_prefix()
    async with process(server, prefix) as one, process(server, prefix) as two:
        await until_heard(one, two)
        server.kill()
        async with one.subscribe("a") as hints:
            async with asyncio.timeout(PATIENCE):
                while one.fault is None or two.fault is None:
                    await one.publish("a", {"n": 1})  # never raises, whatever is noticed when
                    assert await next_of(hints) == {"n": 1}
                    await asyncio.sleep(0.005)
            for _ in range(3):
                await one.publish("a", {"n": 2})
                assert await next_of(hints) == {"n": 2}
        server.start()
        await until_heard(one, two)
        await until_heard(two, one)
        await until(lambda: one.fault is None and two.fault is None)
    told = [record.levelname for record in caplog.records]
    assert sorted(told) == ["INFO", "INFO", "WARNING", "WARNING"]  # once away and once back, by each of the two


@pytest.mark.redis
async def test_redis_that_hangs_is_away(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_line, "PATIENCE", 0.3)
    monkeypatch.setattr(bus_redis, "SILENCE", 0.5)
    prefix = fresh_prefix()
    async with process(server, prefix) as one, process(server, prefix) as two:
        await until_heard(one, two)
        with server.hanging():
            async with one.subscribe("a") as hints, asyncio.timeout(PATIENCE):
                while one.fault is None:
                    await one.publish("a", {"n": 1})
                    assert await next_of(hints) == {"n": 1}
                    await asyncio.sleep(0.005)
        await until_heard(one, two)


@pytest.mark.redis
async def test_a_house_opens_while_redis_is_away(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus_redis, "OPENING", 0.1)
    server.kill()
    prefix = fresh_prefix()
    try:
        async with process(server, prefix) as one, process(server, prefix) as two:
            assert one.fault is not None
            server.start()
            await until_heard(one, two)
    finally:
        server.kill()
        server.start()


@pytest.mark.redis
async def test_a_check_tells_what_is_there(server: RedisServer) -> None:
    assert (await check_redis(server.url)).startswith("answers, version ")
    with pytest.raises((redis.RedisError, OSError)):
        await check_redis(server.url + ".not")


# Budgets of several processes.


@pytest.fixture
async def two_lines(server: RedisServer) -> AsyncIterator[list[RedisLine]]:
    prefix = fresh_prefix()
    async with RedisLine(server.url, prefix) as one, RedisLine(server.url, prefix) as two:
        yield [one, two]


@pytest.mark.redis
async def test_processes_share_their_turns(two_lines: list[RedisLine]) -> None:
    one, two = (RedisQuota(line) for line in two_lines)
    draws = [Draw("all", 100, 100), Draw("group", 4, 0.01, reserve=1)]
    taken = [await quota.take("chat", draws) for quota in (one, two, one, two, one)]
    assert taken[:3] == [0, 0, 0]
    assert all(80 < wait <= 100 for wait in taken[3:])
    assert await two.take("chat", [Draw("group", 4, 0.01)]) == 0  # the reserve is for what is more urgent
    assert await one.take("chat", [Draw("group", 4, 0.01)]) > 80


@pytest.mark.redis
async def test_turns_that_are_owed_are_owed_by_all(two_lines: list[RedisLine]) -> None:
    one, two = (RedisQuota(line) for line in two_lines)
    assert await one.take("", [Draw("chat", 3, 0.1, count=10)]) == 0
    assert 75 < await two.take("", [Draw("chat", 3, 0.1)]) <= 80
    assert await one.take("", [Draw("chat", 3, 0.1, count=2)]) > 80


@pytest.mark.redis
async def test_turns_grow_back_and_a_refusal_costs_none(two_lines: list[RedisLine]) -> None:
    quota = RedisQuota(two_lines[0])
    narrow, wide = Draw("narrow", 1, 20), Draw("wide", 1, 0.01)
    assert await quota.take("", [narrow]) == 0
    refusals = 0
    async with asyncio.timeout(PATIENCE):
        while await quota.take("", [wide, narrow]):
            refusals += 1
    assert refusals
    assert await quota.take("", [wide]) > 0


@pytest.mark.redis
async def test_a_pause_holds_in_every_process_for_its_chat(two_lines: list[RedisLine]) -> None:
    one, two = (RedisQuota(line) for line in two_lines)
    await one.pause("chat", 100)
    assert 90 < await two.take("chat", [Draw("all", 5, 5)]) <= 100
    assert await two.take("other", [Draw("all", 5, 5)]) == 0


@pytest.mark.redis
async def test_without_redis_each_process_has_a_budget_of_its_own(
    server: RedisServer, two_lines: list[RedisLine], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="mostik.redis")
    one, two = (RedisQuota(line) for line in two_lines)
    draws = [Draw("group", 3, 0.01)]
    assert await one.take("", draws) == 0
    server.kill()
    try:
        assert [await one.take("", draws) == 0 for _ in range(3)] == [True, True, False]  # goes on where it stood
        assert [await two.take("", draws) == 0 for _ in range(4)] == [True, True, True, False]
    finally:
        server.start()
    assert await one.take("", draws) == 0  # a new server knows of no turn that was taken
    assert await two.take("", draws) == 0
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "INFO", "INFO"]
