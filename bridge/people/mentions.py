"""The names of people who go, where another's history tells of them: they were joined once, and parted."""

from collections.abc import Collection
from dataclasses import replace

from bridge.context import Bridge
from bridge.errors import Conflict, NotFound
from bridge.model.conversations import ConversationFilters
from bridge.model.erasures import Erasure
from bridge.model.ids import ConversationId, CustomerId
from bridge.model.messages import Message
from bridge.people import spent
from bridge.people.kin import root

#: Lines of a thread whose detail is somebody's name.
NAMING = frozenset({"linked", "linked_by_proof", "unlinked"})
PORTION = 100


async def unname(bridge: Bridge, row: Erasure) -> None:
    """Take the names of a person who goes out of the threads and topics of those he was joined with."""
    names = {name for id in row.customers if (name := await _name(bridge, id))}
    for other in await bridge.store.erasing.once_linked(row.customers):
        try:
            customer = await root(bridge, other)
        except NotFound:
            continue
        cursor: str | None = None
        while customer.id not in row.customers:
            filters = ConversationFilters(customer=customer.id)
            cases, cursor = await bridge.store.conversations.page(filters, cursor, PORTION)
            for case in cases:
                await _out_of(bridge, case.id, names)
            if cursor is None:
                break


async def _name(bridge: Bridge, id: CustomerId) -> str:
    try:
        return (await bridge.store.people.customer(id)).name
    except NotFound:
        return ""


async def _out_of(bridge: Bridge, id: ConversationId, names: Collection[str]) -> None:
    async for message in spent.messages(bridge, id):
        found: Message | None = message
        while found is not None and found.event and found.event.code in NAMING and found.event.detail in names:
            try:
                await bridge.store.messages.replace(replace(found, event=replace(found.event, detail="")))
                break
            except Conflict:
                found = await bridge.store.messages.find(message.id)
    for name in names:
        await bridge.store.erasing.take_posts(id, name)
