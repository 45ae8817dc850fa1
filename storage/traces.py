"""Where values stand in a store: in every document, in every file, and in the bytes of the store's own files.

Documents are read through the port, so this is told of any store; the bytes of an SQLite file hold more than its
documents do (free pages, the log, the words for the search), so they are looked through beside them.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from bridge.errors import NotFound
from bridge.model.ids import FileId
from bridge.ports import Files
from storage.documents import Coll, Documents, Key
from storage.schema import ALL, FILES

#: Documents read in one go; bytes of a file.
PORTION, PIECE = 500, 1 << 20


class Searched:
    """Values in the spellings a store may hold them in: as they are and as JSON escapes them, in any case."""

    def __init__(self, values: Iterable[str]) -> None:
        shown = [value.casefold() for value in values if value.strip()]
        spelled = [form for each in shown for form in (each, each.capitalize(), each.title(), each.upper())]
        escaped = [json.dumps(form)[1:-1].casefold() for form in spelled]
        self._needles = dict.fromkeys([*shown, *escaped])
        self._longest = max((len(each.encode()) for each in self._needles), default=1)

    def stands_in(self, text: str) -> bool:
        """Tell whether one of the values stands in a text."""
        folded = text.casefold()
        return any(needle in folded for needle in self._needles)

    def stands_in_bytes(self, pieces: Iterable[bytes]) -> bool:
        """Tell whether one stands in bytes that are read piece by piece, in UTF-8 or UTF-16."""
        kept = b""
        for piece in pieces:
            kept += piece
            if any(self.stands_in(text) for text in _texts(kept)):
                return True
            kept = kept[-4 * self._longest :]
        return False


def _texts(raw: bytes) -> Iterator[str]:
    yield raw.decode("utf-8", "ignore")
    for start in (0, 1):  # of UTF-16 nobody knows where its first letter begins
        yield raw[start:].decode("utf-16-le", "ignore")


def own_files(url: str, folder: Path | None) -> list[Path]:
    """Return the files an SQLite store is made of (its log and what lies beside it too), and those of a folder."""
    tops = [folder] if folder is not None else []
    if url.startswith("sqlite:///"):
        store = Path(url.removeprefix("sqlite:///"))
        tops += store.parent.glob(f"{store.name}*")
    found = [path for top in tops for path in (top, *top.rglob("*"))]
    return sorted(path for path in dict.fromkeys(found) if path.is_file())


async def traces(documents: Documents, files: Files, paths: Iterable[Path], values: Iterable[str]) -> Counter[str]:
    """Return the places where one of these values stands, with how many documents or files it is in each.

    `paths` are the store's own files, if they are at hand. Raises Unavailable, OSError.
    """
    searched, found = Searched(values), Counter[str]()
    for coll in ALL:
        async for id, text in _documents(documents, coll):
            found[f"collection {coll.name}"] += searched.stands_in(f"{id} {text}")
    async for id, _ in _documents(documents, FILES):
        try:
            pieces = [piece async for piece in files.read(FileId(id))]
        except NotFound:
            continue
        found["kept files"] += searched.stands_in_bytes(pieces)
    for path in paths:
        with suppress(FileNotFoundError):  # the log comes and goes
            found[f"bytes of {path.name}"] += searched.stands_in_bytes(_pieces(path))
    return +found


async def _documents(documents: Documents, coll: Coll) -> AsyncIterator[tuple[str, str]]:
    after: Key | None = None
    while True:
        docs = await documents.find(coll, (), after=after, limit=PORTION)
        for doc in docs:
            yield doc.id, json.dumps(doc.body, ensure_ascii=False, default=str)
        if len(docs) < PORTION:
            return
        after = Key(None, docs[-1].id)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
