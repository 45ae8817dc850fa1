# ruff: noqa: S608  # names in the SQL are declared ones, checked by storage.checks
"""Questions as SQL: each forced onto the index the port's plan names, so that speed is decided by declarations."""

from collections.abc import Sequence
from typing import Any

from storage.checks import beginning
from storage.documents import Index, Key, Order, P
from storage.sqlite.tables import Table
from storage.sqlite.text import to_column

_SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
Query = tuple[str, list[Any]]


def one(table: Table) -> str:
    """Read a document. Parameter: id; columns: id, ver, doc."""
    return f'SELECT id, ver, doc FROM "{table.name}" WHERE id = ?'


def many(table: Table, ids: Sequence[str]) -> Query:
    """Read documents by id; columns: id, ver, doc."""
    marks, values = _marks(ids)
    return f'SELECT id, ver, doc FROM "{table.name}" WHERE id IN ({marks})', values


def known(table: Table, ids: Sequence[str]) -> Query:
    """Tell which ids are there; column: id."""
    marks, values = _marks(ids)
    return f'SELECT id FROM "{table.name}" WHERE id IN ({marks})', values


def page(
    table: Table,
    index: Index | None,
    where: Sequence[P],
    order: Order | None,
    after: Key | None,
    limit: int,
    columns: str = "id, ver, doc",
) -> Query:
    """Read a page of documents in order."""
    conditions, values = _conditions(table, where)
    desc = order is not None and order.desc
    falling, beyond = (" DESC", "<") if desc else ("", ">")
    if order is None:
        sort = "id"
        if after is not None:
            conditions.append("id > ?")
            values.append(after.id)
    else:
        name = f'"k_{order.field}"'
        sort = f"{name}{falling}, id{falling}"
        conditions.append(f"{name} IS NOT NULL")
        if after is not None:
            conditions.append(f"({name}, id) {beyond} (?, ?)")
            values += [to_column(after.value, table.coll.fields[order.field]), after.id]
    sql = f"SELECT {columns} FROM {_source(table, index)}{_where(conditions)} ORDER BY {sort} LIMIT ?"
    return sql, [*values, limit]


def some(table: Table, index: Index | None, where: Sequence[P], limit: int, columns: str) -> Query:
    """Read documents that match, as they come."""
    conditions, values = _conditions(table, where)
    return f"SELECT {columns} FROM {_source(table, index)}{_where(conditions)} LIMIT ?", [*values, limit]


def hits(table: Table, words: str, most: int) -> Query:
    """Count documents in which words stand, at most so many."""
    sql = f'SELECT count(*) FROM (SELECT 1 FROM "{table.words}" WHERE "{table.words}" MATCH ? LIMIT ?)'
    return sql, [_match(words), most]


def count(table: Table, index: Index | None, where: Sequence[P]) -> Query:
    """Count documents."""
    conditions, values = _conditions(table, where)
    return f"SELECT count(*) FROM {_source(table, index)}{_where(conditions)}", values


def group(table: Table, index: Index | None, by: str, where: Sequence[P]) -> Query:
    """Count documents by the values of a field."""
    conditions, values = _conditions(table, where)
    conditions.append(f'"k_{by}" IS NOT NULL')
    sql = f'SELECT "k_{by}", count(*) FROM {_source(table, index)}{_where(conditions)} GROUP BY "k_{by}"'
    return sql, values


def _source(table: Table, index: Index | None) -> str:
    return f'"{table.name}"' + (f' INDEXED BY "{table.index_name(index)}"' if index is not None else "")


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _match(words: str) -> str:
    return " ".join(map(_term, words.split()))


def _term(word: str) -> str:
    start = beginning(word)
    quoted = (word if start is None else start).replace('"', '""')
    return f'"{quoted}"' if start is None else f'"{quoted}"*'


def _conditions(table: Table, where: Sequence[P]) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for p in where:
        if p.op == "words":
            if p.value:
                conditions.append(f'n IN (SELECT rowid FROM "{table.words}" WHERE "{table.words}" MATCH ?)')
                values.append(_match(p.value))
            else:
                conditions.append("0")
            continue
        kind = "str" if p.field == "_id" else table.coll.fields[p.field]
        column = "id" if p.field == "_id" else f'"k_{p.field}"'
        if p.op == "in":
            marks, more = _marks([to_column(value, kind) for value in p.value])
            conditions.append(f"{column} IN ({marks})")
            values += more
        else:
            conditions.append(f"{column} {_SIGNS[p.op]} ?")
            values.append(to_column(p.value, kind))
    return conditions, values


def _marks(values: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return marks for a list of values, filled up to a power of two so that few different texts are prepared."""
    if not values:
        return "", []
    size = 1 << (len(values) - 1).bit_length()
    return ", ".join("?" * size), [*values, *[values[-1]] * (size - len(values))]
