"""Verbs on customers."""

from dataclasses import replace

from bridge.context import Bridge
from bridge.errors import Invalid
from bridge.model.customers import Customer
from bridge.model.events import AuditEvent
from bridge.model.ids import CustomerId, fresh
from bridge.model.operators import Operator
from bridge.receive import NAME_LIMIT
from bridge.rights import require

#: Characters of the shared note on a customer.
NOTE_LIMIT = 4000


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
    if changed == customer:
        return customer
    stored = await bridge.store.people.replace_customer(changed)
    await bridge.store.journal.write(
        AuditEvent(fresh(), bridge.clock.now(), actor.id, "customer_changed", f"customer:{id}")
    )
    return stored
