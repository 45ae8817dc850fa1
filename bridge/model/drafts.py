"""What somebody has written in a conversation and not sent yet, and what is sent but held back a while."""

from dataclasses import dataclass
from datetime import datetime

from bridge.model.files import Attachment
from bridge.model.ids import ArticleId, ConversationId, MessageId, OperatorId


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft, one for each person, conversation and mode (reply or note).

    `quote` is the message it answers, `suggestion` the article it was made of, `seq` the newest line there was when it
    was begun. `stamp` is another one each time it is written: what was sent takes away no newer words.
    """

    id: str
    operator: OperatorId
    conversation: ConversationId
    mode: str
    text: str
    at: datetime
    stamp: str
    attachments: tuple[Attachment, ...] = ()
    quote: MessageId | None = None
    suggestion: ArticleId | None = None
    seq: int = 0
    version: int = 0


def draft_id(operator: OperatorId, conversation: ConversationId, mode: str) -> str:
    """Return the id of somebody's draft."""
    return f"{operator}:{conversation}:{mode}"


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What is done to the conversation with a reply: it is closed, or sleeps until a time; neither by default."""

    close: bool = False
    snooze_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A reply that is not in the thread yet: it can be taken back until `due`, and is sent then by itself.

    `id` is that of the message it becomes, `key` the one it is decided under, `undo`: it waits for its writer to think
    better of it, else he has named the time. `seen_seq` is the newest line he had seen; `failed` says why it could not
    be sent, and it waits no more.
    """

    id: MessageId
    key: str
    by: OperatorId
    name: str
    text: str
    at: datetime
    due: datetime
    undo: bool
    attachments: tuple[Attachment, ...] = ()
    reply_to: MessageId | None = None
    suggestion: ArticleId | None = None
    seen_seq: int = 0
    then: Afterwards = Afterwards()
    origin: str = "panel"
    failed: str = ""
