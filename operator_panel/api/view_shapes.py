"""What is asked and told of views, of filters, and of what is done with many conversations at once."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from bridge.model.canned import Shared
from bridge.model.views import Narrowing as Row
from bridge.model.views import Status
from operator_panel.api.bodies import Asked, Tag
from operator_panel.api.shape import Time
from operator_panel.api.shapes import Page, Priority, Ref, Shape
from operator_panel.api.staff_shapes import Id

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Many: Any = Field(default_factory=list, max_length=50)


class Narrowing(Asked):
    """What a list shows: of each list any one must fit, an empty one asks for nothing; no status: all that are open."""

    statuses: list[Status] = Many
    priorities: list[Literal["", "low", "high", "urgent"]] = Many
    channels: list[Word] = Many
    teams: list[Word] = Many
    assignees: list[Word] = Many
    tags: list[Tag] = Many
    key: str = Field("", max_length=60)
    value: str = Field("", max_length=200)
    since: date | None = None
    until: date | None = None
    days: int = Field(0, ge=0, le=3650)
    unread: bool = False
    banned: bool = False

    def row(self) -> Row:
        """As the hall knows it."""
        told: dict[str, Any] = self.model_dump()
        days = {name: told[name].isoformat() if told[name] else "" for name in ("since", "until")}
        made: Any = {name: tuple(value) if isinstance(value, list) else value for name, value in (told | days).items()}
        return Row(**made)

    @classmethod
    def of(cls, row: Row) -> Self:
        """As it is told."""
        fields: dict[str, Any] = {name: getattr(row, name) or None for name in cls.model_fields}
        return cls.model_validate({name: value for name, value in fields.items() if value is not None})


class NewView(Asked):
    """A view to keep: for oneself, for a team, or for all."""

    name: str = Field(max_length=200)
    narrowing: Narrowing
    shared: Shared = Shared.OWN
    team: Id | None = None


class ViewChange(Asked):
    """What of a view is to be otherwise."""

    name: str | None = Field(None, max_length=200)
    narrowing: Narrowing | None = None
    shared: Shared | None = None
    team: Id | None = None


class ViewOrder(Asked):
    """The views in the order the caller wants to see them in."""

    ids: list[Id] = Field(max_length=500)


class View(Shape):
    """A view; `mine`: the caller made it, `changes`: the caller may change it."""

    id: str
    name: str
    narrowing: Narrowing
    shared: Shared
    team: Ref | None
    mine: bool
    changes: bool
    created_at: Time
    version: int


class ViewCount(Shape):
    """How many conversations a view shows, counted up to 99; `more`: there are, or may be, more."""

    count: int
    more: bool


class ViewCounts(Shape):
    """Counts by the name of a built-in view or the id of a kept one."""

    counts: dict[str, ViewCount]


class Views(Page[View]):
    """The views the caller is offered, in his order; `built_in` are names of those that are always there."""

    built_in: list[str]


class Bulk(Asked):
    """What is to be done with many conversations; each action takes what its own path takes."""

    ids: list[Id] = Field(min_length=1, max_length=200)
    action: Literal[
        "assign",
        "transfer",
        "tag",
        "close",
        "reopen",
        "snooze",
        "read",
        "unread",
        "claim",
        "prioritize",
        "ban",
        "unban",
    ]
    operator: Word | None = None
    team: Id | None = None
    add: list[Tag] = Field(default_factory=list, max_length=20)
    remove: list[Tag] = Field(default_factory=list, max_length=20)
    until: AwareDatetime | None = None
    until_reply: bool = False
    note: str = Field("", max_length=1000)
    priority: Priority | None = None
    without_reply: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        tags, urgent = self.add or self.remove, self.priority is not None
        needs = {"assign": self.operator, "transfer": self.team, "tag": tags, "prioritize": urgent}
        if not needs.get(self.action, True):
            raise ValueError(f"{self.action} needs what it is to be done with")
        return self


class BulkOutcome(Shape):
    """What became of one conversation: `code` says why nothing was done, as the problem of its own path would."""

    id: str
    done: bool
    code: str | None = None


class BulkOutcomes(Shape):
    """What became of each conversation, in the order asked."""

    outcomes: list[BulkOutcome]
