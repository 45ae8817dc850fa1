"""The staff group: a topic per conversation, and what is to appear in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.model.files import Attachment
from bridge.model.ids import ChannelName, ConversationId, MessageId
from bridge.model.messages import Choice, Delivery, Source


class PostKind(StrEnum):
    """What a post does in the group; `card` and `icon` show a state, so a newer one replaces an older one unsent."""

    TOPIC = "topic"
    CARD = "card"
    TEXT = "text"
    SUGGESTION = "suggestion"
    NOTICE = "notice"
    ICON = "icon"
    MARK = "mark"  # a reaction on an operator's words: they reached the customer
    EDIT = "edit"  # what an earlier post shows has changed (or was taken back): it shows a state
    REACTION = "reaction"  # a customer's sign on words that stand in the topic: it shows a state


#: The place in a group that is no topic: its General one.
GENERAL = "0"


@dataclass(frozen=True, slots=True)
class DeskRules:
    """How a staff group is to work, as its settings say.

    `open_at`: "handoff" or "first_message"; `sends`: what leaves a topic, "all" words of an operator or "replies" to
    the customer; `recall_seconds`: how long a sent word can be recalled; `setting`: where the groups' ids are written.
    """

    open_at: str = "handoff"
    sends: str = "all"
    recall_seconds: float = 60.0
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One word of those a message of a topic shows; `author` stands in bold before it, a `struck` one was deleted."""

    author: str
    text: str
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """One thing to do in a topic of a staff group: an outgoing row like a message to a customer."""

    id: str
    channel: ChannelName  # the staff group's name, "telegram.staff"
    conversation: ConversationId
    kind: PostKind
    text: str
    at: datetime
    delivery: Delivery
    author: str = ""  # shown in bold before the text
    message: MessageId | None = None
    attachments: tuple[Attachment, ...] = ()
    choices: tuple[Choice, ...] = ()
    offered: tuple[Source, ...] = ()  # articles behind the buttons of a suggestion, in their order
    icon: str = ""  # stage to be shown
    reply_to: str | None = None  # external id of the post it answers
    quotes: MessageId | None = None  # the word it answers, whose place is looked for when it is shown
    merged: tuple[str, ...] = ()  # ids of all posts that one message shows together, in order
    group: str = ""  # the group it was shown in
    sections: tuple[Section, ...] = ()  # what the message says, of several words or of an edit; made when it is shown
    sent: tuple[str, ...] = ()  # of an edit: external ids of the messages it changes; found when it is shown
    version: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """The place of a conversation in a staff group; `topic` is None until it was made."""

    id: ConversationId
    channel: ChannelName
    group: str
    topic: str | None = None
    card: str | None = None  # external id of the pinned card
    icon: str = ""  # stage shown now
    version: int = 0
