"""From the address of a store to the store, importing only the driver it needs."""

from pathlib import Path

from storage.documents import Documents


def documents_of(url: str) -> Documents:
    """Return the unopened store of an address: sqlite:///path, or memory:// for tests and tries.

    Raises ValueError for an address of another kind.
    """
    if url.startswith("sqlite:///"):
        from storage.sqlite import SqliteDocuments

        return SqliteDocuments(Path(url.removeprefix("sqlite:///")))
    if url == "memory://":
        from storage.memory import MemoryDocuments

        return MemoryDocuments()
    raise ValueError(f"no store of this kind: {url.split('://')[0]}")
