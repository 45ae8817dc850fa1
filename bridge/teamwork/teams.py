"""Teams as supervisors keep them: made, renamed, staffed, given channels, and taken away without losing anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bridge import handoff
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, Forbidden, Invalid, NotFound
from bridge.model.conversations import Conversation, Stage
from bridge.model.events import AuditEvent
from bridge.model.ids import ChannelName, OperatorId, TeamId, fresh
from bridge.model.operators import Operator
from bridge.model.teams import Step, Team
from bridge.rights import require
from bridge.teamwork import dispatch, roster

#: Characters of a team's name, and teams of an installation at most.
NAME = 60
MOST = 200
#: Steps of a scenario at most.
STEPS = 10
#: Conversations of a deleted team that are passed on in one go.
PORTION = 200


@dataclass(frozen=True, slots=True)
class Staffed:
    """A team with the people who work in it, by name."""

    team: Team
    members: tuple[Operator, ...]


async def listed(bridge: Bridge, actor: Operator) -> list[Staffed]:
    """Read the teams that are there, by name; everybody may. Raises Forbidden."""
    require(actor, "read")
    people = await bridge.store.staff.all()
    return [_staffed(row, people) for row in await bridge.store.teams.all() if row.deleted_at is None]


async def look(bridge: Bridge, actor: Operator, id: TeamId) -> Staffed:
    """Read one. Raises Forbidden, NotFound."""
    require(actor, "read")
    return _staffed(await _there(bridge, id), await bridge.store.staff.all())


async def create(
    bridge: Bridge,
    actor: Operator,
    name: str,
    *,
    channels: Sequence[ChannelName] = (),
    members: Sequence[OperatorId] = (),
    steps: Sequence[Step] = (),
) -> Staffed:
    """Make a team; a channel that fell to another one falls to this one. Raises Invalid, Forbidden."""
    _require(actor)
    wanted = await _known(bridge, members)
    if len(await bridge.store.teams.all()) >= MOST:
        raise Invalid(("name", "too_many"))
    given = _channels(bridge, channels)
    made = Team(TeamId(fresh()), _name(name), bridge.clock.now(), given)
    team = await bridge.store.teams.add(replace(made, steps=await _steps(bridge, made, steps)))
    await _written(bridge, actor, "team_added", team)
    await _take_channels(bridge, team)
    await _staff(bridge, team.id, wanted)
    roster.forget(bridge)
    return await look(bridge, actor, team.id)


async def change(
    bridge: Bridge,
    actor: Operator,
    id: TeamId,
    *,
    name: str | None = None,
    channels: Sequence[ChannelName] | None = None,
    members: Sequence[OperatorId] | None = None,
    steps: Sequence[Step] | None = None,
    version: int | None = None,
) -> Staffed:
    """Rename a team, give it channels and people in place of those it has; what is None stays.

    Raises Invalid, Conflict("version"), Forbidden, NotFound.
    """
    _require(actor)
    before = await _there(bridge, id)
    if version is not None and version != before.version:
        raise Conflict("version", f"version {before.version} is there")
    wanted = None if members is None else await _known(bridge, members)
    after = replace(
        before,
        name=before.name if name is None else _name(name),
        channels=before.channels if channels is None else _channels(bridge, channels),
        steps=before.steps if steps is None else await _steps(bridge, before, steps),
    )
    if after != before:
        after = await bridge.store.teams.replace(after)
    await _written(bridge, actor, "team_changed", after)
    await _take_channels(bridge, after)
    if wanted is not None:
        await _staff(bridge, id, wanted)
    roster.forget(bridge)
    return await look(bridge, actor, id)


async def delete(bridge: Bridge, actor: Operator, id: TeamId, *, to: TeamId | None = None) -> int:
    """Take a team away; its open conversations go to another one (None: to none) and stay with who has them.

    Closed ones keep it in their history, its people stay, its channels fall to nobody. Returns how many conversations
    went on; a crash in between is made good by the timers. Raises Invalid(("to", "unknown")), Forbidden, NotFound.
    """
    _require(actor)
    team = await _there(bridge, id)
    heir = (await roster.teams(bridge)).get(to) if to is not None else None
    if to is not None and (heir is None or heir.deleted_at is not None or heir.id == id):
        raise Invalid(("to", "unknown"))
    gone = await bridge.store.teams.replace(replace(team, deleted_at=bridge.clock.now(), heir=to, channels=()))
    await _written(bridge, actor, "team_deleted", gone)
    await _staff(bridge, id, set())
    return await pass_on(bridge, gone)


async def pass_on(bridge: Bridge, gone: Team) -> int:
    """Pass the open conversations of a deleted team on; returns how many went."""
    to, moved = await roster.living(bridge, gone.heir), 0
    heir = (await roster.teams(bridge)).get(to) if to is not None else None
    while rows := await bridge.store.conversations.standing(team=gone.id, limit=PORTION):
        before = moved
        for row in rows:
            moved += await _pass_one(bridge, row, gone, heir)
        if moved == before:
            break  # others write all of them: the timers look again
    return moved


async def pass_on_left(bridge: Bridge) -> int:
    """Pass on what deleted teams still have: whoever deleted one died, or a closed conversation came back."""
    known = [row for row in (await roster.teams(bridge)).values() if row.deleted_at is not None]
    return sum([await pass_on(bridge, row) for row in known])


async def _pass_one(bridge: Bridge, row: Conversation, gone: Team, heir: Team | None) -> bool:
    key = f"team_gone:{gone.id}:{row.version}"

    def decide(before: Conversation) -> Change | None:
        if before.team != gone.id or before.stage is Stage.CLOSED:
            return None
        draft = Draft(bridge, before, handoff.in_team(before, heir.id if heir else None), key)
        draft.event("team_gone", gone.name, heir.name if heir else "")
        draft.audit("system", "team_gone", team=gone.id, to=heir.id if heir else "")
        return draft.change()

    return (await commit(bridge, row.id, key, decide)).fresh


def _staffed(team: Team, people: Sequence[Operator]) -> Staffed:
    return Staffed(team, tuple(each for each in people if team.id in each.teams and each.deleted_at is None))


async def _there(bridge: Bridge, id: TeamId) -> Team:
    team = await bridge.store.teams.get(id)
    if team.deleted_at is not None:
        raise NotFound(f"teams {id}")
    return team


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME or not name.isprintable():
        raise Invalid(("name", "invalid"))
    return name


def _channels(bridge: Bridge, names: Sequence[ChannelName]) -> tuple[ChannelName, ...]:
    if any(name not in bridge.channels.by_name for name in names):
        raise Invalid(("channels", "unknown"))
    return tuple(sorted(set(names)))


async def _steps(bridge: Bridge, team: Team, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return a scenario that can be gone through; raises Invalid(("scenario", …))."""
    if len(steps) > STEPS or not dispatch.steps_fit(steps, team.id):
        raise Invalid(("scenario", "invalid"))
    known = await roster.teams(bridge)
    if any(step.team is not None and (step.team not in known or known[step.team].deleted_at) for step in steps):
        raise Invalid(("scenario", "unknown"))
    return tuple(steps)


