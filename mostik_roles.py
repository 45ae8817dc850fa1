"""Processes of one installation: what each does by its role, and what they share."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bridge.context import Bridge
from bridge.delivery.lanes import LaneWorkers
from bridge.delivery.leases import Lease
from bridge.delivery.noticing import DIRECTION, Noticing
from bridge.delivery.quota import Quota
from bridge.delivery.telling import Telling
from bridge.errors import StoreDown
from bridge.library.learning import teaching
from bridge.model.ids import fresh
from bridge.model.lanes import IDLE
from bridge.ports import Bus
from bridge.ports.channels import Channel, ChannelState
from bridge.ports.stores import Store
from storage.connect import bus_of

#: Webhooks called at once.
HOOK_WORKERS = 8

log = logging.getLogger("mostik")

#: How often it is looked whether a channel's state is another one, seconds.
LOOK = 1.0
#: A state is told again after this time, and believed no longer than three times as long.
AGAIN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Role:
    """What a process does: receive from messengers and serve visitors, work on lanes, serve the desk."""

    doors: bool
    worker: bool
    panel: bool


ROLES = {
    "all": Role(doors=True, worker=True, panel=True),
    "doors": Role(doors=True, worker=False, panel=False),
    "worker": Role(doors=False, worker=True, panel=False),
    "panel": Role(doors=False, worker=False, panel=True),
}


@asynccontextmanager
async def open_bus(url: str, store: Store) -> AsyncIterator[tuple[Bus, Quota]]:
    """Open what carries hints and budgets: of this process alone, or of all that work on the same store."""
    async with bus_of(url, await _installation(store) if url else "") as shared:
        yield shared


async def _installation(store: Store) -> str:
    """Return the installation's own name: several may use one Redis server."""
    wished = {"id": fresh()}
    return str((await store.journal.put_value_once("installation", wished, IDLE) or wished)["id"])


async def tell_states(bridge: Bridge, channels: Iterable[Channel]) -> None:
    """Note in the store how the channels of this process are, for processes that do not run them, until cancelled."""
    told: dict[str, tuple[ChannelState, datetime]] = {}
    while True:
        now = bridge.clock.now()
        for channel in channels:
            state, at = told.get(channel.name, (None, now))
            if channel.state != state or now - at > AGAIN:
                try:
                    await _tell_state(bridge, channel, now)
                except StoreDown as fault:
                    log.warning("the store does not answer: %s", fault)
                    continue
                told[channel.name] = channel.state, now
        await bridge.clock.sleep(LOOK)


async def _tell_state(bridge: Bridge, channel: Channel, now: datetime) -> None:
    value = {"state": channel.state.state, "reason": channel.state.reason}
    await bridge.store.journal.put_value(_key(channel), {**value, "at": now.timestamp()}, now + AGAIN * 3)


async def hear_states(bridge: Bridge, channels: Iterable[Channel]) -> None:
    """Take over how the channels are from the processes that run them, until cancelled."""
    while True:
        for channel in channels:
            try:
                value = await bridge.store.journal.value(_key(channel))
            except StoreDown as fault:
                log.warning("the store does not answer: %s", fault)
                break
            if value is None or bridge.clock.now().timestamp() - value["at"] > AGAIN.total_seconds() * 3:
                channel.state = ChannelState("starting", "no process runs it")
            else:
                channel.state = ChannelState(value["state"], value["reason"])
        await bridge.clock.sleep(LOOK)


def tell_programs(bridge: Bridge, group: asyncio.TaskGroup) -> None:
    """Have webhooks called: one process of the installation notices what happens, every worker makes calls."""
    from operator_panel.render import Renderer

    noticing = Lease(bridge.store, bridge.bus, bridge.clock, "webhooks")
    telling = Telling(bridge, Renderer(bridge).told)
    group.create_task(noticing(Noticing(bridge).run), name="webhooks")
    group.create_task(LaneWorkers(bridge, DIRECTION, telling.handle, HOOK_WORKERS).run(), name="webhook calls")


def learn(bridge: Bridge, group: asyncio.TaskGroup) -> None:
    """Have one process of the installation say when enough was taught; every one takes it up by itself."""
    sole = Lease(bridge.store, bridge.bus, bridge.clock, "learning")
    group.create_task(sole(partial(teaching.run, bridge)), name="learning")


def _key(channel: Channel) -> str:
    return f"channel:{channel.name}"
