"""The rules of a reply: what it may cross, what it becomes when it was held, and what is done with it."""

from collections.abc import Callable
from dataclasses import replace

from bridge import handoff, ratings
from bridge.commit import Change, Committed, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, Invalid, NotFound
from bridge.model.conversations import Conversation, Stage
from bridge.model.drafts import Afterwards, Held
from bridge.model.ids import ConversationId, MessageId, derive
from bridge.model.messages import Author, AuthorKind, Message
from bridge.model.operators import Operator
from bridge.teamwork.access import require_seen


def reply_id(id: ConversationId, key: str) -> MessageId:
    """Return the id of the message that a reply under a key becomes."""
    return MessageId(derive("message", id, f"reply:{key}", "reply"))


def require_uncrossed(before: Conversation, actor: Operator, seen: int) -> None:
    """Refuse a reply that others' words cross, said after `seen` or held for a moment; raises Conflict("crossed").

    Words that are held stand in its `newer`; who said what else there is has to be read (`crossed`).
    """
    held = tuple(as_message(before, each) for each in before.held if _counts(each) and each.by != actor.id)
    if held:
        raise Conflict("crossed", f"{len(held)} held messages", held)
    if before.spoken_seq > seen:
        raise Conflict("crossed")


async def commit_uncrossed(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    key: str,
    seen: int | None,
    decide: Callable[[Conversation], Change],
) -> Committed:
    """Commit a reply that nobody's words cross: those after `seen` (None: whatever was said), own ones apart.

    Raises NotFound where it is hidden from the actor, Conflict("crossed") with what was said, what `decide` raises.
    """

    def guarded(before: Conversation) -> Change:
        require_seen(actor, before)
        if seen is not None:
            require_uncrossed(before, actor, seen)
        return decide(before)

    while True:
        try:
            return await commit(bridge, id, key, guarded)
        except Conflict as conflict:
            if conflict.code != "crossed" or conflict.newer or seen is None:
                raise
            seen = await crossed(bridge, actor, id, seen)


def _counts(held: Held) -> bool:
    """Tell whether a held reply is as good as said: one planned for later is not."""
    return held.undo and not held.failed


def as_message(before: Conversation, held: Held) -> Message:
    """Return a held reply as the message it will be."""
    return Message(
        id=held.id,
        conversation=before.id,
        seq=before.seq + 1,
        author=Author(AuthorKind.OPERATOR, held.by, held.name),
        text=held.text,
        at=held.at,
        channel=before.channel,
        chat=before.chat,
        incoming=before.incoming,
        reply_to=held.reply_to,
        attachments=held.attachments,
        origin=held.origin,
    )


async def crossed(bridge: Bridge, actor: Operator, id: ConversationId, seen_seq: int) -> int:
    """Raise Conflict("crossed") with what others said after `seen_seq`; only own words since then: their newest seq."""
    newer = await bridge.store.messages.page(id, seen_seq, None, 50)
    others = tuple(
        message
        for message in newer
        if message.author.kind is AuthorKind.CUSTOMER
        or (message.author.kind is AuthorKind.OPERATOR and message.author.id != actor.id)
    )
    if others or not newer:
        raise Conflict("crossed", f"{len(others)} newer messages", others)
    return newer[-1].seq


async def require_quoted(bridge: Bridge, id: ConversationId, quoted: MessageId | None) -> None:
    """Refuse an answer to a message that does not stand in the conversation; raises Invalid(("reply_to", …))."""
    message = await bridge.store.messages.find(quoted) if quoted is not None else None
    if quoted is not None and (message is None or message.conversation != id):
        raise Invalid(("reply_to", "unknown"))


def taken(before: Conversation, key: str) -> Conversation:
    """Take a held reply out; raises NotFound when somebody took it back."""
    left = tuple(each for each in before.held if each.key != key)
    if len(left) == len(before.held):
        raise NotFound("a held reply")
    return replace(before, held=left)


def answered(before: Conversation, actor: Operator, key: str) -> Conversation:
    """Let a held reply be said where it is; who closed or passed the conversation on meanwhile is not overruled by it.

    Raises NotFound when somebody took it back.
    """
    held = next((each for each in before.held if each.key == key), None)
    left = taken(before, key)
    if held is None or not held.undo:
        return handoff.reply(left, actor)
    if left.stage is Stage.CLOSED and left.closed_at is not None and left.closed_at >= held.at:
        return replace(left, epoch=left.epoch + 1, waiting_since=None)
    if left.stage is Stage.WAITING and left.assignee is None:  # it was claimed when the reply was held
        return replace(left, epoch=left.epoch + 1)
    return handoff.reply(left, actor)


def afterwards(bridge: Bridge, draft: Draft, actor: Operator, then: Afterwards) -> None:
    """Close with a reply, or let the conversation sleep; a time that is past by now is no sleep."""
    said, now = draft.conversation, bridge.clock.now()
    if then.close and said.stage is not Stage.CLOSED:
        draft.conversation = handoff.close(said, now)
        draft.event("closed", actor.name)
        draft.audit(actor.id, "closed", detail="")
        ratings.ask(bridge, draft, said)
    elif then.snooze_until is not None and then.snooze_until > now:
        draft.conversation = replace(said, snoozed_until=then.snooze_until)
        draft.audit(actor.id, "snoozed")
