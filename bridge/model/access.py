"""What of the installation's conversations a person gets: by team, by channel, and single ones shared with him."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bridge.model.ids import OperatorId

#: Stands in a reach for what belongs to no team.
NONE = "none"


class Scope(StrEnum):
    """How a reach is meant."""

    ALL = "all"
    ONLY = "only"
    EXCEPT = "except"


@dataclass(frozen=True, slots=True)
class Reach:
    """All of a kind, only these, or all except these; `names` are ids of teams (or NONE), or names of channels."""

    scope: Scope = Scope.ALL
    names: tuple[str, ...] = ()

    def covers(self, name: str | None) -> bool:
        """Tell whether it lets through what bears this name."""
        return self.scope is Scope.ALL or ((name or NONE) in self.names) is (self.scope is Scope.ONLY)


#: Nothing is hidden.
ALL = Reach()


class Placed(Protocol):
    """What of a conversation decides who gets it."""

    @property
    def team(self) -> str | None: ...
    @property
    def channel(self) -> str: ...
    @property
    def assignee(self) -> OperatorId | None: ...
    @property
    def shared(self) -> tuple[OperatorId, ...]: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees: who owns a conversation, or has it shared with him, sees it whatever his reach says.

    `own`: ids of the teams he works in, which he reaches; `whole`: nothing is hidden from him.
    """

    id: OperatorId
    own: tuple[str, ...] = ()
    teams: Reach = ALL
    channels: Reach = ALL
    whole: bool = True

    def sees(self, row: Placed) -> bool:
        """Tell whether he gets a conversation."""
        return self.whole or row.assignee == self.id or self.id in row.shared or self.reaches(row.team, row.channel)

    def reaches(self, team: str | None, channel: str) -> bool:
        """Tell whether conversations of a team in a channel are within his reach."""
        return self.whole or ((team in self.own or self.teams.covers(team)) and self.channels.covers(channel))

    def falls(self, team: str | None) -> bool:
        """Tell whether what waits in a team waits for him too: his own teams, and what belongs to none."""
        return team is None or team in self.own
