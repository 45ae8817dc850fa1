"""What lines that stay open have in common: several things go on until one of them ends."""

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Any

from operator_panel.access import Guest, known_now
from operator_panel.lines import Line
from operator_panel.office import Office
from operator_panel.serving import frames, log

#: Seconds between looks whether the caller is still let in.
LOOK_EVERY = 5.0
#: What a set of works returns when one of them broke.
FAILED = -1


async def until_one_ends(*works: Awaitable[Any]) -> Any:
    """Run all until the first ends, end the others, return its result; FAILED when it broke, which is logged.

    An answer that has begun cannot become a problem any more, so nothing is raised.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task in done).result()
    except Exception as error:
        log.error("a live line broke: %s\n%s", type(error).__name__, frames(error))
        return FAILED
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def watch_guest(office: Office, guest: Guest, line: Line) -> None:
    """Return when the caller would no longer be let in; tell his line meanwhile which conversations he gets."""
    while True:
        line.looks.clear()
        now = await known_now(office, guest)
        if now is None:
            return
        line.see(now.operator.sight, office.bridge.feed.cursor())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await line.looks.wait()
