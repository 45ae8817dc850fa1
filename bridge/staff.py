"""The staff group comes in: words in topics become replies or notes, buttons become verbs, refusals become lines."""

import re
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Protocol

from bridge import desk as desk_verbs
from bridge import files, mirror, service, topics
from bridge.context import Bridge, log
from bridge.errors import Conflict, Forbidden, Invalid, NotFound
from bridge.model.conversations import Conversation
from bridge.model.desk import Post, Topic
from bridge.model.ids import ConversationId
from bridge.model.inbound import StaffPressed, StaffSaid
from bridge.model.operators import Operator

#: What begins a note: it never leaves the team.
NOTE_MARKS = ("//", "📝")
#: What an operator did to the topic itself -> the command that says the same.
BY_HAND = {"topic_closed": "close", "topic_reopened": "reopen"}
#: The icon of a topic that was closed in the messenger: no stage's, so that the next look of it is shown.
CLOSED_BY_HAND = "closed by hand"
#: A line that begins like a command of Telegram is one, also when it is mistyped: "/clsoe" is no word to a customer.
COMMAND = re.compile(r"/([^\W\d]\w*|)(?:@\w+)?(?=\s|$)")
#: A stranger is told once in this time that nobody hears him.
TOLD_AGAIN = timedelta(hours=1)


class Verb(Protocol):
    """What a button or a command does, once per key."""

    def __call__(
        self, bridge: Bridge, actor: Operator, id: ConversationId, *, key: str | None = None
    ) -> Awaitable[Conversation]: ...


#: Button or command -> verb and the word shown when it is done.
VERBS: dict[str, tuple[Verb, str]] = {
    "claim": (service.claim, "staff.claimed"),
    "release": (partial(service.release, to="queue"), "staff.released"),
    "bot": (partial(service.release, to="bot"), "staff.released_to_bot"),
    "close": (service.close, "staff.closed"),
    "reopen": (service.reopen, "staff.reopened"),
    "contact": (desk_verbs.ask_contact, "staff.contact_asked"),
}


async def said(bridge: Bridge, inbound: StaffSaid) -> None:
    """Carry what an operator wrote in a topic: a note, a command, or words for the customer."""
    topic = await _topic(bridge, inbound)
    if topic is None:
        return  # the General topic and foreign topics are the team's own
    actor = await _actor(bridge, inbound, topic)
    if actor is None:
        return
    try:
        await _carry(bridge, actor, topic, inbound)
    except (Conflict, Forbidden, Invalid, NotFound) as refusal:
        await topics.tell(bridge, topic.id, inbound.external_id, _words(bridge, refusal), inbound.external_id)


async def _carry(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid) -> None:
    text = inbound.text.strip()
    mark = next((mark for mark in NOTE_MARKS if text.startswith(mark)), None)
    say = partial(bridge.phrases.say, bridge.phrases.language)
    if inbound.kind in BY_HAND:
        await _by_hand(bridge, actor, topic, inbound)
    elif inbound.kind != "text" and not inbound.files:
        kind = bridge.phrases.kind(bridge.phrases.language, inbound.kind)
        await _tell(bridge, topic, inbound, say("staff.unsupported_kind", kind=kind))
    elif mark is not None and not text[len(mark) :].strip() and not inbound.files:
        await _tell(bridge, topic, inbound, say("staff.empty_note"))
    elif mark is None and not inbound.files and (command := COMMAND.match(text)) is not None:
        await _command(bridge, actor, topic, inbound, command[1].lower())
    else:
        await _word(bridge, actor, topic, inbound, text, await _of_album(bridge, inbound, text, mark))


async def _of_album(bridge: Bridge, inbound: StaffSaid, text: str, mark: str | None) -> str | None:
    """Return the mark of a word: what came in one album with a note is a note, though its caption stands elsewhere."""
    if not inbound.album:
        return mark
    key = f"album:{inbound.channel}:{inbound.group}:{inbound.album}"
    if mark is not None:
        await bridge.store.journal.put_value(key, {"note": True}, bridge.clock.now() + TOLD_AGAIN)
        return mark
    return "" if not text and await bridge.store.journal.value(key) is not None else None


async def _word(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid, text: str, mark: str | None) -> None:
    """Write a note or a reply, with the files that came with it."""
    key = f"{inbound.channel}:{inbound.group}:{inbound.external_id}"
    attachments = await files.fetched(bridge, inbound.channel, inbound.files, f"operator:{actor.id}", key)
    lost = next((each.reason for each in attachments if each.reason), None)
    if lost is not None:
        raise Invalid(("attachments", lost))  # half of what was meant is worse than a word that it did not go
    verb, words = (service.reply, text) if mark is None else (service.note, text[len(mark) :])
    await verb(
        bridge,
        actor,
        topic.id,
        words,
        key=key,
        attachments=attachments,
        origin=mirror.bridge_desk(bridge),
        external_id=inbound.external_id,
    )


async def _tell(bridge: Bridge, topic: Topic, inbound: StaffSaid, words: str) -> None:
    await topics.tell(bridge, topic.id, inbound.external_id, words, inbound.external_id)


