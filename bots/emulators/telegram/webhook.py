"""Delivery to a webhook: one ordered queue per key, retries that slow down, commands in the reply.

The schedule is that of the open-source server: after the first failure at once, then 2, 4, 8 ... seconds up to a
random 60-120, `Retry-After` honoured up to an hour; the next update of a key waits for a 2xx.
"""

import asyncio
import json
from collections import deque
from typing import Any
from urllib.parse import parse_qsl

import aiohttp

from bots.emulators.telegram.calling import call_from_reply
from bots.emulators.telegram.emulation import Emulation, Line
from bots.emulators.telegram.faults import DELIVERIES
from bots.emulators.telegram.params import Params, Upload
from bots.emulators.telegram.queue import delivered, drop, expired
from bots.emulators.telegram.world import BotAccount, Pending, Webhook, jitter, now

ANSWER_SECONDS = 60
MAX_DELAY = 60.0
MAX_RETRY_AFTER = 3600
GONE_SECONDS = 23 * 3600.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, no secret


def push(emu: Emulation, bot: BotAccount, pending: Pending) -> None:
    """Put an update into the queue of its key and see that the queue is worked on."""
    if not emu.running:
        return
    line = emu.line(bot.id)
    line.lanes.setdefault(pending.key, deque()).append(pending)
    if pending.key not in line.tasks:
        line.tasks[pending.key] = asyncio.create_task(_drain(emu, bot, line, pending.key))


def start(emu: Emulation, bot: BotAccount) -> None:
    """Begin delivery of everything that waits to the bot's webhook."""
    if bot.webhook is None:
        return
    line = emu.line(bot.id)
    line.slots = asyncio.Semaphore(bot.webhook.max_connections)
    for pending in list(bot.queue.values()):
        push(emu, bot, pending)


def stop(emu: Emulation, bot: BotAccount) -> None:
    """End delivery to the bot's webhook; what was not acknowledged stays queued."""
    line = emu.line(bot.id)
    for task in line.tasks.values():
        task.cancel()
    line.tasks.clear()
    line.lanes.clear()


async def _drain(emu: Emulation, bot: BotAccount, line: Line, key: int) -> None:
    lane = line.lanes[key]
    failures = 0
    while lane and bot.webhook is not None:
        pending = lane[0]
        if pending.update_id not in bot.queue:
            lane.popleft()
            continue
        if expired(emu, pending):
            drop(emu, bot, lane.popleft())
            continue
        async with line.slots:
            wait = await _attempt(emu, bot, bot.webhook, pending)
        if wait is None:
            failures = 0
            if pending.copies > 1:
                pending.copies -= 1
                continue
            lane.popleft()
            delivered(emu, bot, pending)
            continue
        failures += 1
        emu.journal.webhook_failures += 1
        # The lane's next look is the earlier of the retry and the expiry of what stands at its head.
        left = pending.lifetime - (now() - pending.born) * emu.scale
        await asyncio.sleep(min(_delay(failures, wait), max(0.0, left) + 0.01) / emu.scale)
    if line.lanes.get(key) is lane:
        del line.lanes[key]
        line.tasks.pop(key, None)


def _delay(failures: int, retry_after: int) -> float:
    if retry_after > 0:
        return float(min(retry_after, MAX_RETRY_AFTER))
    if failures == 1:
        return 0.0
    delay = 2.0 ** (failures - 1) if failures < 8 else MAX_DELAY
    return delay if delay < MAX_DELAY else jitter(MAX_DELAY, 2 * MAX_DELAY)


async def _attempt(emu: Emulation, bot: BotAccount, hook: Webhook, pending: Pending) -> int | None:
    """Deliver once: None when it was taken, else the Retry-After in seconds (0 without one)."""
    headers = {"Content-Type": "application/json", "User-Agent": "emulated Telegram Bot API"}
    fault = emu.faults.strike(DELIVERIES, None, None)
    if fault is not None:
        emu.journal.faults[fault.kind] += 1
    if hook.secret and (fault is None or fault.kind != "no_secret"):
        headers[SECRET_HEADER] = hook.secret if fault is None else "somebody-elses"
    assert emu.session is not None
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    body = json.dumps(pending.as_update(), separators=(",", ":")).encode()
    try:
        async with emu.session.post(
            hook.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as answer:
            if 200 <= answer.status < 300:
                hook.gone_since = None
                reply = await _reply_call(answer)
                if reply is not None:
                    await call_from_reply(emu, bot, *reply)
                return None
            _gone(emu, bot, hook, answer.status)
            _note(hook, f"Wrong response from the webhook: {answer.status} {answer.reason}")
            given = answer.headers.get("Retry-After", "")
            return int(given) if given.isdigit() else 0
    except TimeoutError:
        _note(hook, "Read timeout expired")
    except aiohttp.ClientConnectorError:
        _note(hook, "Connection refused")
    except (aiohttp.ClientError, OSError) as error:
        _note(hook, f"Connection failed: {type(error).__name__}")
    return 0


def _note(hook: Webhook, text: str) -> None:
    hook.last_error_at = int(now())
    hook.last_error = text


def _gone(emu: Emulation, bot: BotAccount, hook: Webhook, status: int) -> None:
    """Close a webhook that says 410 for 23 hours."""
    if status != 410:
        hook.gone_since = None
    elif hook.gone_since is None:
        hook.gone_since = now()
    elif (now() - hook.gone_since) * emu.scale > GONE_SECONDS and bot.webhook is hook:
        bot.webhook = None


async def _reply_call(answer: aiohttp.ClientResponse) -> tuple[str, Params] | None:
    """Read a method and its parameters from the webhook's reply, None when there is no method."""
    values: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    kind = answer.content_type
    try:
        if kind == "multipart/form-data":
            await _read_parts(answer, values, files)
        else:
            body = await answer.read()
            if kind == "application/x-www-form-urlencoded":
                values = dict(parse_qsl(body.decode(), keep_blank_values=True))
            elif body.startswith(b"{"):
                values = json.loads(body)
    except ValueError:
        return None
    method = values.pop("method", None)
    return (str(method), Params(values, files)) if method else None


async def _read_parts(answer: aiohttp.ClientResponse, values: dict[str, Any], files: dict[str, Upload]) -> None:
    async for part in aiohttp.MultipartReader.from_response(answer):
        if not isinstance(part, aiohttp.BodyPartReader) or not part.name:
            continue
        if part.filename:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, mime, bytes(await part.read()))
        else:
            values[part.name] = await part.text()
