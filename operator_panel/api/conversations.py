"""/conversations: lists, one case, and what is done with it."""

from datetime import UTC, datetime

from pydantic import ValidationError

from bridge import desk, service, snoozing, starting
from bridge.composing import holding
from bridge.model.access import Sight
from bridge.model.conversations import UNTIL_HE_WRITES, Conversation, ConversationFilters
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, OperatorId
from bridge.rights import require
from bridge.teamwork import access, choosing, habits, views
from operator_panel import render
from operator_panel.api import bodies, shapes, view_shapes
from operator_panel.problems import invalid
from operator_panel.serving import Call

#: Views of the inbox in its own order: due, answered, asleep.
LINES = ("mine", "free", "all", "bot", "closed")


async def conversations(call: Call, query: bodies.ConversationQuery) -> shapes.Page[shapes.Conversation]:
    """List conversations, newest activity first, or a view of the inbox in its own order.

    A view asks longest wait first (or who wrote last), then answered, then snoozed ones; with `q` it is searched, with
    `channel` narrowed.
    """
    require(call.actor, "read")
    if query.filters is not None or (query.view is not None and query.view not in LINES):
        chosen = await narrowed(call, query)
        items = await call.office.renderer.conversations(chosen.rows, call.actor)
        return shapes.Page(items=items, next=chosen.following)
    store, sight = call.bridge.store.conversations, await access.eyes(call.bridge, call.actor.sight)
    if query.view is not None and not (query.q or query.channel or query.team):
        sort = query.sort or (await habits.of(call.bridge, call.actor)).sort
        rows, following = await store.view(
            query.view, call.actor.id, query.cursor, query.limit, sight, newest=sort == "newest"
        )
    else:
        rows, following = await store.page(_filters(call, query, sight), query.cursor, query.limit)
        if query.view is not None:
            rows = [row for row in rows if _stands_in(row, query.view, call.actor.sight)]
    return shapes.Page(items=await call.office.renderer.conversations(rows, call.actor), next=following)


async def narrowed(call: Call, query: bodies.ConversationQuery) -> choosing.Chosen:
    """Read what a view that is no line of the inbox shows, or what filters ask for."""
    if query.filters is None:
        return await choosing.shown(call.bridge, call.actor, query.view or "", query.cursor, query.limit)
    try:
        wanted = view_shapes.Narrowing.model_validate_json(query.filters).row()
    except ValidationError:
        raise invalid(("filters", "invalid")) from None
    wanted = views.checked(call.bridge, wanted)
    return await choosing.page(call.bridge, call.actor, wanted, query.cursor, query.limit)


def _filters(call: Call, query: bodies.ConversationQuery, sight: Sight | None) -> ConversationFilters:
    return ConversationFilters(
        stage=query.stage,
        team=query.team,
        assignee=call.actor.id if query.assignee == "me" else query.assignee,
        channel=ChannelName(query.channel) if query.channel else None,
        tag=query.tag,
        customer=CustomerId(query.customer) if query.customer else None,
        external_id=query.external_id,
        q=query.q,
        sight=sight,
    )


def _stands_in(row: Conversation, view: str, sight: Sight) -> bool:
    if view == "mine":
        return row.bin == sight.id or (row.bin == "free" and sight.falls(row.team))
    return row.bin == view if view in ("free", "bot", "closed") else row.bin != "closed"


async def counts(call: Call) -> shapes.Counts:
    """Count the conversations of each view."""
    require(call.actor, "read")
    return shapes.Counts.model_validate(await access.counts(call.bridge, call.actor.sight))


async def conversation(call: Call, id: str) -> shapes.Conversation:
    """Read one conversation."""
    return await shown(call, await access.conversation(call.bridge, call.actor, ConversationId(id)))


async def conversation_post(call: Call, body: bodies.NewConversation) -> shapes.Conversation:
    """Begin to write to a customer: his open conversation in a channel, or a new one, becomes the caller's.

    Messengers let nobody speak first to whom a customer never wrote: 409 `never_wrote`. Else `unreachable` (he blocked
    us), `channel_down`, both with the reason's code, `banned`, and `taken` when a colleague has it.
    """
    chat = ChatId(body.external_id) if body.external_id else None
    customer, channel = CustomerId(body.customer), ChannelName(body.channel)
    return await shown(call, await starting.start(call.bridge, call.actor, customer, channel, chat))


async def shown(call: Call, row: Conversation) -> shapes.Conversation:
    """Return a conversation as its reader is shown it."""
    return (await call.office.renderer.conversations([row], call.actor))[0]


