# ruff: noqa: S608  # names in the SQL are declared ones, checked by storage.checks
"""How a collection lies in SQLite: one rowid table with key columns, its indexes, and a word index beside it."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from storage.documents import Body, Coll, Doc, Index
from storage.sqlite.text import decode, to_column
from storage.values import FieldType

# Column types say which kind a column was written for, and give the affinity that leaves values as they are.
COLUMN_TYPES: dict[FieldType, str] = {
    "str": "TEXT",
    "int": "INTEGER",
    "bool": "INTEGER_BOOL",
    "ts": "INTEGER_MS",
    "float": "BLOB_NUMBER",
}


#: Documents of a table that are remembered with their text, and characters of all those texts; then all are
#: forgotten: those in use come back.
KNOWN = 1000
KNOWN_TEXT = 4_000_000


class Table:
    """A collection's table: names and the SQL texts that do not depend on what is asked, and documents met lately."""

    def __init__(self, coll: Coll) -> None:
        self.coll = coll
        self._known: dict[str, tuple[str, Doc]] = {}
        self._characters = 0  # of texts remembered since all were forgotten
        self.name = f"c_{coll.name}"
        self.columns: dict[str, str] = {f"k_{name}": COLUMN_TYPES[kind] for name, kind in coll.fields.items()}
        self._names = tuple(self.columns)
        self.indexes: dict[str, str] = {self.index_name(index): self._index_sql(index) for index in coll.indexes}
        self.words_prefix = f"w_{coll.name}__"
        self.words = f"{self.words_prefix}{coll.words}" if coll.words else None

    def index_name(self, index: Index) -> str:
        """The index's name in the database, which tells unique ones from others."""
        return f"{'ux' if index.unique else 'ix'}_{self.coll.name}__{index.name}"

    def _index_sql(self, index: Index) -> str:
        # The id at the end makes pages of equal values come out of the index in order.
        fields = [f'"k_{name}"' for name in index.fields] + ([] if index.unique else ["id"])
        unique = "UNIQUE " if index.unique else ""
        return f'CREATE {unique}INDEX "{self.index_name(index)}" ON "{self.name}" ({", ".join(fields)})'

    @cached_property
    def create(self) -> str:
        """The table; `n` stays a row's number for the word index, the long text stands last."""
        keys = "".join(f'"{name}" {kind}, ' for name, kind in self.columns.items())
        return (
            f'CREATE TABLE "{self.name}" (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, '
            f"ver INTEGER NOT NULL, seen TEXT, {keys}doc TEXT NOT NULL)"
        )

    @cached_property
    def create_words(self) -> str:
        """The word index, which keeps no text: everything but blanks and control characters belongs to a word."""
        return (
            f"CREATE VIRTUAL TABLE \"{self.words}\" USING fts5(words, content='', columnsize=0, detail=none, "
            "tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Cf Cn Co Cs'\")"
        )

    @cached_property
    def insert(self) -> str:
        """Parameters: id, ver, seen, columns, doc."""
        return self._insert("id")

    @cached_property
    def insert_numbered(self) -> str:
        """Parameters: n, id, ver, seen, columns, doc."""
        return self._insert("n", "id")

    def _insert(self, *first: str) -> str:
        names = [*first, "ver", "seen", *(f'"{name}"' for name in self.columns), "doc"]
        return f'INSERT INTO "{self.name}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})'

    @cached_property
    def stand(self) -> str:
        """Where a document stands. Parameter: id; columns: n, ver, the old text if its words matter, key columns."""
        names = "".join(f', "{name}"' for name in self.columns)
        return f'SELECT n, ver, {"doc" if self.words else "NULL"}{names} FROM "{self.name}" WHERE id = ?'

    def update(self, changed: Sequence[int]) -> str:
        """A write of the text and of some key columns, by place. Parameters: ver, those columns, doc, n."""
        sets = "".join(f'"{self._names[at]}" = ?, ' for at in changed)
        return f'UPDATE "{self.name}" SET ver = ?, {sets}doc = ? WHERE n = ?'

    @cached_property
    def keys(self) -> tuple[tuple[str, FieldType], ...]:
        """The declared fields with their kinds, in the columns' order."""
        return tuple(self.coll.fields.items())

    def values(self, body: Body) -> list[Any]:
        """Return what the key columns hold for a body, in order."""
        return [to_column(body.get(name), kind) for name, kind in self.keys]

    def know(self, text: str, doc: Doc) -> Doc:
        """Remember a document with the text that holds it; bodies of documents are never changed. Returns it."""
        self._characters += len(text)
        if len(self._known) >= KNOWN or self._characters > KNOWN_TEXT:
            self._known.clear()
            self._characters = len(text)
        self._known[doc.id] = text, doc
        return doc

    def doc(self, id: str, ver: int, text: str) -> Doc:
        """Return a row's document; one whose text is the remembered one is not decoded again."""
        known = self._known.get(id)
        # The text decides, not the version: what was written may have been taken back, or written by others.
        if known is not None and known[1].ver == ver and known[0] == text:
            return known[1]
        return self.know(text, Doc(id, ver, decode(text)))

    def unique_indexes(self) -> Sequence[Index]:
        """The unique indexes in declared order."""
        return [index for index in self.coll.indexes if index.unique]
