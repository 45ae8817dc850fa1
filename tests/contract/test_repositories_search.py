"""What the repositories promise over any store: conversations are found by words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.model.conversations import Conversation, ConversationFilters, LastMessage, Stage
from bridge.model.customers import Chat, Customer, Identity
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, IdentityId, MessageId
from bridge.model.messages import Author, AuthorKind, Message
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


@pytest.fixture
async def store(documents: Documents) -> AsyncIterator[Repositories]:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


def case(number: int, **more: Any) -> Conversation:
    row = Conversation(
        id=ConversationId(f"c{number:03}"),
        number=0,
        channel=ChannelName("tg"),
        chat=ChatId(str(number)),
        customer=CustomerId(f"cu{number}"),
        customer_name=f"Покупатель {number}",
        stage=Stage.BOT,
        created_at=at(number),
        updated_at=at(number),
    )
    return replace(row, **more)


def last(number: int, seconds: float, text: str = "") -> LastMessage:
    return LastMessage(text, "customer", at(seconds), MessageId(f"m{number}"))


async def opened(store: Repositories, *rows: Conversation) -> list[Conversation]:
    return [await store.conversations.open(row) for row in rows]


def line(
    number: int, where: str = "c001", text: str = "", kind: AuthorKind = AuthorKind.CUSTOMER, **more: Any
) -> Message:
    message = Message(
        id=MessageId(f"{where}m{number}"),
        conversation=ConversationId(where),
        seq=number,
        author=Author(kind, "", ""),
        text=text,
        at=at(number),
        channel=ChannelName("tg"),
        chat=ChatId("1"),
    )
    return replace(message, **more)


async def test_search_finds_by_word_forms_in_names_numbers_and_messages(store: Repositories) -> None:
    await opened(
        store,
        case(1, customer_name="Пётр Ёлкин", last_message=last(1, 50)),
        case(2, last_message=last(2, 60)),
        case(3, last_message=last(3, 70), stage=Stage.CLOSED),
    )
    await store.write_rows([line(1, "c002", "Где мои заказанные чайники?"), line(1, "c003", "Заказ чайника отменён")])

    async def found(q: str, **more: Any) -> list[str]:
        rows, cursor = await store.conversations.page(ConversationFilters(q=q, **more), None, 10)
        assert cursor is None
        return [row.chat for row in rows]

    assert await found("петр елкин") == ["1"]
    assert await found("чайник") == ["3", "2"]
    assert await found("заказ чайнику") == ["3"]
    assert await found("чайник заказ") == ["3", "2"]  # the last word may be half typed: "заказанные"
    assert await found("ёл") == ["1"]
    assert await found("чайник", stage="closed") == ["3"]
    assert await found("чайник", customer="cu2") == ["2"]
    assert await found("самовар") == []
    assert await found("  ?! ") == []
    number = (await store.conversations.get(ConversationId("c001"))).number
    assert "1" in await found(str(number))


async def test_search_finds_the_conversations_of_whom_is_known_so(store: Repositories) -> None:
    me = CustomerId("cu1")
    card = Customer(me, "Пётр", at(1), company="ООО Ромашка", fields={"inn": "7707083893"})
    login = Identity(IdentityId("i1"), me, "tg", "1", proved=True, username="petr_the_great")
    await store.people.meet(Chat("tg:1", ChannelName("tg"), ChatId("1"), me), card, login)
    joined = Customer(CustomerId("cu9"), "Пётр с почты", at(2), note="просит звонить", linked_to=me)
    await store.people.meet(
        Chat("mail:9", ChannelName("mail"), ChatId("9"), joined.id),
        joined,
        Identity(IdentityId("i9"), joined.id, "email", "petr@shop.example", proved=True),
    )
    await opened(
        store,
        case(1, last_message=last(1, 50)),
        case(2, last_message=last(2, 60)),
        case(3, customer=me, last_message=last(3, 70), stage=Stage.CLOSED),
    )

    async def found(q: str, **more: Any) -> list[str]:
        rows, _ = await store.conversations.page(ConversationFilters(q=q, **more), None, 10)
        return [row.chat for row in rows]

    for q in ("ромашки", "7707083893", "petr_the", "звонить"):
        assert await found(q) == ["3", "1"], q
    assert await found("ромашка", stage="bot") == ["1"]
    assert await found("ромашка лютик") == []
