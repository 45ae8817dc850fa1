"""A customer's name, carried over to his conversations."""

from dataclasses import replace

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.customers import Customer

#: Conversations renamed in one go.
PORTION = 50


async def rename(bridge: Bridge, customer: Customer) -> None:
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
