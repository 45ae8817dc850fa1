"""Schema numbers and the way from one to the next, with made-up migrations."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.documents import Coll, Documents, Unavailable
from storage.memory import MemoryDocuments
from storage.migrations import (
    CURRENT,
    META,
    MIGRATIONS,
    Migration,
    NewerSchema,
    OldSchema,
    migrate,
    require_current,
    schema_number,
)
from storage.sqlite import SqliteDocuments

PEOPLE = Coll("people")


@pytest.fixture(params=["memory", "sqlite"])
async def documents(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Documents]:
    store: Documents = MemoryDocuments() if request.param == "memory" else SqliteDocuments(tmp_path / "a.db")
    await store.open([META, PEOPLE])
    yield store
    await store.close()


async def split_names(documents: Documents) -> None:
    for doc in await documents.find(PEOPLE):
        if "name" in doc.body:
            first, last = doc.body["name"].split()
            await documents.replace(PEOPLE, doc.id, doc.ver, {"first": first, "last": last})


async def add_greeting(documents: Documents) -> None:
    for doc in await documents.find(PEOPLE):
        await documents.replace(PEOPLE, doc.id, doc.ver, {**doc.body, "greeting": f"Hello, {doc.body['first']}"})


STEPS: list[Migration] = [split_names, add_greeting]


async def old_store(documents: Documents) -> None:
    assert await schema_number(documents, 1) == 1
    for n in range(3):
        await documents.insert(PEOPLE, f"p{n}", {"name": f"Ann{n} Lee"})


async def test_a_new_store_is_current_at_once(documents: Documents) -> None:
    assert await schema_number(documents) == CURRENT == 1 + len(MIGRATIONS)
    await require_current(documents)
    assert await migrate(documents) == []


async def test_a_new_store_runs_no_migrations(documents: Documents) -> None:
    assert await migrate(documents, STEPS) == []
    assert await schema_number(documents) == 3


async def test_an_old_store_is_refused_then_migrated_in_order(documents: Documents) -> None:
    await old_store(documents)
    with pytest.raises(OldSchema) as caught:
        await require_current(documents, 3)
    assert (caught.value.found, caught.value.wanted) == (1, 3)
    assert await migrate(documents, STEPS) == ["split_names", "add_greeting"]
    await require_current(documents, 3)
    bodies = [doc.body for doc in await documents.find(PEOPLE)]
    assert bodies[1] == {"first": "Ann1", "last": "Lee", "greeting": "Hello, Ann1"}
    assert await migrate(documents, STEPS) == []


async def test_an_interrupted_migration_goes_on_where_it_stopped(documents: Documents) -> None:
    await old_store(documents)
    calls: list[str] = []

    async def interrupted(documents: Documents) -> None:
        calls.append("interrupted")
        if len(calls) == 1:
            (doc, *_) = await documents.find(PEOPLE, limit=1)
            await documents.replace(PEOPLE, doc.id, doc.ver, {**doc.body, "greeting": "Hello, half"})
            raise Unavailable("the store went away")
        await add_greeting(documents)

    steps: list[Migration] = [split_names, interrupted]
    with pytest.raises(Unavailable):
        await migrate(documents, steps)
    assert await schema_number(documents) == 2
    with pytest.raises(OldSchema):
        await require_current(documents, 3)
    assert await migrate(documents, steps) == ["interrupted"]
    assert [doc.body["greeting"] for doc in await documents.find(PEOPLE)] == [f"Hello, Ann{n}" for n in range(3)]


async def test_a_store_of_a_newer_program_is_left_alone(documents: Documents) -> None:
    assert await schema_number(documents, 9) == 9
    with pytest.raises(NewerSchema) as caught:
        await require_current(documents, 3)
    assert (caught.value.found, caught.value.wanted) == (9, 3)
    with pytest.raises(NewerSchema):
        await migrate(documents, STEPS)
    assert await schema_number(documents) == 9


async def test_two_that_migrate_at_once_end_at_the_same_number(documents: Documents) -> None:
    await old_store(documents)

    async def beaten(documents: Documents) -> None:
        await migrate(documents, [split_names])  # another process does the same meanwhile

    assert await migrate(documents, [beaten, add_greeting]) == ["add_greeting"]
    assert await schema_number(documents) == 3
