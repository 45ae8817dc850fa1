"""Processes of one installation on one store: every word is answered once and in order, whoever of them dies."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bridge.clock import SystemClock
from bridge.model.conversations import ConversationFilters
from mostik_house import open_store
from tests.chaos.installation import PATIENCE, Installation, installation, speak, watching
from tests.chaos.verdict import Verdict
from tests.redis_server import RedisServer, redis_server

pytestmark = [pytest.mark.chaos, pytest.mark.slow]

CUSTOMERS = 10
TWINS = {"one": "all", "two": "all"}
SPLIT = {"doors": "doors", "worker": "worker", "panel": "panel"}
HOLDS = "this process holds hold:receive:telegram"
ANOTHER = "another program polls this bot"


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


async def until(fact: Callable[[], bool], running: Installation) -> None:
    async with asyncio.timeout(PATIENCE):
        while not fact():
            running.must_run()
            await asyncio.sleep(0.05)


async def lines_of(running: Installation) -> set[tuple[str, int]]:
    """Every message of every conversation, as (conversation, seq)."""
    async with open_store(running.store, SystemClock()) as (_, store):
        conversations, _ = await store.conversations.page(ConversationFilters(), None, 1000)
        return {(each.id, seq) for each in conversations for seq in range(1, each.seq + 1)}


def clean(verdict: Verdict, messages: int) -> None:
    assert verdict.clean, verdict.faults
    assert verdict.messages == messages
    assert verdict.unknown == verdict.cancelled == 0


def one_receiver(running: Installation) -> None:
    assert not any(member.says(ANOTHER) for member in running.members.values())


def undisturbed(running: Installation) -> None:
    """Nobody complained: of the store, of a lease, of anything unforeseen."""
    for member in running.members.values():
        for complaint in ("Traceback", "does not answer", "lease", "locked"):
            assert not member.says(complaint), (member.name, member.process.tail())


async def all_at_once(running: Installation, panel: str, messages: int = 120) -> None:
    """Many customers write at once; one panel is told of every message of every conversation."""
    for member in running.members.values():
        await member.until_ready()
    stream = await speak(running, CUSTOMERS, messages, rate=60)
    async with watching(running.members[panel], running.session) as seen:
        await stream.run()
        async with asyncio.timeout(PATIENCE):
            while not (lines := await lines_of(running)) or not lines <= seen or len(lines) < messages:
                running.must_run()
                await asyncio.sleep(0.2)
    verdict = await running.served(stream.customers)
    clean(verdict, messages)
    one_receiver(running)
    undisturbed(running)


@pytest.mark.long
@pytest.mark.redis
async def test_two_twins_over_redis(tmp_path: Path, server: RedisServer) -> None:
    async with installation(tmp_path, TWINS, bus=server.url) as running:
        await all_at_once(running, "two")
        assert sum(member.says(HOLDS) > 0 for member in running.members.values()) >= 1


@pytest.mark.long
async def test_two_twins_that_do_not_hear_each_other(tmp_path: Path) -> None:
    async with installation(tmp_path, TWINS) as running:
        await all_at_once(running, "two")


@pytest.mark.long
@pytest.mark.redis
async def test_doors_worker_and_panel_over_redis(tmp_path: Path, server: RedisServer) -> None:
    async with installation(tmp_path, SPLIT, mode="webhook", bus=server.url) as running:
        await all_at_once(running, "panel")


@pytest.mark.long
async def test_doors_worker_and_panel_that_do_not_hear_each_other(tmp_path: Path) -> None:
    async with installation(tmp_path, SPLIT) as running:
        for name, path, status in (
            ("doors", "/login", 404),
            ("worker", "/login", 404),
            ("panel", "/login", 200),
            ("panel", "/hooks/telegram", 404),
            ("worker", "/metrics", 200),
            ("doors", "/healthz", 200),
        ):
            async with running.session.get(running.members[name].url + path) as answer:
                assert (name, path, answer.status) == (name, path, status)
        await all_at_once(running, "panel")


@pytest.mark.redis
async def test_whoever_is_killed_another_goes_on(tmp_path: Path, server: RedisServer) -> None:
    roles = {"doors1": "doors", "doors2": "doors", "worker1": "worker", "worker2": "worker"}
    async with installation(tmp_path, roles, bus=server.url) as running:
        doors = [running.members[name] for name in ("doors1", "doors2")]
        await until(lambda: any(member.says(HOLDS) for member in doors), running)
        stream = await speak(running, CUSTOMERS, 160, rate=15)
        await stream.limit(80)
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(stream.run())
            await stream.until(30)
            await running.kill("worker1")
            holder = next(member for member in doors if member.says(HOLDS))
            await stream.until(60)
            await running.kill(holder.name)
            await stream.limit(160)
            await speaking
        verdict = await running.served(stream.customers)
        heir = next(member for member in doors if member is not holder)
        assert verdict.clean, verdict.faults
        assert verdict.messages == 160
        assert heir.says(HOLDS)


@pytest.mark.long
@pytest.mark.redis
async def test_who_ends_hands_the_bot_over_at_once(tmp_path: Path, server: RedisServer) -> None:
    async with installation(tmp_path, TWINS, bus=server.url) as running:
        members = list(running.members.values())
        await until(lambda: any(member.says(HOLDS) for member in members), running)
        holder = next(member for member in members if member.says(HOLDS))
        heir = next(member for member in members if member is not holder)
        stream = await speak(running, CUSTOMERS, 60, rate=30)
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(stream.run())
            await stream.until(20)
            await holder.process.stop()
            running.killed.add(holder.name)
            await until(lambda: heir.says(HOLDS) > 0, running)
            await speaking
        clean(await running.served(stream.customers), 60)
        one_receiver(running)


@pytest.mark.long
@pytest.mark.redis
async def test_redis_goes_away_in_mid_run(tmp_path: Path, server: RedisServer) -> None:
    async with installation(tmp_path, TWINS, bus=server.url) as running:
        members = list(running.members.values())
        for member in members:
            await member.until_ready()
        stream = await speak(running, CUSTOMERS, 120, rate=30)
        await stream.limit(40)
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(stream.run())
            await stream.until(40)
            server.kill()
            for member in members:
                await member.until_ready({"bus": ""})
            await stream.limit(80)
            await stream.until(80)
            server.start()
            for member in members:
                await member.until_ready()
            await stream.limit(120)
            await speaking
        clean(await running.served(stream.customers), 120)
        for member in members:
            assert member.says("Redis does not answer, ") == 1
            assert member.says("Redis answers again") == 1


@pytest.mark.long
@pytest.mark.redis
async def test_two_workers_together_send_no_faster_than_one_may(tmp_path: Path, server: RedisServer) -> None:
    roles = {"doors": "doors", "worker1": "worker", "worker2": "worker"}
    async with installation(tmp_path, roles, bus=server.url, per_second=4) as running:
        stream = await speak(running, 20, 20, rate=500)
        await stream.run()
        clean(await running.served(stream.customers), 20)
        calls = (await running.emulator.get("/calls"))["items"]
        sent = sorted(datetime.fromisoformat(call["at"]) for call in calls if call["method"] == "sendMessage")
        assert len(sent) == 40  # each is greeted and answered
        # Less than three at once, then four a second: over nine seconds. Each by itself, they would take five.
        assert (sent[-1] - sent[0]).total_seconds() > 7


@pytest.mark.long
@pytest.mark.mongo
@pytest.mark.redis
async def test_doors_and_two_workers_on_mongodb(tmp_path: Path, server: RedisServer, mongo_url: str) -> None:
    roles = {"doors": "doors", "worker1": "worker", "worker2": "worker", "panel": "panel"}
    async with installation(tmp_path, roles, store=mongo_url, bus=server.url) as running:
        await all_at_once(running, "panel", messages=30)
