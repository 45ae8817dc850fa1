"""What the repositories promise over any store: customers by the batch, and what undoing an import needs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, NotFound
from bridge.model.customers import Customer, Identity
from bridge.model.ids import CustomerId, IdentityId
from bridge.model.imports import CustomerImport, ImportChange, ImportFault, ImportStep
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store(documents: Documents) -> Repositories:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


def somebody(n: int, **more: Any) -> Customer:
    return Customer(CustomerId(f"cu{n}"), f"Анна {n}", T0 + timedelta(seconds=n), **more)


def mail(n: int, of: int) -> Identity:
    return Identity(IdentityId(f"i{n}"), CustomerId(f"cu{of}"), "email", f"a{n}@shop.example", False, source="import:j")


async def test_customers_come_by_the_batch_each_once(store: Repositories) -> None:
    people = store.people
    assert await people.add_customers([]) == []
    assert await people.add_customers([somebody(1), somebody(2)]) == []
    (there,) = await people.add_customers([replace(somebody(2), name="other"), somebody(3)])
    assert (there.id, there.name, there.version) == ("cu2", "Анна 2", 1)
    await people.add_identities([mail(1, 1), mail(2, 1), mail(3, 2), mail(1, 1)])
    await people.add_identities([mail(3, 2), mail(4, 3)])
    owned = await people.identities_of([CustomerId("cu1"), CustomerId("cu3"), CustomerId("none"), CustomerId("cu1")])
    assert {id: sorted(each.id for each in rows) for id, rows in owned.items()} == {
        "cu1": ["i1", "i2"],
        "cu3": ["i4"],
        "none": [],
    }
    assert [row.id for row in await people.search("a4@shop.example", 9)] == ["cu3"]
    await people.replace_customer(replace((await people.many([CustomerId("cu2")]))[0], linked_to=CustomerId("cu1")))
    newest = await people.newest(None, 1)
    assert [row.id for row in newest] == ["cu3"]
    assert [row.id for row in await people.newest((newest[0].created_at, newest[0].id), 5)] == ["cu1"]


async def test_an_import_keeps_its_steps_until_they_are_forgotten(store: Repositories) -> None:
    imports = store.customer_imports
    row = await imports.add(CustomerImport("j", "люди.csv", "system", T0, T0, 10, codes={"invalid": 1}))
    await imports.add(CustomerImport("k", "b.csv", "system", T0 + timedelta(days=1), T0, 10))
    assert [each.id for each in await imports.newest(5)] == ["k", "j"]
    assert [each.id for each in await imports.before(T0 + timedelta(hours=1), 5)] == ["j"]
    moved = await imports.replace(replace(row, line=5))
    with pytest.raises(Conflict):
        await imports.replace(replace(row, line=6))
    first = ImportStep("j:2", "j", 2, ("cu1",), (ImportFault(2, "email", "invalid"),))
    second = ImportStep("j:5", "j", 5, ("cu2",), changes=True)
    changes = [ImportChange(f"j:5:{n}", "j", 5, CustomerId(f"cu{n}"), {"tags": ["a"]}, {"tags": []}) for n in (1, 2)]
    for _ in range(2):  # whoever died in between writes them down again
        await imports.note(first, [])
        await imports.note(second, changes)
    assert [each.line for each in await imports.steps("j", 0, 9)] == [2, 5]
    assert (await imports.steps("j", 0, 1))[0].bad == first.bad
    assert [each.line for each in await imports.steps("j", 2, 9)] == [5]
    assert [each.line for each in await imports.last_steps("j", 1)] == [5]
    assert [each.customer for each in await imports.changes("j", 5)] == ["cu2", "cu1"]
    await store.erasing.take_customer(CustomerId("cu2"))
    assert [each.before for each in await imports.changes("j", 5)] == [{"tags": ["a"]}]
    await imports.forget(second)
    assert (await imports.changes("j", 5), [each.line for each in await imports.last_steps("j", 9)]) == ([], [2])
    await imports.drop(moved.id)
    assert await imports.steps("j", 0, 9) == []
    with pytest.raises(NotFound):
        await imports.get("j")


async def test_only_who_stands_as_he_was_seen_is_taken_back(store: Repositories) -> None:
    people, imports = store.people, store.customer_imports
    await people.add_customers([somebody(1), somebody(2)])
    await people.add_identities([mail(1, 1), mail(2, 1), mail(3, 2)])
    seen, owned = await people.many([CustomerId("cu1"), CustomerId("cu2")]), await people.identities(CustomerId("cu1"))
    await people.replace_customer(replace(seen[1], note="changed"))
    assert not await imports.take_customer(seen[1], await people.identities(CustomerId("cu2")))
    assert len(await people.identities(CustomerId("cu2"))) == 1
    await people.replace_identity(replace(owned[0], proved=True))
    assert await imports.take_customer(seen[0], owned)
    assert [each.id for each in await people.identities(CustomerId("cu1"))] == [owned[0].id]
    assert await imports.take_identities(owned) == 0
