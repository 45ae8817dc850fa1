"""What is kept of a question the bot had no answer to; pure."""

import re

from bridge.context import Bridge
from bridge.model.conversations import Conversation
from bridge.model.ids import derive
from bridge.model.misses import Miss

#: Reasons of a handoff that tell of a question without an answer.
MISSED = frozenset({"unsure", "not_helped"})
#: Characters of a question that are kept.
LENGTH = 500
_NAME = "[name]"


def miss_of(bridge: Bridge, conversation: Conversation, key: str, text: str, reason: str) -> Miss:
    """Return a question without an answer as it is kept: personal data and the customer's name are masked."""
    masked = bridge.matcher.masked(text)
    for name in re.findall(r"\w{3,}", conversation.customer_name):
        masked = re.sub(rf"\b{re.escape(name)}\b", _NAME, masked, flags=re.IGNORECASE)
    return Miss(
        id=derive("miss", conversation.id, key),
        at=bridge.clock.now(),
        text=" ".join(masked.split())[:LENGTH],
        language=conversation.language,
        channel=conversation.channel,
        conversation=conversation.id,
        reason=reason,
    )
