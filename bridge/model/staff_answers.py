"""What people of the desk answered, as editors look through it for what is answered again and again."""

from dataclasses import dataclass
from datetime import datetime

from bridge.model.ids import ArticleId, ChannelName, ConversationId, CustomerId, MessageId, OperatorId


@dataclass(frozen=True, slots=True)
class StaffAnswer:
    """A person's public word to a customer; personal data in `text` is masked.

    `state`: open, skipped (no article is wanted of it, nor of any that says nearly the same), taken (an article is made
    of it).
    """

    id: str
    at: datetime
    text: str
    language: str
    channel: ChannelName
    conversation: ConversationId
    message: MessageId
    customer: CustomerId
    operator: OperatorId
    operator_name: str
    state: str = "open"
    article: ArticleId | None = None
    version: int = 0
