"""Receiving: our own webhook handler and raw long polling, for no stock mode is safe: each acknowledges too early."""

import asyncio
import hashlib
import json
import logging
import secrets
import time
import typing

from aiogram import Bot
from aiogram.methods import DeleteWebhook, GetUpdates, GetWebhookInfo, SetWebhook
from aiogram.types import WebhookInfo
from aiohttp import web

from bots.telegram.errors import funnel, redacted
from bots.telegram.groups import Groups
from bots.telegram.parse import KINDS, lane_of
from bridge.errors import BridgeError, ChannelBroken, OutcomeUnknown, RetryLater, StoreDown
from bridge.model.ids import ChannelName, LaneId
from bridge.model.lanes import in_lane
from bridge.ports.channels import Accept, Raw

log = logging.getLogger("mostik.telegram")

#: How long Telegram may hold an empty answer to a poll, seconds (at most 50).
POLL = 25
#: How long a missing number is waited for before it is given up, seconds: after a week of silence numbers jump.
GAP = 1.0
#: How often it is checked that Telegram still has our webhook, seconds.
WEBHOOK_LOOK = 300
#: Seconds until a poll is tried again that another program's poll ended.
CONFLICT = 5.0
#: Parallel deliveries asked of Telegram; order holds inside a chat whatever it is.
CONNECTIONS = 40


def acknowledged(offset: int | None, numbers: list[int]) -> tuple[int, int | None]:
    """Return the offset that confirms updates up to the first missing number, and the one beyond all, if one misses.

    To confirm a number is to give up all below it: an update that was overtaken would never be delivered.
    """
    beyond = max(numbers) + 1
    if offset is None:
        offset = min(numbers) - 1  # of the first batch nobody knows where it begins: its predecessor may be late
    seen = set(numbers)
    while offset in seen:
        offset += 1
    return offset, None if offset >= beyond else beyond


def _as_wanted(info: WebhookInfo, url: str) -> bool:
    """Tell whether Telegram delivers as it should; an answer without kinds of updates means its own default."""
    there = info.url, sorted(info.allowed_updates or []), info.max_connections
    return there == (url, sorted(KINDS), CONNECTIONS)


class RawGetUpdates(GetUpdates):
    """getUpdates without validation of the batch: one unreadable update must not stop the bot."""

    __returning__ = list[dict[str, typing.Any]]


class Receiver:
    """The receiving half of one bot."""

    def __init__(self, channel: ChannelName, bot: Bot, groups: Groups, secret: str) -> None:
        self._channel = channel
        self._bot = bot
        self._groups = groups
        self._secret = secret.encode()
        self.accept: Accept | None = None
        self.trouble: str | None = None  # a phrase code: why nothing comes just now, though the bot works

    def raw(self, update: dict[str, typing.Any], text: str | None = None) -> Raw:
        """Place a raw update: its key is unique per bot, its number orders it inside its lane."""
        number = int(update["update_id"])
        self._groups.hear(update)
        body = text if text is not None else json.dumps(update, ensure_ascii=False)
        try:
            lane = lane_of(self._channel, update, self._groups)
        except (TypeError, ValueError, AttributeError):  # refused, it would come again and hold up its chat for ever
            lane = in_lane(self._channel, "other")
        return Raw(f"{self._bot.id}.{number}", lane, number, body)

    async def poll(self) -> None:
        """Poll until cancelled: each update is stored before the next poll acknowledges it."""
        if (await self._patiently(GetWebhookInfo())).url:
            await self._patiently(DeleteWebhook(drop_pending_updates=False))
        offset: int | None = None
        gap_since: float | None = None
        while True:
            updates = await self._patiently(
                RawGetUpdates(offset=offset, timeout=POLL, allowed_updates=KINDS), timeout=POLL + 15
            )
            await self._store(updates)
            if not updates:
                continue
            offset, gap = acknowledged(offset, [int(update["update_id"]) for update in updates])
            now = time.monotonic()
            gap_since = (gap_since or now) if gap else None
            if gap_since is not None and now - gap_since > GAP:
                offset, gap_since = gap, None
            elif gap:
                await asyncio.sleep(0.1)

    async def _store(self, updates: list[dict[str, typing.Any]]) -> None:
        """Store a batch: all lanes at once, so that the store groups the writes; each lane in order."""
        lanes: dict[LaneId, list[Raw]] = {}
        for raw in map(self.raw, updates):
            lanes.setdefault(raw.lane, []).append(raw)
        await asyncio.gather(*(self._store_lane(raws) for raws in lanes.values()))

    async def _store_lane(self, raws: list[Raw]) -> None:
        assert self.accept is not None
        for raw in raws:
            while True:
                try:
                    await self.accept(self._channel, raw)
                    break
                except StoreDown as fault:
                    log.warning("an update waits for the store: %s", fault)
                    await asyncio.sleep(1)

    async def serve(self, url: str) -> None:
        """Have Telegram deliver to `url` until cancelled; the webhook is compared before it is set.

        Telegram never tells the secret it has: a mark of ours stands in the address, so that another secret is
        another address. What waits there is never dropped.
        """
        wanted = f"{url}?mark={self._mark()}"
        while True:
            info = await self._patiently(GetWebhookInfo())
            if not _as_wanted(info, wanted):
                await self._patiently(
                    SetWebhook(
                        url=wanted,
                        secret_token=self._secret.decode(),
                        allowed_updates=KINDS,
                        max_connections=CONNECTIONS,
                    )
                )
            elif info.last_error_message:
                log.warning("Telegram could not deliver: %s", redacted(info.last_error_message))
            await asyncio.sleep(WEBHOOK_LOOK)

    def _mark(self) -> str:
        return hashlib.sha256(b"mark:" + self._secret).hexdigest()[:8]

    async def hook(self, request: web.Request) -> web.Response:
        """Take a delivery: only a store that fails may answer 5xx, for then Telegram repeats."""
        got = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode("utf-8", "surrogateescape")
        if not secrets.compare_digest(got, self._secret):
            return web.Response(status=401)
        text = await request.text()
        try:
            update = json.loads(text)
            raw = self.raw(update, text)
        except (ValueError, TypeError, KeyError, AttributeError):
            return web.Response(status=400)
        if self.accept is None:
            return web.Response(status=503)
        try:
            await self.accept(self._channel, raw)
        except StoreDown as fault:
            log.warning("an update was not accepted: %s", fault)
            return web.Response(status=503, headers={"Retry-After": "2"})
        return web.Response()

    async def _patiently(self, method: typing.Any, timeout: int = 30) -> typing.Any:
        """Call until it works. Raises ChannelBroken for what never will: a wrong token."""
        wait = 1.0
        while True:
            try:
                answer = await funnel(lambda: self._bot(method, request_timeout=timeout))
                self.trouble = None
                return answer
            except ChannelBroken as fault:
                if str(fault) != "conflict":
                    raise
                log.warning("another program polls this bot", extra={"channel": self._channel})
                self.trouble = "conflict"
                wait = CONFLICT
            except RetryLater as fault:
                wait = max(wait, fault.seconds)
            except OutcomeUnknown:
                pass  # asking again does no harm
            except BridgeError as fault:
                log.warning("Telegram refused %s: %s", type(method).__name__, fault)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)
