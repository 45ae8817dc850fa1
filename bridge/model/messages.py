"""A message, and the state of its way out: the message row is the outbox."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, ChannelName, ChatId, ConversationId, LaneId, MessageId, OperatorId


class AuthorKind(StrEnum):
    """Who speaks; a note is an operator's word that never leaves the team, system is a line about an event."""

    CUSTOMER = "customer"
    BOT = "bot"
    OPERATOR = "operator"
    NOTE = "note"
    SYSTEM = "system"


class DeliveryState(StrEnum):
    """How far a word to the customer got; as true as the channel reports and no truer."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    RETRYING = "retrying"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: States a row cannot leave by itself: the outbox steps over them.
SETTLED = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.DELIVERED,
        DeliveryState.READ,
        DeliveryState.UNKNOWN,
        DeliveryState.FAILED,
        DeliveryState.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it: `id` is the customer's, the operator's or empty for bot and system."""

    kind: AuthorKind
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button under a message: `data` comes back when it is pressed (at most 64 bytes)."""

    text: str
    data: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """The way out of a message: its lane, its place in the lane, its state and the reason in words."""

    lane: LaneId
    order: int
    state: DeliveryState = DeliveryState.QUEUED
    reason: str | None = None
    attempts: int = 0
    not_before: datetime | None = None
    external_id: str | None = None
    epoch: int | None = None  # the conversation's epoch a bot's word was decided in; None: always sent
    parts: tuple[str, ...] = ()  # all ids of a word the messenger made several messages of, in order; else empty
    maybe: bool = False  # it is sent again, and may be at the customer already


@dataclass(frozen=True, slots=True)
class Reaction:
    """A sign one person put on a word: each has at most one on it."""

    author: Author
    emoji: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """What of a word that is out already is still to be changed at the customer; the row holds what it is to be.

    `text`: what the customer still reads, of an edit under way; `deletes`: it is to be taken away from him;
    `emoji`: the desk's reaction he still sees ("": none), of one under way. Settled, it is dropped. The delivery's
    state is FAILED once the messenger refused and that is still to be told.
    """

    delivery: Delivery
    text: str | None = None
    deletes: bool = False
    emoji: str | None = None
    edited_at: datetime | None = None  # when what he still reads had been changed before


@dataclass(frozen=True, slots=True)
class Source:
    """The article a bot's answer came from, and how sure the matcher was (0..1).

    `threshold` was in force for automatic answers then (None: exact wordings alone, or a person's pick), `engine` is
    the version of the matcher that decided, `asked` the question it answers where a message asked several.
    """

    article_id: ArticleId
    title: str
    confidence: float
    threshold: float | None = None
    engine: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What a system line tells: `code` is translated where it is shown, `actor` and `detail` fill it."""

    code: str
    actor: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a conversation's history, numbered by `seq` from 1 without holes, notes and events included."""

    id: MessageId
    conversation: ConversationId
    seq: int
    author: Author
    text: str
    at: datetime
    channel: ChannelName
    chat: ChatId
    incoming: int = 0  # the customer's n-th message for a customer's word, else the count so far
    kind: str = "text"
    external_id: str | None = None
    parts: tuple[str, ...] = ()  # all ids of a word that came in several messages (an album), in order; else empty
    reply_to: MessageId | None = None
    mentions: tuple[OperatorId, ...] = ()  # people of the desk a note is meant for
    attachments: tuple[Attachment, ...] = ()
    asks: str = ""  # "contact": asks for an e-mail or a phone; "done": takes away what was offered for it
    choices: tuple[Choice, ...] = ()
    source: Source | None = None
    also: tuple[Source, ...] = ()  # further articles a bot's answer says, to further questions of one message
    offered: tuple[Source, ...] = ()  # articles behind the buttons, in their order
    event: Event | None = None
    delivery: Delivery | None = None
    origin: str = ""  # surface an operator wrote on: panel, api, or the staff group's name (it is not mirrored back)
    reactions: tuple[Reaction, ...] = ()
    forwarded: str = ""  # whose words a customer passed on, as his messenger names the origin
    amendment: Amendment | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 0
