"""One person with two bots of a messenger: his account is the same, so he is."""

from typing import Any

import pytest

from bridge import receive
from bridge.changes import revising
from bridge.model.customers import Chat
from bridge.model.ids import ChannelName, ChatId, CustomerId, derive
from bridge.model.inbound import Edited, Said
from bridge.people.kin import root
from storage.memory import MemoryDocuments
from tests.hall import Process, founded, sender
from tests.street import NAME, Door, Street, Time

SECOND = ChannelName("alley")


class OwnIds(Door):
    """A door whose senders' ids are its messenger's own."""

    accounts = "street"


class SecondBot(OwnIds):
    name = SECOND


class Elsewhere(Door):
    """A channel that numbers its own visitors."""

    name = SECOND


async def opened(*doors: type[Door]) -> Process:
    street = Street(Time())
    documents = MemoryDocuments()
    await founded(documents, street.time)
    process = Process(documents, street, group=False)
    for door in doors:
        process.bridge.channels.by_name[door.name] = door(street, process.life)
    return process


async def says(process: Process, channel: ChannelName, number: str, text: str = "вопрос") -> Chat:
    said = Said(channel, ChatId("7"), number, sender("7"), text, process.bridge.clock.now())
    await receive.receive(process.bridge, said)
    chat = await process.bridge.store.people.chat(channel, ChatId("7"))
    assert chat is not None
    return chat


@pytest.mark.parametrize(("doors", "one"), [((OwnIds, SecondBot), True), ((OwnIds, Elsewhere), False)])
async def test_the_same_account_in_two_bots_is_one_customer(doors: tuple[Any, ...], one: bool) -> None:
    process = await opened(*doors)
    here = await says(process, NAME, "1")
    process.bridge.clock.pass_(1)  # type: ignore[attr-defined]  # the street's own clock
    there = await says(process, SECOND, "2")
    assert (here.customer == there.customer) is one
    assert there.home == CustomerId(derive("customer", SECOND, "7"))
    assert there.conversation is not None
    begun = await process.bridge.store.conversations.get(there.conversation)
    assert (begun.customer, begun.home) == (there.customer, there.home)
    assert (await root(process.bridge, there.home)).id == there.customer
    again = await says(process, SECOND, "3")
    assert again.customer == there.customer


async def test_a_contact_written_by_an_edit_is_read_once() -> None:
    process = await opened(OwnIds)
    bridge = process.bridge
    chat = await says(process, NAME, "1", "мой номер потом")
    for number in ("e1", "e1", "e2"):
        now = bridge.clock.now()
        await revising.edited(bridge, Edited(NAME, ChatId("7"), number, "1", sender("7"), "мой 8 912 345-67-89", now))
    known = await bridge.store.people.identities(chat.customer)
    assert [(each.value, each.proved) for each in known if each.kind == "phone"] == [("+79123456789", False)]
    assert chat.conversation is not None
    lines = await bridge.store.messages.page(chat.conversation, None, None, 9)
    assert [line.event.code for line in lines if line.event] == ["contact_added"]
    assert lines[0].text == "мой 8 912 345-67-89"
