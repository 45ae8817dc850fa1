"""The embedded store: documents in one SQLite file."""

from storage.sqlite.documents import SqliteDocuments

__all__ = ["SqliteDocuments"]
