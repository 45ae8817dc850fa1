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
