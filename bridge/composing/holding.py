"""Replies that are held before they go out: for a few seconds, so that one can think better of it, or until a time.

A held reply stands in its conversation, one swap with all that crosses it: so it survives whatever ends, goes out once,
and is either taken back or sent. Who answers meanwhile is told of one that is held for a moment as if it were said.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bridge import handoff, service
from bridge.commit import Change, commit
from bridge.composing import replying
from bridge.context import Bridge, log
from bridge.draft import Draft
from bridge.errors import BridgeError, Forbidden, Invalid, NotFound, RetryLater, StoreDown
from bridge.files import require_carried
from bridge.library.learning import hearing
from bridge.model.conversations import Conversation, Stage
from bridge.model.drafts import Afterwards, Held
from bridge.model.ids import ConversationId, MessageId, fresh
from bridge.model.messages import Message
from bridge.model.operators import Operator
from bridge.rights import may, require
from bridge.staff import mirror
from bridge.teamwork.access import require_seen

#: A reply is held for so long at most so that it can be taken back, seconds.
LONGEST = 15
#: It is planned for so far ahead at most.
AHEAD = timedelta(days=60)
#: Replies held in one conversation at most.
MOST = 20
#: Letters of a reply told of in the topic.
EXCERPT = 300
#: Conversations looked at in one round.
PORTION = 100


async def hold(
    bridge: Bridge, actor: Operator, where: ConversationId, wish: Held, *, seen_seq: int | None, force: bool = False
) -> tuple[Held, Conversation]:
    """Keep a reply until it is due; the same key gives the same one. One held to be taken back claims at once.

    Who takes it back keeps what he claimed. Raises what service.reply raises, and Invalid(("send_at", "past" |
    "too_far")), Invalid(("text", "too_many")).
    """
    require(actor, "reply")
    now = bridge.clock.now()
    if not wish.undo:
        _require_ahead(wish.due, now)
    await replying.require_quoted(bridge, where, wish.reply_to)
    text = service.checked(wish.text, wish.attachments)
    held = replace(wish, id=replying.reply_id(where, wish.key), text=text, by=actor.id, name=actor.name, at=now)
    unique = f"hold:{wish.key}"

    def decide(before: Conversation) -> Change:
        require_carried(bridge, before.channel, held.attachments)
        if len(before.held) >= MOST:
            raise Invalid(("text", "too_many"))
        return _held(bridge, before, actor, held, unique)

    seen = None if force else seen_seq
    after = (await replying.commit_uncrossed(bridge, actor, where, unique, seen, decide)).conversation
    return next((each for each in after.held if each.key == held.key), held), after


def _held(bridge: Bridge, before: Conversation, actor: Operator, held: Held, key: str) -> Change:
    claims = held.undo and (before.stage in (Stage.BOT, Stage.WAITING) or before.assignee is None)
    after = handoff.claim(before, actor) if claims and before.stage is not Stage.CLOSED else before
    draft = Draft(bridge, before, replace(after, held=(*after.held, replace(held, seen_seq=before.seq))), key)
    if after is not before:
        draft.event("claimed", actor.name)
    draft.audit(actor.id, "reply_held" if held.undo else "reply_planned", message=held.id)
    return draft.change()


async def take_back(bridge: Bridge, actor: Operator, where: ConversationId, id: MessageId) -> Held:
    """Take a held reply back and return it; nothing of it is sent. Raises Forbidden, NotFound (also: it is out)."""
    require(actor, "reply")
    found: list[Held] = []
    unique = f"unhold:{id}:{fresh()}"

    def decide(before: Conversation) -> Change:
        found[:] = [_own(require_seen(actor, before), actor, id)]
        draft = Draft(bridge, before, replying.taken(before, found[0].key), unique)
        draft.audit(actor.id, "reply_taken_back", message=id)
        return draft.change()

    await commit(bridge, where, unique, decide)
    return found[0]


async def put_off(
    bridge: Bridge, actor: Operator, where: ConversationId, id: MessageId, due: datetime, text: str | None = None
) -> Held:
    """Let a planned reply go out at another time, and say something else. Raises Invalid, Forbidden, NotFound."""
    require(actor, "reply")
    changed: list[Held] = []
    unique = f"put_off:{id}:{fresh()}"

    def decide(before: Conversation) -> Change:
        old = _own(require_seen(actor, before), actor, id)
        _require_ahead(due, bridge.clock.now())
        said = old.text if text is None else service.checked(text, old.attachments)
        changed[:] = [replace(old, due=due, text=said, undo=False, failed="")]
        rows = tuple(changed[0] if each.id == id else each for each in before.held)
        draft = Draft(bridge, before, replace(before, held=rows), unique)
        draft.audit(actor.id, "reply_planned", message=id)
        return draft.change()

    await commit(bridge, where, unique, decide)
    return changed[0]


async def alone(bridge: Bridge, actor: Operator, where: ConversationId, run: str) -> None:
    """Let what a macro's run holds go out without closing or sleep: a step before them failed."""
    unique = f"alone:{run}"

    def decide(before: Conversation) -> Change | None:
        mine = [each for each in before.held if each.key.startswith(f"macro:{run}:")]
        rows = tuple(replace(each, then=Afterwards()) if each in mine else each for each in before.held)
        if rows == before.held:
            return None
        draft = Draft(bridge, before, replace(before, held=rows), unique)
        draft.audit(actor.id, "reply_held", message=mine[-1].id)
        return draft.change()

    await commit(bridge, where, unique, decide)


