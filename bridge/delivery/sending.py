"""One attempt to send: what came of it in the hall's words, and never half of it when the process is told to stop."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from bridge.context import log
from bridge.delivery.outcome import Outcome
from bridge.errors import ChannelBroken, NotFound, OutcomeUnknown, Rejected, RetryLater, StoreDown, Unreachable
from bridge.ports.channels import Receipt

T = TypeVar("T")

#: A process that is told to stop finishes what it is sending, if that takes no longer, seconds.
GRACE = 5
#: A messenger that does not answer in this time leaves the outcome unknown, seconds.
PATIENCE = 45
#: So much longer with each file that goes along.
FILE_PATIENCE = 60


async def attempt(sending: Awaitable[Receipt], files: int = 0) -> Outcome:
    """Await a send with so many files; its errors become its outcome. Raises StoreDown."""
    try:
        async with asyncio.timeout(PATIENCE + FILE_PATIENCE * files):
            return await sending
    except (RetryLater, Unreachable, Rejected, OutcomeUnknown, ChannelBroken, NotFound) as outcome:
        return outcome
    except TimeoutError:
        return OutcomeUnknown("network_unknown")
    except StoreDown:
        raise
    except Exception:
        log.exception("a channel broke in an unforeseen way while sending")
        return OutcomeUnknown("network_unknown")


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Await work that a stop of the process does not cut in two: half a send would have to be called unknown."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=GRACE)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
