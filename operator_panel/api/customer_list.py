"""/customers/list: the people who write, as the page of customers lists them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import Field

from bridge.model.conversations import ConversationFilters
from bridge.model.customers import Customer, Identity
from bridge.model.ids import CustomerId
from bridge.rights import require
from operator_panel import customer_cards
from operator_panel.api import cards, shapes
from operator_panel.api.bodies import Asked
from operator_panel.api.shape import Shape
from operator_panel.problems import invalid
from operator_panel.serving import Call


class ListQuery(Asked):
    """Words that all stand in a customer's name, note, company, tags, username or contacts; without words a cursor."""

    q: str = Field("", max_length=400)
    cursor: str = Field("", max_length=100)
    limit: int = Field(50, ge=1, le=100)


class CustomerLine(Shape):
    """A customer and the conversation he was last active in; both null for one who never wrote."""

    customer: cards.Customer
    conversation_id: str | None
    active_at: datetime | None


async def customers_list(call: Call, query: ListQuery) -> shapes.Page[CustomerLine]:
    """List customers, newest first, with when they were last active; `next` leads on where no words are asked."""
    require(call.actor, "read")
    people = call.bridge.store.people
    if query.q:
        found, following = await people.search(query.q, query.limit), None
    else:
        rows = await people.newest(_place(query.cursor), query.limit + 1)
        found = rows[: query.limit]
        following = _cursor(found[-1]) if len(rows) > query.limit else None
    owned = await people.identities_of([row.id for row in found]) if found else {}
    return shapes.Page(items=await asyncio.gather(*(_line(call, row, owned[row.id]) for row in found)), next=following)


async def _line(call: Call, row: Customer, identities: Sequence[Identity]) -> CustomerLine:
    cases, _ = await call.bridge.store.conversations.page(ConversationFilters(customer=row.id), None, 1)
    last = cases[0] if cases else None
    return CustomerLine(
        customer=customer_cards.customer(row, identities, call.whole),
        conversation_id=last.id if last else None,
        active_at=(last.last_message.at if last.last_message else last.created_at) if last else None,
    )


def _cursor(row: Customer) -> str:
    return f"{round(row.created_at.timestamp() * 1000)}~{row.id}"


def _place(cursor: str) -> tuple[datetime, CustomerId] | None:
    if not cursor:
        return None
    millis, _, id = cursor.partition("~")
    try:
        at = datetime.fromtimestamp(int(millis) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise invalid(("cursor", "invalid")) from None
    if not id:
        raise invalid(("cursor", "invalid"))
    return at, CustomerId(id)
