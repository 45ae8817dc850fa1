"""Notices: what a person of the desk is told of, by which ways, and what each person wants to be told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.model.ids import ConversationId, CustomerId, MessageId, OperatorId, TeamId


class Kind(StrEnum):
    """What somebody is told of."""

    NEW = "new"  # a conversation waits, and nobody owns it
    REPLY = "reply"  # the customer of one's own conversation wrote
    ASSIGNED = "assigned"
    NOTE = "note"  # a colleague noted something in one's own conversation
    MENTION = "mention"
    FOLLOWED = "followed"  # something happened in a conversation one follows
    TASK = "task"  # a task was given to one, or is due
    TASK_DONE = "task_done"
    DEADLINE = "deadline"  # a customer waits longer than he should


class Way(StrEnum):
    """How somebody is told: in the panel's list, by the browser, by the bot in private, by a letter."""

    PANEL = "panel"
    BROWSER = "browser"
    TELEGRAM = "telegram"
    EMAIL = "email"


#: Ways by kind where a person chose nothing else.
DEFAULT: dict[Kind, tuple[Way, ...]] = {
    Kind.NEW: (Way.PANEL, Way.BROWSER),
    Kind.REPLY: (Way.PANEL, Way.BROWSER),
    Kind.ASSIGNED: (Way.PANEL, Way.BROWSER, Way.TELEGRAM),
    Kind.NOTE: (Way.PANEL, Way.BROWSER),
    Kind.MENTION: (Way.PANEL, Way.BROWSER, Way.TELEGRAM, Way.EMAIL),
    Kind.FOLLOWED: (Way.PANEL,),
    Kind.TASK: (Way.PANEL, Way.BROWSER, Way.TELEGRAM),
    Kind.TASK_DONE: (Way.PANEL,),
    Kind.DEADLINE: (Way.PANEL, Way.BROWSER, Way.TELEGRAM),
}


#: Sounds the panel can make of itself.
TONES = ("bell", "drop", "knock")


@dataclass(frozen=True, slots=True)
class KindWays:
    """The ways a person chose for one kind."""

    kind: Kind
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class NoticeWishes:
    """What a person wants to be told of and how; kinds that are not named are told as DEFAULT says.

    `quiet_from` and `quiet_to` are minutes of the day in `time_zone` (an IANA name, "": UTC), both -1: never quiet. A
    letter is written of what is unread after `email_minutes`. `tone` is one of TONES, `volume` 1 to 100.
    """

    chosen: tuple[KindWays, ...] = ()
    quiet_from: int = -1
    quiet_to: int = -1
    time_zone: str = ""
    email_minutes: int = 15
    sound: bool = True
    tone: str = TONES[0]
    volume: int = 50

    def ways(self, kind: Kind) -> tuple[Way, ...]:
        """Return by which ways this person is told of a kind."""
        return next((each.ways for each in self.chosen if each.kind is kind), DEFAULT[kind])


#: Nothing was chosen.
UNCHOSEN = NoticeWishes()


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a person is told of. `operator` "" is everybody whom a free conversation falls to.

    `detail` says which of several things of its kind it was (due, given; an event's code), `text` is an excerpt of what
    somebody wrote: hostile. `telegram_at` and `email_at`: when it goes out that way if it is still unread, None: it
    does not, or did. `told`: the bot's message that tells of it, whose turn to be looked at `telegram_at` is then.
    """

    id: str
    operator: OperatorId
    kind: Kind
    at: datetime
    ways: tuple[Way, ...]
    conversation: ConversationId | None = None
    customer: CustomerId | None = None
    team: TeamId | None = None
    message: MessageId | None = None
    task: str | None = None
    title: str = ""  # the customer's name
    actor: str = ""
    text: str = ""
    detail: str = ""
    read_at: datetime | None = None
    telegram_at: datetime | None = None
    email_at: datetime | None = None
    told: str = ""
    version: int = 0


#: Stands for everybody whom a free conversation falls to.
EVERYBODY = OperatorId("")


@dataclass(frozen=True, slots=True)
class Star:
    """A message or a note one person wants to find again."""

    id: str
    operator: OperatorId
    message: MessageId
    conversation: ConversationId
    at: datetime
