"""What the API answers; the OpenAPI document is made of these classes."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import ConfigDict, Field

from bridge.model.articles import Decision
from bridge.model.conversations import DeskState, Stage
from bridge.model.messages import AuthorKind, DeliveryState
from bridge.model.operators import Role
from operator_panel.api.file_shapes import Attachment as Attachment
from operator_panel.api.file_shapes import File as File
from operator_panel.api.held_shape import Held as Held
from operator_panel.api.shape import Shape as Shape
from operator_panel.api.shape import Time

T = TypeVar("T")
Confidence = Annotated[float, Field(ge=0, le=1)]


class Page(Shape, Generic[T]):
    """A part of a list; `next` asks for what follows, null: this was the end."""

    items: list[T]
    next: str | None = None


class FieldError(Shape):
    """What is wrong with one field, by a code."""

    field: str
    code: str


class ProblemBody(Shape):
    """A refusal as RFC 9457 says; `code` is for programs, `title` and `detail` for people."""

    model_config = ConfigDict(title="Problem", extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] = Field([])


class Ref(Shape):
    """Something else, by its id and its name."""

    id: str
    name: str


Priority = Literal["", "low", "high", "urgent"]


class LastMessage(Shape):
    """The newest message as a row shows it; `kind` says who spoke, `content` is the message's kind."""

    text: str
    kind: str
    content: str
    at: Time


class Rating(Shape):
    """How the customer was served, in his words: 1 to 5, with a comment."""

    score: int
    comment: str
    at: Time | None


class Conversation(Shape):
    """One case; `unread` is the caller's own count, `last_said` is the customer's newest word.

    `shared` with people (ids) who do not get the rest of its team or channel; `followers` (ids) are told of what
    happens in it, `following`: the caller is one of them.

    `held` are replies that are not sent yet.

    `last_delivery` tells of a newest answer not known to be sent; of a `banned` customer no word wakes anybody.
    """

    id: str
    number: int
    stage: Stage
    desk_state: DeskState
    channel: str
    channel_kind: str
    external_id: str
    customer: Ref
    team: Ref | None
    assignee: Ref | None
    shared: list[str]
    tags: list[str]
    priority: Priority
    followers: list[str]
    following: bool
    unread: int
    incoming: int
    seq: int
    last_message: LastMessage | None
    last_said: LastMessage | None
    last_delivery: Literal["failed", "unknown"] | None
    rating: Rating | None
    banned: bool
    waiting_since: Time | None
    snoozed_until: Time | None
    snooze_note: str
    held: list[Held]
    created_at: Time
    updated_at: Time
    version: int


class Author(Shape):
    """Who wrote it; bot and system have no id."""

    kind: AuthorKind
    id: str | None
    name: str


class Delivery(Shape):
    """How far a message to the customer got; `reason` is a code, `reason_text` says it in the reader's words."""

    state: DeliveryState
    reason: str | None
    reason_text: str | None


class Source(Shape):
    """An article and how sure the matcher was."""

    article_id: str
    title: str
    confidence: Confidence


class Choice(Shape):
    """A button under a message."""

    text: str


class Event(Shape):
    """What a system line tells."""

    code: str
    actor: str
    detail: str


class Reaction(Shape):
    """A sign on a message: the customer's, or the desk's (of whoever put it there last)."""

    author: Author
    emoji: str


class Message(Shape):
    """One line of a conversation, numbered by `seq` from 1 without holes.

    A deleted one (`deleted_at`) keeps its text for the staff; `amending`: its change is still on its way to the
    customer; `forwarded` names whose words the customer passed on; `mentions` (ids) are the people a note is meant for.
    """

    id: str
    conversation_id: str
    seq: int
    author: Author
    kind: str
    text: str
    attachments: list[Attachment]
    reply_to: str | None
    mentions: list[str]
    edited_at: Time | None
    deleted_at: Time | None
    amending: bool
    reactions: list[Reaction]
    forwarded: str | None
    delivery: Delivery | None
    at: Time
    incoming: int
    source: Source | None
    also: list[Source]
    offered: list[Source]
    choices: list[Choice]
    event: Event | None
    origin: str
    version: int


class TimelineMessage(Message):
    """A message among those of all conversations of a customer."""

    channel: str


class Suggestion(Shape):
    """An article offered to the operator for the customer's last question."""

    article_id: str
    title: str
    answer: str
    confidence: Confidence
    why: str


class RankedArticle(Source):
    """One article as the matcher ranks it."""

    wording: str
    why: str


class MatchResult(Shape):
    """What the knowledge base says to a text."""

    decision: Decision
    ranked: list[RankedArticle]


class DeskInfo(Shape):
    """How a staff group keeps up: posts that wait to be shown, since when the oldest does, and what keeps them."""

    name: str
    waiting: int
    oldest: Time | None
    reason: str | None
    reason_text: str | None


class ChannelFiles(Shape):
    """What a channel takes of files: bytes of one, how many in a message, endings it refuses, words under a file.

    Longer words than `caption` (UTF-16 units; null: no such limit) go out as a message of their own.
    """

    size: int
    most: int
    refused: list[str]
    caption: int | None


class ChannelInfo(Shape):
    """A connected account of a messenger and how it is; `can` names what it is able to do to words that are out.

    `files` is null where it carries none; `desk` is there for the account that serves the staff group.
    """

    name: str
    kind: str
    state: Literal["ok", "broken", "starting"]
    reason: str | None
    reason_text: str | None
    can: list[Literal["edit", "delete", "react"]]
    files: ChannelFiles | None = None
    desk: DeskInfo | None = None


class Me(Shape):
    """The caller; `csrf` is null for a bearer token, `text_size` is in per cent of the usual one."""

    id: str
    name: str
    email: str
    role: Role
    language: str
    theme: str
    text_size: int
    telegram_user_id: int | None
    csrf: str | None


class Counts(Shape):
    """Rows per view; `due`: mine or free that wait for an answer."""

    mine: int
    free: int
    all: int
    bot: int
    due: int


class ReadMark(Shape):
    """How many of the customer's messages the caller has read."""

    incoming: int
