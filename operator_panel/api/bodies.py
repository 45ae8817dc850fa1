"""What the API is asked: bodies and queries. An unknown field is an error, never ignored."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bridge.model.access import Scope
from bridge.model.conversations import Stage
from bridge.model.operators import ExtraRight, Role

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$")]
Password = Annotated[str, StringConstraints(min_length=10, max_length=200)]
Seq = Annotated[int, Field(ge=0, lt=2**53)]
TelegramUser = Annotated[int, Field(ge=1, lt=2**53)]


class Asked(BaseModel):
    """A body or a query."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Slice(Asked):
    """Which part of a list."""

    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(50, ge=1, le=100)


class NewConversation(Asked):
    """Whom to write to first and where; `external_id` chooses one of his chats in the channel."""

    customer: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    channel: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None


class ConversationQuery(Slice):
    """What a list of conversations is narrowed to; `assignee` is me, none or an operator's id.

    `view` asks for a view of the inbox: mine, free, all, bot and closed in the inbox's order, others (mentions, unread,
    awaiting, live, answered, snoozed, spam, or a kept view's id) by newest activity. `filters` narrows by what a view
    can, as JSON. `sort` of a view: `wait` (who waits longest stands first) or `newest`; left out, as the caller chose.
    """

    stage: Stage | None = None
    team: str | None = None
    assignee: str | None = None
    channel: str | None = None
    tag: str | None = None
    customer: str | None = None
    external_id: str | None = None
    q: str | None = Field(None, max_length=400)
    view: str | None = Field(None, max_length=64)
    filters: str | None = Field(None, max_length=4000)
    sort: Literal["wait", "newest"] | None = None


class MessageQuery(Asked):
    """The first messages after a seq, or the last ones before one, or those around one of them, or the last ones."""

    after: Seq | None = None
    before: Seq | None = None
    around: str | None = Field(None, max_length=64)
    limit: int = Field(50, ge=1, le=200)


class CustomerQuery(Asked):
    """Words that all stand in a customer's name, username or contacts."""

    q: str = Field("", max_length=400)
    limit: int = Field(50, ge=1, le=100)


class SuggestionQuery(Asked):
    """Words to look for in the knowledge base instead of the customer's own."""

    q: str = Field("", max_length=400)
    limit: int = Field(3, ge=1, le=10)


class TimelineQuery(Slice):
    """Which part of a customer's timeline."""


class EventQuery(Asked):
    """Where to resume; the Last-Event-ID header wins."""

    since: str | None = Field(None, max_length=200)


class Attached(Asked):
    """A file uploaded before, by its id."""

    file_id: str = Field(min_length=1, max_length=64)


class Afterwards(Asked):
    """What is done with a reply: the conversation is closed, or sleeps until a time."""

    close: bool = False
    snooze_until: AwareDatetime | None = None


class NewMessage(Asked):
    """A reply to the customer or a note for the team; with attachments the text may be empty.

    `seen_seq` is the newest line the writer has seen, `force` sends although newer ones are there. `client_id` names
    the message for the sender's own retries. `suggestion` is the article the reply was made of: the matcher learns
    whether it went out as it was. `then` is done with a reply; `draft` is the stamp of the caller's draft it was
    written in, which is forgotten with it. `mentions` are people (ids) a note is meant for: one of them who does not
    get the conversation is 409 `no_access`, with `share` he does from now on. Who is named in a note's text ("@Name")
    is mentioned too, if he gets it.
    """

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)] = ""
    attachments: list[Attached] = Field([], max_length=10)
    kind: Literal["reply", "note"] = "reply"
    reply_to: str | None = Field(None, max_length=64)
    seen_seq: Seq | None = None
    force: bool = False
    client_id: str | None = Field(None, min_length=1, max_length=100)
    suggestion: str | None = Field(None, min_length=1, max_length=100)
    then: Afterwards = Afterwards()
    draft: str | None = Field(None, max_length=64)
    mentions: list[Annotated[str, StringConstraints(min_length=1, max_length=64)]] = Field([], max_length=30)
    share: bool = False


class NewText(Asked):
    """What a message is to say from now on; with attachments it may be empty."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]


class NewReaction(Asked):
    """The desk's sign on a message."""

    emoji: str = Field(min_length=1, max_length=40)


class Release(Asked):
    """Where a conversation goes back to."""

    to: Literal["queue", "bot"]


