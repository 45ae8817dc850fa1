"""Long work a request has begun and does not wait for; what is left at the end is told to stop."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bridge.errors import BridgeError

log = logging.getLogger("mostik.panel")


class Works:
    """The works of one process; how each stands is kept in the store by the work itself."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[Any, Any, object], name: str) -> None:
        """Do a work beside the requests."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Stop what is at work and wait until it has."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        fault = task.exception()
        if isinstance(fault, BridgeError):  # its own words; it is written down where the work stands
            log.warning("%s ended: %s", task.get_name(), fault)
        elif fault is not None:
            log.error("%s broke: %s", task.get_name(), type(fault).__name__)
