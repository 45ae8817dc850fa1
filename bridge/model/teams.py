"""Teams: lines, departments, products; which channels fall to one, and how what waits in it finds its person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.model.ids import ChannelName, OperatorId, TeamId


class Way(StrEnum):
    """Who of a team gets what waits: whoever takes it, or somebody chosen by turns, by load, by who knows him."""

    MANUAL = "manual"
    ROUND_ROBIN = "round_robin"
    LEAST_BUSY = "least_busy"
    STICKY = "sticky"


class StepTo(StrEnum):
    """Whom a step of a scenario asks."""

    RESPONSIBLE = "responsible"  # who owned a conversation of this customer last
    TEAM = "team"
    SECOND_LINE = "second_line"  # another team, which it then belongs to
    QUEUE = "queue"  # whoever takes it: the end of every scenario


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whom it asks, for how many minutes (0: until somebody answers), and who of a team gets it."""

    to: StepTo
    minutes: float = 0.0
    way: Way = Way.MANUAL
    team: TeamId | None = None  # of a second line


@dataclass(frozen=True, slots=True)
class Team:
    """A team; `channels` whose new conversations fall to it, `steps` its scenario (none: the installation's).

    A deleted one keeps its row, for its closed conversations name it; what was open went to `heir`.
    """

    id: TeamId
    name: str
    created_at: datetime
    channels: tuple[ChannelName, ...] = ()
    steps: tuple[Step, ...] = ()
    deleted_at: datetime | None = None
    heir: TeamId | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """How far a scenario has come in a conversation: whose scenario, in which team it stands now, at which step.

    `since` the step began, `until` is when there is something to do next; `given` to whom the step gave it, `asked` are
    those who had it before and are not asked again.
    """

    scenario: TeamId | None
    team: TeamId | None
    step: int
    since: datetime
    until: datetime | None = None
    given: OperatorId | None = None
    asked: tuple[OperatorId, ...] = ()
