"""/customers/list: the people who write, as the page of customers lists them."""

from pydantic import Field

from bridge.people import listing
from bridge.rights import require
from operator_panel import customer_cards
from operator_panel.api import cards
from operator_panel.api.bodies import Asked
from operator_panel.api.shape import Shape, Time
from operator_panel.serving import Call


class ListQuery(Asked):
    """Words that all stand in a customer's name, note, company, tags, username or contacts; without words a cursor.

    Sorted by last activity (then those who never wrote, the newest first), the newest first, or by name.
    """

    q: str = Field("", max_length=400)
    sort: listing.By = listing.By.ACTIVE
    cursor: str = Field("", max_length=400)
    limit: int = Field(50, ge=1, le=100)


class CustomerLine(Shape):
    """A customer and the conversation he was last active in; both null for one who never wrote."""

    customer: cards.Customer
    conversation_id: str | None
    active_at: Time | None


class CustomerLines(Shape):
    """A page, which may be shorter than asked: the end is where `next` is null.

    `total`: all customers there are; told with the first page only, and to who gets all of them.
    """

    items: list[CustomerLine]
    next: str | None = None
    total: int | None = None


async def customers_list(call: Call, query: ListQuery) -> CustomerLines:
    """List customers with when they were last active; `next` leads on where no words are asked."""
    require(call.actor, "read")
    total: int | None = None
    following: str | None = None
    if query.q:
        lines = await listing.search(call.bridge, call.actor, query.sort, query.q, query.limit)
    else:
        lines, following = await listing.listed(call.bridge, call.actor, query.sort, query.cursor, query.limit)
        total = None if query.cursor else await listing.total(call.bridge, call.actor)
    people = call.bridge.store.people
    owned = await people.identities_of([line.customer.id for line in lines]) if lines else {}
    items = [
        CustomerLine(
            customer=customer_cards.customer(line.customer, owned[line.customer.id], call.whole),
            conversation_id=line.conversation.id if line.conversation else None,
            active_at=line.active_at,
        )
        for line in lines
    ]
    return CustomerLines(items=items, next=following, total=total)
