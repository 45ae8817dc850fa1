# ruff: noqa: S608  # names in the SQL are declared ones, checked by storage.checks
"""Bringing a database to the declared collections: tables, key columns, indexes, word indexes."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence

from storage.checks import words_in
from storage.documents import Duplicate, Unavailable
from storage.sqlite.tables import Table
from storage.sqlite.text import decode, to_column

#: The layout of the file itself; raised when tables are laid out in another way.
LAYOUT = 1
_PORTION = 1000


def prepare(conn: sqlite3.Connection, tables: Sequence[Table]) -> None:
    """Make and change what is declared, inside the caller's transaction; raises Duplicate or Unavailable."""
    (layout,) = conn.execute("PRAGMA user_version").fetchone()
    if layout > LAYOUT:
        raise Unavailable(f"the file has layout {layout}, this program knows {LAYOUT}")
    conn.execute(f"PRAGMA user_version = {LAYOUT}")
    conn.execute("CREATE TABLE IF NOT EXISTS ping (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)")
    standing, indexes = _standing(conn)
    for table in tables:
        if table.name not in standing:
            conn.execute(table.create)
        _drop_indexes(conn, table, indexes[table.name])
        # A table that stands just as it would be made today has today's columns: nearly all do.
        if standing.get(table.name, table.create) != table.create:
            _change_columns(conn, table, indexes[table.name])
        _make_indexes(conn, table, indexes[table.name])
        _change_words(conn, table, standing)


def _standing(conn: sqlite3.Connection) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Read what the file holds: texts of tables by name, and texts of our indexes by table and name.

    It is read once for all tables: asked for each of them, it was most of an opening.
    """
    tables: dict[str, str] = {}
    indexes: dict[str, dict[str, str]] = defaultdict(dict)
    for kind, name, owner, sql in conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
        if kind == "table":
            tables[name] = sql
        elif kind == "index" and name.startswith(("ix_", "ux_")):
            indexes[owner][name] = sql
    return tables, indexes


def _drop_indexes(conn: sqlite3.Connection, table: Table, there: dict[str, str]) -> None:
    for name in [name for name, sql in there.items() if table.indexes.get(name) != sql]:
        conn.execute(f'DROP INDEX "{name}"')
        del there[name]


def _change_columns(conn: sqlite3.Connection, table: Table, indexes: dict[str, str]) -> None:
    """Drop key columns that are no longer declared (nobody would keep them right) and fill the new ones."""
    there = {row[1]: row[2] for row in conn.execute(f'PRAGMA table_info("{table.name}")') if row[1].startswith("k_")}
    stale = [name for name, kind in there.items() if table.columns.get(name) != kind]
    if stale:
        for name in indexes:
            conn.execute(f'DROP INDEX "{name}"')
        indexes.clear()
    for name in stale:
        conn.execute(f'ALTER TABLE "{table.name}" DROP COLUMN "{name}"')
    new = [name for name, kind in table.columns.items() if there.get(name) != kind]
    for name in new:
        conn.execute(f'ALTER TABLE "{table.name}" ADD COLUMN "{name}" {table.columns[name]}')
    if new:
        _fill_columns(conn, table, [name.removeprefix("k_") for name in new])


def _fill_columns(conn: sqlite3.Connection, table: Table, fields: Sequence[str]) -> None:
    sets = ", ".join(f'"k_{name}" = ?' for name in fields)
    last = -1
    while rows := _portion(conn, table, last):
        bodies = [(n, decode(doc)) for n, doc in rows]
        values = [[to_column(body.get(name), table.coll.fields[name]) for name in fields] + [n] for n, body in bodies]
        conn.executemany(f'UPDATE "{table.name}" SET {sets} WHERE n = ?', values)
        last = rows[-1][0]


def _make_indexes(conn: sqlite3.Connection, table: Table, there: Mapping[str, str]) -> None:
    for index in table.coll.indexes:
        name = table.index_name(index)
        if name not in there:
            try:
                conn.execute(table.indexes[name])
            except sqlite3.IntegrityError:
                raise Duplicate(index.name) from None


def _change_words(conn: sqlite3.Connection, table: Table, there: Mapping[str, str]) -> None:
    # An FTS5 table keeps its own tables beside it, named after it with a suffix; those go with it.
    for name, sql in there.items():
        mine = name.startswith(table.words_prefix) and name != table.words
        if mine and sql.startswith("CREATE VIRTUAL TABLE"):
            conn.execute(f'DROP TABLE "{name}"')
    if table.words is None or table.words in there or table.coll.words is None:
        return
    conn.execute(table.create_words)
    last = -1
    while rows := _portion(conn, table, last):
        bodies = [(n, decode(doc)) for n, doc in rows]
        words = [(n, word_text(body.get(table.coll.words))) for n, body in bodies]
        conn.executemany(
            f'INSERT INTO "{table.words}" (rowid, words) VALUES (?, ?)',
            [(n, text) for n, text in words if text],
        )
        last = rows[-1][0]


def word_text(words: str | None) -> str:
    """Return what the word index is told of a words field."""
    return " ".join(words_in(words)) if words else ""


def _portion(conn: sqlite3.Connection, table: Table, after: int) -> list[tuple[int, str]]:
    sql = f'SELECT n, doc FROM "{table.name}" WHERE n > ? ORDER BY n LIMIT {_PORTION}'
    return conn.execute(sql, (after,)).fetchall()
