"""The installation's teams as one process knows them: read again every moment, so that no message pays for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bridge.context import Bridge
from bridge.model.ids import ChannelName, TeamId
from bridge.model.teams import Step, Team

#: How old what is known may be: so late a process learns what another one did to a team.
FRESH = timedelta(seconds=2)
_KEPT = "teams"


async def teams(bridge: Bridge) -> Mapping[TeamId, Team]:
    """Return the teams by id, deleted ones too, at most FRESH old. Raises StoreDown."""
    known: tuple[datetime, dict[TeamId, Team]] | None = bridge.memory.kept.get(_KEPT)
    now = bridge.clock.now()
    if known is None or not timedelta(0) <= now - known[0] < FRESH:
        known = bridge.memory.kept[_KEPT] = now, {row.id: row for row in await bridge.store.teams.all()}
    return known[1]


def forget(bridge: Bridge) -> None:
    """Let the next look read anew: a team was written."""
    bridge.memory.kept.pop(_KEPT, None)


def name_of(bridge: Bridge, id: TeamId) -> str:
    """Return a team's name as this process knows it; one it has not heard of yet is called by its id."""
    known: tuple[datetime, dict[TeamId, Team]] | None = bridge.memory.kept.get(_KEPT)
    return known[1][id].name if known is not None and id in known[1] else id


async def team_of(bridge: Bridge, channel: ChannelName) -> TeamId | None:
    """Return the team that a channel's new conversations fall to; of several, by mistake, the oldest."""
    claiming = [row for row in (await teams(bridge)).values() if row.deleted_at is None and channel in row.channels]
    return min(claiming, key=lambda row: (row.created_at, row.id)).id if claiming else None


async def living(bridge: Bridge, id: TeamId | None) -> TeamId | None:
    """Return a team, or the one that took over from it; None: none did."""
    known, seen = await teams(bridge), set()
    while id is not None and id in known and known[id].deleted_at is not None and id not in seen:
        seen.add(id)
        id = known[id].heir
    return id if id in known and id not in seen else None


async def steps_of(bridge: Bridge, id: TeamId | None) -> tuple[Step, ...]:
    """Return a team's scenario, else the installation's. Raises StoreDown."""
    found = (await teams(bridge)).get(id) if id is not None else None
    return found.steps if found is not None and found.steps else bridge.work.steps
