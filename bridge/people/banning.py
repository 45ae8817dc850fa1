"""A customer who only disturbs is banned: what he writes is kept, the bot is silent, and no topic wakes for it."""

from dataclasses import replace

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.customers import Customer
from bridge.model.ids import CustomerId
from bridge.model.operators import Operator
from bridge.people.kin import members, root
from bridge.rights import require
from bridge.teamwork.customers import require_customer

#: Characters of the reason that are kept.
REASON = 200
#: Conversations marked in one go.
PORTION = 50


async def ban(bridge: Bridge, actor: Operator, id: CustomerId, reason: str = "") -> Customer:
    """Ban a customer in every channel of his; another reason replaces the first. Raises Forbidden, NotFound."""
    require(actor, "ban")
    return await _set(bridge, actor, id, banned=True, reason=reason.strip()[:REASON])


async def unban(bridge: Bridge, actor: Operator, id: CustomerId) -> Customer:
    """Hear a banned customer again. Raises Forbidden, NotFound."""
    require(actor, "ban")
    return await _set(bridge, actor, id, banned=False)


async def _set(bridge: Bridge, actor: Operator, id: CustomerId, *, banned: bool, reason: str = "") -> Customer:
    await require_customer(bridge, actor, id)
    customer = await root(bridge, id)
    for each in (customer, *await members(bridge, customer.id)):
        at = (each.banned_at or bridge.clock.now()) if banned else None
        await _write(bridge, each, replace(each, banned_at=at, banned_because=reason))
    customer = await root(bridge, id)
    cursor: str | None = None
    while True:
        rows, cursor = await bridge.store.conversations.page(ConversationFilters(customer=customer.id), cursor, PORTION)
        for row in rows:
            await _mark(bridge, actor, row, customer, reason)
        if cursor is None:
            return customer


async def _write(bridge: Bridge, before: Customer, after: Customer) -> None:
    while (before.banned_at is None) != (after.banned_at is None) or before.banned_because != after.banned_because:
        try:
            before = await bridge.store.people.replace_customer(after)
            return
        except Conflict:
            before = await bridge.store.people.customer(before.id)
            after = replace(before, banned_at=after.banned_at, banned_because=after.banned_because)


async def _mark(bridge: Bridge, actor: Operator, row: Conversation, customer: Customer, reason: str) -> None:
    """Let a conversation know it, where its words are decided on; done again, it does nothing."""
    banned = customer.banned_at is not None
    code = "banned" if banned else "unbanned"
    key = f"{code}:{customer.version}"

    def decide(before: Conversation) -> Change | None:
        if before.banned == banned:
            return None
        after = replace(before, banned=banned, waiting_since=None if banned else before.waiting_since)
        draft = Draft(bridge, before, after, key)
        draft.event(code, actor.name, reason)
        draft.audit(actor.id, code, reason=reason)
        return draft.change()

    await commit(bridge, row.id, key, decide, known=row)
