"""Connections to the file, and what their errors mean to a caller."""

import sqlite3
import time
from pathlib import Path

from storage.documents import Unavailable

_PREPARED = 512
#: Pages of the log before it is copied into the file: fewer copies of pages that change often (4 KiB each).
_CHECKPOINT_PAGES = 4000
_LOG_LIMIT = 64 * 2**20


def writing(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Open the connection that writes: a log ahead of the file, synced at each commit. Raises sqlite3.Error."""
    conn = _connect(path)
    try:
        wait(conn, busy_seconds)
        # Before the file's first page; a file that was made without takes it over when it is written anew.
        conn.execute("PRAGMA auto_vacuum = INCREMENTAL")
        _use_log(conn, busy_seconds)
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, but for gaps inside of pages
        conn.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        conn.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT}")
        conn.execute("PRAGMA cache_size = -8192")  # KiB
    except BaseException:
        conn.close()
        raise
    return conn


def reading(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Open a connection that only reads. Raises sqlite3.Error."""
    conn = _connect(path)
    wait(conn, busy_seconds)
    conn.execute("PRAGMA query_only = 1")
    conn.execute("PRAGMA cache_size = -4096")  # KiB
    return conn


def written_anew(conn: sqlite3.Connection) -> None:
    """Write the file anew and empty the log. Raises sqlite3.Error, also when somebody reads the log all the time."""
    # Deleting overwrites cells, but a page that was balanced keeps old bytes between them: measured, some remain.
    conn.execute("VACUUM")
    (busy, _, _) = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("the log is locked: it could not be emptied")


def given_back(conn: sqlite3.Connection, pages: int) -> int:
    """Cut so many free pages off the file; returns how many are left to be cut. Raises sqlite3.Error."""
    # As a script: the statement gives a row without columns for each page, and an ordinary call stops at the first.
    conn.executescript(f"PRAGMA incremental_vacuum({pages:d})")
    (kind,) = conn.execute("PRAGMA auto_vacuum").fetchone()
    (left,) = conn.execute("PRAGMA freelist_count").fetchone()
    if left and kind:
        return int(left)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # whoever reads the log keeps it a little longer
    return 0


def wait(conn: sqlite3.Connection, seconds: float) -> None:
    """Let a connection wait so long for another process's lock."""
    conn.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def unavailable(path: Path, error: sqlite3.Error) -> Unavailable:
    """Say in words why the store refuses."""
    text = str(error)
    if "locked" in text:
        text = "another process holds it locked"
    return Unavailable(f"{path}: {text}")


def _connect(path: Path) -> sqlite3.Connection:
    # Every connection is used by one thread at a time, though not always by the one that made it.
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=_PREPARED)


def _use_log(conn: sqlite3.Connection, busy_seconds: float) -> None:
    # Two processes that make the file at once may be refused without any waiting: the change needs it alone.
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
