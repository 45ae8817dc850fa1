"""Questions the knowledge base had no answer to, as editors see them."""

from dataclasses import dataclass
from datetime import datetime

from bridge.model.ids import ArticleId, ChannelName, ConversationId


@dataclass(frozen=True, slots=True)
class Miss:
    """A customer's question that was not answered; personal data in `text` is masked.

    `state`: open, taken (an article is made of it or got its wording), answered (asked again, it is), dismissed (no
    question for the base).
    """

    id: str
    at: datetime
    text: str
    language: str
    channel: ChannelName
    conversation: ConversationId
    reason: str  # unsure | not_helped | not_picked: articles were offered, he went on without one
    state: str = "open"
    article: ArticleId | None = None
    version: int = 0
