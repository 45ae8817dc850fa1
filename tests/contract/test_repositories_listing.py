"""The list of customers over any store: by last activity, by age, by name, page by page, through anybody's eyes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Invalid
from bridge.model.access import ALL, Reach, Scope
from bridge.model.conversations import Conversation, LastMessage, Stage
from bridge.model.customers import Customer
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, MessageId, OperatorId
from bridge.model.operators import Operator, Role
from bridge.people.listing import By, listed, search, total
from storage.documents import Documents
from storage.migrations import META, migrate
from storage.repositories import Repositories
from storage.schema import ALL as COLLECTIONS
from storage.schema import CUSTOMERS

T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
#: Customers by age; "Нюра" joined another, so nobody lists her.
NAMES = ("ёжикова Яна", "Анна", "Жанна", "Bob", "Нюра", "Егор", "  анна  б", "Вера")
#: Of which customer, in which channel; each conversation a minute older than the one before.
CASES = ((5, "tg"), (1, "vk"), (2, "vk"), (1, "tg"), (5, "tg"), (0, "tg"))
BY = {
    By.ACTIVE: ["cu5", "cu1", "cu2", "cu0", "cu7", "cu6", "cu3"],
    By.NEW: ["cu7", "cu6", "cu5", "cu3", "cu2", "cu1", "cu0"],
    By.NAME: ["cu3", "cu1", "cu6", "cu7", "cu5", "cu0", "cu2"],
}
#: What somebody gets who is given Telegram alone: Жанна writes in VK only, and who never wrote is everybody's.
TELEGRAM = {
    By.ACTIVE: ["cu5", "cu1", "cu0", "cu7", "cu6", "cu3"],
    By.NEW: ["cu7", "cu6", "cu5", "cu3", "cu1", "cu0"],
    By.NAME: ["cu3", "cu1", "cu6", "cu7", "cu5", "cu0"],
}
ADA = Operator(OperatorId("ada"), "ada@example.org", "Ada", Role.OPERATOR, "", T0)
EVE = replace(ADA, id=OperatorId("eve"), channel_reach=Reach(Scope.ONLY, ("tg",)), team_reach=ALL)


def case(age: int) -> Conversation:
    person, channel = CASES[age]
    at, id = T0 - timedelta(minutes=age), f"c{age}"
    said = LastMessage("да", "customer", at, MessageId(f"m{age}"))
    return Conversation(
        ConversationId(id),
        0,
        ChannelName(channel),
        ChatId(id),
        CustomerId(f"cu{person}"),
        NAMES[person],
        Stage.BOT,
        T0 - timedelta(days=9),
        T0,
        last_message=said,
    )


@pytest.fixture
async def hall(documents: Documents) -> Any:
    await documents.open(COLLECTIONS)
    store = Repositories(documents, SystemClock())
    for age, name in enumerate(NAMES):
        joined = CustomerId("cu1") if name == "Нюра" else None
        at = T0 + timedelta(hours=age)
        await store.people.add_customer(Customer(CustomerId(f"cu{age}"), name, at, linked_to=joined))
    for age in range(len(CASES)):
        await store.conversations.open(case(age))
    return SimpleNamespace(store=store)


async def everybody(hall: Any, reader: Operator, by: By, limit: int) -> list[str]:
    """Read all pages: none is longer than asked, and they end."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        lines, cursor = await listed(hall, reader, by, cursor, limit)
        assert len(lines) <= limit
        found += [line.customer.id for line in lines]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_every_customer_is_listed_once_and_in_order(hall: Any, limit: int) -> None:
    for by in By:
        assert await everybody(hall, ADA, by, limit) == BY[by], by
        assert await everybody(hall, EVE, by, limit) == TELEGRAM[by], by
    assert (await total(hall, ADA), await total(hall, EVE)) == (7, None)


async def test_a_line_tells_of_what_its_reader_gets_alone(hall: Any) -> None:
    for reader, channel, minutes in ((ADA, "vk", 1), (EVE, "tg", 3)):
        for by in By:
            (line,) = [row for row in (await listed(hall, reader, by, "", 9))[0] if row.customer.id == "cu1"]
            assert line.conversation is not None
            assert (line.conversation.channel, line.active_at) == (channel, T0 - timedelta(minutes=minutes))
    found = await search(hall, ADA, By.NAME, "анна", 9)
    assert [line.customer.id for line in found] == ["cu1", "cu6"]
    assert [line.customer.id for line in await search(hall, ADA, By.NEW, "анна", 9)] == ["cu6", "cu1"]
    assert [line.customer.id for line in await search(hall, EVE, By.ACTIVE, "анна", 9)] == ["cu1", "cu6"]
    assert await search(hall, EVE, By.ACTIVE, "жанна", 9) == []


async def test_who_writes_comes_first_and_a_new_name_sorts_anew(hall: Any) -> None:
    older = await hall.store.conversations.get(ConversationId("c5"))
    said = LastMessage("и снова я", "customer", T0 + timedelta(minutes=1), MessageId("m9"))
    await hall.store.conversations.replace(replace(older, last_message=said))
    assert await everybody(hall, ADA, By.ACTIVE, 2) == ["cu0", *[id for id in BY[By.ACTIVE] if id != "cu0"]]
    bob = await hall.store.people.customer(CustomerId("cu3"))
    await hall.store.people.replace_customer(replace(bob, name="Яков"))
    assert await everybody(hall, ADA, By.NAME, 2) == [*BY[By.NAME][1:], "cu3"]
    for by, cursor in ((By.ACTIVE, "silent~x~y"), (By.ACTIVE, "x"), (By.NEW, "1~"), (By.NEW, "x~y"), (By.NAME, "x")):
        with pytest.raises(Invalid):
            await listed(hall, ADA, by, cursor, 9)


async def test_customers_of_an_older_store_are_sorted_when_it_was_migrated(documents: Documents) -> None:
    older = replace(CUSTOMERS, fields={"created_at": "ts", "linked_to": "str"}, indexes=CUSTOMERS.indexes[:1])
    await documents.open([older, META])
    await documents.insert(META, "schema", {"number": 2})
    for age, name in enumerate(NAMES):
        await documents.insert(older, f"cu{age}", {"name": name, "created_at": T0, "language": "ru", "words": ""})
    await documents.close()
    await documents.open(COLLECTIONS)
    assert "customers_can_be_sorted" in await migrate(documents)
    store = Repositories(documents, SystemClock())
    assert [row.id for row in await store.people.by_name(None, 9)] == [*BY[By.NAME], "cu4"]
    assert [row.id for row in await store.people.search("жанна", 9)] == ["cu2"]
