"""Who gets which customer: whoever gets one of his conversations, and everybody as long as he has none."""

from bridge.context import Bridge
from bridge.errors import NotFound
from bridge.model.conversations import ConversationFilters
from bridge.model.customers import Customer
from bridge.model.ids import CustomerId
from bridge.model.operators import Operator
from bridge.people.kin import root

#: Customers found that are looked at for somebody who does not get all of them.
LOOKED_AT = 500


async def sees_customer(bridge: Bridge, actor: Operator, id: CustomerId) -> bool:
    """Tell whether a person gets a customer, one whom nobody joined to another; for who gets all nothing is read."""
    if actor.sight.whole:
        return True
    page = bridge.store.conversations.page
    if (await page(ConversationFilters(customer=id, sight=actor.sight), None, 1))[0]:
        return True
    return not (await page(ConversationFilters(customer=id), None, 1))[0]


async def require_customer(bridge: Bridge, actor: Operator, *ids: CustomerId) -> None:
    """Let pass who gets all these customers, or those they joined. Raises NotFound."""
    if actor.sight.whole:
        return
    for id in ids:
        if not await sees_customer(bridge, actor, (await root(bridge, id)).id):
            raise NotFound(f"customers {id}")


async def found_by(bridge: Bridge, actor: Operator, q: str, limit: int) -> list[Customer]:
    """Search the customers a person gets; for who does not get all of them LOOKED_AT are looked through at most."""
    whole = actor.sight.whole
    found = await bridge.store.people.search(q, limit if whole else LOOKED_AT)
    seen: list[Customer] = []
    for row in found:
        if len(seen) < limit and await sees_customer(bridge, actor, row.id):
            seen.append(row)
    return seen
