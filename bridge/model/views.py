"""Views: what a list of conversations is narrowed to, built in or kept by somebody under a name."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.model.canned import Shared
from bridge.model.ids import OperatorId, TeamId


class Status(StrEnum):
    """How a conversation stands, as people of the desk name it."""

    DUE = "due"  # waits for our answer
    ANSWERED = "answered"
    SNOOZED = "snoozed"
    BOT = "bot"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a view shows: of each list any one must fit, an empty one asks for nothing; no status: all that are open.

    `teams` and `assignees` may hold "none", `assignees` also "me". `key` and `value`: a custom field of the customer's
    card and what it must hold. `since` and `until`: days, as 2026-03-01, from which and up to which it began, in UTC.
    `days` and `minutes`: something was said within so many. `unread`: there are words the reader has not read;
    `banned`: the customer's words wake nobody.
    """

    statuses: tuple[Status, ...] = ()
    priorities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    key: str = ""
    value: str = ""
    since: str = ""
    until: str = ""
    days: int = 0
    unread: bool = False
    banned: bool = False
    minutes: int = 0


#: A conversation is live while its last words are no older, in minutes.
LIVE = 15
#: Views that are there without anybody having kept them; MENTIONS names conversations by notices, not by a narrowing.
BUILT_IN: dict[str, Narrowing] = {
    "unread": Narrowing(unread=True),
    "awaiting": Narrowing(statuses=(Status.DUE,)),
    "live": Narrowing(statuses=(Status.DUE, Status.ANSWERED, Status.BOT), minutes=LIVE),
    "answered": Narrowing(statuses=(Status.ANSWERED,)),
    "snoozed": Narrowing(statuses=(Status.SNOOZED,)),
    "spam": Narrowing(statuses=tuple(Status), banned=True),
}
MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class View:
    """A narrowing under a name; `by` made it, for himself, for a team or for all."""

    id: str
    name: str
    by: OperatorId
    created_at: datetime
    narrowing: Narrowing = Narrowing()
    shared: Shared = Shared.OWN
    team: TeamId | None = None
    version: int = 0
