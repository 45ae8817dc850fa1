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
    fields: dict[str, Any] = field(default_factory=dict)
    contact_asked_at: datetime | None = None  # the bot asks for e-mail or phone once
    linked_to: CustomerId | None = None  # all he had moved to this customer, who is the same person
    version: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """That person in one channel (`kind` = channel's name), or `email`, or `phone`; proved or only claimed."""

    id: IdentityId
    customer: CustomerId
    kind: str
    value: str
    proved: bool
    username: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Chat:
    """A place in a channel where one customer writes: which conversation goes on in it, and can it be written to."""

    id: str  # channel:chat
    channel: ChannelName
    chat: ChatId
    customer: CustomerId
    conversation: ConversationId | None = None
    unreachable: str | None = None  # the reason in words; None: can be written to
    version: int = 0
