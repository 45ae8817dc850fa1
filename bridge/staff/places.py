"""Where words stand in the staff groups: which group a conversation goes to, which message shows which word."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.model.desk import Post, Topic
from bridge.model.ids import ChannelName, ConversationId, MessageId, derive
from bridge.model.messages import AuthorKind, Message
from bridge.ports.channels import DeskChannel
from bridge.ports.desks import MovingDesk

#: How long it is remembered what the further messages of an album or of a long word belong to.
KEPT = timedelta(days=60)


async def topic_for(bridge: Bridge, desk: DeskChannel, conversation: ConversationId) -> Topic:
    """Return a conversation's place, chosen when it has none: the group where the fewest topics stand."""
    found = await bridge.store.desk.topic(conversation)
    if found is None:
        # Whoever chooses at the same moment would choose the same one.
        async with bridge.memory.lock("places"):
            group = await _roomiest(bridge, desk)
            found = await bridge.store.desk.save_topic(Topic(conversation, desk.desk, group))
    now = moved(desk, found.group)
    return found if now == found.group else await _save(bridge, replace(found, group=now))


def moved(desk: DeskChannel, group: str) -> str:
    """Return the id a group has now: one that is upgraded gets another."""
    moves = desk.moves if isinstance(desk, MovingDesk) else {}
    for _ in moves:
        group = moves.get(group, group)
    return group


async def elsewhere(bridge: Bridge, desk: DeskChannel, topic: Topic) -> Topic | None:
    """Give a topic that cannot be made in its group another one; None: there is no other."""
    groups = list(desk.groups)
    if len(groups) < 2 or topic.topic is not None:
        return None
    place = groups.index(topic.group) if topic.group in groups else -1
    return await _save(bridge, replace(topic, group=groups[(place + 1) % len(groups)]))


async def _roomiest(bridge: Bridge, desk: DeskChannel) -> str:
    if len(desk.groups) == 1:
        return desk.groups[0]
    counts = [(await bridge.store.desk.topics_in(desk.desk, group), number) for number, group in enumerate(desk.groups)]
    return desk.groups[min(counts)[1]]


async def _save(bridge: Bridge, topic: Topic) -> Topic:
    try:
        return await bridge.store.desk.save_topic(topic)
    except Conflict:
        return await bridge.store.desk.topic(topic.id) or topic


async def keep(bridge: Bridge, place: Topic, /, **changes: Any) -> None:
    """Write down what became of a topic, whatever else is written of it meanwhile; one that was made anew is left."""
    found: Topic | None = place
    while found is not None and found.topic == place.topic and (kept := replace(found, **changes)) != found:
        try:
            await bridge.store.desk.save_topic(kept)
        except Conflict:
            found = await bridge.store.desk.topic(place.id)
        else:
            return


async def topic_at(bridge: Bridge, desk: DeskChannel, group: str, topic: str) -> Topic | None:
    """Return the conversation's place that a topic is, also when its group was upgraded since it was made."""
    found = await bridge.store.desk.topic_of(desk.desk, group, topic)
    if found is None and isinstance(desk, MovingDesk):
        for old in desk.moves:
            if found is None and moved(desk, old) == group:
                found = await bridge.store.desk.topic_of(desk.desk, old, topic)
    return found


async def stands(bridge: Bridge, message: Message, topic: Topic) -> str | None:
    """Return the message of the topic where a word stands: what was written there, or its post; None: nowhere."""
    desk = bridge.desk
    if desk is None:
        return None
    if message.origin == desk.desk and message.external_id:
        return message.external_id
    history = derive("post", desk.desk, message.conversation, "history")
    for post in (await post_of(bridge, message), await bridge.store.desk.find(history)):
        at = sent(post, topic)
        if at:
            return at[0]
    return None


def sent(post: Post | None, topic: Topic) -> tuple[str, ...]:
    """Return the messages of this topic's group that show a post; empty: it was never shown, or in another group."""
    if post is None or post.delivery.external_id is None or post.group != topic.group:
        return ()
    return post.delivery.parts or (post.delivery.external_id,)


async def post_of(bridge: Bridge, message: Message) -> Post | None:
    """Return the post that shows a word."""
    desk = bridge.desk
    return await bridge.store.desk.find(derive("post", desk.desk, message.conversation, message.id)) if desk else None


async def remember_parts(bridge: Bridge, post: Post) -> None:
    """Note which post the further messages of a word belong to: files of an album, parts of a long text."""
    until = bridge.clock.now() + KEPT
    for part in post.delivery.parts:
        if part != post.delivery.external_id:
            await bridge.store.journal.put_value(_part(post.channel, post.group, part), {"post": post.id}, until)


async def shown_at(bridge: Bridge, group: str, external_id: str) -> list[Post]:
    """Return the posts that a message of a group shows, in order."""
    desk = bridge.desk
    if desk is None:
        return []
    found = await bridge.store.desk.shown_at(desk.desk, group, external_id)
    if not found:
        value = await bridge.store.journal.value(_part(desk.desk, group, external_id))
        post = await bridge.store.desk.find(value["post"]) if value is not None else None
        found = [post] if post is not None else []
    return found


async def words_at(bridge: Bridge, group: str, external_id: str) -> list[Message]:
    """Return the words that a message of ours in a group shows, in order."""
    posts = await shown_at(bridge, group, external_id)
    return await words_of(bridge, posts)


async def words_of(bridge: Bridge, posts: Sequence[Post]) -> list[Message]:
    """Return the words that posts show, in order; what is no word (a card, a line) shows none."""
    found = [await bridge.store.messages.find(post.message) for post in posts if post.message is not None]
    return [message for message in found if message is not None]


def meant(words: Sequence[Message]) -> Message | None:
    """Return which of the words that stand together somebody means: the customer's newest, else the newest."""
    customers = [word for word in words if word.author.kind is AuthorKind.CUSTOMER]
    found = customers or list(words)
    return found[-1] if found else None


def key_of(channel: ChannelName, group: str, external_id: str) -> str:
    """Name what was written in a topic, so that it is carried once."""
    return f"{channel}:{group}:{external_id}"


async def written_at(
    bridge: Bridge, topic: Topic, channel: ChannelName, group: str, external_id: str
) -> Message | None:
    """Return the word that an operator's message in a topic became: an answer or a note."""
    key = key_of(channel, group, external_id)
    for kind in ("reply", "note"):
        message = await bridge.store.messages.find(MessageId(derive("message", topic.id, f"{kind}:{key}", kind)))
        if message is not None:
            return message
    value = await bridge.store.journal.value(f"written:{key}")
    return await bridge.store.messages.find(MessageId(value["message"])) if value is not None else None


async def remember_album(
    bridge: Bridge, message: Message, channel: ChannelName, group: str, parts: Sequence[str]
) -> None:
    """Note which word the further messages of an operator's album belong to."""
    until = bridge.clock.now() + KEPT
    for part in parts:
        if part != message.external_id:
            await bridge.store.journal.put_value(
                f"written:{key_of(channel, group, part)}", {"message": message.id}, until
            )


def _part(desk: ChannelName, group: str, external_id: str) -> str:
    return f"part:{desk}:{group}:{external_id}"
