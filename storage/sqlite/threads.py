"""Work for threads, with the answers brought back to an event loop that may be busy or gone."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

# A thread that waits for the interpreter's lock is starved by a loop that takes it back within microseconds after
# each system call: measured, a commit waited a second beside a loop that was never idle. Short naps of the loop while
# a thread is at work hand the lock over (measured beside a saturated loop, 64 callers: from 21 to 8,000 inserts/s).
NAP = 20e-6  # seconds
PAUSE = 0.001  # seconds between naps; they grow rarer while a long work goes on
LONG_PAUSE = 0.01


class Threads:
    """A few threads that work for one event loop at a time."""

    def __init__(self, count: int, name: str) -> None:
        self._executor = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._at_work = 0
        self._napping = False
        self._pause = PAUSE

    def ship(self, loop: asyncio.AbstractEventLoop, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run `work` (which never raises) in a thread, then `then` in the loop; nothing happens when that is closed."""
        self._at_work += 1
        self._pause = PAUSE
        self._executor.submit(self._run, loop, work, then)
        if not self._napping:
            self._napping = True
            loop.call_soon(self._nap, loop)

    def call(self, loop: asyncio.AbstractEventLoop, work: Callable[[], T]) -> "asyncio.Future[T]":
        """Run `work` in a thread; the future holds its result or error."""
        future: asyncio.Future[T] = loop.create_future()
        self.ship(loop, lambda: outcome_of(work), lambda outcome: settle(future, outcome))
        return future

    def shutdown(self, last: Callable[[], object] | None = None) -> None:
        """Let the threads end after what they are doing, and after `last`."""
        if last is not None:
            self._executor.submit(last)
        self._executor.shutdown(wait=False)

    def _run(self, loop: asyncio.AbstractEventLoop, work: Callable[[], T], then: Callable[[T], None]) -> None:
        outcome = work()
        try:
            loop.call_soon_threadsafe(self._back, outcome, then)
        except RuntimeError:  # the loop is closed: nobody waits any more
            self._at_work -= 1

    def _back(self, outcome: T, then: Callable[[T], None]) -> None:
        self._at_work -= 1
        then(outcome)

    def _nap(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._at_work:
            time.sleep(NAP)
            loop.call_later(self._pause, self._nap, loop)
            self._pause = min(self._pause * 1.2, LONG_PAUSE)
        else:
            self._napping = False


def outcome_of(work: Callable[[], T]) -> T | Exception:
    """Return what work returns or raises."""
    try:
        return work()
    except Exception as error:
        return error


def settle(future: "asyncio.Future[Any]", outcome: Any) -> None:
    """Tell a waiting caller, if he still waits."""
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
        future.exception()  # a caller who went away makes no noise
    else:
        future.set_result(outcome)
