"""Documents in one SQLite file. Fulfils storage.documents.Documents; several processes may open the same file."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from storage.checks import (
    check_after,
    check_claim,
    check_collection,
    check_id,
    check_inc,
    check_new,
    check_where,
    plan_group,
)
from storage.documents import Body, Checked, Coll, Doc, Duplicate, Index, Key, Order, P, Unavailable, check_body, plan
from storage.sqlite import connections, many, queries, writes
from storage.sqlite.reader import Reader
from storage.sqlite.schema import prepare
from storage.sqlite.tables import Table
from storage.sqlite.text import from_column
from storage.sqlite.writer import Writer

#: Pages and lists of ids up to this long are read on the event loop.
_SHORT = 200
#: Documents in which words stand, from which on it is quicker to walk along an order than to look at each.
MANY = 4000
_IDS_AT_ONCE = 500
#: Documents that one transaction of a bulk write holds: others wait for it.
_ROWS_AT_ONCE = 2000


class SqliteDocuments:
    """Documents in an SQLite file, made with its folder when absent.

    `busy_seconds` is how long a write waits for another process that is writing before it is Unavailable. Calls
    belong to the event loop that opened the store.
    """

    def __init__(self, path: str | Path, busy_seconds: float = 5.0) -> None:
        self.path = Path(path)
        self._busy_seconds = busy_seconds
        self._tables: dict[str, Table] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: Writer | None = None
        self._reader: Reader | None = None
        self._giving = False  # room is being given back, portion by portion

    async def open(self, collections: Sequence[Coll]) -> None:
        """Connect and make tables, key columns and declared indexes; raises ValueError, Duplicate, Unavailable."""
        tables = [Table(check_collection(coll)) for coll in collections]
        if self._writer is None:
            await self._connect()
        try:
            await self._write(lambda conn: prepare(conn, tables), long=True)
        except BaseException:
            if not self._tables:
                await self.close()
            raise
        self._tables |= {table.coll.name: table for table in tables}

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()

        def connect() -> tuple[sqlite3.Connection, sqlite3.Connection]:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.touch(0o600)  # customers' words: nobody else's to read; the log and its index follow the file
                writing = connections.writing(self.path, self._busy_seconds)
                return writing, connections.reading(self.path, 0)
            except OSError as error:
                raise Unavailable(f"{self.path}: {error.strerror}") from error
            except sqlite3.Error as error:
                raise connections.unavailable(self.path, error) from error

        writing, reading = await asyncio.to_thread(connect)
        connections.wait(writing, 0)
        self._loop = loop
        self._writer = Writer(self.path, writing, loop, self._busy_seconds)
        self._reader = Reader(self.path, reading, self._busy_seconds)

    async def close(self) -> None:
        """Finish accepted writes and disconnect."""
        writer, reader, loop = self._writer, self._reader, self._loop
        self._writer = self._reader = self._loop = None
        self._tables = {}
        if writer is None or reader is None:
            return
        if loop is asyncio.get_running_loop():
            await reader.close()
            await writer.close()
        else:
            reader.abandon()
            writer.abandon()

    async def ping(self) -> None:
        """Change a page of the file and sync it."""
        await self._write(writes.ping)

    async def get(self, coll: Coll, id: str) -> Doc | None:
        """Read one document."""
        table = self._table(coll)
        sql, values = queries.one(table), (check_id(id),)
        reader = self._open_reader()
        try:
            row = reader.one(sql, values)
        except sqlite3.Error:
            row = next(iter(await reader.rows(sql, values, short=False)), None)
        return None if row is None else table.doc(*row)

    async def get_many(self, coll: Coll, ids: Sequence[str]) -> dict[str, Doc]:
        """Read several documents at once, absent ones left out."""
        table, found = self._table(coll), {}
        wanted = list(dict.fromkeys(map(check_id, ids)))
        for start in range(0, len(wanted), _IDS_AT_ONCE):
            sql, values = queries.many(table, wanted[start : start + _IDS_AT_ONCE])
            for row in await self._open_reader().rows(sql, values, short=len(wanted) <= _SHORT):
                found[row[0]] = table.doc(*row)
        return {id: found[id] for id in wanted if id in found}

    async def insert(self, coll: Coll, id: str, body: Body) -> Doc:
        """Write a new document; raises Duplicate."""
        table = self._table(coll)
        id, clean = check_id(id), check_body(table.coll, body)
        doc: Doc = await self._write(lambda conn: writes.insert(conn, table, id, clean))
        return doc

    async def insert_many(self, coll: Coll, docs: Sequence[tuple[str, Body]]) -> list[Doc | Duplicate]:
        """Write new documents, each for itself, in portions of one transaction: what became of each, in order."""
        table = self._table(coll)
        clean = check_new(table.coll, docs)
        told: list[Doc | Duplicate] = []
        for start in range(0, len(clean), _ROWS_AT_ONCE):
            write = partial(many.insert, table=table, docs=clean[start : start + _ROWS_AT_ONCE])
            told += await self._write(write, long=True)
        return told

    async def replace(self, coll: Coll, id: str, ver: int, body: Body) -> Doc:
        """Write a new body if the version is still `ver`; raises VersionConflict or Duplicate."""
        table = self._table(coll)
        id, clean = check_id(id), body if type(body) is Checked else check_body(table.coll, body)
        doc: Doc = await self._write(lambda conn: writes.replace(conn, table, id, ver, clean))
        return doc

    async def delete(self, coll: Coll, id: str, ver: int | None = None) -> bool:
        """Remove a document (at this version, if one is given); raises VersionConflict."""
        table, id = self._table(coll), check_id(id)
        there: bool = await self._write(lambda conn: writes.delete(conn, table, id, ver))
        return there

    async def find(
        self,
        coll: Coll,
        where: Sequence[P] = (),
        order: Order | None = None,
        after: Key | None = None,
        limit: int = 100,
    ) -> list[Doc]:
        """Read documents in order, from after a key on; raises Unplanned."""
        table = self._table(coll)
        index = plan(table.coll, where, order)
        asked, end = check_where(table.coll, where), check_after(table.coll, order, after)
        if limit < 1:
            return []
        if order is not None and any(p.op == "words" for p in asked):
            index = await self._walked(table, asked, order)
        sql, values = queries.page(table, index, asked, order, end, limit)
        short = limit <= _SHORT and not any(p.op == "words" for p in asked)
        return [table.doc(*row) for row in await self._open_reader().rows(sql, values, short)]

    async def _walked(self, table: Table, where: Sequence[P], order: Order) -> Index | None:
        """Return the index to walk along for words that stand in many documents; None: those are few, and looked at."""
        index = next((each for each in table.coll.indexes if each.fields == (order.field,)), None)
        if index is None or any(p.op != "words" and p.field != order.field for p in where):
            return None
        for p in where:
            if p.op == "words" and p.value:
                sql, values = queries.hits(table, p.value, MANY)
                rows = await self._open_reader().rows(sql, values, short=False)
                if rows[0][0] < MANY:
                    return None
        return index

    async def count(self, coll: Coll, where: Sequence[P] = ()) -> int:
        """Count documents; raises Unplanned."""
        table = self._table(coll)
        sql, values = queries.count(table, plan(table.coll, where, None), check_where(table.coll, where))
        rows = await self._open_reader().rows(sql, values, short=bool(where))
        return int(rows[0][0])

    async def group(self, coll: Coll, by: str, where: Sequence[P] = ()) -> dict[Any, int]:
        """Count documents by the values of one declared field; raises Unplanned."""
        table = self._table(coll)
        sql, values = queries.group(table, plan_group(table.coll, by, where), by, check_where(table.coll, where))
        rows = await self._open_reader().rows(sql, values, short=bool(where))
        return {from_column(value, table.coll.fields[by]): number for value, number in rows}

    async def bump(self, coll: Coll, id: str, inc: Mapping[str, int], token: str | None = None) -> Doc:
        """Add to counters of a document, made at 0 when absent; once only for a token."""
        table, id, steps = self._table(coll), check_id(id), dict(inc)
        check_inc(table.coll, steps, token)
        doc: Doc = await self._write(lambda conn: writes.bump(conn, table, id, steps, token))
        return doc

    async def claim(
        self, coll: Coll, where: Sequence[P], due: str, now: datetime, until: datetime, holder: str, limit: int
    ) -> list[Doc]:
        """Take documents whose `due` is past, earliest first: sets due = until and holder = holder."""
        table = self._table(coll)
        now, until, holder = check_claim(table.coll, due, now, until, holder)
        index = plan(table.coll, where, Order(due))
        asked = check_where(table.coll, where)
        docs: list[Doc] = await self._write(
            lambda conn: writes.claim(conn, table, index, asked, due, now, until, holder, max(limit, 0)),
            long=limit > _SHORT,
        )
        return docs

    async def sweep(self, coll: Coll, where: Sequence[P], limit: int = 1000) -> int:
        """Delete a portion of the documents that match; returns how many."""
        table = self._table(coll)
        index = plan(table.coll, where, None)
        asked = check_where(table.coll, where)
        swept: int = await self._write(lambda conn: writes.sweep(conn, table, index, asked, max(limit, 0)), long=True)
        return swept

    async def scrub(self) -> None:
        """Write the whole file anew, without what was deleted, and empty the log; needs as much room on the disk."""
        for table in [table for table in self._tables.values() if table.words is not None]:
            await self._write(partial(writes.forget_words, table=table), long=True)
        if self._writer is None:
            raise Unavailable(f"{self.path} is closed")
        await self._writer.alone(connections.written_anew)

    async def give_back(self, pages: int) -> bool:
        """Merge word indexes and cut free pages off the file, so many of each; tells whether more is left."""
        begins, more = not self._giving, False
        for table in [table for table in self._tables.values() if table.words is not None]:
            merge = partial(writes.merge_words, table=table, pages=pages, begins=begins)
            more |= await self._write(merge, long=True)
        if self._writer is None:
            raise Unavailable(f"{self.path} is closed")
        left: int = await self._writer.alone(partial(connections.given_back, pages=pages))
        self._giving = more or left > 0
        return self._giving

    def _table(self, coll: Coll) -> Table:
        if self._writer is None:
            raise Unavailable(f"{self.path} is closed")
        table = self._tables.get(coll.name)
        if table is None:
            raise ValueError(f"{coll.name} was not opened")
        return table

    def _open_reader(self) -> Reader:
        if self._reader is None:
            raise Unavailable(f"{self.path} is closed")
        return self._reader

    async def _write(self, run: Callable[[sqlite3.Connection], Any], long: bool = False) -> Any:
        if self._writer is None:
            raise Unavailable(f"{self.path} is closed")
        return await self._writer.submit(run, long)
