"""Processes by role: what each serves, how they know of each other's channels, and what settings they refuse."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.model.ids import ChannelName
from bridge.ports.channels import Channel, ChannelState
from configs.settings import SettingsError, load
from mostik import main
from mostik_roles import AGAIN, ROLES, hear_states, open_bus, tell_states
from storage.bus_memory import MemoryBus
from tests.property.histories import World
from tests.redis_server import RedisServer, redis_server
from tests.street import Time

PATIENCE = 20


class Steps(Time):
    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.001)


class Account:
    """A channel of which only the state matters."""

    name = ChannelName("telegram")

    def __init__(self, state: str) -> None:
        self.state = ChannelState(state)


async def until(channel: Account, state: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while channel.state.state != state:  # noqa: ASYNC110 - a plain attribute tells nobody
            await asyncio.sleep(0.002)


async def test_who_does_not_run_a_channel_is_told_how_it_is() -> None:
    world = World(time=Steps())
    await world.found()
    bridge = world.process.bridge
    run, known = Account("ok"), Account("starting")
    there: list[Channel] = [run]  # type: ignore[list-item]
    here: list[Channel] = [known]  # type: ignore[list-item]
    hearing = asyncio.create_task(hear_states(bridge, here))
    telling = asyncio.create_task(tell_states(bridge, there))
    try:
        await until(known, "ok")
        run.state = ChannelState("broken", "unauthorized")
        await until(known, "broken")
        assert known.state.reason == "unauthorized"
        telling.cancel()
        world.time.pass_((AGAIN * 3 + timedelta(seconds=1)).total_seconds())
        await until(known, "starting")
    finally:
        for task in (hearing, telling):
            task.cancel()


async def test_a_state_is_told_again_for_as_long_as_it_lasts() -> None:
    world = World(time=Steps())
    await world.found()
    bridge = world.process.bridge
    run, known = Account("ok"), Account("starting")
    there: list[Channel] = [run]  # type: ignore[list-item]
    here: list[Channel] = [known]  # type: ignore[list-item]
    tasks = [asyncio.create_task(tell_states(bridge, there)), asyncio.create_task(hear_states(bridge, here))]
    try:
        await until(known, "ok")
        for _ in range(8):
            world.time.pass_(AGAIN.total_seconds() + 1)
            await asyncio.sleep(0.05)
        assert known.state.state == "ok"
    finally:
        for task in tasks:
            task.cancel()


async def test_without_an_address_the_bus_is_this_processs_own() -> None:
    world = World()
    await world.found()
    async with open_bus("", world.process.bridge.store) as (bus, _):
        assert isinstance(bus, MemoryBus)
        assert bus.fault is None


def test_every_role_does_something_and_all_does_everything() -> None:
    assert set(ROLES) == {"all", "doors", "worker", "panel"}
    parts = [ROLES[name] for name in ("doors", "worker", "panel")]
    for part in ("doors", "worker", "panel"):
        assert getattr(ROLES["all"], part)
        assert sum(getattr(role, part) for role in parts) == 1


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as running:
        yield running


@pytest.mark.redis
async def test_processes_on_one_store_meet_on_the_bus_and_those_of_another_do_not(server: RedisServer) -> None:
    world, other = World(), World()
    await world.found()
    await other.found()
    heir = await world.twin((0,))
    async with (
        open_bus(server.url, world.process.bridge.store) as (one, _),
        open_bus(server.url, heir.process.bridge.store) as (two, _),
        open_bus(server.url, other.process.bridge.store) as (alien, _),
        two.subscribe("a") as hints,
        alien.subscribe("a") as foreign,
    ):
        await one.publish("a", {"n": 1})
        await alien.publish("a", {"n": 2})
        async with asyncio.timeout(PATIENCE):
            assert await anext(hints) == {"n": 1}
            assert await anext(foreign) == {"n": 2}


def written(folder: Path, bus: str, store: str = "") -> Path:
    path = folder / "mostik.toml"
    store = store or f"sqlite:///{folder / 'mostik.sqlite3'}"
    path.write_text(f'[store]\nurl = "{store}"\n[bus]\nurl = "{bus}"\n', encoding="utf-8")
    return path


@pytest.mark.redis
def test_a_check_tries_the_bus(tmp_path: Path, server: RedisServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--config", str(written(tmp_path, ""))]) == 0
    assert main(["run", "--check", "--config", str(written(tmp_path, server.url))]) == 0
    assert "ok    bus: answers, version " in capsys.readouterr().out
    assert main(["run", "--check", "--config", str(written(tmp_path, "redis://u:hunter22@127.0.0.1:1/0"))]) == 1
    told = capsys.readouterr()
    assert "FAIL  bus: " in told.out
    assert "hunter22" not in told.out + told.err


@pytest.mark.parametrize("url", ["redis://h", "redis://u:p@h:6379/2", "rediss://h:1", "unix:///run/redis.sock"])
def test_addresses_of_a_bus(tmp_path: Path, url: str) -> None:
    assert load(written(tmp_path, url), {}).bus.url == url


@pytest.mark.parametrize("url", ["http://h", "redis:h", "memory://", "redis://h:port", "redis://h:99999"])
def test_what_is_no_address_of_a_bus(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, url), {})
    assert "bus.url" in str(caught.value)


def test_a_store_in_memory_is_no_store_of_an_installation(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, "", store="memory://"), {})
    assert "store.url" in str(caught.value)
