"""Room of what was deleted leaves the SQLite file by portions, and with it what was said."""

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.documents import Coll, Index, P
from storage.sqlite import SqliteDocuments

MESSAGES = Coll("messages", {"of": "int", "seq": "int"}, (Index(("of", "seq"), unique=True),), words="words")
CASES, LINES, PAGES = 60, 20, 16


def said(of: int, seq: int) -> str:
    return f"zq{of * LINES + seq:05}xk"


async def filled(path: Path) -> SqliteDocuments:
    """A store of conversations that were held all at once."""
    documents = SqliteDocuments(path)
    await documents.open([MESSAGES])
    for seq in range(LINES):
        for of in range(CASES):
            body = {
                "of": of,
                "seq": seq,
                "text": f"{said(of, seq)} " + "слово " * 40,
                "words": f"слово {said(of, seq)}",
            }
            await documents.insert(MESSAGES, f"m{(of * 37 + seq * 101) % 9973:05}-{of}-{seq}", body)
    return documents


def traces(path: Path, cases: range) -> int:
    raw = path.read_bytes() + Path(f"{path}-wal").read_bytes()
    return sum(said(of, seq).encode() in raw for of in cases for seq in range(LINES))


def pages(path: Path) -> int:
    with closing(sqlite3.connect(path)) as conn:
        return int(conn.execute("PRAGMA page_count").fetchone()[0])


async def test_the_file_shrinks_by_portions_and_holds_nothing_of_what_went(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    documents = await filled(path)
    gone = range(5, CASES)
    for of in gone:
        assert await documents.sweep(MESSAGES, [P("of", "eq", of)]) == LINES
    before, portions = pages(path), 0
    while await documents.give_back(PAGES):
        portions += 1
        assert before - pages(path) <= portions * PAGES, "one call does no more than its portion"
        assert portions < 200
    assert pages(path) < before / 3
    assert path.stat().st_size == pages(path) * 4096
    # A page that was balanced may keep an old copy between its cells until it is written over, or the file anew.
    assert traces(path, gone) < len(gone) * LINES / 100
    assert traces(path, range(5)) == 5 * LINES
    assert len(await documents.find(MESSAGES, [P("words", "words", said(4, 3))])) == 1
    await documents.scrub()
    assert traces(path, gone) == 0
    await documents.close()


async def test_a_file_made_without_it_gives_room_back_once_it_was_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE older (n INTEGER)")
    documents = await filled(path)
    for of in range(CASES):
        await documents.sweep(MESSAGES, [P("of", "eq", of)])
    before = pages(path)
    while await documents.give_back(PAGES):
        pass
    assert pages(path) >= before
    await documents.scrub()
    small = pages(path)
    assert small < before / 3
    for n in range(300):
        await documents.insert(MESSAGES, f"n{n}", {"of": 0, "seq": n, "text": "слово " * 200, "words": ""})
    while await documents.sweep(MESSAGES, [P("of", "eq", 0)]):
        pass
    while await documents.give_back(PAGES):
        pass
    assert pages(path) <= small * 1.2
    await documents.close()
