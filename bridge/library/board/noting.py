"""What is kept for editors: of a question the bot had no answer to, of an answer the desk gave; pure."""

from bridge.context import Bridge
from bridge.library.board.anonymous import anonymous, for_everybody
from bridge.library.learning.labels import LENGTH as LENGTH
from bridge.library.learning.labels import masked
from bridge.library.writing.checks import ANSWER_LENGTH, key_of
from bridge.model.conversations import Conversation
from bridge.model.ids import MessageId, OperatorId, derive
from bridge.model.messages import Message
from bridge.model.misses import Miss
from bridge.model.staff_answers import StaffAnswer

#: Reasons of a handoff that tell of a question without an answer.
MISSED = frozenset({"unsure", "not_helped"})
#: Why a question counts whose offered articles were passed over.
NOT_PICKED = "not_picked"
#: Words of an answer that says something by itself.
WORDS = 4


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


def answer_of(bridge: Bridge, conversation: Conversation, message: Message) -> StaffAnswer | None:
    """Return a person's word as it is kept for editors; None: it is too short to say anything by itself. Pure."""
    text = for_everybody(unnamed(bridge, conversation, message))
    if len(key_of(text).split()) < WORDS:
        return None
    return StaffAnswer(
        answer_row(message.id),
        bridge.clock.now(),
        text[:ANSWER_LENGTH],
        conversation.language,
        conversation.channel,
        conversation.id,
        message.id,
        conversation.home,
        OperatorId(message.author.id),
        message.author.name,
    )


def answer_row(message: MessageId) -> str:
    """Return the id under which a person's word is kept for editors."""
    return derive("staff_answer", message)


def unnamed(bridge: Bridge, conversation: Conversation, message: Message) -> str:
    """Return a person's word without whom it was for and who wrote it."""
    return anonymous(bridge, message.text, (conversation.customer_name, message.author.name))
