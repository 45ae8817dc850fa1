"""A customer is a person; an identity is that person in one channel, or an e-mail, or a phone."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId, IdentityId


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who writes to the shop."""

    id: CustomerId
    name: str
    created_at: datetime
    language: str = "ru"
    note: str = ""
    company: str = ""
    tags: tuple[str, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)  # custom ones by key, as bridge.people.records keeps them
    contact_asked_at: datetime | None = None  # the bot asks for e-mail or phone once
    contact_asked_in: ConversationId | None = None  # where it asked, or was about to when the process died
    linked_to: CustomerId | None = None  # all he had moved to this customer, who is the same person
    link_number: int = 0  # of the newest Link that was carried out on him
    profile_number: int = 0  # of the newest Link whose values he took or gave back
    time_zone: str = ""  # IANA name, as the desk was told it; "": not known
    named: bool = True  # by himself, his messenger, the shop or staff; False: the name was made up
    banned_at: datetime | None = None  # from then on nobody is disturbed by what he writes; it is kept all the same
    banned_because: str = ""
    version: int = 0

    @property
    def sorts_as(self) -> str:
        """What a list by names goes by: the name's first 80 characters without letter case, "ё" among "е"."""
        return " ".join(self.name.casefold().replace("ё", "е").split())[:80]


@dataclass(frozen=True, slots=True)
class Identity:
    """That person in one channel (`kind` = channel's name), an `email`, a `phone`, or the shop's own `user_id` of him.

    `origin` is the customer it came with, when it has moved to another one since (see Link).
    """

    id: IdentityId
    customer: CustomerId
    kind: str
    value: str
    proved: bool
    username: str = ""
    source: str = ""  # id of the message it was read in, or "operator:<id>"
    time_zone: str = ""  # IANA name of where he last wrote from, as his browser says; "": it cannot tell
    origin: CustomerId | None = None
    version: int = 0

    @property
    def home(self) -> CustomerId:
        """The customer it came with."""
        return self.origin or self.customer


@dataclass(frozen=True, slots=True)
class Link:
    """One step in the history of who is who, numbered from 1 without holes: a customer joins another, or leaves him.

    The step is the commit point: what it moves follows from it and can be moved again, until it is `done`.
    """

    id: str  # the number, so that two cannot be written at once
    number: int
    child: CustomerId  # who joins or leaves
    parent: CustomerId  # whom
    joins: bool
    by: str  # operator's id, or "system" when proofs were equal
    at: datetime
    because: str = ""  # kind of the equal identity (phone, email, user_id, a channel's name); erased: of one alone
    kept: list[Any] = field(default_factory=list)  # of the parent's profile: [field, before, after joining]
    done: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Chat:
    """A place in a channel where one customer writes: which conversation goes on in it, and can it be written to."""

    id: str  # channel:chat
    channel: ChannelName
    chat: ChatId
    customer: CustomerId
    conversation: ConversationId | None = None
    after: ConversationId | None = None  # the deleted one the next conversation is named after
    unreachable: str | None = None  # the reason in words; None: can be written to
    origin: CustomerId | None = None  # as Identity.origin
    version: int = 0

    @property
    def home(self) -> CustomerId:
        """The customer it came with."""
        return self.origin or self.customer