async def expect(call: Call, id: str) -> None:
    """Hold an If-Match header against the version that is there."""
    if "If-Match" in call.request.headers:
        call.expect((await access.conversation(call.bridge, call.actor, ConversationId(id))).version)


async def claim(call: Call, id: str) -> shapes.Conversation:
    """Take a conversation; somebody else's is 409 `taken`."""
    await expect(call, id)
    return await shown(call, await service.claim(call.bridge, call.actor, ConversationId(id)))


async def release(call: Call, id: str, body: bodies.Release) -> shapes.Conversation:
    """Give a conversation back to the queue or to the bot."""
    await expect(call, id)
    await holding.let_go(call.bridge, call.actor, ConversationId(id))
    return await shown(call, await service.release(call.bridge, call.actor, ConversationId(id), body.to))


async def assign(call: Call, id: str, body: bodies.Assignment) -> shapes.Conversation:
    """Give a conversation to a person of the desk; one who chose to get no new ones is 409 `not_free`."""
    whom = OperatorId(call.actor.id if body.operator == "me" else body.operator)
    await expect(call, id)
    await holding.let_go(call.bridge, call.actor, ConversationId(id))
    return await shown(call, await service.assign(call.bridge, call.actor, ConversationId(id), whom, force=body.force))


class Closing(bodies.Asked):
    """How a conversation is closed; `without_reply`: nothing is to be answered in it."""

    without_reply: bool = False


async def close(call: Call, id: str, body: Closing) -> shapes.Conversation:
    """Close a conversation; `without_reply`: nothing is to be answered, the thread tells it, no rating is asked for."""
    await expect(call, id)
    await holding.let_go(call.bridge, call.actor, ConversationId(id))
    closed = await service.close(call.bridge, call.actor, ConversationId(id), unanswered=body.without_reply)
    return await shown(call, closed)


async def reopen(call: Call, id: str, body: bodies.Reopening) -> shapes.Conversation:
    """Open a closed conversation again, now or `at` a time; null takes that back. Of an open one: 409 `not_closed`."""
    await expect(call, id)
    if "at" in body.model_fields_set:
        at = body.at.astimezone(UTC) if body.at else None
        later = await snoozing.reopen_later(call.bridge, call.actor, ConversationId(id), at, body.note)
        return await shown(call, later)
    return await shown(call, await service.reopen(call.bridge, call.actor, ConversationId(id)))


async def snooze(call: Call, id: str, body: bodies.Snooze) -> shapes.Conversation:
    """Let a conversation sleep until a time or the customer's next word; null wakes it. A closed one: 409 `closed`."""
    await expect(call, id)
    await holding.let_go(call.bridge, call.actor, ConversationId(id))
    until = asleep_until(body)
    return await shown(call, await snoozing.snooze(call.bridge, call.actor, ConversationId(id), until, body.note))


def asleep_until(body: bodies.Snooze | view_shapes.Bulk) -> datetime | None:
    """Return until when a conversation is to sleep; None wakes it."""
    if body.until is None:
        return UNTIL_HE_WRITES if body.until_reply else None
    return body.until.astimezone(UTC)


async def ask_contact(call: Call, id: str) -> shapes.Conversation:
    """Ask the customer for an e-mail or a phone, also when he was asked before."""
    await expect(call, id)
    return await shown(call, await desk.ask_contact(call.bridge, call.actor, ConversationId(id)))


async def tags(call: Call, id: str, body: bodies.TagChange) -> shapes.Conversation:
    """Add and remove tags."""
    await expect(call, id)
    return await shown(
        call, await desk.tag(call.bridge, call.actor, ConversationId(id), tuple(body.add), tuple(body.remove))
    )


async def read(call: Call, id: str, body: bodies.ReadUpTo) -> shapes.ReadMark:
    """Move the caller's read mark up to a line; it never falls."""
    incoming = await desk.mark_read(call.bridge, call.actor, ConversationId(id), body.seq)
    return shapes.ReadMark(incoming=incoming)


async def unread(call: Call, id: str) -> shapes.ReadMark:
    """Let the customer's newest message count as unread to the caller again."""
    return shapes.ReadMark(incoming=await desk.mark_unread(call.bridge, call.actor, ConversationId(id)))


async def suggestions(call: Call, id: str, query: bodies.SuggestionQuery) -> list[shapes.Suggestion]:
    """Articles that may answer the customer's last question; with `q` those the base finds for other words."""
    if query.q.strip():
        found = await desk.search(call.bridge, call.actor, ConversationId(id), query.q, limit=query.limit)
    else:
        found = await desk.suggestions(call.bridge, call.actor, ConversationId(id), limit=query.limit)
    return [render.suggestion(each) for each in found]
