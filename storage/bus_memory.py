"""The bus of a single process: hints between its own tasks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bridge.ports import Bus

#: Hints a slow listener may be behind before it loses the oldest.
BACKLOG = 10_000


class MemoryBus:
    """Fan-out to the listeners of a subject; nothing is kept for those who come later."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Queue[dict[str, Any]]]] = {}
        self.fault: str | None = None

    async def publish(self, subject: str, data: dict[str, Any]) -> None:
        """Hand the hint to everybody who listens now."""
        for queue in self._listeners.get(subject, ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(data)

    @asynccontextmanager
    async def subscribe(self, subject: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Listen from now on."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(BACKLOG)
        listeners = self._listeners.setdefault(subject, set())
        listeners.add(queue)
        try:
            yield _hints(queue)
        finally:
            listeners.discard(queue)


async def _hints(queue: "asyncio.Queue[dict[str, Any]]") -> AsyncIterator[dict[str, Any]]:
    while True:
        yield await queue.get()


_: type[Bus] = MemoryBus
