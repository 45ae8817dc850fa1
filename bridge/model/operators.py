"""Staff: operators, their roles, sessions and tokens."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.model.access import ALL, Reach, Scope, Sight
from bridge.model.ids import OperatorId, TeamId
from bridge.model.notices import UNCHOSEN, NoticeWishes
from bridge.model.teams import Step


class Role(StrEnum):
    """What a person of the desk may do (bridge/rights.py)."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    OBSERVER = "observer"
    EDITOR = "editor"


class ExtraRight(StrEnum):
    """A verb an administrator gives single people beside their role (bridge/rights.py says to which)."""

    DELETE = "delete"


class WorkState(StrEnum):
    """How a person works: who is away is told so by the clock too (bridge/teamwork/states.py)."""

    FREE = "free"
    AWAY = "away"
    BUSY = "busy"  # new ones go elsewhere, open ones stay
    DND = "dnd"  # do not disturb: open ones go elsewhere too


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link by which somebody opens his account: the hash of its secret word, and how long it works."""

    seal: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Operator:
    """A person of the desk; `password` is an argon2 hash, empty: cannot log in.

    `teams` he works in; `team_reach` and `channel_reach`: which conversations he gets. One that does not `serve` looks
    after the installation and is given none. `capacity`: open conversations he is given at most, None: as the settings
    say. `rights`: what he may beside his role. A deleted one keeps his row, for what he wrote bears his name.
    """

    id: OperatorId
    email: str
    name: str
    role: Role
    password: str
    created_at: datetime
    telegram_user_id: int | None = None
    telegram_username: str = ""  # as Telegram last told it: colleagues mention him so
    disabled: bool = False
    language: str = "ru"
    theme: str = "system"
    text_size: int = 100  # in per cent of the usual one
    teams: tuple[TeamId, ...] = ()
    team_reach: Reach = ALL
    channel_reach: Reach = ALL
    state: WorkState = WorkState.FREE  # as he chose it
    serves: bool = True
    capacity: int | None = None
    rights: tuple[ExtraRight, ...] = ()
    deleted_at: datetime | None = None
    invited: Invitation | None = None  # an account that is disabled until whoever has the link opens it
    notices: NoticeWishes = UNCHOSEN
    version: int = 0

    @property
    def sight(self) -> Sight:
        """Which conversations he gets; an administrator, who could give himself any, gets all."""
        whole = self.role is Role.ADMIN or {self.team_reach.scope, self.channel_reach.scope} == {Scope.ALL}
        return Sight(self.id, self.teams, self.team_reach, self.channel_reach, whole)


@dataclass(frozen=True, slots=True)
class WorkRules:
    """How the desk works where nothing else is said.

    `away_minutes`: who did nothing for so long is away (0: never by the clock); `capacity`: open conversations a person
    is given at most (0: no bound); `steps`: the scenario of teams that have none of their own; `target_minutes`: how
    long a customer should wait at most (0: nobody is told).
    """

    away_minutes: float = 10.0
    capacity: int = 0
    steps: tuple[Step, ...] = ()
    target_minutes: float = 30.0


@dataclass(frozen=True, slots=True)
class Working:
    """A person who can be given conversations: his state now, how many he has open, and how many he gets at most.

    `state` may be away although he chose free: he has done nothing for a while, since `seen_at`. `room`: has he room
    for one more; `capacity` 0: no bound.
    """

    operator: Operator
    state: WorkState
    seen_at: datetime | None
    open: int
    capacity: int

    @property
    def room(self) -> bool:
        """Has he fewer open than he gets at most?"""
        return not self.capacity or self.open < self.capacity

    @property
    def takes(self) -> bool:
        """Does he take new ones?"""
        return self.state is WorkState.FREE and self.room


@dataclass(frozen=True, slots=True)
class Session:
    """A logged-in browser: `id` is the hash of the cookie, `csrf` the word a form must repeat."""

    id: str
    operator: OperatorId
    csrf: str
    created_at: datetime
    expires_at: datetime
    agent: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A bearer token of the API: `id` is the hash of the token, which is shown once and never stored.

    `scopes` (bridge.model.credentials.SCOPES): none: it may what its owner may. `hint`: its last letters, to know it
    by. `used_at` is renewed once an hour.
    """

    id: str
    operator: OperatorId
    created_at: datetime
    name: str = ""
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    hint: str = ""
    used_at: datetime | None = None
    version: int = 0
