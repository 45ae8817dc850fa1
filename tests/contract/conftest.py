"""The stores under contract: another one joins by one more maker."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from storage.documents import Documents
from storage.memory import MemoryDocuments
from storage.mongo import MongoDocuments
from storage.sqlite import SqliteDocuments
from tests.mongo_server import GIVEN

Maker = Callable[[pytest.FixtureRequest, Path], Documents]

MAKERS: dict[str, Maker] = {
    "memory": lambda request, folder: MemoryDocuments(),
    "sqlite": lambda request, folder: SqliteDocuments(folder / "store" / "mostik.db"),
    "mongo": lambda request, folder: MongoDocuments(request.getfixturevalue("mongo_url")),
}
if GIVEN:
    MAKERS["given-mongo"] = lambda request, folder: MongoDocuments(request.getfixturevalue("given_mongo_url"))
MARKS: dict[str, Any] = {"mongo": pytest.mark.mongo}


@pytest.fixture(params=[pytest.param(name, marks=MARKS.get(name, ())) for name in MAKERS])
async def documents(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Documents]:
    """A store that was never opened; it is closed afterwards."""
    store = MAKERS[request.param](request, tmp_path)
    yield store
    await store.close()
