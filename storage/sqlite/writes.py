# ruff: noqa: S608  # names in the SQL are declared ones, checked by storage.checks
"""Writes as functions of the writing connection: each is one caller's unit inside a shared transaction.

Each refuses (Duplicate, VersionConflict, ValueError) before it has written anything.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from storage.checks import bumped, remember
from storage.documents import Body, Doc, Duplicate, Index, Order, P, VersionConflict, check_body
from storage.sqlite import queries
from storage.sqlite.schema import word_text
from storage.sqlite.tables import Table
from storage.sqlite.text import decode, encode


def insert(conn: sqlite3.Connection, table: Table, id: str, body: Body, seen: str | None = None) -> Doc:
    """Write a new document; raises Duplicate."""
    doc = encode(body)
    try:
        cursor = conn.execute(table.insert, [id, 1, seen, *table.values(body), doc])
    except sqlite3.IntegrityError:
        if conn.execute(queries.one(table), (id,)).fetchone():
            raise Duplicate("_id") from None
        raise _taken(conn, table, id, body) from None
    if table.words is not None:
        text = _words(table, body)
        if text:
            conn.execute(f'INSERT INTO "{table.words}" (rowid, words) VALUES (?, ?)', (cursor.lastrowid, text))
    return table.know(doc, Doc(id, 1, body))


def replace(conn: sqlite3.Connection, table: Table, id: str, ver: int, body: Body) -> Doc:
    """Write a new body if the version is still `ver`; raises VersionConflict or Duplicate."""
    row = conn.execute(table.stand, (id,)).fetchone()
    if row is None or row[1] != ver:
        raise VersionConflict(row[1] if row else None)
    n, _, doc, *before = row
    values, text = table.values(body), encode(body)
    # Naming a column makes SQLite write its indexes anew even when the value stays: only what changes is named.
    changed = [at for at, (old, new) in enumerate(zip(before, values, strict=True)) if old != new]
    try:
        conn.execute(table.update(changed), [ver + 1, *(values[at] for at in changed), text, n])
    except sqlite3.IntegrityError:
        raise _taken(conn, table, id, body) from None
    if table.words is not None and not _same_end(table, doc, body):
        old_words, words = _words(table, decode(doc)), _words(table, body)
        if old_words != words:
            _change_words(conn, table, n, old_words, words)
    return table.know(text, Doc(id, ver + 1, body))


def delete(conn: sqlite3.Connection, table: Table, id: str, ver: int | None) -> bool:
    """Remove a document; raises VersionConflict."""
    row = conn.execute(f'SELECT n, ver, doc FROM "{table.name}" WHERE id = ?', (id,)).fetchone()
    if row is None:
        return False
    n, found, doc = row
    if ver is not None and found != ver:
        raise VersionConflict(found)
    conn.execute(f'DELETE FROM "{table.name}" WHERE n = ?', (n,))
    if table.words is not None:
        _change_words(conn, table, n, _words(table, decode(doc)), "")
    return True


def bump(conn: sqlite3.Connection, table: Table, id: str, inc: Mapping[str, int], token: str | None) -> Doc:
    """Add to counters of a document, made at 0 when absent; once only for a token; raises ValueError, Duplicate."""
    row = conn.execute(f'SELECT ver, seen, doc FROM "{table.name}" WHERE id = ?', (id,)).fetchone()
    if row is None:
        body = check_body(table.coll, bumped(table.coll, {}, inc))
        return insert(conn, table, id, body, None if token is None else json.dumps([token]))
    ver, known, doc = row
    seen = json.loads(known) if known else []
    if token in seen:
        return Doc(id, ver, decode(doc))
    written = replace(conn, table, id, ver, check_body(table.coll, bumped(table.coll, decode(doc), inc)))
    if token is not None:
        remembered = json.dumps(remember(seen, token), ensure_ascii=False)
        conn.execute(f'UPDATE "{table.name}" SET seen = ? WHERE id = ?', (remembered, id))
    return written


def claim(
    conn: sqlite3.Connection,
    table: Table,
    index: Index | None,
    where: Sequence[P],
    due: str,
    now: datetime,
    until: datetime,
    holder: str,
    limit: int,
) -> list[Doc]:
    """Take documents whose `due` is past, earliest first."""
    sql, values = queries.page(table, index, [*where, P(due, "le", now)], Order(due), None, limit)
    taken = []
    for id, ver, doc in conn.execute(sql, values).fetchall():
        taken.append(replace(conn, table, id, ver, {**decode(doc), due: until, "holder": holder}))
    return taken


def sweep(conn: sqlite3.Connection, table: Table, index: Index | None, where: Sequence[P], limit: int) -> int:
    """Delete a portion of the documents that match; returns how many."""
    if table.words is None:
        sql, values = queries.some(table, index, where, limit, "n")
        return conn.execute(f'DELETE FROM "{table.name}" WHERE n IN ({sql})', values).rowcount
    sql, values = queries.some(table, index, where, limit, "n, doc")
    rows = conn.execute(sql, values).fetchall()
    for n, doc in rows:
        conn.execute(f'DELETE FROM "{table.name}" WHERE n = ?', (n,))
        _change_words(conn, table, n, _words(table, decode(doc)), "")
    return len(rows)


def forget_words(conn: sqlite3.Connection, table: Table) -> None:
    """Have a word index drop the words of deleted rows: until its parts are merged it only marks them as gone."""
    conn.execute(f'INSERT INTO "{table.words}" ("{table.words}") VALUES (\'optimize\')')


def merge_words(conn: sqlite3.Connection, table: Table, pages: int, begins: bool) -> bool:
    """Do a part of what `forget_words` does; tells whether more is left. What comes meanwhile is not waited for."""
    before = conn.total_changes
    # Below zero all parts there are now are to be merged, above it what was begun is gone on with.
    portion = -pages if begins else pages
    conn.execute(f'INSERT INTO "{table.words}" ("{table.words}", rank) VALUES (\'merge\', ?)', (portion,))
    return conn.total_changes - before > 1  # the command itself counts for one


def ping(conn: sqlite3.Connection) -> None:
    """Change a page of the file."""
    conn.execute("INSERT INTO ping (id, at) VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET at = at + 1")


def _words(table: Table, body: Body) -> str:
    return word_text(body.get(table.coll.words or ""))


def _same_end(table: Table, before: str, body: Body) -> bool:
    """Tell from the old text alone that its words are the body's: repositories write them last, so it ends with them.

    Inside a string no quote stands without a backslash, and behind a deeper place another brace follows: what ends so
    is the field itself. False: they may be the same all the same.
    """
    name = table.coll.words or ""
    end = encode({name: body.get(name)})[1:]
    return before.endswith((f",{end}", f"{{{end}"))


def _change_words(conn: sqlite3.Connection, table: Table, n: int, before: str, after: str) -> None:
    # The index keeps no text, so to forget a row it must be told again what it was told then.
    if before:
        conn.execute(
            f'INSERT INTO "{table.words}" ("{table.words}", rowid, words) VALUES (\'delete\', ?, ?)', (n, before)
        )
    if after:
        conn.execute(f'INSERT INTO "{table.words}" (rowid, words) VALUES (?, ?)', (n, after))


def _taken(conn: sqlite3.Connection, table: Table, id: str, body: Body) -> Duplicate:
    """Tell which unique index, in declared order, holds another document with these values."""
    for index in table.unique_indexes():
        sql, values = queries.some(table, index, [P(name, "eq", body[name]) for name in index.fields], 2, "id")
        if any(other != id for (other,) in conn.execute(sql, values)):
            return Duplicate(index.name)
    return Duplicate("_id")
