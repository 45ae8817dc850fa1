"""What of notices the API takes and shows."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bridge.model.notices import Kind, Notice, Way
from operator_panel.api import bodies
from operator_panel.api.shape import Shape, Time

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Notification(Shape):
    """One thing the caller is told of: `text` is an excerpt of what somebody wrote, `title` the customer's name.

    `detail` says which of several things of its kind it was: due or given of a task, what happened of a followed one.
    """

    id: str
    kind: Kind
    at: Time
    ways: list[Way]
    conversation_id: str | None
    message_id: str | None
    task_id: str | None
    title: str
    actor: str
    text: str
    detail: str
    read: bool


class Notifications(Shape):
    """A part of the list, newest first, and how many the caller has not read (100: that many, or more)."""

    items: list[Notification]
    next: str | None
    unread: int


class NotificationQuery(bodies.Slice):
    """Only those not read?"""

    unread: bool = False


class NotificationsRead(bodies.Asked):
    """Which ones are read: by ids, or all there are by now."""

    ids: list[Id] = Field([], max_length=100)
    all: bool = False


class Unread(Shape):
    """How many the caller has not read."""

    unread: int


class Quiet(bodies.Asked):
    """Hours of the day in which nothing rings, "HH:MM"."""

    begin: Clock
    end: Clock


class NotificationWishes(Shape):
    """What the caller is told of, by which ways; `available` are the ways there are for him, `reasons` why not.

    A letter tells of what is unread after `email_minutes`; `quiet` null: never, else in `time_zone`. `tone` is bell,
    drop or knock, `volume` 1 to 100.
    """

    ways: dict[Kind, list[Way]]
    available: list[Way]
    quiet: Quiet | None
    time_zone: str
    email_minutes: int
    sound: bool
    tone: str
    volume: int


class NotificationWishesChange(bodies.Change):
    """What is given changes; `quiet` null: never quiet."""

    ways: dict[Kind, Annotated[list[Way], Field(max_length=4)]] | None = None
    quiet: Quiet | None = None
    time_zone: Annotated[str, StringConstraints(max_length=60)] | None = None
    email_minutes: int | None = None
    sound: bool | None = None
    tone: Annotated[str, StringConstraints(max_length=20)] | None = None
    volume: int | None = None


def shown(row: Notice, read: bool = False) -> Notification:
    """Return a notice as its person is shown it."""
    return Notification(
        id=row.id,
        kind=row.kind,
        at=row.at,
        ways=list(row.ways),
        conversation_id=row.conversation,
        message_id=row.message,
        task_id=row.task,
        title=row.title,
        actor=row.actor,
        text=row.text,
        detail=row.detail,
        read=read,
    )
