"""Notices on their way to their people: written with a decision, told live, read and taken off when handled."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.context import Bridge
from bridge.errors import Conflict, Invalid, StoreDown
from bridge.model.conversations import Conversation
from bridge.model.ids import ConversationId, OperatorId
from bridge.model.messages import AuthorKind, Message
from bridge.model.notices import EVERYBODY, Kind, Notice, Way
from bridge.model.operators import Operator
from bridge.notices import whom
from bridge.notices.people import people
from bridge.rights import require

SUBJECT = "notices"
#: Notices of one person that are counted; beyond it there are "many".
COUNTED = 100
#: What falls to everybody is news for so long.
SHARED_FOR = timedelta(hours=24)
#: Kinds that are not settled by looking at the conversation.
STAYING = (Kind.TASK, Kind.TASK_DONE)
_SEEN = "notices_seen:{}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice as its person is shown it; `fresh`: he has not read it."""

    notice: Notice
    fresh: bool


async def noticed(bridge: Bridge, before: Conversation, after: Conversation, rows: Sequence[Any], key: str) -> Any:
    """Return a decision's rows with the notices that follow from it. Raises StoreDown."""
    if not whom.concerns(before, after, rows):
        return rows
    known = await people(bridge)
    found = whom.told(before, after, rows, key, bridge.clock.now(), known, bridge.mail is not None)
    return (*rows, *found)


async def tell(bridge: Bridge, rows: Iterable[object]) -> None:
    """Tell live views of notices that were just written."""
    for row in rows:
        if isinstance(row, Notice):
            await bridge.bus.publish(SUBJECT, {"operator": row.operator, "id": row.id})


async def write(bridge: Bridge, rows: Sequence[Notice]) -> None:
    """Write notices, each once, and tell live views of the new ones. Raises StoreDown."""
    await tell(bridge, await bridge.store.write_rows(rows))


async def listed(
    bridge: Bridge, actor: Operator, cursor: str | None, limit: int, unread: bool = False
) -> tuple[list[Listed], str | None]:
    """Return what a person is told of, newest first, and the next cursor; never of what he does not get.

    Raises Forbidden, Invalid(("cursor", "invalid")).
    """
    require(actor, "read")
    before, found = _place(cursor), list[Listed]()
    seen = await _seen(bridge, actor.id)
    while True:
        own = await bridge.store.notices.page(actor.id, before, limit + 1, unread)
        shared = await bridge.store.notices.page(EVERYBODY, before, limit + 1)
        shared = [row for row in shared if row.at > bridge.clock.now() - SHARED_FOR]
        merged = sorted([*own, *shared], key=lambda row: (row.at, row.id), reverse=True)
        rows = merged[: limit + 1]
        shown = await visible(bridge, actor, rows)
        fresh = [Listed(row, _fresh(row, seen)) for row in shown]
        found += [each for each in fresh if each.fresh or not unread]
        if len(found) > limit:
            last = found[limit - 1].notice
            return found[:limit], f"{round(last.at.timestamp() * 1000)}~{last.id}"
        if len(merged) <= limit:
            return found, None
        before = rows[-1].at, rows[-1].id


def _fresh(row: Notice, seen: datetime | None) -> bool:
    return (seen is None or row.at > seen) if row.operator == EVERYBODY else row.read_at is None


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    at, _, id = cursor.partition("~")
    try:
        return datetime.fromtimestamp(int(at) / 1000, UTC), id
    except (ValueError, OverflowError, OSError):
        raise Invalid(("cursor", "invalid")) from None


async def count(bridge: Bridge, actor: Operator) -> int:
    """Count what a person has not read, up to COUNTED."""
    seen = await _seen(bridge, actor.id)
    own = [row for row in await bridge.store.notices.unread(actor.id, COUNTED) if Way.PANEL in row.ways]
    shared = await bridge.store.notices.page(EVERYBODY, None, COUNTED)
    since = max(bridge.clock.now() - SHARED_FOR, seen or datetime.min.replace(tzinfo=UTC))
    return len(await visible(bridge, actor, [*own, *(row for row in shared if row.at > since)]))


async def visible(bridge: Bridge, actor: Operator, rows: Sequence[Notice]) -> list[Notice]:
    """Return of notices those a person is shown: of conversations he gets; what falls to all while nobody took it."""
    ids = list(dict.fromkeys(row.conversation for row in rows if row.conversation is not None))
    there = {row.id: row for row in await bridge.store.conversations.many(ids)}

    def shown(row: Notice) -> bool:
        about = there.get(row.conversation) if row.conversation is not None else None
        if about is None:
            return row.conversation is None
        if row.operator != EVERYBODY:
            return actor.sight.sees(about)
        return whom.is_free(about) and Way.PANEL in whom.falls(actor, row.kind, about)

    return [row for row in rows if shown(row)]


async def read(bridge: Bridge, actor: Operator, *, ids: Collection[str] = (), everything: bool = False) -> None:
    """Take notices as read: these, or all there are by now. Raises Forbidden."""
    require(actor, "read")
    if everything:
        await bridge.store.journal.put_value(_SEEN.format(actor.id), {"at": bridge.clock.now().isoformat()})
        while rows := await bridge.store.notices.unread(actor.id, COUNTED):
            await _mark(bridge, actor.id, rows)
        await bridge.bus.publish(SUBJECT, {"operator": actor.id, "id": ""})
        return
    found = [await bridge.store.notices.find(id) for id in ids]
    await _mark(bridge, actor.id, [row for row in found if row is not None and row.operator == actor.id])


async def handled(bridge: Bridge, who: OperatorId, id: ConversationId) -> None:
    """Take off what a person is told of a conversation: he looked at it, or answered in it."""
    rows = await bridge.store.notices.unread_in(who, id)
    await _mark(bridge, who, [row for row in rows if row.kind not in STAYING])


async def answered(bridge: Bridge, rows: Iterable[object], id: ConversationId) -> None:
    """Take off what its author is told of a conversation when he has answered; nothing is refused for it."""
    for row in rows:
        if isinstance(row, Message) and row.author.kind is AuthorKind.OPERATOR:
            with suppress(StoreDown):  # the word is written
                await handled(bridge, OperatorId(row.author.id), id)


async def _mark(bridge: Bridge, who: OperatorId, rows: Iterable[Notice]) -> None:
    marked = False
    for row in rows:
        if row.read_at is None:
            with suppress(Conflict):  # somebody else marks it, or it is being sent: the next look finds it
                now = bridge.clock.now()
                off = now if row.told else None  # what the bot said of it is changed
                await bridge.store.notices.replace(replace(row, read_at=now, telegram_at=off, email_at=None))
                marked = True
    if marked:
        await bridge.bus.publish(SUBJECT, {"operator": who, "id": ""})


async def _seen(bridge: Bridge, who: OperatorId) -> datetime | None:
    value = await bridge.store.journal.value(_SEEN.format(who))
    return datetime.fromisoformat(value["at"]) if value else None
