# ruff: noqa: S608  # names in the SQL are declared ones, checked by storage.checks
"""New documents by the thousand, as one unit inside a transaction of their own."""

import sqlite3
from collections.abc import Sequence

from storage.documents import Body, Doc, Duplicate
from storage.sqlite import queries, writes
from storage.sqlite.schema import word_text
from storage.sqlite.tables import Table
from storage.sqlite.text import encode

_IDS_AT_ONCE = 500


def insert(conn: sqlite3.Connection, table: Table, docs: Sequence[tuple[str, Body]]) -> list[Doc | Duplicate]:
    """Write new documents, each for itself: what became of each, in order."""
    if table.unique_indexes():
        return [_one(conn, table, id, body) for id, body in docs]
    taken = _there(conn, table, [id for id, _ in docs])
    told: list[Doc | Duplicate] = []
    new: list[Doc] = []
    for id, body in docs:
        if id in taken:
            told.append(Duplicate("_id"))
        else:
            new.append(Doc(id, 1, body))
            told.append(new[-1])
    _write(conn, table, new)
    return told


def _one(conn: sqlite3.Connection, table: Table, id: str, body: Body) -> Doc | Duplicate:
    try:
        return writes.insert(conn, table, id, body)
    except Duplicate as duplicate:
        return duplicate


def _there(conn: sqlite3.Connection, table: Table, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), _IDS_AT_ONCE):
        sql, values = queries.known(table, ids[start : start + _IDS_AT_ONCE])
        found.update(id for (id,) in conn.execute(sql, values))
    return found


def _write(conn: sqlite3.Connection, table: Table, new: Sequence[Doc]) -> None:
    # Numbers are given here as the table would give them, so that the word index is told in one go too.
    (last,) = conn.execute(f'SELECT coalesce(max(n), 0) FROM "{table.name}"').fetchone()
    numbered = list(enumerate(new, last + 1))
    conn.executemany(
        table.insert_numbered,
        [(n, doc.id, doc.ver, None, *table.values(doc.body), encode(doc.body)) for n, doc in numbered],
    )
    if table.words is not None:
        name = table.coll.words or ""
        texts = [(n, word_text(doc.body.get(name))) for n, doc in numbered]
        conn.executemany(
            f'INSERT INTO "{table.words}" (rowid, words) VALUES (?, ?)', [(n, text) for n, text in texts if text]
        )
