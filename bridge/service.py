"""The doorway: what customers say comes in, what staff say and do goes out. Each verb asks a pure rule, writes once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from unicodedata import category

from bridge import handoff, ratings
from bridge.commit import Change, Committed, commit
from bridge.composing import replying
from bridge.context import Bridge as Bridge
from bridge.draft import Draft, Extras
from bridge.errors import Conflict, Invalid, NotFound
from bridge.files import require_carried
from bridge.library.board.noting import answer_of
from bridge.library.health.using import use_in
from bridge.model.conversations import Conversation, Stage
from bridge.model.drafts import Afterwards
from bridge.model.files import Attachment
from bridge.model.ids import ConversationId, MessageId, OperatorId, derive, fresh
from bridge.model.labels import Verdict
from bridge.model.messages import Author, AuthorKind, Message
from bridge.model.operators import Operator, WorkState
from bridge.phrases import utf16_length
from bridge.rights import may, require
from bridge.teamwork import mentioning
from bridge.teamwork.access import require_seen

#: The longest text of one message (Telegram's limit, the smallest of the channels), UTF-16 units.
TEXT_LIMIT = 4096
_NOTHING = Afterwards()


async def reply(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    text: str,
    *,
    key: str,
    attachments: Sequence[Attachment] = (),
    reply_to: MessageId | None = None,
    seen_seq: int | None = None,
    force: bool = False,
    origin: str = "api",
    external_id: str | None = None,
    parts: Sequence[str] = (),
    verdicts: Sequence[Verdict] = (),
    then: Afterwards = _NOTHING,
    held: bool = False,
) -> Message:
    """Answer the customer; claims unless another owns the conversation. The same key gives the same message.

    `attachments` are those of bridge.files; with them the text may be empty. `external_id` and `parts` (of an album)
    are the ids it has where it was written; `verdicts`: what the answer says about a suggestion; `then` is done
    with it. `held`: it was held under this key (bridge/composing/holding.py), and is taken from there.
    Raises Forbidden, NotFound (held: taken back), Invalid (text empty or too_long, attachments the channel refuses),
    Conflict("channel_cannot"), and Conflict("crossed") when the customer or another operator wrote after `seen_seq`,
    unless forced; `newer` then holds those messages.
    """
    require(actor, "reply")
    text = checked(text, attachments)
    await replying.require_quoted(bridge, id, reply_to)
    unique = f"reply:{key}"
    extras = _extras(origin, external_id, parts, attachments)
    extras["reply_to"] = reply_to

    def decide(before: Conversation) -> Change:
        require_carried(bridge, before.channel, attachments)
        said = replying.answered(before, actor, key) if held else handoff.reply(before, actor)
        draft = Draft(bridge, before, said, unique)
        _replied(bridge, draft, before, actor, text, extras, verdicts)
        replying.afterwards(bridge, draft, actor, then)
        return draft.change()

    seen = None if force else seen_seq
    committed = await replying.commit_uncrossed(bridge, actor, id, unique, seen, decide)
    return await _said(bridge, committed, replying.reply_id(id, key))


def _replied(
    bridge: Bridge,
    draft: Draft,
    before: Conversation,
    actor: Operator,
    text: str,
    extras: Extras,
    verdicts: Sequence[Verdict],
) -> None:
    """Write an answer, and what it means for the conversation's owner."""
    free = before.stage is not Stage.OPERATOR or before.assignee is None
    if free and draft.conversation.stage is Stage.OPERATOR:
        draft.event("claimed", actor.name)
    elif not free and before.assignee != actor.id:
        draft.event("replied_over", actor.name, before.assignee_name or "")
    said = draft.say(_staff(actor, AuthorKind.OPERATOR), text, "reply", **extras)
    draft.audit(actor.id, "reply", origin=extras.get("origin", ""))
    for verdict in verdicts:
        draft.row(verdict)
        for use in use_in(verdict):
            draft.row(use)
        draft.audit(actor.id, "suggestion_accepted", article=verdict.article_id or "", how=verdict.source)
    answer = answer_of(bridge, before, said) if not verdicts else None
    if answer is not None:
        draft.row(answer)


async def note(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    text: str,
    *,
    key: str,
    attachments: Sequence[Attachment] = (),
    origin: str = "api",
    external_id: str | None = None,
    parts: Sequence[str] = (),
    mentions: Sequence[OperatorId] = (),
    share: bool = False,
) -> Message:
    """Write for the team alone; never changes a stage, never leaves.

    Who is named in the text is mentioned too, if he gets the conversation. Raises Forbidden, NotFound, Invalid;
    Conflict("no_access") when one of `mentions` does not get it, unless it is to be shared with him.
    """
    require(actor, "note")
    text = checked(text, attachments)
    extras = _extras(origin, external_id, parts, attachments)
    message_id = MessageId(derive("message", id, f"note:{key}", "note"))
    mentioned = await mentioning.people(bridge, mentions)
    named = [person for person in await mentioning.meant(bridge, actor, text) if person not in mentioned]

    def decide(before: Conversation) -> Change:
        require_seen(actor, before)
        all_ = [*mentioned, *(person for person in named if share or person.sight.sees(before))]
        extras["mentions"] = tuple(person.id for person in all_)
        draft = Draft(bridge, before, mentioning.reached(actor, before, all_, share), f"note:{key}")
        mentioning.tell(draft, actor, before)
        draft.say(_staff(actor, AuthorKind.NOTE), text, "note", **extras)
        draft.audit(actor.id, "note", origin=origin)
        return draft.change()

    committed = await commit(bridge, id, f"note:{key}", decide)
    return await _said(bridge, committed, message_id)


