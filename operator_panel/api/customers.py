"""/customers: the people who write."""

from datetime import UTC, datetime, timedelta
from functools import partial

from bridge.model.conversations import ConversationFilters
from bridge.model.customers import Customer
from bridge.model.ids import ConversationId, CustomerId
from bridge.model.messages import Message
from bridge.people import banning, linking
from bridge.people import cards as people
from bridge.people.kin import root
from bridge.rights import require
from bridge.teamwork.customers import found_by, require_customer
from operator_panel import customer_cards
from operator_panel.api import bodies, cards, shapes
from operator_panel.problems import invalid
from operator_panel.serving import Call

#: Conversations of one customer that his timeline is made of.
_CASES = 200
#: Times are cut to milliseconds.
_TICK = timedelta(milliseconds=1)


async def customers(call: Call, query: bodies.CustomerQuery) -> shapes.Page[cards.Customer]:
    """Search customers; without words, the newest ones."""
    require(call.actor, "read")
    found = await found_by(call.bridge, call.actor, query.q, query.limit)
    return shapes.Page(items=[await _shown(call, row) for row in found])


async def _shown(call: Call, row: Customer) -> cards.Customer:
    return customer_cards.customer(row, await call.bridge.store.people.identities(row.id), call.whole)


async def _card(call: Call, id: CustomerId) -> cards.CustomerCard:
    reason = partial(call.office.renderer.reason, call.language)
    return customer_cards.card(await people.card(call.bridge, id, call.actor), call.whole, reason)


async def customer_fields(call: Call) -> cards.CustomFields:
    """List the custom fields of customers' cards."""
    require(call.actor, "read")
    return cards.CustomFields(
        items=[
            cards.CustomField(
                key=each.key, kind=each.kind.value, name=each.name(call.language), choices=list(each.choices)
            )
            for each in call.bridge.rules.fields
        ]
    )


async def customer(call: Call, id: str) -> cards.CustomerCard:
    """Read one customer; of one who joined another, that one."""
    require(call.actor, "read")
    return await _card(call, CustomerId(id))


async def customer_change(call: Call, id: str, body: bodies.CustomerChange) -> cards.CustomerCard:
    """Change what the team keeps of a customer; add an e-mail or a phone he told the team."""
    require(call.actor, "customer")
    row = await root(call.bridge, CustomerId(id))
    call.expect(row.version)
    version = row.version if "If-Match" in call.request.headers else None
    await people.change_customer(call.bridge, call.actor, row.id, **body.model_dump(), version=version)
    return await _card(call, row.id)


async def customer_link(call: Call, id: str, body: bodies.SamePerson) -> cards.CustomerCard:
    """Let another customer join this one: all conversations and identities of the other move here.

    Where profiles differ (`/differences`), `keep` says by field whose value stands; what is empty here is taken over.
    """
    joined = await linking.link(call.bridge, call.actor, CustomerId(id), CustomerId(body.other), body.keep)
    return await _card(call, joined.id)


async def customer_unlink(call: Call, id: str, body: bodies.OtherCustomer) -> cards.CustomerCard:
    """Let a customer who joined this one leave with all that came with him, also what began since."""
    left = await linking.unlink(call.bridge, call.actor, CustomerId(id), CustomerId(body.other))
    return await _card(call, left.id)


async def customer_ban(call: Call, id: str, body: bodies.Ban) -> cards.CustomerCard:
    """Ban a customer in all his channels: what he writes is kept, the bot is silent, nobody is disturbed."""
    banned = await banning.ban(call.bridge, call.actor, CustomerId(id), body.reason)
    return await _card(call, banned.id)


async def customer_unban(call: Call, id: str) -> cards.CustomerCard:
    """Hear a banned customer again."""
    heard = await banning.unban(call.bridge, call.actor, CustomerId(id))
    return await _card(call, heard.id)


async def customer_messages(call: Call, id: str, query: bodies.TimelineQuery) -> shapes.Page[shapes.TimelineMessage]:
    """Read what was said in all conversations of a customer, oldest first; `next` leads further back."""
    require(call.actor, "read")
    rows, following = await lines_before(call, await cases_of(call, id), query.cursor, query.limit)
    return shapes.Page(
        items=[call.office.renderer.timeline(each, call.language, call.whole) for each in rows], next=following
    )


async def cases_of(call: Call, id: str) -> list[ConversationId]:
    """Return a customer's conversations, the newest activity first; raises NotFound."""
    await require_customer(call.bridge, call.actor, CustomerId(id))
    row = await root(call.bridge, CustomerId(id))
    filters = ConversationFilters(customer=row.id, sight=call.actor.sight)
    cases, _ = await call.bridge.store.conversations.page(filters, None, _CASES)
    return [case.id for case in cases]


async def lines_before(
    call: Call, ids: list[ConversationId], cursor: str | None, limit: int
) -> tuple[list[Message], str | None]:
    """Read the last lines of conversations before a cursor, oldest first, and the next cursor; raises Problem 422.

    Several lines may have one time: the cursor names the time of the oldest line shown and all shown of that time.
    """
    before, shown = _place(cursor)
    rows = await call.bridge.store.messages.by_customer(ids, before, limit + 1 + len(shown))
    rows = [row for row in rows if row.id not in shown]
    if len(rows) <= limit:
        return rows, None
    rows = rows[-limit:]
    oldest = rows[0].at
    same: list[str] = [row.id for row in rows if row.at == oldest]
    if before is not None and oldest == before - _TICK:
        same += shown
    return rows, f"{round(oldest.timestamp() * 1000)}~{','.join(same)}"


def _place(cursor: str | None) -> tuple[datetime | None, list[str]]:
    if not cursor:
        return None, []
    millis, mark, shown = cursor.partition("~")
    try:
        at = datetime.fromtimestamp(int(millis) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise invalid(("cursor", "invalid")) from None
    if not mark:
        raise invalid(("cursor", "invalid"))
    return at + _TICK, shown.split(",")
