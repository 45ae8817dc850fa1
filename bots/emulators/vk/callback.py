"""The Callback API's sender: events by POST, `ok` awaited, the same event again after a failure.

VK documents the handshake, the `ok` and that event_id stays the same; its retry schedule is not published. Here it is
18 seconds (as seen in the field), doubled up to an hour, for a day; `Retry-After` is honoured up to three hours. Events
of one person go out one after the other, but a failed one lets the next ones pass: there is no promise of order.
"""

import asyncio
import contextlib
import json
from collections import deque

import aiohttp

from bots.emulators.vk.community import CallbackServer, Community, Event, Pending
from bots.emulators.vk.emulation import BASE_JSON, Emulation
from bots.emulators.vk.faults import SETUP
from bots.emulators.vk.world import now

FIRST_DELAY = 18.0
MAX_DELAY = 3600.0
MAX_RETRY_AFTER = 3 * 3600
LIFETIME = 86_400.0
PAUSE_AFTER = 10
PAUSE = 60.0
ANSWER_SECONDS = 10
REMOVE = "remove"


def push(emu: Emulation, group: Community, server: CallbackServer, pending: Pending) -> None:
    """Put an event into the queue of its person and see that the queue is worked on."""
    if not emu.running:
        return
    line, key = emu.line(group.id), (server.id, pending.event.peer)
    line.lanes.setdefault(key, deque()).append(pending)
    if key not in line.tasks:
        line.tasks[key] = asyncio.create_task(_drain(emu, group, server, key))


def start(emu: Emulation, group: Community) -> None:
    """Begin delivery of everything that waits."""
    for server in group.servers.values():
        for pending in list(server.queue.values()):
            push(emu, group, server, pending)


def stop(emu: Emulation, group: Community) -> None:
    """End delivery; what was not acknowledged stays queued."""
    line = emu.line(group.id)
    for task in (*line.tasks.values(), *line.retries):
        task.cancel()
    line.tasks.clear()
    line.lanes.clear()
    line.retries.clear()


async def confirm(emu: Emulation, group: Community, server: CallbackServer) -> None:
    """Ask a server for the confirmation string; the right one makes it receive events."""
    if emu.faults.strike(SETUP, "confirmation", None) is not None:
        emu.journal.faults["confirmation_changed"] += 1
        group.confirmation = emu.world.secret("confirmation")[:8]
    event = Event(emu.world.secret("confirmation")[:40], "confirmation", {}, 0, now())
    status, text, _ = await _post(emu, group, server, event, 0)
    server.confirmed = 200 <= status < 300 and text.strip() == group.confirmation
    server.status = "ok" if server.confirmed else "failed"
    if server.confirmed:
        back(emu, group, server)
    emu.dirty()


def confirm_soon(emu: Emulation, group: Community, server: CallbackServer) -> None:
    """Begin the handshake with a server that is new or has another address."""
    server.status, server.confirmed = "wait", False
    if emu.running:
        retries = emu.line(group.id).retries
        task = asyncio.create_task(confirm(emu, group, server))
        retries.add(task)
        task.add_done_callback(retries.discard)


def back(emu: Emulation, group: Community, server: CallbackServer) -> None:
    """Let what waits for another try go at once: the server is there again."""
    server.failures = 0
    signal = emu.line(group.id).back.pop(server.id, None)
    if signal is not None:
        signal.set()


async def _drain(emu: Emulation, group: Community, server: CallbackServer, key: tuple[int, int]) -> None:
    line = emu.line(group.id)
    lane = line.lanes[key]
    while lane and server.id in group.servers:
        pending = lane.popleft()
        if pending.event.event_id not in server.queue:
            continue
        if (now() - pending.event.at) * emu.scale > LIFETIME:
            del server.queue[pending.event.event_id]
            emu.journal.expired += 1
            continue
        if server.failures >= PAUSE_AFTER:
            await _rest(emu, group, server, PAUSE)
        wait = await _attempt(emu, group, server, pending)
        if wait is not None:
            task = asyncio.create_task(_again(emu, group, server, pending, wait))
            line.retries.add(task)
            task.add_done_callback(line.retries.discard)
    if line.lanes.get(key) is lane:
        del line.lanes[key]
        line.tasks.pop(key, None)


async def _again(emu: Emulation, group: Community, server: CallbackServer, pending: Pending, wait: float) -> None:
    await _rest(emu, group, server, wait)
    push(emu, group, server, pending)


async def _rest(emu: Emulation, group: Community, server: CallbackServer, seconds: float) -> None:
    """Wait by the scaled clock, or until the server is there again."""
    signal = emu.line(group.id).back.setdefault(server.id, asyncio.Event())
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(signal.wait(), seconds / emu.scale)


async def _attempt(emu: Emulation, group: Community, server: CallbackServer, pending: Pending) -> float | None:
    """Deliver once: None when it was taken (as often as wanted), else the seconds until the next try."""
    status, text, retry_after = await _post(emu, group, server, pending.event, pending.tries)
    if status == 200 and text.strip() == "ok":
        pending.copies -= 1
        if server.failures:
            back(emu, group, server)
        server.status = "ok"
        if pending.copies > 0:
            return await _attempt(emu, group, server, pending)
        if server.queue.pop(pending.event.event_id, None) is not None:
            emu.journal.delivered += 1
            emu.journal.arrivals.append(now() - pending.event.at)
        emu.dirty()
        return None
    if text.strip() == REMOVE:
        group.servers.pop(server.id, None)
        return None
    pending.tries += 1
    server.failures += 1
    server.status = "failed"
    emu.journal.webhook_failures += 1
    if retry_after > 0:
        return float(min(retry_after, MAX_RETRY_AFTER))
    return min(FIRST_DELAY * 2.0 ** min(pending.tries - 1, 20), MAX_DELAY)


async def _post(
    emu: Emulation, group: Community, server: CallbackServer, event: Event, tries: int
) -> tuple[int, str, int]:
    """Send an event; return HTTP status (0 without one), the body's text and Retry-After in seconds."""
    assert emu.session is not None
    envelope = event.as_json(group.id, server.api_version)
    if event.type == "confirmation":
        del envelope["object"]
    # A fault hits one delivery: what was refused for its secret comes again as it should.
    secret = server.secret if event.secret is None or tries else event.secret
    if secret:
        envelope["secret"] = secret
    headers = {"Content-Type": "application/json", "User-Agent": "emulated VK API"}
    if tries:
        headers["X-Retry-Counter"] = str(tries)
    body = json.dumps(envelope, separators=(",", ":")).replace(BASE_JSON, emu.base).encode()
    try:
        async with emu.session.post(
            server.url,
            data=body,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
            allow_redirects=False,
        ) as answer:
            given = answer.headers.get("Retry-After", "")
            text = (await answer.content.read(4096)).decode("utf-8", "replace")
            return answer.status, text, int(given) if given.isdigit() else 0
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return 0, "", 0
