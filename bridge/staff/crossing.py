"""A reply from a topic that crosses a colleague's: it is stopped, and both stand in the topic; said again, it goes.

What a colleague answered in the panel has been read here once it stands above, by the order of the messenger's ids.
A button stands nowhere: what was answered since its suggestion was shown crosses it.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bridge import service
from bridge.composing.replying import reply_id
from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.library.learning import hearing
from bridge.model.desk import Post, Topic
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

#: Tells of a line whether it crosses a word; sends that word; tells in the topic what crosses it.
_Crosses = Callable[[Message], Awaitable[bool]]
_Send = Callable[..., Awaitable[Message]]
_Tell = Callable[[Sequence[Message]], Awaitable[None]]


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
    heading = bridge.phrases.say(bridge.phrases.language, "staff.crossed")
    at = inbound.external_id
    tell = partial(_tell, bridge, actor, topic, (at, at), [heading])
    return await _uncrossed(bridge, actor, id, send, partial(_is_unread, bridge, actor, topic, inbound), tell)


async def answer(bridge: Bridge, actor: Operator, post: Post, number: int, key: str) -> Message | None:
    """Send what a button of a suggestion says unless a colleague answered since; None: one did, and the topic was told.

    Raises as hearing.answer_with.
    """
    source, case = post.offered[number], post.conversation
    send = partial(
        hearing.answer_with, bridge, actor, case, source.article_id, since=post.at, key=key, origin=mirror.SUGGESTED
    )
    topic = await bridge.store.desk.topic(case)
    if topic is None or await bridge.store.messages.find(reply_id(case, key)) is not None:
        return await send()
    say = partial(bridge.phrases.say, bridge.phrases.language)
    lines = [say("staff.crossed_button"), say("staff.crossed_chosen", title=source.title)]
    tell = partial(_tell, bridge, actor, topic, (f"{key}:{actor.id}", post.delivery.external_id), lines)
    return await _uncrossed(bridge, actor, case, send, partial(_is_since, bridge, actor, topic, post), tell)


async def _uncrossed(
    bridge: Bridge, actor: Operator, id: ConversationId, send: _Send, crosses: _Crosses, tell: _Tell
) -> Message | None:
    while True:
        recent = await bridge.store.messages.page(id, None, None, LOOKED_AT)
        unread = [each for each in recent if await crosses(each)]
        if not unread:
            try:
                return await send(seen_seq=recent[-1].seq if recent else 0)
            except Conflict as conflict:
                if conflict.code != "crossed":
                    raise
                unread = [each for each in conflict.newer if isinstance(each, Message) and _is_colleagues(each, actor)]
                if not unread:
                    continue  # the customer went on just now, as customers do
        await tell(unread)
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
    at = await _told_at(bridge, actor, topic, message)
    return at is None or _is_behind(at, inbound)


async def _is_since(bridge: Bridge, actor: Operator, topic: Topic, suggestion: Post, message: Message) -> bool:
    if not _is_colleagues(message, actor) or message.deleted_at is not None:
        return False
    if message.at <= max(suggestion.at, bridge.clock.now() - LATELY):
        return False
    return await _told_at(bridge, actor, topic, message) is None


async def _told_at(bridge: Bridge, actor: Operator, topic: Topic, message: Message) -> str | None:
    """Return the message of the group that told somebody of a colleague's word; None: nothing shown there did."""
    told = await bridge.store.journal.value(_told(topic, actor))
    if told is None or told["seq"] < message.seq:
        return None
    at = places.sent(await bridge.store.desk.find(told["post"]), topic)
    return at[0] if at else None


def _is_behind(external_id: str | None, inbound: StaffSaid) -> bool:
    """Tell whether a message of the group stands behind what somebody wrote there."""
    ids = external_id or "", inbound.external_id
    return all(id.isdecimal() for id in ids) and int(ids[0]) > int(ids[1])


async def _tell(
    bridge: Bridge,
    actor: Operator,
    topic: Topic,
    place: tuple[str, str | None],
    lines: Sequence[str],
    unread: Sequence[Message],
) -> None:
    """Say of a word that it did not go, with what crosses it; `place`: the notice's key, and what it answers to."""
    told = [*lines, *(f"{each.author.name}: «{_excerpt(each.text)}»" for each in unread)]
    conversation = await bridge.store.conversations.get(topic.id)
    last = max(each.seq for each in unread)
    key, at = place
    post = mirror.notice(bridge, conversation, f"{key}:{last}" if key != at else key, "\n".join(told), at)
    kept = {"seq": last, "post": post.id}
    await bridge.store.journal.put_value(_told(topic, actor), kept, bridge.clock.now() + LATELY)
    await topics.put(bridge, post)


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…"


def _told(topic: Topic, actor: Operator) -> str:
    return f"crossed:{topic.id}:{actor.id}"