def _require_ahead(due: datetime, now: datetime) -> None:
    if not now < due <= now + AHEAD:
        raise Invalid(("send_at", "past" if due <= now else "too_far"))


def _own(conversation: Conversation, actor: Operator, id: MessageId) -> Held:
    found = next((each for each in conversation.held if each.id == id), None)
    if found is None:
        raise NotFound(f"held reply {id}")
    if found.by != actor.id and not may(actor, "amend_others"):
        raise Forbidden("this is another person's reply")
    return found


async def send_now(bridge: Bridge, actor: Operator, where: ConversationId, id: MessageId) -> Message:
    """Send a held reply without waiting any longer; one whose author may reply no more goes as one's own.

    Raises Forbidden, NotFound, and what service.reply raises.
    """
    require(actor, "reply")
    held = _own(require_seen(actor, await bridge.store.conversations.get(where)), actor, id)
    if held.by != actor.id and not may(await bridge.store.staff.operator(held.by), "reply"):
        held = replace(held, by=actor.id, name=actor.name)
    return await _send(bridge, where, held)


async def let_go(bridge: Bridge, actor: Operator, where: ConversationId) -> None:
    """Send what a person has said and could still take back: he goes on to something that must come after it."""
    for row in await bridge.store.conversations.many([where]):
        await _send_all(bridge, row, [each for each in row.held if each.undo and each.by == actor.id])


async def send_due(bridge: Bridge) -> int:
    """Send the held replies whose time has come; returns how many there were."""
    now, count = bridge.clock.now(), 0
    for row in await bridge.store.conversations.to_send(now, PORTION):
        due = sorted((each for each in row.held if each.due <= now), key=lambda each: (each.due, each.at))
        count += await _send_all(bridge, row, due)
    return count


async def _send_all(bridge: Bridge, row: Conversation, due: Sequence[Held]) -> int:
    waiting = [each for each in due if not each.failed]
    for held in waiting:
        try:
            await _send(bridge, row.id, held)
        except StoreDown:
            raise
        except NotFound as fault:
            if str(fault) != "a held reply":  # else taken back, or sent by another
                await _fail(bridge, row.id, held, fault.code)
        except RetryLater:
            continue  # in the next round
        except BridgeError as fault:
            if fault.code == "version":
                continue
            log.warning("a held reply cannot be sent: %s", fault, extra={"held": held.id})
            await _fail(bridge, row.id, held, fault.errors[0][1] if isinstance(fault, Invalid) else fault.code)
    return len(waiting)


async def _send(bridge: Bridge, where: ConversationId, held: Held) -> Message:
    actor = await bridge.store.staff.operator(held.by)
    way: hearing.Way = {
        "key": held.key,
        "attachments": held.attachments,
        "reply_to": held.reply_to,
        "force": True,
        "origin": held.origin,
        "then": held.then,
        "held": True,
    }
    if held.suggestion and held.text:
        return await hearing.answer_with(bridge, actor, where, held.suggestion, held.text, **way)
    return await service.reply(bridge, actor, where, held.text, **way)


async def _fail(bridge: Bridge, where: ConversationId, held: Held, why: str) -> None:
    """Let a reply stay where it is, with the reason why it cannot go out: its words are not lost."""
    unique = f"held_failed:{held.id}:{fresh()}"

    def decide(before: Conversation) -> Change | None:
        rows = tuple(replace(each, failed=why) if each.id == held.id else each for each in before.held)
        if rows == before.held:
            return None
        draft = Draft(bridge, before, replace(before, held=rows), unique)
        if not held.undo:  # who planned it looks elsewhere by now, and the conversation may be another's
            _tell(bridge, draft, held, why)
        draft.audit("system", "reply_held_back", message=held.id, operator=held.by, why=why)
        return draft.change()

    await commit(bridge, where, unique, decide)


def _tell(bridge: Bridge, draft: Draft, held: Held, why: str) -> None:
    draft.event("planned_failed", held.name)
    if draft.conversation.topic and bridge.desk is not None:
        say = bridge.phrases
        told = say.say(
            say.language,
            "staff.planned_failed",
            operator=held.name,
            reason=say.reason(say.language, why),
            text=held.text[:EXCERPT],
        )
        draft.row(mirror.notice(bridge, draft.conversation, f"planned_failed:{held.id}:{fresh()}", told))
