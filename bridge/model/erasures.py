"""The erasing of one person: what is to go, how far it is, and the trace that stays."""

from dataclasses import dataclass, field
from datetime import datetime

from bridge.model.ids import ChannelName, ChatId, ConversationId, CustomerId


@dataclass(frozen=True, slots=True)
class Place:
    """A chat of a person in a channel."""

    channel: ChannelName
    chat: ChatId


@dataclass(frozen=True, slots=True)
class Stand:
    """A topic that shows one of his conversations in a group of the desk; `gone` once the messenger deleted it."""

    channel: ChannelName
    group: str
    topic: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Erasure:
    """One person on his way out: written before anything is deleted, taken up again until it is `done`.

    `person` is how he was asked for. While it goes on the row names what is to be deleted; once all of it is `gone` it
    holds nothing but who asked, when, how much went, and `by_hand`: topics of the desk the messenger would not delete.
    Then the store's own files are scrubbed, and it is done. `only`: one conversation goes and its person, whom nothing
    here names, stays.
    """

    id: str
    person: CustomerId
    by: str  # operator's id, or "system"
    at: datetime
    customers: tuple[CustomerId, ...] = ()
    places: tuple[Place, ...] = ()
    conversations: tuple[ConversationId, ...] = ()
    stands: tuple[Stand, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    by_hand: tuple[str, ...] = ()
    only: ConversationId | None = None
    gone: bool = False
    done: bool = False
    version: int = 0
