"""The one writing connection: whatever is queued is committed together, so that one sync serves many callers.

Operations run on the event loop in slices of a few milliseconds, because there a statement costs no change of
threads; the commit with its sync, long operations, and waiting for another process are left to a thread.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.documents import Unavailable
from storage.sqlite import connections
from storage.sqlite.threads import Threads, settle

#: How long operations may hold the event loop at a stretch (seconds), and how many one commit carries at most.
SLICE = 0.004
BATCH = 1000
_TAKEN_BACK = "the writes were taken back"


@dataclass(slots=True)
class Operation:
    """A caller's unit of work, which refuses before it writes; `long` ones are left to the thread, alone.

    A `bare` one is no part of a transaction: it makes its own.
    """

    run: Callable[[sqlite3.Connection], Any]
    future: "asyncio.Future[Any]"
    long: bool
    bare: bool = False


Outcomes = list[tuple[Operation, Any]]


class Writer:
    """Group commit over one connection, for one event loop."""

    def __init__(self, path: Path, conn: sqlite3.Connection, loop: asyncio.AbstractEventLoop, busy: float) -> None:
        self._path = path
        self._conn = conn
        self._loop = loop
        self._busy_seconds = busy
        self._threads = Threads(1, "sqlite-writer")
        self._queue: deque[Operation] = deque()
        self._at_work = False
        self._idle = asyncio.Event()
        self._idle.set()

    def submit(self, run: Callable[[sqlite3.Connection], Any], long: bool, bare: bool = False) -> "asyncio.Future[Any]":
        """Queue an operation; the future is settled after the commit that carries it."""
        future = self._loop.create_future()
        self._queue.append(Operation(run, future, long, bare))
        if not self._at_work:
            self._at_work = True
            self._idle.clear()
            # Not at once: other tasks that are ready now join the same commit.
            self._loop.call_soon(self._next_batch)
        return future

    def alone(self, run: Callable[[sqlite3.Connection], Any]) -> "asyncio.Future[Any]":
        """Queue what cannot be part of a transaction; writes wait until it is done."""
        return self.submit(run, long=True, bare=True)

    async def close(self) -> None:
        """Finish what is queued, then close the connection."""
        await self._idle.wait()
        await self._threads.call(self._loop, self._conn.close)
        self._threads.shutdown()

    def abandon(self) -> None:
        """Close after the event loop is gone: what was not committed was not accepted."""
        self._threads.shutdown(self._conn.close)

    def _next_batch(self) -> None:
        queue = self._queue
        while queue and queue[0].future.cancelled():
            queue.popleft()
        if not queue:
            self._at_work = False
            self._idle.set()
        elif queue[0].long or not self._begun():
            batch = self._take()
            self._threads.ship(self._loop, lambda: self._run_whole(batch), self._settle)
        else:
            outcomes = self._run_slice()
            self._threads.ship(self._loop, lambda: self._commit(outcomes), self._settle)

    def _take(self) -> list[Operation]:
        """Take what may share a commit: one long operation, or the short ones before the next long one."""
        batch = [self._queue.popleft()]
        while self._queue and not batch[0].long and not self._queue[0].long and len(batch) < BATCH:
            batch.append(self._queue.popleft())
        return batch

    def _begun(self) -> bool:
        """Begin at once if no other process is writing."""
        try:
            if self._conn.in_transaction:  # one that could not even be taken back then
                self._conn.execute("ROLLBACK")
            self._conn.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            return False
        return True

    def _run_slice(self) -> Outcomes:
        outcomes: Outcomes = []
        deadline = time.perf_counter() + SLICE
        while self._queue and not self._queue[0].long and len(outcomes) < BATCH:
            operation = self._queue.popleft()
            if not operation.future.cancelled():
                outcomes.append((operation, self._apply(operation)))
            if time.perf_counter() > deadline:
                break
        return outcomes

    def _run_whole(self, batch: Sequence[Operation]) -> Outcomes:
        conn = self._conn
        try:
            connections.wait(conn, self._busy_seconds)
            if batch[0].bare:
                return [(batch[0], batch[0].run(conn))]
            conn.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            return self._refused(batch, error)
        finally:
            connections.wait(conn, 0)
        return self._commit([(operation, self._apply(operation)) for operation in batch])

    def _apply(self, operation: Operation) -> Any:
        # No savepoint: it would make the word indexes write out at every operation, at four times the cost.
        conn = self._conn
        if not conn.in_transaction:  # taken back already; what came now would commit alone
            return Unavailable(_TAKEN_BACK)
        before = conn.total_changes
        try:
            return operation.run(conn)
        except Exception as error:
            if operation.long or conn.total_changes != before:
                self._take_back()
            return connections.unavailable(self._path, error) if isinstance(error, sqlite3.Error) else error

    def _commit(self, outcomes: Outcomes) -> Outcomes:
        conn = self._conn
        try:
            if not conn.in_transaction:  # by a full disk, or by an operation that failed half-way
                told = next((str(e) for _, e in outcomes if isinstance(e, Unavailable)), _TAKEN_BACK)
                return [(o, e if isinstance(e, Exception) else Unavailable(told)) for o, e in outcomes]
            conn.execute("COMMIT")
        except sqlite3.Error as error:
            self._take_back()
            return self._refused([operation for operation, _ in outcomes], error)
        return outcomes

    def _take_back(self) -> None:
        if self._conn.in_transaction:
            with suppress(sqlite3.Error):
                self._conn.execute("ROLLBACK")

    def _refused(self, batch: Sequence[Operation], error: sqlite3.Error) -> Outcomes:
        return [(operation, connections.unavailable(self._path, error)) for operation in batch]

    def _settle(self, outcomes: Outcomes) -> None:
        for operation, outcome in outcomes:
            settle(operation.future, outcome)
        # The callers run before the next batch is taken, so what they write next joins it.
        self._loop.call_soon(self._next_batch)
