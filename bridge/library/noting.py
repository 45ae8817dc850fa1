"""What is kept of a question the bot had no answer to; pure."""

from bridge.context import Bridge
from bridge.library.learning import LENGTH as LENGTH
from bridge.library.learning import masked
from bridge.model.conversations import Conversation
from bridge.model.ids import derive
from bridge.model.misses import Miss

#: Reasons of a handoff that tell of a question without an answer.
MISSED = frozenset({"unsure", "not_helped"})
#: Why a question counts whose offered articles were passed over.
NOT_PICKED = "not_picked"


def miss_of(bridge: Bridge, conversation: Conversation, key: str, text: str, reason: str) -> Miss:
    """Return a question without an answer as it is kept: personal data and the customer's name are masked."""
    return Miss(
        id=derive("miss", conversation.id, key),
        at=bridge.clock.now(),
        text=masked(bridge, conversation, text),
        language=conversation.language,
        channel=conversation.channel,
        conversation=conversation.id,
        reason=reason,
    )
