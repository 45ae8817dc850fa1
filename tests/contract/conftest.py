"""The stores under contract: another one joins by one more maker."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage.documents import Documents
from storage.memory import MemoryDocuments
from storage.sqlite import SqliteDocuments

MAKERS: dict[str, Callable[[Path], Documents]] = {
    "memory": lambda folder: MemoryDocuments(),
    "sqlite": lambda folder: SqliteDocuments(folder / "store" / "mostik.db"),
}


@pytest.fixture(params=MAKERS)
async def documents(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Documents]:
    """A store that was never opened; it is closed afterwards."""
    store = MAKERS[request.param](tmp_path)
    yield store
    await store.close()
