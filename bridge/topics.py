"""The staff group's topics as the hall keeps them: the state shown in them, lines told, a lost topic made again."""

from bridge import mirror
from bridge.context import Bridge
from bridge.model.conversations import Conversation
from bridge.model.desk import Post
from bridge.model.ids import ConversationId
from bridge.model.messages import Message


async def put(bridge: Bridge, post: Post) -> None:
    """Queue a post, once, and wake its lane."""
    await bridge.store.write_rows([post])
    await _wake(bridge, post)


async def show_state(bridge: Bridge, conversation: Conversation) -> None:
    """Have the staff group show owner and stage as they are in this version; a newer one shown already stays."""
    desk = bridge.desk
    if desk is None or not conversation.topic:
        return
    identities = await bridge.store.people.identities(conversation.customer)
    username = next((i.username for i in identities if i.kind == conversation.channel), "")
    channel = _called(bridge, conversation)
    card = await bridge.store.desk.show(mirror.card(bridge, conversation, channel, username, identities))
    await bridge.store.desk.show(mirror.icon(bridge, conversation))
    await _wake(bridge, card)


def _called(bridge: Bridge, conversation: Conversation) -> str:
    """Return how people call a conversation's channel; one of several of its kind is named."""
    kinds = {each.name: each.kind for each in bridge.channels.by_name.values()}
    kind = kinds.get(conversation.channel, "")
    word = bridge.phrases.channel(bridge.phrases.language, kind)
    return word if list(kinds.values()).count(kind) == 1 else f"{word} {conversation.channel}".strip()


async def tell(
    bridge: Bridge, id: ConversationId, key: str, text: str, reply_to: str | None = None, seq: int | None = None
) -> None:
    """Put a line for the staff into a conversation's topic, among its lines by the seq of what it is about."""
    conversation = await bridge.store.conversations.get(id)
    await put(bridge, mirror.notice(bridge, conversation, key, text, reply_to, seq))


async def mark_sent(bridge: Bridge, conversation: Conversation, message: Message) -> None:
    """Show at an operator's words in the topic that they reached the customer."""
    await put(bridge, mirror.mark(bridge, conversation, message))


async def make_again(bridge: Bridge, post: Post) -> None:
    """Queue the making of a topic that was deleted, before everything that waits to be shown in it."""
    conversation = await bridge.store.conversations.get(post.conversation)
    await bridge.store.desk.show(mirror.topic(bridge, conversation))
    await show_state(bridge, conversation)


async def _wake(bridge: Bridge, post: Post) -> None:
    await bridge.store.lanes.pull(post.delivery.lane, "out", bridge.clock.now())
    await bridge.bus.publish("lane", {"id": post.delivery.lane})
