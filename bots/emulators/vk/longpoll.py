"""Bots Long Poll: `/lp?act=a_check&key=&ts=&wait=` gives the events after ts, or says what the client lost."""

import asyncio

from bots.emulators.control import Json
from bots.emulators.faults import Fault
from bots.emulators.vk.community import Community
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.faults import LONGPOLL, POLL
from bots.emulators.vk.world import now

MAX_WAIT = 90.0
DEFAULT_WAIT = 25.0


def group_of(emu: Emulation, key: str) -> Community | None:
    """Return the community of a Long Poll key, None when the key is none or no longer one."""
    return next((group for group in emu.world.groups.values() if key and group.poll_key == key), None)


async def answer(emu: Emulation, query: Json) -> Json:
    """Return {"ts", "updates"} or {"failed": 1 (new ts) | 2 (new key) | 3 (new key and ts)}."""
    group = group_of(emu, str(query.get("key", "")))
    if group is None or not group.poll_on:
        return {"failed": 2}
    try:
        ts = int(str(query.get("ts", "")))
        wait = min(MAX_WAIT, max(0.0, float(str(query.get("wait", DEFAULT_WAIT)))))
    except ValueError:
        return {"failed": 3}
    fault = emu.faults.strike(LONGPOLL, POLL, None)
    if fault is not None:
        emu.journal.faults[fault.kind] += 1
        return _failed(emu, group, fault, ts)
    if ts >= group.ts and wait > 0:
        await _news(emu, group, wait)
    return _after(emu, group, ts)


def _after(emu: Emulation, group: Community, ts: int) -> Json:
    first = group.ts - len(group.events)
    if not first <= ts <= group.ts:
        # The history no longer reaches back to this moment, or the client's number is from another life.
        return {"failed": 1, "ts": str(group.ts)}
    fresh = group.events[ts - first :]
    line = emu.line(group.id)
    moment = now()
    for event in filter(None, fresh[max(0, line.shown - ts) :]):
        emu.journal.delivered += 1
        emu.journal.arrivals.append(moment - event.at)
    line.shown = max(line.shown, group.ts)
    return {"ts": str(group.ts), "updates": [event.as_json(group.id, group.poll_version) for event in fresh if event]}


def _failed(emu: Emulation, group: Community, fault: Fault, ts: int) -> Json:
    code = fault.code or 2
    if code == 1:
        return {"failed": 1, "ts": str(max(ts, group.ts - len(group.events)))}
    group.poll_key = emu.world.secret("key")
    emu.dirty()
    return {"failed": code}


async def _news(emu: Emulation, group: Community, wait: float) -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    polls = emu.line(group.id).polls
    polls.add(future)
    try:
        await asyncio.wait_for(future, wait)
    except TimeoutError:
        return
    finally:
        polls.discard(future)
