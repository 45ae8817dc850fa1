"""Reading: short reads at once on the event loop, the others in threads beside it."""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from storage.sqlite import connections
from storage.sqlite.threads import Threads

#: A read on the event loop is given up after this long (seconds) and begun again in a thread.
PATIENCE = 0.002
_STEPS_BETWEEN_LOOKS = 1000
_THREADS = 2

Row = tuple[Any, ...]


class Reader:
    """One connection for the event loop, and one for each reading thread."""

    def __init__(self, path: Path, conn: sqlite3.Connection, busy_seconds: float) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._conn = conn
        self._deadline = 0.0
        conn.set_progress_handler(self._too_long, _STEPS_BETWEEN_LOOKS)
        self._threads = Threads(_THREADS, "sqlite-reader")
        self._spare: deque[sqlite3.Connection] = deque()
        self._closed = False
        self._at_work: set[asyncio.Future[list[Row]]] = set()

    def one(self, sql: str, values: Sequence[Any]) -> Row | None:
        """Read a row by its key, at once. Raises sqlite3.Error."""
        self._deadline = time.perf_counter() + PATIENCE
        row: Row | None = self._conn.execute(sql, values).fetchone()
        return row

    async def rows(self, sql: str, values: Sequence[Any], short: bool) -> list[Row]:
        """Read rows; `short` ones are tried on the event loop first. Raises Unavailable."""
        if short:
            self._deadline = time.perf_counter() + PATIENCE
            try:
                return self._conn.execute(sql, values).fetchall()
            except sqlite3.OperationalError:
                pass  # it takes longer, or another process recovers the log: a thread can wait
        future = self._threads.call(asyncio.get_running_loop(), lambda: self._read(sql, values))
        self._at_work.add(future)
        future.add_done_callback(self._at_work.discard)
        return await future

    async def close(self) -> None:
        """Wait for reads under way, then close the connections."""
        if self._at_work:
            await asyncio.wait(self._at_work)
        self.abandon()

    def abandon(self) -> None:
        """Close the connections; one at work is closed after it."""
        self._closed = True
        self._threads.shutdown()
        self._conn.close()
        self._close_spare()

    def _close_spare(self) -> None:
        with suppress(IndexError):
            while True:
                self._spare.pop().close()

    def _too_long(self) -> bool:
        return time.perf_counter() > self._deadline

    def _read(self, sql: str, values: Sequence[Any]) -> list[Row]:
        try:
            conn = self._take()
            try:
                return conn.execute(sql, values).fetchall()
            finally:
                self._spare.append(conn)
                if self._closed:
                    self._close_spare()
        except sqlite3.Error as error:
            raise connections.unavailable(self._path, error) from error

    def _take(self) -> sqlite3.Connection:
        try:
            return self._spare.pop()
        except IndexError:
            return connections.reading(self._path, self._busy_seconds)