def _require(actor: Operator) -> None:
    """Refuse who may not keep teams: a supervisor who does not get all conversations could give himself any."""
    require(actor, "teams")
    if not actor.sight.whole:
        raise Forbidden("teams are kept by people who get all conversations")


async def _known(bridge: Bridge, members: Sequence[OperatorId]) -> set[OperatorId]:
    people = {each.id for each in await bridge.store.staff.all() if each.deleted_at is None}
    if set(members) - people:
        raise Invalid(("members", "unknown"))
    return set(members)


async def _staff(bridge: Bridge, team: TeamId, wanted: set[OperatorId]) -> None:
    """Let exactly these people work in a team."""
    for person in await bridge.store.staff.all():
        while (team in person.teams) is not (person.id in wanted):
            others = tuple(each for each in person.teams if each != team)
            changed = replace(person, teams=(*others, team) if person.id in wanted else others)
            try:
                person = await bridge.store.staff.replace(changed)
            except Conflict:
                person = await bridge.store.staff.operator(person.id)


async def _take_channels(bridge: Bridge, team: Team) -> None:
    """Let a team's channels fall to no other one."""
    for other in await bridge.store.teams.all():
        while other.id != team.id and other.deleted_at is None and set(other.channels) & set(team.channels):
            left = tuple(name for name in other.channels if name not in team.channels)
            try:
                other = await bridge.store.teams.replace(replace(other, channels=left))
            except Conflict:
                other = await bridge.store.teams.get(other.id)


async def _written(bridge: Bridge, actor: Operator, action: str, team: Team) -> None:
    roster.forget(bridge)
    event = AuditEvent(fresh(), bridge.clock.now(), actor.id, action, f"team:{team.id}", {"name": team.name})
    await bridge.store.journal.write(event)
