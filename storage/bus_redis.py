"""The bus of several processes: hints go through Redis to the others, and within the process also without it.

What is published is heard at once by the listeners of the process itself; a task of its own tells the others, so that
nobody waits for Redis. Hints of a time when it was away are lost: by then everybody has looked into the store.
"""

import asyncio
import json
import logging
import random
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from bridge.model.ids import fresh
from bridge.ports import Bus
from storage.bus_memory import MemoryBus
from storage.redis_line import AWAY, RedisLine

log = logging.getLogger("mostik.redis")

#: Hints that wait to be told to others; the oldest are lost first.
BACKLOG = 10_000
#: Hints told in one go.
PORTION = 500
#: The largest hint, bytes: they name what is to be looked at, they do not carry it.
LARGEST = 64 * 1024
#: A line nothing else is told on carries a beat of its own this often, seconds: it is heard by its sender too.
BEAT = 5.0
#: A line on which not even its own beat is heard is dead, seconds.
SILENCE = 3 * BEAT
#: Between two tries to reach Redis, seconds: the first and the longest pause.
PAUSE = 0.1, 5.0
#: How long an opening waits for Redis, seconds.
OPENING = 2.0


class RedisBus:
    """Fan-out within the process, and one connection each way for all that others tell and hear."""

    def __init__(self, line: RedisLine) -> None:
        self._line = line
        self._local = MemoryBus()
        self._me = fresh().encode()
        self._queue: deque[tuple[str, bytes]] = deque(maxlen=BACKLOG)
        self._filled = asyncio.Event()
        self._heard = asyncio.Event()

    @property
    def fault(self) -> str | None:
        """Why hints do not reach other processes now; None: they do."""
        return self._line.fault

    async def publish(self, subject: str, data: dict[str, Any]) -> None:
        """Hand the hint to the listeners here, and leave it for those elsewhere; what cannot be told stays here."""
        await self._local.publish(subject, data)
        if self._line.fault is not None:
            return
        try:
            payload = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        except (TypeError, ValueError) as fault:
            log.error("a hint of %s is no JSON: %s", subject, fault)
            return
        if len(payload) > LARGEST:
            log.error("a hint of %s has %d bytes, other processes do not hear it", subject, len(payload))
            return
        self._queue.append((subject, payload))
        self._filled.set()

    def subscribe(self, subject: str) -> AbstractAsyncContextManager[AsyncIterator[dict[str, Any]]]:
        """Listen from now on, to this process and others."""
        return self._local.subscribe(subject)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["RedisBus"]:
        """Keep both ways open; a server that is away is waited for a moment, then looked for as long as it takes."""
        tasks = [asyncio.create_task(self._tell(), name="bus out"), asyncio.create_task(self._hear(), name="bus in")]
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(OPENING):
                    await self._heard.wait()
            yield self
        finally:
            await _end(tasks)

    async def _tell(self) -> None:
        pause = PAUSE[0]
        while True:
            batch = await self._batch()
            try:
                pipeline = self._line.redis.pipeline(transaction=False)
                for subject, payload in batch:
                    pipeline.publish(f"{self._line.prefix}{subject}", b"%b %b" % (self._me, payload))
                await pipeline.execute()
            except AWAY as fault:
                self._line.down("out", fault)
                await _rest(pause)
                pause = min(pause * 2, PAUSE[1])
                self._queue.clear()
            else:
                self._line.up("out")
                pause = PAUSE[0]

    async def _batch(self) -> list[tuple[str, bytes]]:
        """Wait for hints; a beat in their place when there are none for long, or when Redis is looked for."""
        if self._line.fault is None and not self._queue:
            self._filled.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._filled.wait()
        batch = [self._queue.popleft() for _ in range(min(PORTION, len(self._queue)))]
        if self._line.fault is not None and not batch:
            await _rest(PAUSE[0])
        return batch or [("beat", b"{}")]

    async def _hear(self) -> None:
        pause = PAUSE[0]
        while True:
            try:
                async with self._line.redis.pubsub() as ear:
                    await ear.psubscribe(f"{self._line.prefix}*")
                    while (message := await ear.get_message(timeout=SILENCE)) is not None:
                        pause = PAUSE[0]
                        await self._take(message)
                raise TimeoutError("nothing is heard")
            except AWAY as fault:
                self._line.down("in", fault)
            await _rest(pause)
            pause = min(pause * 2, PAUSE[1])

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "psubscribe":
            self._line.up("in")
            self._heard.set()
        if message["type"] != "pmessage":
            return
        sender, _, payload = message["data"].partition(b" ")
        if sender == self._me:
            return
        subject = message["channel"].decode(errors="replace").removeprefix(self._line.prefix)
        try:
            data = json.loads(payload)
        except ValueError:
            data = None
        if isinstance(data, dict):
            await self._local.publish(subject, data)
        else:
            log.debug("a hint of %s cannot be read", subject)


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel until it is heard: wait_for of Python 3.11, which redis-py sends with, may swallow a cancellation."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.1)


async def _rest(seconds: float) -> None:
    await asyncio.sleep(seconds * random.uniform(0.5, 1.5))


_: type[Bus] = RedisBus
