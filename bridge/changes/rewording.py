"""A conversation's row shows its newest words: when one of them changes, it says what that one says now."""

from dataclasses import replace

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import LAST_TEXT
from bridge.errors import Conflict
from bridge.model.conversations import Conversation, LastMessage
from bridge.model.ids import fresh
from bridge.model.messages import Message

#: LastMessage.content of a word that was taken back.
DELETED = "deleted"


def reworded(conversation: Conversation, message: Message) -> Conversation:
    """Return a conversation whose newest words say what a message says now; the same one when it is none of them."""
    last, said = (_word(word, message) for word in (conversation.last_message, conversation.last_said))
    if (last, said) == (conversation.last_message, conversation.last_said):
        return conversation
    return replace(conversation, last_message=last, last_said=said)


def _word(word: LastMessage | None, message: Message) -> LastMessage | None:
    if word is None or word.id != message.id:
        return word
    if message.deleted_at is not None:
        return replace(word, text="", content=DELETED)
    return replace(word, text=message.text[:LAST_TEXT], content=message.kind)


async def show_in_row(bridge: Bridge, message: Message) -> None:
    """Let the conversation's row say what a message says now; nothing is written unless it changes. Raises StoreDown.

    The message is read anew: of several who changed it at once, the last one's words stay in the row.
    """

    def decide(before: Conversation) -> Change | None:
        after = reworded(before, message)
        return None if after is before else Change(after)

    conversation = await bridge.store.conversations.get(message.conversation)
    newest = (conversation.last_message, conversation.last_said)
    if not any(word is not None and word.id == message.id for word in newest):
        return
    message = await bridge.store.messages.get(message.id)
    try:
        await commit(bridge, message.conversation, f"reword:{fresh()}", decide, known=conversation)
    except Conflict:
        return  # written by too many at once: the message itself says it all the same
