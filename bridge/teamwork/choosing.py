"""Which conversations a view shows: asked by index for what an index knows, the rest is sifted, never counted out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bridge.context import Bridge
from bridge.model.conversations import Conversation, ConversationFilters, DeskState, Stage
from bridge.model.ids import ChannelName
from bridge.model.operators import Operator
from bridge.model.views import BUILT_IN, MENTIONS, Narrowing, Status
from bridge.rights import require
from bridge.teamwork import access, views

#: Rows read for one answer at most, where what is asked for is rare: the next page goes on behind them.
LOOKED_AT = 1000
#: Counted up to here; one more means "more than that".
COUNTED = 100
NONE, ME = "none", "me"
#: Sections of the inbox in which conversations of a status stand.
_STATES = {
    Status.DUE: (DeskState.DUE,),
    Status.ANSWERED: (DeskState.ANSWERED,),
    Status.SNOOZED: (DeskState.SNOOZED,),
    Status.BOT: (DeskState.ANSWERED, DeskState.SNOOZED),
    Status.CLOSED: (DeskState.CLOSED,),
}
OPEN = (Status.DUE, Status.ANSWERED, Status.SNOOZED, Status.BOT)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A page of a view; `following` is its next cursor, which there may be although the page is short or empty."""

    rows: list[Conversation]
    following: str | None


async def mentions(bridge: Bridge, actor: Operator, limit: int) -> Chosen:
    """Read the conversations in whose notes somebody was mentioned, the newest mention first. Raises Forbidden."""
    require(actor, "read")
    ids = await bridge.store.notices.mentioned(actor.id, limit)
    rows = [row for row in await bridge.store.conversations.many(ids) if actor.sight.sees(row)]
    return Chosen(rows, None)


async def shown(bridge: Bridge, actor: Operator, view: str, cursor: str | None, limit: int) -> Chosen:
    """Read a page of a built-in or a kept view. Raises Forbidden, NotFound, Invalid(("cursor", "invalid"))."""
    if view == MENTIONS:
        return await mentions(bridge, actor, limit)
    wanted = BUILT_IN.get(view)
    if wanted is None:
        wanted = (await views.look(bridge, actor, view)).narrowing
    return await page(bridge, actor, wanted, cursor, limit)


async def page(bridge: Bridge, actor: Operator, wanted: Narrowing, cursor: str | None, limit: int) -> Chosen:
    """Read a page of what a narrowing shows, newest activity first; it may hold more than `limit`, never twice as many.

    Raises Forbidden, Invalid(("cursor", "invalid")).
    """
    require(actor, "read")
    asked = replace(_asked(wanted, actor), sight=await access.eyes(bridge, actor.sight))
    found: list[Conversation] = []
    looked, now = 0, bridge.clock.now()
    while True:
        rows, following = await bridge.store.conversations.page(asked, cursor, limit)
        if rows and _stale(wanted, rows[-1], now):
            following = None
        found += await _sifted(bridge, actor, wanted, rows)
        looked += len(rows)
        if following is None or len(found) >= limit or looked >= LOOKED_AT:
            return Chosen(found, following)
        cursor = following


async def count(bridge: Bridge, actor: Operator, name: str, wanted: Narrowing) -> tuple[int, bool]:
    """Count what a view shows up to COUNTED; true: there are, or may be, more. Raises Forbidden."""
    if name == MENTIONS:
        rows = (await mentions(bridge, actor, COUNTED)).rows
        return min(len(rows), COUNTED - 1), len(rows) >= COUNTED
    chosen = await page(bridge, actor, wanted, None, COUNTED)
    counted = len(chosen.rows)
    return min(counted, COUNTED - 1), counted >= COUNTED or chosen.following is not None


def fits(wanted: Narrowing, row: Conversation, me: str, now: datetime) -> bool:
    """Tell whether a conversation stands in a view, as far as it can be told from the conversation alone."""
    return (
        status_of(row) in (wanted.statuses or OPEN)
        and _any(wanted.priorities, row.priority)
        and _any(wanted.channels, row.channel)
        and _any(wanted.teams, row.team or NONE)
        and _any(tuple(me if each == ME else each for each in wanted.assignees), row.assignee or NONE)
        and (not wanted.tags or bool({each.casefold() for each in wanted.tags} & {tag.casefold() for tag in row.tags}))
        and (not wanted.since or row.created_at >= _midnight(wanted.since))
        and (not wanted.until or row.created_at < _midnight(wanted.until) + timedelta(days=1))
        and not _stale(wanted, row, now)
        and (not wanted.banned or row.banned)
    )


def status_of(row: Conversation) -> Status:
    """Return how a conversation stands."""
    if row.stage is Stage.BOT:
        return Status.SNOOZED if row.snoozed_until is not None else Status.BOT
    return Status(row.desk_state.value)


def _any(wanted: Sequence[str], said: str) -> bool:
    return not wanted or said in wanted


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _active(row: Conversation) -> datetime:
    return row.last_message.at if row.last_message else row.created_at


def _stale(wanted: Narrowing, row: Conversation, now: datetime) -> bool:
    """Tell whether a conversation has been silent for too long; all of less activity have been, too."""
    lately = [each for each in (timedelta(days=wanted.days), timedelta(minutes=wanted.minutes)) if each]
    return bool(lately) and _active(row) < now - min(lately)


def _asked(wanted: Narrowing, actor: Operator) -> ConversationFilters:
    """What of a narrowing the store answers by its indexes; a list of several is left to the sieve."""
    states = tuple(dict.fromkeys(state for status in wanted.statuses or OPEN for state in _STATES[status]))
    assignee = wanted.assignees[0] if len(wanted.assignees) == 1 else None
    return ConversationFilters(
        states=states,
        channel=ChannelName(wanted.channels[0]) if len(wanted.channels) == 1 else None,
        team=wanted.teams[0] if len(wanted.teams) == 1 and wanted.teams[0] != NONE else None,
        assignee=actor.id if assignee == ME else assignee if assignee != NONE else None,
        tag=wanted.tags[0] if len(wanted.tags) == 1 else None,
        banned=wanted.banned,
    )


async def _sifted(
    bridge: Bridge, actor: Operator, wanted: Narrowing, rows: Sequence[Conversation]
) -> list[Conversation]:
    now = bridge.clock.now()
    left = [row for row in rows if fits(wanted, row, actor.id, now)]
    if wanted.unread and left:
        reads = await bridge.store.staff.reads(actor.id, [row.id for row in left])
        left = [row for row in left if row.incoming > reads.get(row.id, 0)]
    if wanted.key and left:
        people = await bridge.store.people.many(list(dict.fromkeys(row.customer for row in left)))
        fit = {each.id for each in people if holds(each.fields.get(wanted.key), wanted.value)}
        left = [row for row in left if row.customer in fit]
    return left


def holds(kept: object, wanted: str) -> bool:
    """Tell whether a custom field holds a value, written as people write it."""
    if kept is None:
        return False
    if isinstance(kept, bool):
        return wanted.casefold() in (("true", "да", "yes", "1") if kept else ("false", "нет", "no", "0"))
    each = kept if isinstance(kept, list | tuple) else [kept]
    return any(wanted.casefold() == str(one).casefold() for one in each)
