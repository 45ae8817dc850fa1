"""Verbs on customers."""

from dataclasses import replace

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Invalid
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.customers import Customer
from bridge.model.events import AuditEvent
from bridge.model.ids import CustomerId, fresh
from bridge.model.operators import Operator
from bridge.receive import NAME_LIMIT
from bridge.rights import require

#: Characters of the shared note on a customer.
NOTE_LIMIT = 4000
#: Conversations renamed in one go.
PORTION = 50


async def change_customer(
    bridge: Bridge, actor: Operator, id: CustomerId, *, name: str | None = None, note: str | None = None
) -> Customer:
    """Change a customer's name or the shared note. Raises Invalid, Forbidden, NotFound, Conflict("version")."""
    require(actor, "customer")
    customer = await bridge.store.people.customer(id)
    if name is not None:
        name = name.strip()
        if not name or len(name) > NAME_LIMIT:
            raise Invalid(("name", "invalid"))
    if note is not None and len(note) > NOTE_LIMIT:
        raise Invalid(("note", "too_long"))
    changed = replace(
        customer,
        name=customer.name if name is None else name,
        note=customer.note if note is None else note,
    )
    if changed != customer:
        customer = await bridge.store.people.replace_customer(changed)
        await bridge.store.journal.write(
            AuditEvent(fresh(), bridge.clock.now(), actor.id, "customer_changed", f"customer:{id}")
        )
    if name is not None:
        # Also when the name stands there already: whoever wrote it may have died before he carried it over.
        await _rename(bridge, customer)
    return customer


async def _rename(bridge: Bridge, customer: Customer) -> None:
    """Carry a customer's name over to his conversations, as lists, cards and new messages show it."""

    def decide(before: Conversation) -> Change | None:
        if before.customer_name == customer.name:
            return None
        return Draft(bridge, before, replace(before, customer_name=customer.name), key).change()

    cursor: str | None = None
    key = f"name:{customer.version}"
    while True:
        filters = ConversationFilters(customer=customer.id)
        rows, cursor = await bridge.store.conversations.page(filters, cursor, PORTION)
        for row in rows:
            await commit(bridge, row.id, key, decide, known=row)
        if cursor is None:
            return