class Assignment(Asked):
    """Who gets a conversation; `force` gives it to a person who chose to get no new ones."""

    operator: str = Field(min_length=1, max_length=64)
    force: bool = False


class Snooze(Asked):
    """Until when it sleeps; null: it wakes, with `until_reply`: until the customer writes. `note`: what to do."""

    until: AwareDatetime | None
    until_reply: bool = False
    note: str = Field("", max_length=1000)


class Reopening(Asked):
    """When a closed conversation opens again; null: not by itself, without `at`: now. `note`: what to do then."""

    at: AwareDatetime | None = None
    note: str = Field("", max_length=1000)


class TagChange(Asked):
    """Tags that come and go."""

    add: list[Tag] = Field([], max_length=50)
    remove: list[Tag] = Field([], max_length=50)


class ReadUpTo(Asked):
    """The newest line the caller has seen."""

    seq: Seq


class Change(Asked):
    """Fields to change; absent ones stay."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        return self


class OtherCustomer(Asked):
    """Somebody who is the same person, or was taken for him."""

    other: str = Field(min_length=1, max_length=64)


class SamePerson(OtherCustomer):
    """Somebody who is the same person; `keep` tells by field whose value stands where the two profiles differ."""

    keep: dict[Annotated[str, StringConstraints(max_length=80)], Literal["this", "other", "both"]] = Field(
        default_factory=dict, max_length=60
    )


class Ban(Asked):
    """Why a customer is not to be heard any more."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class CustomerChange(Change):
    """What staff may write into a customer's card; `email` and `phone` are added to what is known, as claimed.

    `fields` are custom ones by key: those given change, null takes a value away. `time_zone`: an IANA name or "".
    """

    name: Line | None = None
    note: str | None = Field(None, max_length=4000)
    company: str | None = Field(None, max_length=200)
    tags: list[Tag] | None = Field(None, max_length=30)
    fields: dict[str, str | float | bool | None] | None = Field(None, max_length=50)
    time_zone: str | None = Field(None, max_length=60)
    email: str | None = Field(None, min_length=1, max_length=320)
    phone: str | None = Field(None, min_length=1, max_length=40)

    @field_validator("name", "note", "company", "tags", "fields", "time_zone", "email", "phone")
    @classmethod
    def _no_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("null")
        return value


class Question(Asked):
    """A text to ask the knowledge base."""

    text: Text
    limit: int = Field(5, ge=1, le=20)


class Access(Asked):
    """Which teams or channels somebody gets: all, only these, all except these; "none" names what has no team."""

    scope: Scope
    names: list[Annotated[str, StringConstraints(min_length=1, max_length=64)]] = Field([], max_length=200)


class NewOperator(Asked):
    """A new account; without a password it can hold tokens but not log in.

    One that does not serve is given no conversations; `capacity`: how many open ones he is given at most.
    """

    email: Email
    name: Line
    role: Role = Role.OPERATOR
    password: Password | None = None
    telegram_user_id: TelegramUser | None = None
    language: Literal["ru", "en"] = "ru"
    teams: list[Annotated[str, StringConstraints(max_length=64)]] = Field([], max_length=200)
    team_access: Access = Access(scope=Scope.ALL, names=[])
    channel_access: Access = Access(scope=Scope.ALL, names=[])
    serves: bool = True
    capacity: int | None = Field(None, ge=1, le=1000)
    rights: list[ExtraRight] = Field([], max_length=20)


class OperatorChange(Change):
    """Fields of an account to change; `telegram_user_id` null unregisters it from the staff group.

    `capacity` null: as the settings say.
    """

    email: Email | None = None
    name: Line | None = None
    role: Role | None = None
    telegram_user_id: TelegramUser | None = None
    disabled: bool | None = None
    password: Password | None = None
    teams: list[Annotated[str, StringConstraints(max_length=64)]] | None = Field(None, max_length=200)
    team_access: Access | None = None
    channel_access: Access | None = None
    serves: bool | None = None
    capacity: int | None = Field(None, ge=1, le=1000)
    rights: list[ExtraRight] | None = Field(None, max_length=20)


class MeChange(Change):
    """The caller's own name and taste."""

    name: Line | None = None
    language: Literal["ru", "en"] | None = None
    theme: Literal["system", "light", "dark"] | None = None
    text_size: Literal[100, 110, 120, 130] | None = None
