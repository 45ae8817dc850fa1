"""What a door understood of a raw update: plain facts, no messenger's types."""

from dataclasses import dataclass
from datetime import datetime

from bridge.model.files import Remote
from bridge.model.ids import ChannelName, ChatId, LaneId


@dataclass(frozen=True, slots=True)
class Update:
    """A raw update as it was accepted: `id` is unique per channel, `order` sorts it inside its lane."""

    id: str  # channel:key
    channel: ChannelName
    key: str
    lane: LaneId
    order: int
    raw: str
    received_at: datetime
    state: str = "new"  # new | done | dead
    reason: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as the messenger names that person."""

    id: str
    name: str
    username: str = ""
    language: str = ""
    named: bool = True  # False: nobody told the name, the door made it up
    email: str = ""  # what the one who passes his words on says of him: claimed, not proved
    phone: str = ""
    time_zone: str = ""  # IANA name, as his browser says; "": it does not


@dataclass(frozen=True, slots=True)
class Said:
    """A customer wrote `text`; `kind` is text, or the name of a kind that could not be carried (then text says so)."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    sender: Sender
    text: str
    at: datetime
    kind: str = "text"
    reply_to: str | None = None
    files: tuple[Remote, ...] = ()
    album: str = ""  # what the messages of one album share: they are one word with several files
    forwarded: str = ""  # whose words these are, when he passed them on
    parts: tuple[str, ...] = ()  # ids of all messages of a gathered album, in order


@dataclass(frozen=True, slots=True)
class Answered:
    """A person of the desk answered outside of Mostik, in the messenger itself: recorded, not sent again."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    sender: Sender  # who answered, as the messenger names him; not the customer
    text: str
    at: datetime
    files: tuple[Remote, ...] = ()
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Commanded:
    """A customer gave the bot an order by its name: operator, help, lang (with the language as its argument)."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    sender: Sender
    command: str
    argument: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shared:
    """A customer shared a phone by the messenger's own button or card; `own`: the messenger vouches that it is his."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    sender: Sender
    phone: str
    own: bool
    at: datetime
    name: str = ""  # whose card it is


@dataclass(frozen=True, slots=True)
class Identified:
    """The shop vouched for a visitor with a signature: `user_id` is the shop's own id of him, proved with the rest."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    sender: Sender
    user_id: str
    email: str
    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pressed:
    """A customer pressed a button of ours; `press_id` lets the door stop the button's clock."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    sender: Sender
    data: str
    label: str
    at: datetime
    press_id: str = ""
    message_external_id: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """A customer opened the chat with the bot (/start); `payload` came with the link."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    sender: Sender
    at: datetime
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A customer changed an earlier message; `files` are those it has now."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    message_external_id: str
    sender: Sender
    text: str
    at: datetime
    files: tuple[Remote, ...] = ()


@dataclass(frozen=True, slots=True)
class Deleted:
    """A customer took an earlier message back."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    message_external_id: str
    sender: Sender
    at: datetime


@dataclass(frozen=True, slots=True)
class Reacted:
    """A customer put a sign on a message of the chat, his own or ours; an empty `emoji` takes it away."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    message_external_id: str
    sender: Sender
    emoji: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rated:
    """A customer rated how he was served in the chat's newest conversation, from 1 to 5."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    sender: Sender
    score: int
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """The customer has read our words up to a message of ours."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    message_external_id: str
    sender: Sender
    at: datetime


@dataclass(frozen=True, slots=True)
class Reachable:
    """The customer blocked the bot (`reason` in words) or let it in again (None)."""

    channel: ChannelName
    chat: ChatId
    external_id: str
    sender: Sender
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StaffSaid:
    """Somebody wrote in a topic of the staff group."""

    channel: ChannelName
    group: str
    topic: str | None  # None: the General topic
    external_id: str
    user_id: int
    user_name: str
    text: str
    at: datetime
    kind: str = "text"
    anonymous: bool = False
    files: tuple[Remote, ...] = ()
    reply_to: str | None = None
    album: str = ""  # what the messages of one album share: its caption stands on one of them alone
    parts: tuple[str, ...] = ()  # ids of all messages of a gathered album, in order
    username: str = ""  # without @


@dataclass(frozen=True, slots=True)
class StaffEdited:
    """Somebody changed what he had written in a topic."""

    channel: ChannelName
    group: str
    topic: str | None
    external_id: str
    message_external_id: str
    user_id: int
    user_name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StaffReacted:
    """Somebody put a sign on a message of a topic; an empty `emoji` takes it away. Telegram names no topic here."""

    channel: ChannelName
    group: str
    external_id: str
    message_external_id: str
    user_id: int
    user_name: str
    emoji: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StaffPressed:
    """Somebody pressed a button in the staff group."""

    channel: ChannelName
    group: str
    topic: str | None
    external_id: str
    user_id: int
    user_name: str
    data: str
    press_id: str
    at: datetime


Inbound = (
    Said
    | Shared
    | Identified
    | Pressed
    | Started
    | Commanded
    | Edited
    | Deleted
    | Reacted
    | Rated
    | Read
    | Answered
    | Reachable
    | StaffSaid
    | StaffEdited
    | StaffReacted
    | StaffPressed
)
