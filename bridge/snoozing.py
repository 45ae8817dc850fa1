"""Snooze: a conversation sleeps until a time or the customer's next word; a closed one opens again at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bridge import handoff
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, Invalid
from bridge.model.conversations import Conversation, Stage
from bridge.model.ids import ConversationId, fresh
from bridge.model.operators import Operator
from bridge.rights import require
from bridge.teamwork import access

#: Characters of what is to be done then.
NOTE = 300


async def snooze(
    bridge: Bridge, actor: Operator, id: ConversationId, until: datetime | None, note: str = ""
) -> Conversation:
    """Let an open conversation sleep until a time or the customer's next word; None wakes it.

    `note` is told to its owner and the thread when the time has come. Raises Invalid(("until", "past"), ("note",
    "too_long")), Conflict("closed"), Forbidden, NotFound.
    """
    require(actor, "snooze")
    said = _said(bridge, until, note)

    def change(draft: Draft, before: Conversation) -> None:
        if before.stage is Stage.CLOSED:
            raise Conflict("closed")
        if until and said:
            draft.event("snoozed", actor.name, said)
        draft.audit(actor.id, "snoozed" if until else "woken")

    return await _set(bridge, actor, id, until, said, change)


async def reopen_later(
    bridge: Bridge, actor: Operator, id: ConversationId, at: datetime | None, note: str = ""
) -> Conversation:
    """Let a closed conversation open again at a time, or with the customer's next word as ever; None: it does not.

    Raises Invalid as `snooze`, Conflict("not_closed") where it is not closed, Forbidden, NotFound.
    """
    require(actor, "reopen")
    said = _said(bridge, at, note)

    def change(draft: Draft, before: Conversation) -> None:
        if before.stage is not Stage.CLOSED:
            raise Conflict("not_closed")
        draft.event("reopens_later" if at else "reopens_not", actor.name, said)
        draft.audit(actor.id, "reopens_later" if at else "reopens_not")

    return await _set(bridge, actor, id, at, said, change)


async def wake(bridge: Bridge, id: ConversationId, now: datetime) -> Conversation:
    """Wake a conversation whose sleep ends until `now`, open a closed one; nothing happens when it was set anew."""
    key = f"woken:{fresh()}"

    def decide(before: Conversation) -> Change | None:
        if before.snoozed_until is None or before.snoozed_until > now:
            return None
        closed = before.stage is Stage.CLOSED
        after = handoff.reopen(before) if closed else replace(before, snoozed_until=None, snooze_note="")
        draft = Draft(bridge, before, after, key)
        draft.event("reopened_by_time" if closed else "woken", detail=before.snooze_note)
        draft.audit("system", "reopened" if closed else "woken")
        return draft.change()

    return (await commit(bridge, id, key, decide)).conversation


async def _set(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    until: datetime | None,
    note: str,
    change: Callable[[Draft, Conversation], None],
) -> Conversation:
    key = f"snooze:{fresh()}"

    def decide(before: Conversation) -> Change | None:
        after = replace(access.require_seen(actor, before), snoozed_until=until, snooze_note=note)
        draft = Draft(bridge, before, after, key)
        change(draft, before)
        return draft.change() if after != before else None

    return (await commit(bridge, id, key, decide)).conversation


def _said(bridge: Bridge, until: datetime | None, note: str) -> str:
    """Return the note in one line, none where nothing sleeps; raises Invalid."""
    said = " ".join(note.split())
    wrong = [("until", "past")] if until is not None and until <= bridge.clock.now() else []
    if len(said) > NOTE or not said.isprintable():
        wrong.append(("note", "too_long" if len(said) > NOTE else "invalid"))
    if wrong:
        raise Invalid(*wrong)
    return said if until else ""
