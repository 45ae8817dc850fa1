"""What the shop knows of a customer: which fields are taken of an answer, what is asked, how long it is kept."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.context import Memory
from bridge.errors import Forbidden
from bridge.model.customers import Customer, Identity
from bridge.model.ids import CustomerId, IdentityId, OperatorId
from bridge.model.operators import Operator, Role
from bridge.people.shop_data import FIELDS, ShopData, ShopField, fields_of, forget, hear, question, shop_data
from bridge.ports.programs import Replied
from storage.bus_memory import MemoryBus
from tests.street import Time

ANNA = Customer(CustomerId("a"), "Анна", datetime(2025, 3, 1, tzinfo=UTC))
OLGA = Operator(OperatorId("olga"), "olga@shop.example", "Ольга", Role.OPERATOR, "", ANNA.created_at)


def has(kind: str, value: str, *, proved: bool) -> Identity:
    return Identity(IdentityId(kind + value), ANNA.id, kind, value, proved)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"fields": [{"name": "Заказ", "value": 4821}]}, [ShopField("Заказ", "4821")]),
        ({"fields": [{"name": "Да", "value": True}, {"name": "x", "value": 1.5}]}, [("Да", "✓", ""), ("x", "1.5", "")]),
        ({"fields": [{"name": "<b>a</b>", "value": "<script>"}]}, [ShopField("<b>a</b>", "<script>")]),
        ({"fields": [{"name": "a\u202e\nb", "value": " c \t d "}]}, [ShopField("a b", "c d")]),
        (
            {"fields": [{"name": "a", "value": "b", "link": "https://crm.example/1"}]},
            [("a", "b", "https://crm.example/1")],
        ),
        ({"fields": [{"name": "a", "value": "b", "link": "javascript:alert(1)"}]}, [ShopField("a", "b")]),
        ({"fields": [{"name": "a", "value": "b", "link": "https://x@evil.example/"}]}, [ShopField("a", "b")]),
        ({"fields": [{"name": "a", "value": {"b": 1}}, {"value": "c"}, "text", None, {"name": "", "value": "d"}]}, []),
        ({"fields": []}, []),
        ({"fields": {"a": "b"}}, None),
        ({}, None),
    ],
)
def test_fields_are_taken_as_plain_text(said: Mapping[str, Any], fields: list[Any] | None) -> None:
    found = fields_of(said)
    wanted = (
        None if fields is None else tuple(each if isinstance(each, ShopField) else ShopField(*each) for each in fields)
    )
    assert found == wanted


def test_an_answer_is_bounded() -> None:
    found = fields_of({"fields": [{"name": "и" * 1000, "value": "з" * 100_000}] * 1000})
    assert found is not None
    assert len(found) == FIELDS
    assert (len(found[0].name), len(found[0].value)) == (60, 300)


def test_only_what_is_proved_is_told() -> None:
    known = [
        has("telegram", "1", proved=True),
        has("email", "a@b.example", proved=False),
        has("phone", "+7", proved=True),
    ]
    told = question(ANNA, known)["customer"]["identities"]
    assert told == [{"kind": "telegram", "value": "1"}, {"kind": "phone", "value": "+7"}]


class Program:
    minutes = 5.0

    def __init__(self) -> None:
        self.asked = 0
        self.reply = Replied({"fields": [{"name": "a", "value": "1"}]})

    async def ask(self, question: Mapping[str, Any]) -> Replied:
        self.asked += 1
        return self.reply

    async def close(self) -> None:
        """Nothing is held."""


class People:
    async def customer(self, id: CustomerId) -> Customer:
        return ANNA

    async def identities(self, id: CustomerId) -> list[Identity]:
        return []


async def test_an_answer_is_kept_for_minutes_and_shown_with_its_age_when_the_program_fails() -> None:
    time, program = Time(), Program()
    bridge: Any = SimpleNamespace(program=program, memory=Memory(), clock=time, store=SimpleNamespace(people=People()))
    first = await shop_data(bridge, OLGA, ANNA.id)
    assert first.fields == (ShopField("a", "1"),)
    assert await shop_data(bridge, OLGA, ANNA.id) == first
    assert program.asked == 1
    program.reply = Replied({}, "network")
    failed = await shop_data(bridge, OLGA, ANNA.id, anew=True)
    assert (failed.fields, failed.at, failed.fault) == (first.fields, first.at, "network")
    time.pass_(5)
    assert (await shop_data(bridge, OLGA, ANNA.id, anew=True)).fault == "network"
    assert program.asked == 2  # what failed is left alone for a moment
    time.pass_(20)
    program.reply = Replied({"no": "fields"})
    assert (await shop_data(bridge, OLGA, ANNA.id)).fault == "unreadable"
    time.pass_(20)
    program.reply = Replied({"fields": []})
    assert (await shop_data(bridge, OLGA, ANNA.id)).fault == ""
    assert program.asked == 4
    editor = Operator(OperatorId("e"), "e@shop.example", "Э", Role.EDITOR, "", ANNA.created_at)
    with pytest.raises(Forbidden):
        await shop_data(bridge, editor, ANNA.id)


async def test_processes_forget_what_is_to_be_forgotten_and_keep_what_is_newer() -> None:
    bus, time = MemoryBus(), Time()
    bridges: list[Any] = [SimpleNamespace(memory=Memory(), bus=bus) for _ in range(2)]
    old, new = ShopData((), time.now()), ShopData((), time.now() + timedelta(seconds=2))
    for each in bridges:
        each.memory.shop_data.update({ANNA.id: old, CustomerId("b"): old, CustomerId("c"): new})
    hearing = [asyncio.create_task(hear(each)) for each in bridges]
    async with asyncio.timeout(20):
        while any(len(each.memory.shop_data) > 2 for each in bridges):
            await forget(bridges[0], [ANNA.id, CustomerId("c")], time.now() + timedelta(seconds=1))
            await asyncio.sleep(0)
    assert [list(each.memory.shop_data) for each in bridges] == [["b", "c"]] * 2
    for task in hearing:
        task.cancel()
    await asyncio.gather(*hearing, return_exceptions=True)
