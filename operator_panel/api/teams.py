"""/teams: lines, departments, products; who works in them."""

from bridge.model.ids import ChannelName, OperatorId, TeamId
from bridge.model.teams import Step
from bridge.teamwork import teams as kept
from operator_panel.api import shapes, staff_views
from operator_panel.api import staff_shapes as staff
from operator_panel.problems import invalid
from operator_panel.reading import expected_version
from operator_panel.serving import Call


async def teams(call: Call) -> shapes.Page[staff.Team]:
    """List the teams by name."""
    return shapes.Page(items=[staff_views.team(row) for row in await kept.listed(call.bridge, call.actor)])


async def team(call: Call, id: str) -> staff.Team:
    """Read one team."""
    return staff_views.team(await kept.look(call.bridge, call.actor, TeamId(id)))


async def team_post(call: Call, body: staff.NewTeam) -> staff.Team:
    """Make a team."""
    channels, members = _names(body.channels), _ids(body.members)
    steps = _steps(body.scenario)
    row = await kept.create(call.bridge, call.actor, body.name, channels=channels, members=members, steps=steps)
    return staff_views.team(row)


async def team_change(call: Call, id: str, body: staff.TeamChange) -> staff.Team:
    """Rename a team, give it other channels and people; its people are told by what they get from now on."""
    if nulls := [name for name in body.model_fields_set if getattr(body, name) is None]:
        raise invalid(*((name, "required") for name in nulls))
    row = await kept.change(
        call.bridge,
        call.actor,
        TeamId(id),
        name=body.name,
        channels=None if body.channels is None else _names(body.channels),
        members=None if body.members is None else _ids(body.members),
        steps=None if body.scenario is None else _steps(body.scenario),
        version=expected_version(call.request),
    )
    return staff_views.team(row)


async def team_delete(call: Call, id: str, query: staff.TeamGone) -> staff.Dissolved:
    """Take a team away: its open conversations go `to` another one or to none, closed ones keep it in their history."""
    to = TeamId(query.to) if query.to else None
    return staff.Dissolved(conversations=await kept.delete(call.bridge, call.actor, TeamId(id), to=to))


def _names(names: list[str]) -> list[ChannelName]:
    return [ChannelName(name) for name in names]


def _ids(ids: list[str]) -> list[OperatorId]:
    return [OperatorId(id) for id in ids]


def _steps(steps: list[staff.NewStep]) -> list[Step]:
    return [Step(each.to, each.minutes, each.way, TeamId(each.team) if each.team else None) for each in steps]
