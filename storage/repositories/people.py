"""Customers, their identities and chats."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from bridge.errors import Conflict
from bridge.model.customers import Chat, Customer, Identity
from bridge.model.ids import ChannelName, ChatId, CustomerId
from storage.documents import Body, Documents, Key, Order, P
from storage.repositories import choosing
from storage.repositories.base import Rows
from storage.repositories.tags import TagCounts
from storage.schema import CHATS, CUSTOMERS, IDENTITIES
from storage.words import search_of, words_of

#: Values looked for at once.
PORTION = 500


def asked_of(row: Customer) -> Body:
    """Return what customers are asked for and sorted by, beside what they are."""
    return {"name_key": row.sorts_as, "words": words_of(row.name, row.note, row.company, *row.tags, *_kept(row))}


def _kept(row: Customer) -> list[str]:
    """Custom fields as people look for them: numbers of contracts and of taxpayers, names of what they have."""
    return [str(value) for value in row.fields.values() if isinstance(value, str | int) and not isinstance(value, bool)]


def _told_of(row: Identity) -> Body:
    return {"words": words_of(row.username, row.value)}


class PeopleRows:
    """Customers and where they write, as bridge.ports.stores.People says."""

    def __init__(self, documents: Documents) -> None:
        self._tags = TagCounts(documents)
        self._chats = Rows(documents, CHATS, Chat)
        self._customers = Rows(documents, CUSTOMERS, Customer, asked_of)
        self._identities = Rows(documents, IDENTITIES, Identity, _told_of)

    async def chat(self, channel: ChannelName, chat: ChatId) -> Chat | None:
        return await self._chats.find(f"{channel}:{chat}")

    async def meet(self, chat: Chat, customer: Customer, identity: Identity) -> Chat:
        # The identity decides whose chat it is: the same person may write in a second chat of the channel.
        await self._customers.insert_once(customer)
        owner, _ = await self._identities.insert_once(identity)
        met, new = await self._chats.insert_once(replace(chat, customer=owner.customer, origin=owner.origin))
        while new and (owner := await self._identities.get(identity.id)).customer != met.customer:
            # He joined another customer, or left him, while his chat was made.
            with suppress(Conflict):
                await self._chats.replace(replace(met, customer=owner.customer, origin=owner.origin))
            met = await self._chats.get(met.id)
        return met

    async def replace_chat(self, chat: Chat) -> Chat:
        return await self._chats.replace(chat)

    async def customer(self, id: CustomerId) -> Customer:
        return await self._customers.get(id)

    async def many(self, ids: Sequence[CustomerId]) -> list[Customer]:
        return await self._customers.many(list(dict.fromkeys(ids))) if ids else []

    async def few(self, own: str, q: str, active: datetime | None, limit: int) -> list[Customer] | None:
        found = await choosing.few(self._customers, self._identities, own, q, active, limit)
        return (
            None if found is None else list({row.id: row for row in [await self._joined_to(o) for o in found]}.values())
        )

    async def since(self, at: datetime | None, after: Customer | None, limit: int) -> list[Customer]:
        return await choosing.since(self._customers, at, after, limit)

    async def active(self, customers: Sequence[CustomerId], since: datetime) -> set[CustomerId]:
        return await choosing.active(self._customers.documents, customers, since)

    def finds(self, q: str, customer: Customer, identities: Sequence[Identity]) -> bool:
        return choosing.finds(q, [asked_of(customer), *map(_told_of, identities)])

    async def add_customer(self, customer: Customer) -> Customer:
        row, new = await self._customers.insert_once(customer)
        if new:
            await self._tags.add([row.tags])
        return row

    async def add_customers(self, customers: Sequence[Customer]) -> list[Customer]:
        new = await self._customers.insert_new(customers)
        await self._tags.add(row.tags for row, is_new in zip(customers, new, strict=True) if is_new)
        there = [row.id for row, is_new in zip(customers, new, strict=True) if not is_new]
        return await self._customers.many(there) if there else []

    async def replace_customer(self, customer: Customer) -> Customer:
        before = self._customers.met(customer.id, customer.version) or await self._customers.find(customer.id)
        row = await self._customers.replace(customer)
        if before is not None and before.tags != row.tags:
            await self._tags.turn(before.tags, row.tags)
        return row

    async def tags(self, limit: int) -> list[str]:
        return await self._tags.most(limit)

    async def identities(self, customer: CustomerId) -> list[Identity]:
        return await self._identities.list(P("customer", "eq", customer))

    async def identities_of(self, customers: Sequence[CustomerId]) -> dict[CustomerId, list[Identity]]:
        found: dict[CustomerId, list[Identity]] = {id: [] for id in customers}
        wanted = list(found)
        for start in range(0, len(wanted), PORTION):
            asked, after = P("customer", "in", tuple(wanted[start : start + PORTION])), None
            while True:
                rows = await self._identities.list(asked, after=after, limit=PORTION * 10)
                for row in rows:
                    found[row.customer].append(row)
                if len(rows) < PORTION * 10:
                    break
                after = Key(None, rows[-1].id)
        return found

    async def add_identities(self, identities: Sequence[Identity]) -> None:
        await self._identities.insert_new(identities)

    async def add_identity(self, identity: Identity) -> Identity:
        return (await self._identities.insert_once(identity))[0]

    async def replace_identity(self, identity: Identity) -> Identity:
        return await self._identities.replace(identity)

    async def owners(self, kind: str, value: str, limit: int) -> list[Identity]:
        return await self._identities.list(P("kind", "eq", kind), P("value", "eq", value), limit=limit)

    async def holders(self, kind: str, values: Sequence[str]) -> list[Identity]:
        found: list[Identity] = []
        for start in range(0, len(values), PORTION):
            asked = P("kind", "eq", kind), P("value", "in", tuple(values[start : start + PORTION]))
            found += await self._identities.list(*asked, limit=PORTION * 10)
        return found

    async def chats(self, customer: CustomerId, limit: int) -> list[Chat]:
        return await self._chats.list(P("customer", "eq", customer), limit=limit)

    async def joined(self, customer: CustomerId) -> list[Customer]:
        return await self._customers.list(P("linked_to", "eq", customer))

    async def search(self, q: str, limit: int) -> list[Customer]:
        words = search_of(q)
        if q and not words:
            return []
        if not words:
            return await self.newest(None, limit)
        newest = Order("created_at", desc=True)
        asked = P("words", "words", words)
        by_name = await self._customers.list(asked, order=newest, limit=limit)
        contacts = await self._identities.list(asked, limit=limit)
        known = {row.id for row in by_name}
        by_contact = await self._customers.many([c.customer for c in contacts if c.customer not in known])
        found = {row.id: row for row in [await self._joined_to(row) for row in [*by_name, *by_contact]]}
        return sorted(found.values(), key=lambda row: (row.created_at, row.id), reverse=True)[:limit]

    async def newest(self, before: tuple[datetime, CustomerId] | None, limit: int) -> list[Customer]:
        return await self._apart(Order("created_at", desc=True), before, limit, lambda row: row.created_at)

    async def by_name(self, after: tuple[str, CustomerId] | None, limit: int) -> list[Customer]:
        return await self._apart(Order("name_key"), after, limit, lambda row: row.sorts_as)

    async def total(self) -> int:
        count = self._customers.documents.count
        return await count(CUSTOMERS) - await count(CUSTOMERS, [P("linked_to", "gt", "")])

    async def _apart(
        self, order: Order, place: tuple[Any, CustomerId] | None, limit: int, value: Callable[[Customer], Any]
    ) -> list[Customer]:
        """Read customers who joined nobody in an order, behind a place in it."""
        found: list[Customer] = []
        after = Key(*place) if place is not None else None
        while len(found) < limit:
            rows = await self._customers.list(order=order, after=after, limit=limit)
            found += [row for row in rows if row.linked_to is None]
            if len(rows) < limit:
                break
            after = Key(value(rows[-1]), rows[-1].id)
        return found[:limit]

    async def _joined_to(self, row: Customer) -> Customer:
        while row.linked_to is not None:
            row = await self._customers.get(row.linked_to)
        return row