# Each verb below changes a conversation at most once for a key, however often it is asked; None: each time.


async def claim(bridge: Bridge, actor: Operator, id: ConversationId, *, key: str | None = None) -> Conversation:
    """Take a conversation. Raises Conflict("taken") when another owns it, Conflict("closed"), Forbidden, NotFound."""
    require(actor, "claim")
    return await _move(bridge, actor, id, "claimed", lambda before: handoff.claim(before, actor), key)


async def begin(bridge: Bridge, actor: Operator, id: ConversationId, *, key: str | None = None) -> Conversation:
    """Take a conversation to speak first in it, a closed one too. Raises Conflict("taken"), Forbidden, NotFound."""
    require(actor, "claim")
    return await _move(bridge, actor, id, "claimed", lambda before: handoff.begin(before, actor), key)


async def assign(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    whom: OperatorId,
    *,
    key: str | None = None,
    reason: str = "",
    force: bool = False,
) -> Conversation:
    """Give a conversation to a person of the desk.

    Raises Invalid(("operator", …)), Conflict, Forbidden, NotFound; Conflict("not_free") with his state when he chose to
    get no new ones, unless forced. Oneself one may always give it.
    """
    require(actor, "assign")
    operator = await person_who_may(bridge, whom)
    if operator.state is not WorkState.FREE and whom != actor.id and not force:
        raise Conflict("not_free", operator.state.value)
    return await _move(
        bridge, actor, id, "assigned", lambda before: handoff.assign(before, operator), key, operator.name, why=reason
    )


async def person_who_may(bridge: Bridge, id: OperatorId) -> Operator:
    """Return somebody who can be given conversations; raises Invalid(("operator", …))."""
    try:
        operator = await bridge.store.staff.operator(id)
    except NotFound:
        raise Invalid(("operator", "unknown")) from None
    if not may(operator, "claim"):
        raise Invalid(("operator", "cannot_reply"))
    return operator


async def release(
    bridge: Bridge, actor: Operator, id: ConversationId, to: str, *, key: str | None = None
) -> Conversation:
    """Give a conversation back to the queue or to the bot. Raises Invalid(("to", …)), Conflict("closed"), Forbidden."""
    require(actor, "release")
    if to not in ("queue", "bot"):
        raise Invalid(("to", "invalid"))
    code = "released_to_bot" if to == "bot" else "released"
    return await _move(bridge, actor, id, code, lambda before: handoff.release(before, to), key)


async def close(
    bridge: Bridge, actor: Operator, id: ConversationId, *, unanswered: bool = False, key: str | None = None
) -> Conversation:
    """Close a conversation; `unanswered`: there is nothing to reply, the thread says so and nobody is asked to rate.

    Raises Forbidden, NotFound.
    """
    require(actor, "close")
    code, then = ("closed_unanswered", None) if unanswered else ("closed", ratings.ask)
    return await _move(
        bridge, actor, id, code, lambda before: handoff.close(before, bridge.clock.now()), key, then=then
    )


async def reopen(bridge: Bridge, actor: Operator, id: ConversationId, *, key: str | None = None) -> Conversation:
    """Open a closed conversation again: to its owner, else to the queue. Raises Forbidden, NotFound."""
    require(actor, "reopen")
    return await _move(bridge, actor, id, "reopened", handoff.reopen, key)


async def _move(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    code: str,
    rule: Callable[[Conversation], Conversation],
    key: str | None,
    detail: str = "",
    then: Callable[[Bridge, Draft, Conversation], None] | None = None,
    why: str = "",
) -> Conversation:
    unique = f"{code}:{key or fresh()}"

    def decide(before: Conversation) -> Change | None:
        after = rule(require_seen(actor, before))
        if after == before:
            return None
        draft = Draft(bridge, before, after, unique)
        draft.event(code, actor.name, f"{detail} — {why}" if why else detail)
        draft.audit(actor.id, code, detail=detail)
        if then is not None:
            then(bridge, draft, before)
        return draft.change()

    return (await commit(bridge, id, unique, decide)).conversation


async def _said(bridge: Bridge, committed: Committed, id: MessageId) -> Message:
    for row in committed.rows:
        if isinstance(row, Message) and row.id == id:
            return replace(row, version=1)
    return await bridge.store.messages.get(id)


def _staff(actor: Operator, kind: AuthorKind) -> Author:
    return Author(kind, actor.id, actor.name)


def _extras(origin: str, external_id: str | None, parts: Sequence[str], attachments: Sequence[Attachment]) -> Extras:
    return Extras(
        origin=origin,
        external_id=external_id,
        parts=tuple(parts),
        kind=attachments[0].kind if attachments else "text",
        attachments=tuple(attachments),
    )


def checked(text: str, attachments: Sequence[Attachment]) -> str:
    """Return a text as it may be said, without control characters; raises Invalid: empty (without files), too_long."""
    text = "".join(sign for sign in text if sign in "\n\t" or category(sign) != "Cc").strip()
    if not attachments and all(category(sign)[0] in "CZ" for sign in text):
        raise Invalid(("text", "empty"))  # also what nobody would see
    if utf16_length(text) > TEXT_LIMIT:
        raise Invalid(("text", "too_long"))
    return text
