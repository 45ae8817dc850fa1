"""The staff group's topics as the hall keeps them: the state shown in them, lines told, a lost topic made again."""

from dataclasses import replace

from bridge.context import Bridge
from bridge.model.conversations import Conversation
from bridge.model.desk import Post, PostKind, Topic
from bridge.model.ids import ConversationId
from bridge.model.messages import SETTLED, Delivery, Message
from bridge.staff import cards, mirror, mirror_changes, places

#: Place of a line about a word, after everything said.
_AFTER_WORDS = 1 << 58


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
    card = await bridge.store.desk.show(cards.card(bridge, conversation, channel, username, identities))
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


async def mark_done(bridge: Bridge, id: ConversationId, at: str) -> None:
    """Show at a command that it was carried out."""
    await put(bridge, mirror.done(bridge, await bridge.store.conversations.get(id), at))


async def make_again(bridge: Bridge, post: Post) -> None:
    """Queue the making of a topic that has no place yet or any more, before everything that waits for it."""
    conversation = await bridge.store.conversations.get(post.conversation)
    await bridge.store.desk.show(mirror.topic(bridge, conversation))
    await show_state(bridge, conversation)


async def tell_again(bridge: Bridge, id: ConversationId) -> None:
    """Queue what was said in a topic that was deleted for the top of its next one; not what waits to be shown as it is.

    Others write meanwhile, so messages are read first, then the conversation, whose entries name the posts of words
    just said, then what became of those posts.
    """
    recent = await bridge.store.messages.page(id, None, None, mirror.LOOKED_AT)
    conversation = await bridge.store.conversations.get(id)
    said = mirror.posts(bridge, conversation, recent)
    coming = {row.id for entry in conversation.pending for row in entry.rows}
    later = {each.message for each in said if await _is_to_come(bridge, each.id, coming)}
    told = mirror.history(bridge, conversation, [each for each in recent if each.id not in later])
    if told is not None:
        await bridge.store.desk.show(told)


async def _is_to_come(bridge: Bridge, id: str, coming: set[str]) -> bool:
    post = await bridge.store.desk.find(id)
    return id in coming if post is None else post.delivery.state not in SETTLED


async def tell_unshown(bridge: Bridge, post: Post, topic: Topic) -> None:
    """Say in the topic what could not be shown there: a change in words, of a word why, with the way to read it."""
    if post.kind in (PostKind.EDIT, PostKind.REACTION):
        message = await bridge.store.messages.find(post.message) if post.message is not None else None
        if post.kind is PostKind.REACTION and message is not None and message.deleted_at is not None:
            return  # that it is gone was said
        at = await places.stands(bridge, message, topic) if message is not None else None
        line = mirror_changes.in_words(bridge, post, at)
        way = Delivery(post.delivery.lane, _AFTER_WORDS)
        await put(bridge, replace(line, id=f"{post.id}w{post.delivery.order}", delivery=way))
    elif post.kind is PostKind.TEXT and post.message is not None:
        say = bridge.phrases
        reason = say.reason(say.language, post.delivery.reason or "rejected")
        await tell(
            bridge, post.conversation, f"unshown:{post.id}", say.say(say.language, "staff.unshown", reason=reason)
        )


async def _wake(bridge: Bridge, post: Post) -> None:
    await bridge.store.lanes.pull(post.delivery.lane, "out", bridge.clock.now())
    await bridge.bus.publish("lane", {"id": post.delivery.lane})
