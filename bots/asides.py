"""What is done beside words, while nobody waits for it: calls whose failures concern nobody, and not too often."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bridge.errors import BridgeError

#: Chats whose last time is remembered.
CHATS = 10_000


class Asides:
    """Calls under way; of a kind of error in `quiet`, and of every BridgeError, a line for whoever looks for it."""

    def __init__(self, log: logging.Logger, *quiet: type[Exception]) -> None:
        self._log = log
        self._quiet: tuple[type[Exception], ...] = (BridgeError, *quiet)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call by the way."""
        task = asyncio.create_task(self._quietly(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def give_up(self) -> None:
        """Leave undone what is under way."""
        for task in list(self._tasks):
            task.cancel()

    async def _quietly(self, call: Callable[[], Awaitable[object]]) -> None:
        try:
            await call()
        except self._quiet as fault:
            self._log.debug("an aside failed: %s", fault)


class Spacing:
    """What is done for a chat at most once in so many seconds: asked more often, it costs calls and shows nothing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last: dict[str, float] = {}

    def due(self, chat: str) -> bool:
        """Tell whether it is time again, and count it as done."""
        now = time.monotonic()
        if now - self._last.get(chat, -self._seconds) < self._seconds:
            return False
        if len(self._last) > CHATS:
            self._last.clear()
        self._last[chat] = now
        return True
