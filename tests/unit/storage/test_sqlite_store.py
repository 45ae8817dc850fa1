"""What is particular to the SQLite store: its file, two processes on it, plans, reads that take long."""

import asyncio
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.checks import check_where
from storage.documents import Coll, Duplicate, Index, Key, Order, P, Unavailable, VersionConflict, plan
from storage.sqlite import SqliteDocuments, queries
from storage.sqlite import reader as reading
from storage.sqlite.tables import Table

ROOT = Path(__file__).resolve().parents[3]
COLL = Coll(
    "rows",
    fields={"kind": "str", "rank": "int", "due": "ts", "holder": "str"},
    indexes=(Index(("kind", "rank")), Index(("kind", "due")), Index(("rank",), unique=True)),
    words="words",
)
T0 = datetime(2025, 1, 1, tzinfo=UTC)


def row(n: int, words: str = "") -> dict[str, object]:
    return {"kind": "a", "rank": n, "due": T0, "holder": "", "words": words}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "mostik.db"


async def opened(path: Path, busy_seconds: float = 5.0) -> SqliteDocuments:
    store = SqliteDocuments(path, busy_seconds)
    await store.open([COLL])
    return store


async def test_the_file_survives_and_is_whole(path: Path) -> None:
    store = await opened(path)
    await asyncio.gather(*(store.insert(COLL, f"r{n}", row(n, f"слово w{n}")) for n in range(300)))
    await store.sweep(COLL, [P("kind", "eq", "a"), P("rank", "lt", 100)], 50)
    await store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]  # the log is taken in
    conn = sqlite3.connect(path)
    assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    conn.close()
    store = await opened(path)
    assert await store.count(COLL) == 250
    assert len(await store.find(COLL, [P("words", "words", "слово")], limit=1000)) == 250
    await store.close()


async def test_the_files_are_their_owner_s_alone(path: Path) -> None:
    store = await opened(path)
    await store.insert(COLL, "r", row(1))
    try:
        for file in path.parent.iterdir():
            assert file.stat().st_mode & 0o077 == 0, file.name
    finally:
        await store.close()


async def test_a_place_that_cannot_hold_a_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no store")
    for path in (tmp_path / "file" / "mostik.db", tmp_path, tmp_path / "file"):
        store = SqliteDocuments(path)
        with pytest.raises(Unavailable, match=re.escape(str(tmp_path))):
            await store.open([COLL])
        with pytest.raises(Unavailable):
            await store.get(COLL, "x")
        await store.close()


async def test_a_file_of_a_newer_program(path: Path) -> None:
    await (await opened(path)).close()
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA user_version = 99")
    conn.close()
    with pytest.raises(Unavailable, match="layout 99"):
        await opened(path)


async def test_another_writer_is_waited_for_but_not_for_ever(path: Path) -> None:
    store = await opened(path, busy_seconds=0.05)
    patient = await opened(path, busy_seconds=30)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="another process"):
        await store.insert(COLL, "x", row(1))
    with pytest.raises(Unavailable):
        await store.ping()
    assert await store.get(COLL, "x") is None  # reading goes on
    waiting = [asyncio.ensure_future(patient.insert(COLL, f"p{n}", row(n))) for n in range(3)]
    await asyncio.wait(waiting, timeout=0.05)
    assert not any(task.done() for task in waiting)
    other.execute("COMMIT")
    other.close()
    assert [doc.id for doc in await asyncio.gather(*waiting)] == ["p0", "p1", "p2"]
    await store.insert(COLL, "x", row(9))
    await store.close()
    await patient.close()


async def test_versions_and_claims_hold_between_two_openers(path: Path) -> None:
    one, two = await opened(path), await opened(path)
    await one.insert(COLL, "x", row(1))
    calls = [store.replace(COLL, "x", 1, row(n)) for n in range(10, 20) for store in (one, two)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(result, VersionConflict) for result in results) == 19
    calls = [store.insert(COLL, f"r{n}", row(n)) for n in range(100, 140) for store in (one, two)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(result, Duplicate) for result in results) == 40
    asked = [P("kind", "eq", "a")]
    claims = [
        store.claim(COLL, asked, "due", T0, T0 + timedelta(hours=1), "me", 3) for _ in range(10) for store in (one, two)
    ]
    taken = [doc.id for docs in await asyncio.gather(*claims) for doc in docs]
    assert len(taken) == len(set(taken)) == 41
    await asyncio.gather(*(store.bump(COLL, "x", {"n": 1}) for _ in range(20) for store in (one, two)))
    assert (await two.get(COLL, "x")).body["n"] == 40  # type: ignore[union-attr]
    await one.close()
    await two.close()


async def test_many_callers_share_a_commit(path: Path) -> None:
    store = await opened(path)
    commits: list[str] = []
    assert store._writer is not None
    store._writer._conn.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    await asyncio.gather(*(store.insert(COLL, f"r{n}", row(n)) for n in range(300)))
    assert 1 <= len(commits) < 30
    await store.close()


