"""Receiving: the Callback API's deliveries and Bots Long Poll, both into the same durable inbox."""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import aiohttp
from aiohttp import web

from bots.vk.community import Community
from bots.vk.events import TYPING, Event, Placing, kept, people
from bots.vk.history import History
from bots.vk.names import Names
from bots.vk.wall import Wall
from bots.vk.writers import Writers
from bridge.errors import BridgeError, StoreDown
from bridge.model.ids import ChannelName, LaneId
from bridge.model.lanes import IDLE
from bridge.ports.channels import Accept, Raw
from bridge.ports.stores import Journal

log = logging.getLogger("mostik.vk")

#: How long VK may hold an empty answer to a poll, seconds (at most 90).
POLL = 25
#: Seconds more that the answer may take on its way.
LATE = 10
#: A poll that fails is repeated after so long, then longer and longer up to the second figure, seconds.
PAUSES = (0.5, 30.0)
#: After so many failures in a row the server is asked for anew: it may be gone.
LOST = 4
#: A confirmation code is believed so long, seconds: VK may give another with each server that is added.
CODE = 5.0


class Receiver:
    """The receiving half of one community."""

    def __init__(
        self,
        channel: ChannelName,
        community: Community,
        names: Names,
        history: History,
        wall: Wall,
        secret: str,
        journal: Journal | None,
    ) -> None:
        self._channel = channel
        self._community = community
        self._names = names
        self._history = history
        self._wall = wall
        self._secret = secret.encode()
        self.writers = Writers(channel)
        self._placing = Placing(channel)
        self._code: tuple[float, str] = (0.0, "")
        self.accept: Accept | None = None
        self._journal = journal

    async def hook(self, request: web.Request) -> web.Response:
        """Take a delivery: `ok` once it is durable; a store that fails answers 5xx, and VK repeats."""
        try:
            event = json.loads(await request.text())
            group, kind = int(event["group_id"]), str(event["type"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return web.Response(status=400, text="no event")
        if self.accept is None or not self._community.number:
            return web.Response(status=503, headers={"Retry-After": "2"})
        if group != self._community.number:
            return web.Response(status=403, text="another community")
        if kind == "confirmation":
            return await self._confirm()
        given = str(event.get("secret") or "").encode("utf-8", "surrogatepass")
        if not secrets.compare_digest(given, self._secret):
            return web.Response(status=403, text="wrong secret")
        try:
            await self._take([event])
        except StoreDown as fault:
            log.warning("an event was not accepted: %s", fault)
            return web.Response(status=503, headers={"Retry-After": "2"})
        return web.Response(text="ok")

    async def _confirm(self) -> web.Response:
        """Answer VK's question whether this address is ours."""
        at, code = self._code
        if time.monotonic() - at > CODE or not code:
            try:
                code = await self._community.confirmation_code()
            except BridgeError as fault:
                log.warning("the confirmation code cannot be had: %s", fault)
                return web.Response(status=503, headers={"Retry-After": "2"})
            self._code = (time.monotonic(), code)
        return web.Response(text=code)

    async def _take(self, events: Sequence[Event]) -> None:
        """Make events durable, each lane in order, all lanes at once. Raises StoreDown.

        What nobody can read is kept too: it goes to the dead letters, where it is seen.
        """
        lanes: dict[LaneId, list[Raw]] = {}
        names = await self._names.of(set().union(*map(people, events)))
        for event in events:
            if event.get("type") == TYPING:
                await self.writers.hear(event)
                continue
            event = await self._history.whole(event)
            there = {id: names[id] for id in people(event) if id in names}
            if str(event.get("type")).startswith("wall_"):  # there the community answers in its own name
                there[-self._community.number] = self._community.name
            raw = self._placing.anywhere(event, kept(event, there, await self._is_ours(event)))
            lanes.setdefault(raw.lane, []).append(raw)
        await asyncio.gather(*map(self._store, lanes.values()))

    async def _is_ours(self, event: Event) -> bool:
        try:
            return await self._wall.comes(self._community.number, event)
        except (KeyError, TypeError, ValueError):
            return False  # of an odd shape

    async def _store(self, raws: Sequence[Raw]) -> None:
        assert self.accept is not None
        for raw in raws:
            await self.accept(self._channel, raw)

    async def begin(self) -> None:
        """Have VK keep events from now on, and note where they begin: what is said before the first poll is read too.

        Raises ChannelBroken, Rejected.
        """
        await self._community.ask_for_long_poll()
        if self._journal is not None and await self._left_off() is None:
            place = await self._server()
            with suppress(StoreDown):
                await self._journal.put_value_once(self._key(), place, IDLE)

    async def poll(self) -> None:
        """Poll until cancelled, from where the last process stopped. Raises ChannelBroken for a key that is none."""
        left = await self._left_off()
        # The server may be another one by now; where we stopped is what counts.
        place = await self._server(left["ts"] if left else None)
        failures = 0
        while True:
            try:
                told = await self._check(place)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
                failures += 1
                (log.info if failures == 1 else log.warning)("a poll failed: %s", type(fault).__name__)
                await asyncio.sleep(min(PAUSES[0] * 2 ** (failures - 1), PAUSES[1]))
                if failures % LOST == 0 or isinstance(fault, aiohttp.ClientConnectorError):
                    place = await self._server(place["ts"])
                continue
            failures = 0
            place = await self._go_on(place, told)

    async def _check(self, place: dict[str, Any]) -> dict[str, Any]:
        asked = {"act": "a_check", "key": place["key"], "ts": place["ts"], "wait": str(POLL)}
        timeout = aiohttp.ClientTimeout(total=POLL + LATE, sock_connect=LATE)
        async with self._community.api.web.get(place["server"], params=asked, timeout=timeout) as answer:
            answer.raise_for_status()
            told = await answer.json(content_type=None)
        if not isinstance(told, dict) or not ("failed" in told or ("ts" in told and "updates" in told)):
            raise ValueError("no answer of a Long Poll server")
        return told

    async def _go_on(self, place: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """Store what came and return where to go on; it is kept after the events are, so that none is skipped."""
        match told.get("failed"):
            case None:
                await self._surely(told["updates"])
                place = {**place, "ts": str(told["ts"])}
            case 1:
                await self._catch_up()
                place = {**place, "ts": str(told["ts"])}
            case 2:
                place = await self._server(place["ts"])
            case _:
                place = await self._server()
                await self._catch_up()
        await self._keep(place)
        return place

    async def _catch_up(self) -> None:
        """VK has forgotten a part of its events: words of people are read from its history."""
        log.warning("VK has forgotten a part of its events: unread messages are looked through")
        try:
            await self._surely(await self._history.unread(self._community.number))
        except (BridgeError, TypeError, LookupError, ValueError) as fault:
            log.error("messages may have been missed: %s", fault)

    async def _surely(self, events: Sequence[object]) -> None:
        """Store events however long the store is away."""
        ours = [each for each in events if isinstance(each, dict) and each.get("group_id") == self._community.number]
        if len(ours) < len(events):
            log.warning("%d events are none of this community's", len(events) - len(ours))
        while ours:
            try:
                await self._take(ours)
                return
            except StoreDown as fault:
                log.warning("events wait for the store: %s", fault)
                await asyncio.sleep(1)

    async def _server(self, ts: str | None = None) -> dict[str, Any]:
        place = await self._community.long_poll_server()
        return place if ts is None else {**place, "ts": ts}

    def _key(self) -> str:
        return f"vk:{self._channel}:longpoll:{self._community.number}"

    async def _left_off(self) -> dict[str, Any] | None:
        """Read where the last process stopped; None: nobody ever polled."""
        while self._journal is not None:
            try:
                return await self._journal.value(self._key())
            except StoreDown as fault:
                log.warning("the store does not answer: %s", fault)
                await asyncio.sleep(1)
        return None

    async def _keep(self, place: dict[str, Any]) -> None:
        try:
            if self._journal is not None:
                await self._journal.put_value(self._key(), place)
        except StoreDown as fault:
            log.warning("where polling stands was not kept: %s", fault)  # read again, events are known
