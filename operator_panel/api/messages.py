"""/conversations/{id}/messages and /messages: history, replies, notes, another try, changes and reactions."""

import contextlib
from collections.abc import Sequence
from datetime import UTC

from bridge import attendance, desk, files, service
from bridge.changes import amending
from bridge.composing import drafts
from bridge.errors import Conflict, NotFound, StoreDown
from bridge.library.learning import hearing
from bridge.model.drafts import Afterwards
from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, ConversationId, FileId, MessageId, OperatorId
from bridge.model.messages import Message
from bridge.model.operators import Operator
from bridge.teamwork import access
from operator_panel.api import bodies, shapes
from operator_panel.problems import Problem, invalid
from operator_panel.serving import Call


async def messages(call: Call, id: str, query: bodies.MessageQuery) -> shapes.Page[shapes.Message]:
    """Read lines by seq, rising: the first after `after`, the last before `before`, or the last ones.

    `around` is the id of a line of this conversation in the middle of what is read, 404 where there is none. `next` is
    the seq to go on with: as `after` when `after` was given, else as `before`.
    """
    conversation = await access.conversation(call.bridge, call.actor, ConversationId(id))
    before = query.before
    if query.around is not None:
        middle = await call.bridge.store.messages.get(MessageId(query.around))
        if middle.conversation != conversation.id:
            raise NotFound(f"message {query.around}")
        before = middle.seq + query.limit // 2 + 1
    rows, more = await page(call, conversation.id, query.after, before, query.limit)
    edge = str((rows[-1] if query.after is not None else rows[0]).seq) if more else None
    return shapes.Page(items=[call.office.renderer.message(row, call.language, call.whole) for row in rows], next=edge)


async def page(
    call: Call, id: ConversationId, after: int | None, before: int | None, limit: int
) -> tuple[list[Message], bool]:
    """Return lines and whether there are more on the far side."""
    rows = await call.bridge.store.messages.page(id, after, before, limit + 1)
    if len(rows) <= limit:
        return rows, False
    return (rows[:limit] if after is not None else rows[-limit:]), True


async def message_post(call: Call, id: str, body: bodies.NewMessage) -> shapes.Message:
    """Reply to the customer, or note something for the team.

    A reply that crossed with newer words is 409 `crossed` with them in `messages`, unless forced.
    """
    key = call.key(body.client_id)
    origin = _origin(call)
    where = ConversationId(id)
    if not body.text and not body.attachments:
        raise invalid(("text", "empty" if "text" in body.model_fields_set else "required"))
    if "If-Match" in call.request.headers:
        call.expect((await access.conversation(call.bridge, call.actor, where)).version)
    ids = [FileId(each.file_id) for each in body.attachments]
    attachments = await files.attached(call.bridge, f"operator:{call.actor.id}", ids, where)
    if body.kind == "note":
        if body.reply_to is not None:
            raise invalid(("reply_to", "not_for_notes"))
        row = await _noted(call, where, body, key, attachments)
        await forget_draft(call, where, body)
        return _shown(call, row)
    way: hearing.Way = {
        "key": key,
        "attachments": attachments,
        "reply_to": MessageId(body.reply_to) if body.reply_to else None,
        "seen_seq": body.seen_seq,
        "force": body.force,
        "origin": origin,
        "then": afterwards(body.then),
    }
    try:
        if body.suggestion and body.text:
            made_of = ArticleId(body.suggestion)
            row = await hearing.answer_with(call.bridge, call.actor, where, made_of, body.text, **way)
        else:
            row = await service.reply(call.bridge, call.actor, where, body.text, **way)
    except Conflict as conflict:
        raise crossed_problem(call, conflict) from None
    await forget_draft(call, where, body)
    with contextlib.suppress(StoreDown):  # the word is written: nothing may refuse it any more
        await attendance.note(call.bridge)
    return _shown(call, row)


async def _noted(
    call: Call, where: ConversationId, body: bodies.NewMessage, key: str, attachments: Sequence[Attachment]
) -> Message:
    try:
        return await service.note(
            call.bridge,
            call.actor,
            where,
            body.text,
            key=key,
            attachments=attachments,
            origin=_origin(call),
            mentions=[OperatorId(each) for each in body.mentions],
            share=body.share,
        )
    except Conflict as conflict:
        if conflict.code != "no_access":
            raise
        outside = [{"id": each.id, "name": each.name} for each in conflict.newer if isinstance(each, Operator)]
        raise Problem(409, "no_access", str(conflict), more={"operators": outside}) from None


async def forget_draft(call: Call, where: ConversationId, body: bodies.NewMessage) -> None:
    """Forget the draft a word was written in, now that the word is kept; newer ones stay."""
    if body.draft:
        with contextlib.suppress(StoreDown):
            await drafts.drop(call.bridge, call.actor, where, body.kind, body.draft)


def afterwards(then: bodies.Afterwards) -> Afterwards:
    """Return what is done with a reply."""
    return Afterwards(then.close, then.snooze_until.astimezone(UTC) if then.snooze_until else None)


def crossed_problem(call: Call, conflict: Conflict) -> Exception:
    """Return the refusal of a reply that crossed with newer words, with them; any other conflict as it is."""
    if conflict.code != "crossed":
        return conflict
    newer = [each for each in conflict.newer if isinstance(each, Message)]
    shown = [call.office.renderer.message(each, call.language).model_dump(mode="json") for each in newer]
    return Problem(409, "crossed", str(conflict), more={"messages": shown})


async def message_retry(call: Call, id: str) -> shapes.Message:
    """Send a message again whose delivery failed or is unknown."""
    return _shown(call, await desk.retry(call.bridge, call.actor, MessageId(id)))


async def message_change(call: Call, id: str, body: bodies.NewText) -> shapes.Message:
    """Let a message say something else, also where it was sent to; 409 `channel_cannot`, `deleted` or `not_sent`."""
    await _expect(call, id)
    return _shown(call, await amending.edit(call.bridge, call.actor, MessageId(id), body.text, origin=_origin(call)))


async def message_delete(call: Call, id: str) -> shapes.Message:
    """Take a message back, also from the customer; the staff keep its text."""
    await _expect(call, id)
    return _shown(call, await amending.delete(call.bridge, call.actor, MessageId(id), origin=_origin(call)))


async def message_react(call: Call, id: str, body: bodies.NewReaction) -> shapes.Message:
    """Put the desk's sign on a message, in place of any other of the desk."""
    await _expect(call, id)
    return _shown(call, await amending.react(call.bridge, call.actor, MessageId(id), body.emoji, origin=_origin(call)))


async def message_unreact(call: Call, id: str) -> shapes.Message:
    """Take the desk's sign off a message."""
    await _expect(call, id)
    return _shown(call, await amending.react(call.bridge, call.actor, MessageId(id), "", origin=_origin(call)))


async def _expect(call: Call, id: str) -> None:
    """Hold an If-Match header against the message's version."""
    if "If-Match" in call.request.headers:
        call.expect((await access.message(call.bridge, call.actor, MessageId(id))).version)


def _origin(call: Call) -> str:
    return "api" if call.guest.session is None else "panel"


def _shown(call: Call, row: Message) -> shapes.Message:
    return call.office.renderer.message(row, call.language)