async def test_a_full_disk_accepts_nothing_and_heals(path: Path) -> None:
    store = await opened(path)
    await store.insert(COLL, "before", row(0))
    assert store._writer is not None
    conn = store._writer._conn
    conn.execute("PRAGMA max_page_count = 40")
    calls = [store.insert(COLL, f"r{n}", {**row(n), "text": "x" * 1000}) for n in range(1, 200)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    accepted = [result.id for result in results if not isinstance(result, BaseException)]
    refused = [result for result in results if isinstance(result, Unavailable)]
    assert len(accepted) + len(refused) == 199
    assert refused
    assert "full" in str(refused[0])
    assert {doc.id for doc in await store.find(COLL, limit=1000)} == {"before", *accepted}
    conn.execute("PRAGMA max_page_count = 100000")
    await store.insert(COLL, "after", row(1000))
    await store.close()


async def test_an_operation_that_fails_half_way_takes_its_batch_back(path: Path) -> None:
    store = await opened(path)
    writer = store._writer
    assert writer is not None

    def breaks(conn: sqlite3.Connection) -> None:
        conn.execute("DELETE FROM c_rows")
        raise RuntimeError("half-way")

    async def broken() -> None:
        await writer.submit(breaks, long=False)

    await store.insert(COLL, "kept", row(0))
    results = await asyncio.gather(
        store.insert(COLL, "a", row(1)),
        broken(),
        store.insert(COLL, "b", row(2)),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [Unavailable, RuntimeError, Unavailable]
    assert [doc.id for doc in await store.find(COLL)] == ["kept"]
    await store.insert(COLL, "a", row(1))
    await store.close()


@pytest.mark.parametrize(
    ("where", "order", "after"),
    [
        ([P("kind", "eq", "a")], Order("rank"), None),
        ([P("kind", "eq", "a")], Order("rank", desc=True), Key(5, "r5")),
        ([P("kind", "eq", "a"), P("due", "le", T0)], Order("due"), Key(T0, "r5")),
        ([], Order("rank"), Key(5, "r5")),
        ([], None, Key(None, "r5")),
        ([P("kind", "eq", "a")], Order("kind"), None),
    ],
    ids=repr,
)
async def test_a_page_is_read_from_its_index_without_sorting(
    path: Path, where: list[P], order: Order | None, after: Key | None
) -> None:
    await (await opened(path)).close()
    table = Table(COLL)
    sql, values = queries.page(table, plan(COLL, where, order), check_where(COLL, where), order, after, 10)
    conn = sqlite3.connect(path)
    steps = " ".join(step for *_, step in conn.execute(f"EXPLAIN QUERY PLAN {sql}", values))
    conn.close()
    assert "USING INDEX" in steps
    if order != Order("kind"):
        assert "TEMP B-TREE FOR ORDER BY" not in steps


async def test_a_read_that_takes_long_goes_on_in_a_thread(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await opened(path)
    await asyncio.gather(*(store.insert(COLL, f"r{n:04}", row(n)) for n in range(2000)))
    asked = [P("kind", "eq", "a"), P("rank", "ge", 0)]
    expected = await store.count(COLL, asked)
    monkeypatch.setattr(reading, "PATIENCE", -1.0)
    pool = store._reader._threads  # type: ignore[union-attr]
    shipped: list[object] = []
    ship = pool.ship
    monkeypatch.setattr(pool, "ship", lambda *args: (shipped.append(args), ship(*args)))
    assert await store.count(COLL, asked) == expected == 2000
    assert len(shipped) == 1
    results = await asyncio.gather(*(store.count(COLL, asked) for _ in range(5)))
    assert results == [2000] * 5
    await store.close()


async def test_close_waits_for_reads_under_way(path: Path) -> None:
    store = await opened(path)
    await asyncio.gather(*(store.insert(COLL, f"r{n:04}", row(n, "слово")) for n in range(500)))
    reads = [asyncio.ensure_future(store.find(COLL, [P("words", "words", "слово")], limit=500)) for _ in range(4)]
    gone = asyncio.ensure_future(store.group(COLL, "rank"))
    await asyncio.sleep(0)
    gone.cancel()
    await store.close()
    assert [len(docs) for docs in await asyncio.gather(*reads)] == [500] * 4


IN_FLIGHT = """
import asyncio, sys
from storage.documents import Coll
from storage.sqlite import SqliteDocuments
coll = Coll("c")
store = SqliteDocuments(sys.argv[1])
async def main():
    await store.open([coll])
    tasks = [asyncio.ensure_future(store.insert(coll, f"x{n}", {})) for n in range(500)]
    tasks += [asyncio.ensure_future(store.count(coll)) for n in range(20)]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks
loop = asyncio.new_event_loop()
tasks = loop.run_until_complete(main())
if sys.argv[2] == "cancel":
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
for task in tasks:
    task._log_destroy_pending = False  # of tasks dropped with their loop asyncio tells by itself
loop.close()
asyncio.run(store.close())
async def again():
    await store.open([coll])
    await store.insert(coll, "last", {})
    await store.close()
asyncio.run(again())
"""


@pytest.mark.parametrize("how", ["cancel", "drop"])
def test_an_event_loop_that_ends_in_between_makes_no_noise(path: Path, how: str) -> None:
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", IN_FLIGHT, str(path), how],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert (child.returncode, child.stdout, child.stderr) == (0, "", "")


async def test_words_of_many_documents_are_found_along_the_order(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await opened(path)
    await asyncio.gather(
        *(store.insert(COLL, f"r{n}", row(n, "заказ чайник" if n % 3 else "заказ")) for n in range(60))
    )
    newest = Order("rank", desc=True)
    for many in (10_000, 2):
        monkeypatch.setattr("storage.sqlite.documents.MANY", many)
        index = await store._walked(store._table(COLL), [P("words", "words", "чай*")], newest)
        assert (index is None) is (many > 60)
        words, found, after = P("words", "words", "заказ чай*"), [], None
        while docs := await store.find(COLL, [words, P("rank", "lt", 50)], newest, after, 7):
            found += [doc.body["rank"] for doc in docs]
            after = Key(docs[-1].body["rank"], docs[-1].id)
        assert found == [n for n in reversed(range(50)) if n % 3]
        assert len(await store.find(COLL, [words, P("kind", "eq", "a")], newest)) == 40
    await store.close()
