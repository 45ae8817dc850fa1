"""Buttons in the staff group become verbs; the presser is told how it went at the button."""

from bridge.context import Bridge
from bridge.errors import NotFound
from bridge.library.learning import hearing
from bridge.model.desk import Post
from bridge.model.ids import ConversationId, MessageId, OperatorId
from bridge.model.inbound import StaffPressed
from bridge.model.operators import Operator
from bridge.staff import crossing, places, recalling, tasking
from bridge.staff.commands import REFUSALS, VERBS, give, refusal_words

#: Buttons that say what suggestions are not, each with what is told when it is noted.
REFUSING = {"wrong": "staff.noted_wrong", "nothing": "staff.noted_nothing"}


async def pressed(bridge: Bridge, inbound: StaffPressed) -> None:
    """Do what a button in the group says; the presser is told how it went at the button."""
    actor = await bridge.store.staff.by_telegram(inbound.user_id)
    say = bridge.phrases.say
    if actor is None or actor.disabled:
        words = say(bridge.phrases.language, "staff.not_registered", user_id=inbound.user_id)
    else:
        try:
            words = await _press(bridge, actor, inbound)
        except REFUSALS as refusal:
            words = refusal_words(bridge, refusal, "delete" if inbound.data.startswith("recall:") else "")
    channel = bridge.channels.pressing(inbound.channel)
    if channel is not None:
        await channel.pressed(inbound.press_id, words)


async def _press(bridge: Bridge, actor: Operator, inbound: StaffPressed) -> str:
    verb, _, rest = inbound.data.partition(":")
    language = bridge.phrases.language
    key = f"{inbound.channel}:{inbound.external_id}"
    if verb in VERBS:
        act, done = VERBS[verb]
        await act(bridge, actor, ConversationId(rest), key=key)
        return bridge.phrases.say(language, done)
    if verb == "recall":
        return await recalling.recall(bridge, actor, MessageId(rest))
    if verb == "task":
        return await tasking.finish(bridge, actor, rest)
    if verb == "to":
        return await _give(bridge, actor, inbound, OperatorId(rest), key)
    post_id, _, number = rest.partition(":")
    post = await bridge.store.desk.find(post_id) if verb in ("send", *REFUSING) else None
    if post is not None and verb in REFUSING:
        articles = [each.article_id for each in post.offered] if verb == "wrong" else []
        await hearing.refuse(bridge, actor, post.conversation, articles, since=post.at)
        return bridge.phrases.say(language, REFUSING[verb])
    if post is None or not number.isdecimal() or int(number) >= len(post.offered):
        return bridge.phrases.say(language, "staff.pressed_late")
    return await _send(bridge, actor, post, int(number))


async def _give(bridge: Bridge, actor: Operator, inbound: StaffPressed, to: OperatorId, key: str) -> str:
    """Give the conversation of the topic to a colleague, by the button with his name."""
    desk = bridge.desk
    if desk is None or inbound.topic is None:
        raise NotFound("no topic")
    topic = await places.topic_at(bridge, desk, inbound.group, inbound.topic)
    if topic is None:
        raise NotFound(f"topic {inbound.topic}")
    return await give(bridge, actor, topic.id, await bridge.store.staff.operator(to), key)


async def _send(bridge: Bridge, actor: Operator, post: Post, number: int) -> str:
    source = post.offered[number]
    # The key is the button's: pressed twice, by one or by two, it sends once.
    sent = await crossing.answer(bridge, actor, post, number, f"send:{post.id}:{number}")
    if sent is None:
        return bridge.phrases.say(bridge.phrases.language, "staff.crossed_button")
    return bridge.phrases.say(bridge.phrases.language, "staff.sent_article", title=source.title)
