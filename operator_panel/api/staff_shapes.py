"""People and teams of the desk as the API takes and shows them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bridge.model.access import Scope
from bridge.model.operators import ExtraRight, Role, WorkState
from bridge.model.teams import StepTo, Way
from operator_panel.api.bodies import Access as AskedAccess
from operator_panel.api.bodies import Asked, Change, Email, Password
from operator_panel.api.shape import Shape, Time
from operator_panel.api.shapes import Ref

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Reason = Annotated[str, StringConstraints(max_length=500)]


class Access(Shape):
    """Which teams or channels somebody gets: all, only these, all except these; "none" names what has no team."""

    scope: Scope
    names: list[str]


class OperatorInfo(Shape):
    """A person of the desk.

    `email`, `telegram_user_id`, both accesses, `rights` and `invited_until` are for himself and for who keeps accounts,
    null for others. `team_access` and `channel_access` say which conversations he gets (an administrator gets all),
    `rights` what he may beside his role, `capacity` how many open ones he is given at most, null: as the settings say.
    One that does not serve is given none. `invited_until`: the account waits, disabled, for whoever has the link.
    `seen_at`: when he did something last.
    """

    id: str
    name: str
    email: str | None
    role: Role
    telegram_user_id: int | None
    disabled: bool
    language: str
    teams: list[str]
    team_access: Access | None
    channel_access: Access | None
    serves: bool
    capacity: int | None
    rights: list[ExtraRight] | None
    invited_until: Time | None
    seen_at: Time | None
    created_at: Time
    version: int


class NewInvitation(Asked):
    """Whom to invite, and what he will be; he names himself and chooses his password."""

    email: Email
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    role: Role = Role.OPERATOR
    language: Literal["ru", "en"] = "ru"
    teams: list[Id] = Field([], max_length=200)
    team_access: AskedAccess = AskedAccess(scope=Scope.ALL, names=[])
    channel_access: AskedAccess = AskedAccess(scope=Scope.ALL, names=[])
    serves: bool = True
    capacity: int | None = Field(None, ge=1, le=1000)
    rights: list[ExtraRight] = Field([], max_length=20)


class Invitation(Shape):
    """The account that waits, and its link, which is told only now; `mailed`: what became of the letter.

    `off`: no mail server is set up; give the link to the person yourself.
    """

    operator: OperatorInfo
    url: str
    mailed: Literal["sent", "refused", "unreachable", "off"]


class TelegramCode(Shape):
    """What links the caller's Telegram: a link that opens the bot, or the code to send it as `/start CODE`.

    `url` is null while Telegram has not told the bot's name. Both work once.
    """

    code: str
    url: str | None
    expires_at: Time


class Step(Shape):
    """One step of a scenario: whom it asks, for how many minutes (0: until somebody answers), who of a team gets it.

    `responsible` is who served the customer last, `second_line` another `team`; `way` `manual`: whoever takes it.
    """

    to: StepTo
    minutes: float
    way: Way
    team: str | None


class NewStep(Asked):
    """A step as it is given; a second line names its team."""

    to: StepTo
    minutes: float = Field(0, ge=0, le=10_080, allow_inf_nan=False)
    way: Way = Way.MANUAL
    team: Id | None = None


class Team(Shape):
    """A team: who works in it, which channels' new conversations fall to it, and how what waits finds its person.

    Without a scenario of its own it has the installation's.
    """

    id: str
    name: str
    channels: list[str]
    members: list[Ref]
    scenario: list[Step]
    created_at: Time
    version: int


class NewTeam(Asked):
    """A team to be made; a channel that fell to another team falls to this one."""

    name: Name
    channels: list[Id] = Field([], max_length=100)
    members: list[Id] = Field([], max_length=500)
    scenario: list[NewStep] = Field([], max_length=10)


class TeamChange(Change):
    """What is given takes the place of what is there."""

    name: Name | None = None
    channels: list[Id] | None = Field(None, max_length=100)
    members: list[Id] | None = Field(None, max_length=500)
    scenario: list[NewStep] | None = Field(None, max_length=10)


class TeamGone(Asked):
    """Which team the open conversations of a deleted one go to; without it they belong to none."""

    to: str | None = Field(None, max_length=64)


class Dissolved(Shape):
    """How many open conversations a deleted team passed on."""

    conversations: int


class Transfer(Asked):
    """Who gets a conversation: a person (`me` is the caller) or a team; the thread tells why.

    `force` gives it to a person who chose to get no new ones.
    """

    operator: Id | None = None
    team: Id | None = None
    reason: Reason = ""
    force: bool = False


class HandOver(Asked):
    """Who gets all of the caller's open conversations, and the note each begins with there: its own, or `note`."""

    operator: Id | None = None
    team: Id | None = None
    note: Annotated[str, StringConstraints(max_length=4000)] = ""
    notes: dict[str, Annotated[str, StringConstraints(max_length=4000)]] = Field(default_factory=dict, max_length=500)


class Passed(Shape):
    """What became of one conversation; `code` says why it was not passed on."""

    conversation_id: str
    moved: bool
    code: str | None


class HandedOver(Shape):
    """What became of each of the caller's conversations."""

    items: list[Passed]


class ShareWith(Asked):
    """Who gets this one conversation, or no more."""

    operator: Id


class NewPassword(Asked):
    """The caller's password as it is, and as it is to be."""

    old: Annotated[str, StringConstraints(max_length=1000)]
    password: Password


class StateChoice(Asked):
    """How the caller works from now on: `busy` keeps open conversations, `dnd` gives them back."""

    state: WorkState


class Working(Shape):
    """A person who can be given conversations; `chosen` is what he says, `state` is how it is: away by the clock too.

    `takes`: he is free and has room; `capacity` null: no bound.
    """

    id: str
    name: str
    teams: list[str]
    state: WorkState
    chosen: WorkState
    takes: bool
    open: int
    capacity: int | None
    seen_at: Time | None


class OwnState(Shape):
    """How the caller works."""

    state: WorkState
