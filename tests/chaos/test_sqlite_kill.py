"""A process that writes is killed: what it was told is stored is stored, and the file is whole.

MOSTIK_KILLS makes the run longer.
"""

import asyncio
import itertools
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from storage.documents import Coll, Index, P
from storage.sqlite import SqliteDocuments

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("MOSTIK_KILLS", "2"))
COLL = Coll(
    "rows",
    fields={"worker": "int", "n": "int"},
    indexes=(Index(("worker", "n"), unique=True), Index(("n",))),
    words="words",
)
CHILD = """
import asyncio, os, sys, runpy
module = runpy.run_path(sys.argv[1])
asyncio.run(module["write_for_ever"](sys.argv[2], sys.argv[3]))
"""


async def write_for_ever(path: str, run: str) -> None:
    """Insert in 32 tasks, and print each id once it is acknowledged."""
    store = SqliteDocuments(path)
    await store.open([COLL])

    async def work(worker: int) -> None:
        for n in itertools.count():
            id = f"{run}-{worker}-{n}"
            await store.insert(
                COLL, id, {"worker": worker, "n": int(run) * 10**9 + n, "words": f"слово {run}", "x": "я" * 200}
            )
            os.write(1, f"{id}\n".encode())

    await asyncio.gather(*(work(worker) for worker in range(32)))


def acknowledged_until_killed(path: Path, run: int, enough: int) -> list[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, __file__, str(path), str(run)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert child.stdout is not None
    ids = [line.strip() for line in itertools.islice(child.stdout, enough)]
    child.kill()
    ids += [line.strip() for line in child.stdout if line.endswith("\n")]
    child.stdout.close()
    assert child.wait() == -9
    return ids


@pytest.mark.chaos
async def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "mostik.db"
    acknowledged: set[str] = set()
    for run in range(KILLS):
        acknowledged |= set(await asyncio.to_thread(acknowledged_until_killed, path, run, 500 + 700 * run))
        store = SqliteDocuments(path)
        await store.open([COLL])
        found = await store.get_many(COLL, sorted(acknowledged))
        assert acknowledged - set(found) == set()
        # The word index and the key columns tell the same as the documents.
        assert await store.count(COLL, [P("words", "words", "слово")]) == await store.count(COLL)
        by_worker = await store.group(COLL, "worker")
        assert sum(by_worker.values()) == await store.count(COLL)
        await store.close()
        conn = sqlite3.connect(path)
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        conn.close()
    assert len(acknowledged) >= 500 * KILLS
