"""What the repositories promise over any store: people, and what the staff group shows."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, NotFound
from bridge.model.customers import Chat, Customer, Identity, Link
from bridge.model.desk import Post, PostKind, Topic
from bridge.model.files import StoredFile
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, FileId, IdentityId, OperatorId
from bridge.model.lanes import out_lane
from bridge.model.messages import Delivery, DeliveryState
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
OLGA = OperatorId("op-olga")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


@pytest.fixture
async def store(documents: Documents) -> AsyncIterator[Repositories]:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


def person(number: int, name: str, username: str = "") -> tuple[Chat, Customer, Identity]:
    id = CustomerId(f"cu{number}")
    return (
        Chat(f"tg:{number}", ChannelName("tg"), ChatId(str(number)), id),
        Customer(id, name, at(number)),
        Identity(IdentityId(f"i{number}"), id, "tg", str(number), proved=True, username=username),
    )


async def test_meeting_twice_gives_one_chat_and_one_customer(store: Repositories) -> None:
    met = await asyncio.gather(*(store.people.meet(*person(1, f"Анна {n}")) for n in range(4)))
    assert {chat.customer for chat in met} == {"cu1"}
    assert len(await store.people.identities(CustomerId("cu1"))) == 1
    chat, customer, identity = person(2, "Второй чат")
    # The identity decides: the same account in another chat is the same customer.
    again = await store.people.meet(chat, customer, replace(identity, id=IdentityId("i1")))
    assert again.customer == "cu1"


async def test_customers_are_found_by_name_note_username_and_contact(store: Repositories) -> None:
    await store.people.meet(*person(1, "Анна Ковалёва", "anna_k"))
    await store.people.meet(*person(2, "Анна Петрова"))
    anna = await store.people.customer(CustomerId("cu2"))
    await store.people.replace_customer(replace(anna, note="постоянный покупатель"))

    async def found(q: str, limit: int = 10) -> list[Any]:
        return [customer.id for customer in await store.people.search(q, limit)]

    assert await found("") == ["cu2", "cu1"]
    assert await found("анна") == ["cu2", "cu1"]
    assert await found("анну ковалеву") == ["cu1"]
    assert await found("постоянным покупателям") == ["cu2"]
    assert await found("ANNA_K") == ["cu1"]
    assert await found("2") == ["cu2"]
    assert await found("анна", 1) == ["cu2"]
    assert await found("??") == []


async def test_many_customers_are_added_found_by_accounts_and_listed_by_age(store: Repositories) -> None:
    for n in range(3):
        new = Customer(CustomerId(f"cu{n}"), f"Анна {n}", at(n))
        assert (await store.people.add_customer(new)).version == 1
        assert (await store.people.add_customer(replace(new, name="other"))).name == f"Анна {n}"
        await store.people.add_identity(Identity(IdentityId(f"u{n}"), new.id, "user_id", f"shop-{n}", proved=True))
    held = await store.people.holders("user_id", [f"shop-{n}" for n in (0, 2, 7)])
    assert sorted(each.customer for each in held) == ["cu0", "cu2"]
    assert await store.people.holders("email", ["shop-0"]) == []
    assert [row.id for row in await store.people.many([CustomerId("cu2"), CustomerId("x"), CustomerId("cu0")])] == [
        "cu2",
        "cu0",
    ]
    first = await store.people.since(None, None, 2)
    assert [row.id for row in [*first, *await store.people.since(None, first[-1], 2)]] == ["cu0", "cu1", "cu2"]
    assert [row.id for row in await store.people.since(at(1), None, 9)] == ["cu1", "cu2"]
    assert await store.people.since(at(3), None, 2) == []


def post(name: str, order: int, text: str = "", **more: Any) -> Post:
    delivery = Delivery(out_lane("tg.staff", "c001"), order, **more)
    return Post(name, ChannelName("tg.staff"), ConversationId("c001"), PostKind.TEXT, text, at(order), delivery)


async def test_a_shown_state_replaces_an_older_one_and_never_a_newer(store: Repositories) -> None:
    await store.desk.show(post("card", 5, "five"))
    await store.desk.show(post("card", 7, "seven"))
    await store.desk.show(post("card", 6, "six"))
    (row,) = await store.desk.going_out(out_lane("tg.staff", "c001"), 9)
    assert row.text == "seven"
    await store.desk.replace(replace(row, delivery=replace(row.delivery, state=DeliveryState.SENT)))
    assert await store.desk.going_out(out_lane("tg.staff", "c001"), 9) == []
    await store.desk.show(post("card", 7, "seven"))
    assert len(await store.desk.going_out(out_lane("tg.staff", "c001"), 9)) == 1


async def test_posts_wait_in_order_and_their_lanes_are_told(store: Repositories) -> None:
    await store.write_rows([post("b", 2), post("a", 1, not_before=at(50)), post("c", 3, state=DeliveryState.SENT)])
    lane = out_lane("tg.staff", "c001")
    assert [row.id for row in await store.desk.going_out(lane, 9)] == ["a", "b"]
    assert await store.desk.unsent(at(9), 9) == {lane: at(50)}
    assert await store.desk.unsent(at(1), 9) == {}
    assert await store.desk.find("zzz") is None


async def test_a_topic_is_found_by_its_place_until_it_moves(store: Repositories) -> None:
    desk, id = ChannelName("tg.staff"), ConversationId("c001")
    made = await store.desk.save_topic(Topic(id, desk, "-100"))
    assert await store.desk.topic_of(desk, "-100", "5") is None
    placed = await store.desk.save_topic(replace(made, topic="5"))
    assert await store.desk.topic_of(desk, "-100", "5") == placed
    assert await store.desk.topic_of(desk, "-200", "5") is None
    await store.desk.save_topic(replace(placed, topic="6"))
    assert await store.desk.topic_of(desk, "-100", "5") is None
    with pytest.raises(Conflict):
        await store.desk.save_topic(placed)
    found = await store.desk.topic(id)
    assert found is not None
    assert found.topic == "6"


async def test_a_file_is_noted_once(store: Repositories) -> None:
    def file(number: int, name: str) -> StoredFile:
        return StoredFile(
            FileId(f"f{number}"), "photo", name, "image/png", 9, "ab" * 32, "operator:o", at(number), 3, 2
        )

    added = await store.files.add(file(1, "a.png"))
    assert added == replace(file(1, "a.png"), version=1)
    assert await store.files.add(file(1, "other.png")) == added
    second = await store.files.add(file(2, "b.png"))
    assert await store.files.loose(second.at + timedelta(1), 10) == []
    third = await store.files.add(replace(file(3, "c.png"), loose=True))
    assert await store.files.loose(third.at + timedelta(1), 10) == [third]
    assert await store.files.loose(third.at, 10) == []
    kept = await store.files.replace(replace(third, loose=False))
    assert await store.files.loose(third.at + timedelta(1), 10) == []
    with pytest.raises(Conflict):
        await store.files.drop(third)
    await store.files.drop(kept)
    assert await store.files.find(third.id) is None
    assert await store.files.many([second.id, FileId("none"), added.id]) == [second, added]
    assert await store.files.find(FileId("none")) is None
    with pytest.raises(NotFound):
        await store.files.get(FileId("none"))


async def test_identities_are_found_by_value_and_stored_once(store: Repositories) -> None:
    for number in (1, 2):
        await store.people.meet(*person(number, f"Анна {number}"))
        claim = Identity(IdentityId(f"p{number}"), CustomerId(f"cu{number}"), "phone", "+79123456789", proved=False)
        assert (await store.people.add_identity(claim)).version == 1
        assert (await store.people.add_identity(replace(claim, value="+7000"))).value == "+79123456789"
    owners = await store.people.owners("phone", "+79123456789", 9)
    assert [each.customer for each in owners] == ["cu1", "cu2"]
    assert await store.people.owners("email", "+79123456789", 9) == []
    assert len(await store.people.owners("phone", "+79123456789", 1)) == 1
    moved = await store.people.replace_identity(replace(owners[1], customer=CustomerId("cu1"), proved=True))
    with pytest.raises(Conflict):
        await store.people.replace_identity(owners[1])
    assert (moved.home, replace(moved, origin=CustomerId("cu2")).home) == ("cu1", "cu2")
    assert {each.value for each in await store.people.identities(CustomerId("cu1"))} == {"1", "+79123456789"}


async def test_who_joined_another_is_found_as_that_one(store: Repositories) -> None:
    for number, name in enumerate(("Анна", "Аня", "Нюра"), 1):
        await store.people.meet(*person(number, name))
    for child, parent in ((2, 1), (3, 2)):
        row = await store.people.customer(CustomerId(f"cu{child}"))
        await store.people.replace_customer(replace(row, linked_to=CustomerId(f"cu{parent}")))
    for q in ("анна", "аня", "нюра", "3", ""):
        assert [row.id for row in await store.people.search(q, 9)] == ["cu1"]
    assert [row.id for row in await store.people.joined(CustomerId("cu1"))] == ["cu2"]
    assert [chat.id for chat in await store.people.chats(CustomerId("cu3"), 9)] == ["tg:3"]


async def test_a_new_chat_of_somebody_who_joined_belongs_to_the_other(store: Repositories) -> None:
    chat, customer, identity = person(1, "Анна")
    await store.people.meet(chat, customer, identity)
    (known,) = await store.people.identities(customer.id)
    moved = replace(known, customer=CustomerId("cu9"), origin=customer.id)
    await store.people.replace_identity(moved)
    other = Chat("tg:77", ChannelName("tg"), ChatId("77"), customer.id)
    met = await store.people.meet(other, customer, identity)
    assert (met.customer, met.home) == ("cu9", "cu1")


def step(number: int, child: str, joins: bool = True) -> Link:
    return Link(f"{number:012}", number, CustomerId(child), CustomerId("cu9"), joins, "system", at(number))


async def test_steps_are_numbered_and_written_by_one_alone(store: Repositories) -> None:
    assert await store.links.newest() is None
    first = await store.links.add(step(1, "cu1"))
    assert first is not None
    tried = await asyncio.gather(*(store.links.add(step(2, f"cu{n}")) for n in range(4)))
    (second,) = [each for each in tried if each is not None]
    assert await store.links.add(step(1, "cu5")) is None
    newest = await store.links.newest()
    assert newest == second
    assert [each.number for each in await store.links.pending(9)] == [1, 2]
    await asyncio.gather(*(store.links.finish(first) for _ in range(3)))
    assert [each.number for each in await store.links.pending(9)] == [2]
    await store.links.add(step(3, "cu1", joins=False))
    assert [(each.number, each.joins) for each in await store.links.of([CustomerId("cu1")])] == [(1, True), (3, False)]
    assert await store.links.of([]) == []
