"""The people of the desk as one process knows them, for deciding who is told; and when they want to be left alone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bridge.context import Bridge
from bridge.model.ids import OperatorId
from bridge.model.notices import NoticeWishes
from bridge.model.operators import Operator

#: How old what is known may be: so late a process learns that somebody wants to be told otherwise.
FRESH = timedelta(seconds=2)
_KEPT = "people told"
_DAY = 24 * 60


async def people(bridge: Bridge) -> Mapping[OperatorId, Operator]:
    """Return who is there by id, at most FRESH old. Raises StoreDown."""
    known: tuple[datetime, dict[OperatorId, Operator]] | None = bridge.memory.kept.get(_KEPT)
    now = bridge.clock.now()
    if known is None or not timedelta(0) <= now - known[0] < FRESH:
        rows = {row.id: row for row in await bridge.store.staff.all() if not row.disabled}
        known = bridge.memory.kept[_KEPT] = now, rows
    return known[1]


def forget(bridge: Bridge) -> None:
    """Let the next look read anew: somebody's wishes were written."""
    bridge.memory.kept.pop(_KEPT, None)


def zone(wishes: NoticeWishes) -> tzinfo:
    """Return a person's time zone; one this machine does not know is UTC."""
    try:
        return ZoneInfo(wishes.time_zone) if wishes.time_zone else UTC
    except (KeyError, ValueError, OSError):
        return UTC


def roused(wishes: NoticeWishes, at: datetime) -> datetime:
    """Return when a person may be disturbed, at a time or at the end of the quiet hours it falls into."""
    if wishes.quiet_from < 0 or wishes.quiet_from == wishes.quiet_to:
        return at
    local = at.astimezone(zone(wishes))
    minute = local.hour * 60 + local.minute
    if (minute - wishes.quiet_from) % _DAY >= (wishes.quiet_to - wishes.quiet_from) % _DAY:
        return at
    end = local.replace(hour=wishes.quiet_to // 60, minute=wishes.quiet_to % 60, second=0, microsecond=0)
    # Of the same wall clock, whatever the offset is by then.
    return (end if minute < wishes.quiet_to else end + timedelta(days=1)).astimezone(UTC)
