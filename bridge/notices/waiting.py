"""By the clock: customers who wait longer than they should, and what nobody needs to be told any more."""

from datetime import datetime, timedelta

from bridge.context import Bridge
from bridge.model.conversations import Conversation, DeskState
from bridge.model.notices import Kind, Notice
from bridge.notices import telling, whom
from bridge.notices.people import people

#: Conversations looked at in one round.
PORTION = 200
#: What came so long before the last look is looked at again; what is longer ago than that is no news.
AGAIN = timedelta(seconds=30)
OLDEST = timedelta(hours=24)
#: How long notices are kept, and how many of one person.
KEPT = timedelta(days=60)
MOST = 1000
_LOOKED = "deadlines looked at"


async def tell_late(bridge: Bridge) -> int:
    """Tell of customers who have waited for longer than the desk wants; returns how many. Raises StoreDown."""
    if not bridge.work.target_minutes:
        return 0
    now = bridge.clock.now()
    until = now - timedelta(minutes=bridge.work.target_minutes)
    since: datetime = bridge.memory.kept.get(_LOOKED, until - OLDEST)
    rows = await bridge.store.notices.late(since - AGAIN, until, PORTION)
    known = await people(bridge) if rows else {}
    found: list[Notice] = []
    for row in rows:
        notice = _late(bridge, row, now, known)
        if notice is not None:
            found.append(notice)
    await telling.write(bridge, found)
    last = rows[-1].waiting_since if len(rows) == PORTION else until
    bridge.memory.kept[_LOOKED] = last or until
    return len(found)


def _late(bridge: Bridge, row: Conversation, now: datetime, known: whom.People) -> Notice | None:
    if row.desk_state is not DeskState.DUE or row.waiting_since is None or row.banned:
        return None
    text = row.last_said.text if row.last_said else ""
    news = whom.News(f"late:{row.waiting_since.isoformat()}", now, row, text=text)
    letters = bridge.mail is not None
    if row.assignee is None:
        return whom.to_all(known.values(), Kind.DEADLINE, news, letters)
    person = known.get(row.assignee)
    return whom.notice(person, Kind.DEADLINE, news, letters) if person is not None else None


async def forget(bridge: Bridge) -> int:
    """Delete notices that are old, and those a person has too many of; returns how many."""
    gone = await bridge.store.notices.forget(bridge.clock.now() - KEPT)
    for who in await people(bridge):
        gone += await bridge.store.notices.keep(who, MOST)
    return gone
