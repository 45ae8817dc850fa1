"""Buttons that ask whether an answer helped: they hold while that answer is the last thing said, and once."""

from bridge.context import Bridge
from bridge.model.ids import MessageId
from bridge.model.inbound import Pressed
from bridge.model.messages import AuthorKind
from bridge.receive import message_id

#: What is begun by the data of a button that can be pressed once.
ONCE = ("ok", "no")
_SAID = (AuthorKind.CUSTOMER, AuthorKind.BOT, AuthorKind.OPERATOR)


def once(press: Pressed) -> bool:
    """Tell whether the buttons of a press's message are spent by it."""
    return press.data.partition(":")[0] in ONCE and bool(press.message_external_id)


async def stale(bridge: Bridge, press: Pressed) -> str | None:
    """Return the word for a button whose time has passed: nothing is written then; None: it holds.

    A press that is replayed after a crash stands in the history already and holds.
    """
    verb, _, asked = press.data.partition(":")
    if verb not in ONCE or await bridge.store.messages.find(message_id(press)) is not None:
        return None
    message = await bridge.store.messages.find(MessageId(asked))
    if message is None:
        return bridge.phrases.say(bridge.phrases.language, "customer.stale_button")
    later = await bridge.store.messages.page(message.conversation, message.seq, None, 20)
    if not any(line.author.kind in _SAID for line in later):
        return None
    conversation = await bridge.store.conversations.get(message.conversation)
    return bridge.phrases.say(conversation.language, "customer.stale_button")
