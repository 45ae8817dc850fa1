"""People and teams of the desk as the API shows them."""

from datetime import datetime

from bridge.model.access import Reach
from bridge.model.operators import Operator
from bridge.rights import may
from bridge.teamwork.teams import Staffed
from operator_panel.api import shapes
from operator_panel.api import staff_shapes as staff


def operator(row: Operator, viewer: Operator, seen_at: datetime | None = None) -> staff.OperatorInfo:
    """A person of the desk as somebody sees him: what is his account is for himself and for who keeps accounts."""
    whole = viewer.id == row.id or may(viewer, "staff")
    return staff.OperatorInfo(
        id=row.id,
        name=row.name,
        email=row.email if whole else None,
        role=row.role,
        telegram_user_id=row.telegram_user_id if whole else None,
        disabled=row.disabled,
        language=row.language,
        teams=list(row.teams),
        team_access=_access(row.team_reach) if whole else None,
        channel_access=_access(row.channel_reach) if whole else None,
        serves=row.serves,
        capacity=row.capacity,
        rights=list(row.rights) if whole else None,
        invited_until=row.invited.expires_at if row.invited and whole else None,
        seen_at=seen_at,
        created_at=row.created_at,
        version=row.version,
    )


def _access(reach: Reach) -> staff.Access:
    return staff.Access(scope=reach.scope, names=list(reach.names))


def team(row: Staffed) -> staff.Team:
    """A team with its people."""
    return staff.Team(
        id=row.team.id,
        name=row.team.name,
        channels=list(row.team.channels),
        members=[shapes.Ref(id=each.id, name=each.name) for each in row.members],
        scenario=[
            staff.Step(to=step.to, minutes=step.minutes, way=step.way, team=step.team) for step in row.team.steps
        ],
        created_at=row.team.created_at,
        version=row.team.version,
    )
