"""A reply from a topic that crosses a colleague's: it is stopped, and both stand in the topic; said again, it goes.

What a colleague answered in the panel has been read here once it stands above, by the order of the messenger's ids.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bridge import service
from bridge.composing.replying import reply_id
from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.model.desk import Topic
from bridge.model.ids import ConversationId
from bridge.model.inbound import StaffSaid
from bridge.model.messages import SETTLED, AuthorKind, Message
from bridge.model.operators import Operator
from bridge.staff import mirror, places, topics

#: Lines looked at for what a colleague said just now, and how long ago that may be: what does not appear in a topic
#: for so long holds up nobody any more.
LOOKED_AT = 20
LATELY = timedelta(minutes=10)
#: Letters shown of a colleague's words.
_EXCERPT = 300


async def reply(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    text: str,
    *,
    topic: Topic,
    inbound: StaffSaid,
    key: str,
    **more: Any,
) -> Message | None:
    """Reply as service.reply unless a colleague's reply crosses it; None: it does, and the topic was told."""
    send = partial(service.reply, bridge, actor, id, text, key=key, **more)
    if await bridge.store.messages.find(reply_id(id, key)) is not None:
        return await send()  # it went before a death in the middle
    while True:
        recent = await bridge.store.messages.page(topic.id, None, None, LOOKED_AT)
        unread = [each for each in recent if await _is_unread(bridge, actor, topic, inbound, each)]
        if not unread:
            try:
                return await send(seen_seq=recent[-1].seq if recent else 0)
            except Conflict as conflict:
                if conflict.code != "crossed":
                    raise
                unread = [each for each in conflict.newer if isinstance(each, Message) and _is_colleagues(each, actor)]
                if not unread:
                    continue  # the customer went on just now, as customers do
        await _tell(bridge, actor, topic, inbound, unread)
        return None


def _is_colleagues(message: Message, actor: Operator) -> bool:
    return message.author.kind is AuthorKind.OPERATOR and message.author.id != actor.id


async def _is_unread(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid, message: Message) -> bool:
    lately = message.at > bridge.clock.now() - LATELY and inbound.external_id.isdecimal()
    if not lately or not _is_colleagues(message, actor) or message.deleted_at is not None:
        return False
    if message.origin == mirror.bridge_desk(bridge):
        return _is_behind(message.external_id, inbound)
    post = await places.post_of(bridge, message)
    if post is None or (post.delivery.state in SETTLED and not places.sent(post, topic)):
        return False  # it stands in what was said before, or will never be shown
    shown = places.sent(post, topic)
    if shown and not _is_behind(shown[0], inbound):
        return False
    told = await bridge.store.journal.value(_told(topic, actor))
    if told is None or told["seq"] < message.seq:
        return True
    notice = await bridge.store.desk.find(told["post"])
    return notice is None or not (at := places.sent(notice, topic)) or _is_behind(at[0], inbound)


def _is_behind(external_id: str | None, inbound: StaffSaid) -> bool:
    """Tell whether a message of the group stands behind what somebody wrote there."""
    ids = external_id or "", inbound.external_id
    return all(id.isdecimal() for id in ids) and int(ids[0]) > int(ids[1])


async def _tell(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid, unread: Sequence[Message]) -> None:
    """Answer to the words that did not go with what crosses them."""
    lines = [bridge.phrases.say(bridge.phrases.language, "staff.crossed")]
    for each in unread:
        text = each.text if len(each.text) <= _EXCERPT else f"{each.text[:_EXCERPT].rstrip()}…"
        lines.append(f"{each.author.name}: «{text}»")
    conversation = await bridge.store.conversations.get(topic.id)
    post = mirror.notice(bridge, conversation, inbound.external_id, "\n".join(lines), inbound.external_id)
    told = {"seq": max(each.seq for each in unread), "post": post.id}
    await bridge.store.journal.put_value(_told(topic, actor), told, bridge.clock.now() + LATELY)
    await topics.put(bridge, post)


def _told(topic: Topic, actor: Operator) -> str:
    return f"crossed:{topic.id}:{actor.id}"