async def _by_hand(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid) -> None:
    """Do to the conversation what was done to its topic in the messenger."""
    while inbound.kind == "topic_closed":
        try:
            await bridge.store.desk.save_topic(replace(topic, icon=CLOSED_BY_HAND))
            break
        except Conflict:
            topic = await bridge.store.desk.topic(topic.id) or topic
    await _command(bridge, actor, topic, inbound, BY_HAND[inbound.kind])


async def _command(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid, name: str) -> None:
    """Do a command; one that does not exist is told to the topic, for it was never meant for the customer."""
    if name in VERBS:
        key = f"{inbound.channel}:{inbound.group}:{inbound.external_id}"
        await VERBS[name][0](bridge, actor, topic.id, key=key)
        return
    known = " ".join(f"/{verb}" for verb in VERBS)
    words = bridge.phrases.say(bridge.phrases.language, "staff.unknown_command", command=f"/{name}", known=known)
    await _tell(bridge, topic, inbound, words)


async def pressed(bridge: Bridge, inbound: StaffPressed) -> None:
    """Do what a button in the group says; the presser is told how it went at the button."""
    actor = await bridge.store.staff.by_telegram(inbound.user_id)
    say = bridge.phrases.say
    if actor is None or actor.disabled:
        words = say(bridge.phrases.language, "staff.not_registered", user_id=inbound.user_id)
    else:
        try:
            words = await _press(bridge, actor, inbound)
        except (Conflict, Forbidden, Invalid, NotFound) as refusal:
            words = _words(bridge, refusal)
    channel = bridge.channels.pressing(inbound.channel)
    if channel is not None:
        await channel.pressed(inbound.press_id, words)


async def _press(bridge: Bridge, actor: Operator, inbound: StaffPressed) -> str:
    verb, _, rest = inbound.data.partition(":")
    language = bridge.phrases.language
    if verb in VERBS:
        act, done = VERBS[verb]
        await act(bridge, actor, ConversationId(rest), key=f"{inbound.channel}:{inbound.external_id}")
        return bridge.phrases.say(language, done)
    if verb != "send":
        return bridge.phrases.say(language, "staff.pressed_late")
    post_id, _, number = rest.partition(":")
    post = await bridge.store.desk.find(post_id)
    if post is None or not number.isdecimal() or int(number) >= len(post.offered):
        return bridge.phrases.say(language, "staff.pressed_late")
    return await _send(bridge, actor, post, int(number))


async def _send(bridge: Bridge, actor: Operator, post: Post, number: int) -> str:
    source = post.offered[number]
    article = await bridge.store.articles.get(source.article_id)
    # The key is the button's: pressed twice, by one or by two, it sends once.
    await service.reply(
        bridge, actor, post.conversation, article.answer, key=f"send:{post.id}:{number}", origin="suggestion"
    )
    await desk_verbs.accepted(bridge, actor, post.conversation, source)
    return bridge.phrases.say(bridge.phrases.language, "staff.sent_article", title=source.title)


async def _topic(bridge: Bridge, inbound: StaffSaid) -> Topic | None:
    if inbound.topic is None:
        return None
    return await bridge.store.desk.topic_of(
        bridge.desk.desk if bridge.desk else inbound.channel, inbound.group, inbound.topic
    )


async def _actor(bridge: Bridge, inbound: StaffSaid, topic: Topic) -> Operator | None:
    """Return the registered operator; a stranger is told, now and then, that his words go nowhere."""
    actor = None if inbound.anonymous else await bridge.store.staff.by_telegram(inbound.user_id)
    if actor is not None and not actor.disabled:
        return actor
    now = bridge.clock.now()
    if inbound.anonymous:
        who, words = "anonymous", bridge.phrases.say(bridge.phrases.language, "staff.anonymous")
    else:
        who = str(inbound.user_id)
        words = bridge.phrases.say(bridge.phrases.language, "staff.not_registered", user_id=inbound.user_id)
    hour = now.replace(minute=0, second=0, microsecond=0).isoformat()
    told = await bridge.store.journal.put_value_once(
        f"stranger:{topic.id}:{who}:{hour}", {"message": inbound.external_id}, now + TOLD_AGAIN
    )
    if told is None or told.get("message") == inbound.external_id:
        log.info("a stranger wrote in the staff group", extra={"user": inbound.user_id, "conversation": topic.id})
        await topics.tell(bridge, topic.id, inbound.external_id, words, inbound.external_id)
    return None


def _words(bridge: Bridge, refusal: Exception) -> str:
    language = bridge.phrases.language
    match refusal:
        case Conflict(code="taken"):
            return bridge.phrases.say(language, "staff.taken", operator=str(refusal))
        case Conflict(code="closed"):
            return bridge.phrases.say(language, "staff.is_closed")
        case Conflict(code="channel_cannot"):
            reason = bridge.phrases.reason(language, "channel_cannot")
            return bridge.phrases.say(language, "staff.failed", reason=reason)
        case Conflict(code="crossed"):
            return bridge.phrases.say(language, "staff.crossed")
        case Forbidden():
            return bridge.phrases.say(language, "staff.not_allowed")
        case Invalid(errors=((_, code), *_)):
            return bridge.phrases.say(language, "staff.failed", reason=bridge.phrases.reason(language, code))
        case _:
            return bridge.phrases.say(language, "staff.pressed_late")
