"""Who a customer is by now: following the links up to the one who stands for all, and down to all he stands for."""

from bridge.context import Bridge
from bridge.errors import NotFound
from bridge.model.customers import Customer
from bridge.model.ids import CustomerId
from bridge.people.identity import DEPTH

#: Erasures under way that are looked at.
GOING = 100


async def root(bridge: Bridge, id: CustomerId) -> Customer:
    """Return the customer who stands for this one: himself, if he joined nobody. Raises NotFound."""
    customer = await bridge.store.people.customer(id)
    for _ in range(DEPTH):
        if customer.linked_to is None:
            return customer
        customer = await bridge.store.people.customer(customer.linked_to)
    raise NotFound(f"customer {id} is linked in a ring")


async def members(bridge: Bridge, id: CustomerId) -> list[Customer]:
    """Return everybody who joined a customer, whatever the way, in the order of joining levels."""
    found: list[Customer] = []
    level = [id]
    for _ in range(DEPTH):
        joined = [customer for each in level for customer in await bridge.store.people.joined(each)]
        if not joined:
            break
        found += joined
        level = [customer.id for customer in joined]
    return found


async def staying(bridge: Bridge, *customers: Customer) -> None:
    """Raise NotFound for customers one of whom is being erased."""
    going = {id for row in await bridge.store.erasing.pending(GOING) for id in (row.person, *row.customers)}
    if any(each.id in going for each in customers):
        raise NotFound("a customer who is being erased")
