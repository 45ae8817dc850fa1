"""Customers who are chosen for a table: named by an index where it names few, and looked at one by one."""

from collections.abc import Sequence
from datetime import datetime

from bridge.model.customers import Customer, Identity
from bridge.model.ids import CustomerId
from storage.checks import beginning
from storage.documents import Body, Documents, Key, Order, P
from storage.repositories.base import Rows
from storage.schema import CONVERSATIONS
from storage.words import search_of, words_of


async def few(
    customers: Rows[Customer], identities: Rows[Identity], own: str, q: str, active: datetime | None, limit: int
) -> list[Customer] | None:
    """Read candidates by the narrowest of what is asked; they may have joined others. None: nothing names so few."""
    words, sought = words_of(own), search_of(q)
    if q and not sought:
        return []
    if words:
        found = await customers.list(P("words", "words", words), limit=limit + 1)
        if len(found) <= limit:
            return found
    if sought:
        asked = P("words", "words", sought)
        found = await customers.list(asked, limit=limit + 1)
        contacts = await identities.list(asked, limit=limit + 1)
        if len(found) + len(contacts) <= limit:
            return found + await customers.many(list(dict.fromkeys(each.customer for each in contacts)))
    if active is not None:
        since = P("active_at", "ge", active)
        if await customers.documents.count(CONVERSATIONS, [since]) <= limit:
            told = await customers.documents.group(CONVERSATIONS, "customer", [since])
            return await customers.many(list(told))
    return None


async def since(customers: Rows[Customer], at: datetime | None, after: Customer | None, limit: int) -> list[Customer]:
    """Read customers, the oldest first, those made at a time or later, behind one."""
    place = Key(after.created_at, after.id) if after is not None else None
    where = [P("created_at", "ge", at)] if at is not None else []
    return await customers.list(*where, order=Order("created_at"), after=place, limit=limit)


async def active(documents: Documents, customers: Sequence[CustomerId], at: datetime) -> set[CustomerId]:
    """Tell in whose conversations somebody spoke at a time or later."""
    asked = [P("customer", "in", tuple(customers)), P("active_at", "ge", at)]
    return set(await documents.group(CONVERSATIONS, "customer", asked)) if customers else set()


def finds(q: str, bodies: Sequence[Body]) -> bool:
    """Tell whether a search for q finds one of the bodies with these words."""
    sought = [(word, beginning(word)) for word in search_of(q).split()]
    for body in bodies:
        words = set(body["words"].split())
        if sought and all(_stands(word, start, words) for word, start in sought):
            return True
    return False


def _stands(word: str, start: str | None, words: set[str]) -> bool:
    return word in words if start is None else any(each.startswith(start) for each in words)
