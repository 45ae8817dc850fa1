"""A conversation is one case: its stage, its owner, its place in the inbox, and what was decided in it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bridge.model.access import Sight
from bridge.model.desk import Post
from bridge.model.drafts import Held
from bridge.model.events import AuditEvent
from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, MessageId, OperatorId, TeamId
from bridge.model.labels import Review, Verdict
from bridge.model.messages import DeliveryState, Message
from bridge.model.misses import Miss
from bridge.model.notices import Notice
from bridge.model.questions import Use
from bridge.model.staff_answers import StaffAnswer
from bridge.model.teams import Route


class Stage(StrEnum):
    """Who holds the word (the stage table of ARCHITECTURE.md)."""

    BOT = "bot"
    WAITING = "waiting"
    OPERATOR = "operator"
    CLOSED = "closed"


class DeskState(StrEnum):
    """What the inbox row asks for: an answer is due, was given, or the row sleeps."""

    DUE = "due"
    ANSWERED = "answered"
    SNOOZED = "snoozed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The newest message as the inbox row shows it."""

    text: str
    kind: str  # customer | bot | operator | note
    at: datetime
    id: MessageId
    content: str = "text"  # as Message.kind: photo, voice, ...


#: A sleep that no time ends: only the customer's next word, or somebody of the desk.
UNTIL_HE_WRITES = datetime(9999, 12, 31, tzinfo=UTC)

#: How urgent a conversation is said to be, from the least; "" is as any other.
PRIORITIES = ("low", "", "high", "urgent")

#: The best rating there is; the worst is 1.
BEST = 5


@dataclass(frozen=True, slots=True)
class Rating:
    """How the customer was served, in his words: `score` from 1 to 5, 0 while he was asked and has not answered."""

    asked_at: datetime
    score: int = 0
    comment: str = ""
    at: datetime | None = None

    @property
    def shown(self) -> str:
        """As people read it: stars, and the comment behind them."""
        stars = "★" * self.score + "☆" * (BEST - self.score)
        return f"{stars} «{self.comment}»" if self.comment else stars


@dataclass(frozen=True, slots=True)
class Offering:
    """What was asked when articles were offered that nobody has picked one of; `key` is that of the bot's turn."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed decision: `rows` are written after the commit and again after a crash, until the entry is dropped.

    `key` names what was decided on (an inbound id, a client's id): the same key is never decided twice.
    `rows` are inserted once; their ids are made from the key. `shows`: the staff group is to show the new state.
    """

    key: str
    rows: tuple[Message | Post | AuditEvent | Miss | StaffAnswer | Verdict | Review | Use | Notice, ...]
    shows: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a conversation was before it moved last: who loses sight of it by that is told once."""

    team: TeamId | None
    assignee: OperatorId | None
    shared: tuple[OperatorId, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One case with one customer in one chat of one channel.

    `seq` is the number of the newest message, `incoming` counts the customer's messages (an operator's unread is the
    difference to what he has read), `epoch` rises with every word or claim of a person of the desk: a bot's message
    of an older epoch is never sent. `version` is the store's and rises with every write.
    """

    id: ConversationId
    number: int
    channel: ChannelName
    chat: ChatId
    customer: CustomerId
    customer_name: str
    stage: Stage
    created_at: datetime
    updated_at: datetime
    language: str = "ru"
    assignee: OperatorId | None = None
    assignee_name: str | None = None
    team: TeamId | None = None
    shared: tuple[OperatorId, ...] = ()  # with people who do not get the rest of its team or channel
    moved_from: Place | None = None
    route: Route | None = None  # how far the scenario of its team has come
    tags: tuple[str, ...] = ()
    followers: tuple[OperatorId, ...] = ()  # who is told of whatever happens in it
    priority: str = ""  # one of PRIORITIES
    seq: int = 0
    incoming: int = 0
    spoken_seq: int = 0  # newest word of the customer or, public, of an operator: what a reply may cross
    epoch: int = 0
    last_message: LastMessage | None = None
    last_said: LastMessage | None = None  # the customer's newest word: what a row that waits is about
    undelivered: DeliveryState | None = None  # failed or unknown: what became of the newest word, an operator's
    waiting_since: datetime | None = None
    snoozed_until: datetime | None = None  # of a closed one: when it opens again
    snooze_note: str = ""  # what is to be done then
    closed_at: datetime | None = None
    greeted: bool = False
    topic: bool = False  # mirrored into the staff group
    banned: bool = False  # its customer is: his words are kept, and disturb nobody
    asking: str = ""  # of the question for a contact: "", open, unclear (not understood once), over (still on screen)
    asked: bool = False  # the bot asked for a contact here
    offering: Offering | None = None
    rating: Rating | None = None  # None: never asked for
    origin: CustomerId | None = None  # the customer it began with, when it moved to another one (see Link)
    decided: tuple[str, ...] = ()  # keys decided on, newest last, bounded
    pending: tuple[Entry, ...] = ()
    held: tuple[Held, ...] = ()  # replies that are not sent yet
    version: int = 0

    @property
    def home(self) -> CustomerId:
        """The customer it began with."""
        return self.origin or self.customer

    @property
    def desk_state(self) -> DeskState:
        """The section of the inbox this row stands in."""
        if self.stage is Stage.CLOSED:
            return DeskState.CLOSED
        if self.snoozed_until is not None:
            return DeskState.SNOOZED
        waits = self.waiting_since is not None and self.stage is not Stage.BOT
        return DeskState.DUE if waits else DeskState.ANSWERED

    @property
    def bin(self) -> str:
        """Whose list it stands in: an operator's id, or free, bot, closed."""
        if self.stage is Stage.CLOSED or self.stage is Stage.BOT:
            return self.stage.value
        return self.assignee or "free"


@dataclass(frozen=True, slots=True)
class ConversationFilters:
    """What a list of conversations is narrowed to; None: not narrowed."""

    stage: str | None = None
    states: tuple[DeskState, ...] = ()  # of the inbox; none: not narrowed
    banned: bool = False  # those whose customer is banned alone
    team: str | None = None
    assignee: str | None = None  # operator id, or "none"
    channel: str | None = None
    tag: str | None = None
    customer: CustomerId | None = None
    external_id: str | None = None
    q: str | None = None
    sight: Sight | None = None  # whose eyes look; None: nothing is hidden
