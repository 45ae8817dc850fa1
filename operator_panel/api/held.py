"""/conversations/{id}/held and /conversations/{id}/draft: words that are not sent yet."""

from datetime import UTC, timedelta

from bridge import files
from bridge.composing import drafts, holding
from bridge.errors import Conflict
from bridge.model.conversations import Conversation
from bridge.model.drafts import Held
from bridge.model.ids import ArticleId, ConversationId, FileId, MessageId
from operator_panel.api import canned_shapes as canned
from operator_panel.api import draft_views, shapes
from operator_panel.api.messages import afterwards, crossed_problem, forget_draft
from operator_panel.problems import invalid
from operator_panel.serving import Call

#: How long a reply can be taken back where nothing else is said, seconds.
UNDO = 6.0


async def held_post(call: Call, id: str, body: canned.NewHeld) -> shapes.Held:
    """Hold a reply: for `hold_seconds` (6 if nothing is said), so that it can be taken back, or until `send_at`.

    It goes out by itself, whatever becomes of the page. A reply that crossed with newer words is 409 `crossed`.
    """
    if not body.text and not body.attachments:
        raise invalid(("text", "empty" if "text" in body.model_fields_set else "required"))
    if body.send_at is not None and body.hold_seconds is not None:
        raise invalid(("send_at", "not_both"))
    where = ConversationId(id)
    try:
        held, row = await holding.hold(
            call.bridge,
            call.actor,
            where,
            await _wish(call, where, body),
            seen_seq=body.seen_seq,
            force=body.force,
        )
    except Conflict as conflict:
        raise crossed_problem(call, conflict) from None
    await forget_draft(call, where, body)
    return _shown(call, held, row)


async def _wish(call: Call, where: ConversationId, body: canned.NewHeld) -> Held:
    now = call.bridge.clock.now()
    seconds = UNDO if body.hold_seconds is None else body.hold_seconds
    due = body.send_at.astimezone(UTC) if body.send_at else now + timedelta(seconds=seconds)
    ids = [FileId(each.file_id) for each in body.attachments]
    return Held(
        id=MessageId(""),
        key=call.key(body.client_id),
        by=call.actor.id,
        name=call.actor.name,
        text=body.text,
        at=now,
        due=due,
        undo=body.send_at is None,
        attachments=await files.attached(call.bridge, f"operator:{call.actor.id}", ids, where),
        reply_to=MessageId(body.reply_to) if body.reply_to else None,
        suggestion=ArticleId(body.suggestion) if body.suggestion else None,
        then=afterwards(body.then),
    )


async def held_change(call: Call, id: str, message: str, body: canned.HeldChange) -> shapes.Held:
    """Let a held reply go out at another time, and say something else."""
    where, at = ConversationId(id), body.send_at.astimezone(UTC)
    held = await holding.put_off(call.bridge, call.actor, where, MessageId(message), at, body.text)
    return _shown(call, held, await call.bridge.store.conversations.get(where))


async def held_delete(call: Call, id: str, message: str) -> shapes.Held:
    """Take a held reply back, and return it; 404 when it is out already."""
    where = ConversationId(id)
    held = await holding.take_back(call.bridge, call.actor, where, MessageId(message))
    return _shown(call, held, await call.bridge.store.conversations.get(where))


async def held_send(call: Call, id: str, message: str) -> shapes.Message:
    """Send a held reply at once."""
    row = await holding.send_now(call.bridge, call.actor, ConversationId(id), MessageId(message))
    return call.office.renderer.message(row, call.language)


def _shown(call: Call, held: Held, row: Conversation) -> shapes.Held:
    return call.office.renderer.held(held, row)


async def own_drafts(call: Call, id: str) -> canned.Drafts:
    """Read the caller's drafts in a conversation."""
    rows = await drafts.look(call.bridge, call.actor, ConversationId(id))
    return canned.Drafts(items=[draft_views.draft(call.office.renderer, row, call.language) for row in rows])


async def own_draft_put(call: Call, id: str, body: canned.NewDraft) -> canned.DraftKept:
    """Keep what the caller has written; an empty draft deletes the one that is there."""
    row = await drafts.put(
        call.bridge,
        call.actor,
        ConversationId(id),
        body.mode,
        body.text,
        attached=[FileId(each.file_id) for each in body.attachments],
        quote=MessageId(body.reply_to) if body.reply_to else None,
        suggestion=ArticleId(body.suggestion) if body.suggestion else None,
        seq=body.seq,
        page=body.page,
    )
    return canned.DraftKept(draft=draft_views.draft(call.office.renderer, row, call.language) if row else None)


async def own_draft_delete(call: Call, id: str, query: canned.DraftGone) -> None:
    """Forget a draft; with `stamp` only if nothing newer was written. Gone already is gone."""
    await drafts.drop(call.bridge, call.actor, ConversationId(id), query.mode, query.stamp, query.page)
