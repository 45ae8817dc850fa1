"""What the repositories promise over any store: tags of all customers are counted, whatever becomes of them."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from bridge.clock import SystemClock
from bridge.model.customers import Customer
from bridge.model.ids import CustomerId
from storage.documents import Documents
from storage.migrations import tags_of_customers_are_counted
from storage.repositories import Repositories
from storage.repositories.people import PeopleRows
from storage.schema import ALL, CUSTOMER_TAGS

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
TAGS = ("опт", "Опт", "розница", "VIP", "🎁", "x$.y")


async def counted(documents: Documents) -> dict[str, int]:
    return {doc.id: doc.body["used"] for doc in await documents.find(CUSTOMER_TAGS)}


async def standing(people: PeopleRows) -> dict[str, int]:
    rows = await people.since(None, None, 100)
    return dict(Counter(tag for row in rows for tag in {each.lower() for each in row.tags}))


async def test_tags_are_counted_as_customers_come_change_and_go(documents: Documents) -> None:
    await documents.open(ALL)
    store, random, known = Repositories(documents, SystemClock()), Random(11), list[Customer]()
    people = store.people

    def somebody(n: int) -> Customer:
        tags = tuple({tag.lower(): tag for tag in random.sample(TAGS, random.randint(0, 3))}.values())
        return Customer(CustomerId(f"cu{n:02}"), "Анна", T0 + timedelta(seconds=n), tags=tags)

    many = [somebody(n) for n in range(8)]
    await people.add_customers(many)
    await people.add_customers([*many, somebody(8)])
    known += await people.since(None, None, 100)
    for n in range(25):
        match random.randint(0, 4):
            case 0:
                known.append(await people.add_customer(somebody(20 + n)))
                await people.add_customer(known[-1])
            case 1 if known:
                gone = known.pop(random.randrange(len(known)))
                await asyncio.gather(store.erasing.take_customer(gone.id), store.erasing.take_customer(gone.id))
            case 2 if known:
                gone = known.pop(random.randrange(len(known)))
                assert await store.customer_imports.take_customer(gone, [])
            case _ if known:
                at = random.randrange(len(known))
                rows = store.people if n % 2 else Repositories(documents, SystemClock()).people  # or another process
                known[at] = await rows.replace_customer(replace(known[at], tags=somebody(0).tags))
    assert await counted(documents) == await standing(people)
    found = await people.tags(100)
    assert {tag.lower() for tag in found} == set(await counted(documents))
    numbers = [(await counted(documents))[tag.lower()] for tag in found]
    assert numbers == sorted(numbers, reverse=True)
    assert await people.tags(1) == found[:1]
    await documents.delete(CUSTOMER_TAGS, found[0].lower())
    for _ in range(2):
        await tags_of_customers_are_counted(documents)
        assert await counted(documents) == await standing(people)
    await asyncio.gather(
        *(people.add_customer(Customer(CustomerId(f"n{n}"), "я", T0, tags=("Новый",))) for n in range(6))
    )
    assert (await counted(documents))["новый"] == 6
