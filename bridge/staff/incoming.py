"""The staff group comes in: words become replies or notes, changes and signs follow, refusals are told."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bridge import attendance, files
from bridge.changes import amending
from bridge.context import Bridge, log
from bridge.errors import Conflict, Invalid
from bridge.model.desk import PostKind, Topic
from bridge.model.inbound import StaffEdited, StaffReacted, StaffSaid
from bridge.model.messages import AuthorKind, Message
from bridge.model.operators import Operator
from bridge.staff import accepting, backlog, commands, crossing, mirror, notes, places, topics
from bridge.staff.commands import COMMAND, REFUSALS, Order, refusal_words
from bridge.staff.pressing import pressed as pressed
from bridge.teamwork import states

#: What begins a note: it never leaves the team.
NOTE_MARKS = ("//", "📝")
#: What begins words for the customer where only answers to him leave a topic.
OUT_MARK = ">"
#: What an operator did to the topic itself -> the command that says the same.
BY_HAND = {"topic_closed": "close", "topic_reopened": "reopen"}
#: The icon of a topic that was closed in the messenger: no stage's, so that the next look of it is shown.
CLOSED_BY_HAND = "closed by hand"
#: A stranger is told once in this time that nobody hears him, an operator that his words stayed inside.
TOLD_AGAIN = timedelta(hours=1)


async def said(bridge: Bridge, inbound: StaffSaid) -> None:
    """Carry what an operator wrote in a topic: a note, a command, or words for the customer."""
    topic = await _topic(bridge, inbound)
    if topic is None:
        await _in_general(bridge, inbound)  # there and in foreign topics the team is among itself
        return
    actor = await _actor(bridge, inbound, topic)
    if actor is None:
        return
    await attendance.note(bridge)
    actor = await _named(bridge, actor, inbound.username)
    await states.note(bridge, actor)
    try:
        await _carry(bridge, actor, topic, inbound)
    except REFUSALS as refusal:
        doing = "command" if _command(inbound) is not None else ""
        words = refusal_words(bridge, refusal, doing)
        await topics.tell(bridge, topic.id, inbound.external_id, words, inbound.external_id)


async def _named(bridge: Bridge, actor: Operator, username: str) -> Operator:
    """Keep how Telegram calls a person: colleagues mention him so."""
    if username in ("", actor.telegram_username):
        return actor
    try:
        return await bridge.store.staff.replace(replace(actor, telegram_username=username))
    except Conflict:
        return actor  # with his next word


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
    elif (command := _command(inbound)) is not None:
        order = Order(actor, topic, inbound, command[1].lower(), text[command.end() :].strip())
        await commands.carry_out(bridge, order)
    else:
        await _word(bridge, actor, topic, inbound, text, await _of_album(bridge, inbound, text, mark))


def _command(inbound: StaffSaid) -> re.Match[str] | None:
    """Return the command a word is; none with files, which are meant for somebody."""
    return None if inbound.files else COMMAND.match(inbound.text.strip())


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
    key = places.key_of(inbound.channel, inbound.group, inbound.external_id)
    quoted = await _quoted(bridge, topic, inbound)
    stays = mark is None and await _stays(bridge, topic, inbound, text, quoted)
    attachments = await files.fetched(bridge, inbound.channel, inbound.files, f"operator:{actor.id}", key)
    lost = next((each.reason for each in attachments if each.reason), None)
    if lost is not None:
        raise Invalid(("attachments", lost))  # half of what was meant is worse than a word that it did not go
    verb: Callable[..., Awaitable[Message | None]]
    if mark is None and not stays:
        verb, words = (
            partial(
                crossing.reply,
                inbound=inbound,
                topic=topic,
                reply_to=quoted.id if quoted is not None else None,
                verdicts=await accepting.accepted(bridge, actor, topic.id, _outgoing(bridge, text)),
            ),
            _outgoing(bridge, text),
        )
    else:
        verb, words = notes.note, text if mark is None else text[len(mark) :]
    message = await verb(
        bridge,
        actor,
        topic.id,
        words,
        key=key,
        attachments=attachments,
        origin=mirror.bridge_desk(bridge),
        external_id=inbound.external_id,
        parts=inbound.parts,
    )
    if message is not None:
        await places.remember_album(bridge, message, inbound.channel, inbound.group, inbound.parts)
    if stays:
        await _hint_once(bridge, actor, topic, inbound)


def _outgoing(bridge: Bridge, text: str) -> str:
    """Return words for the customer without the mark that sends them."""
    replies = bridge.desk is not None and bridge.desk.rules.sends == "replies"
    return text.removeprefix(OUT_MARK).strip() if replies else text


async def _quoted(bridge: Bridge, topic: Topic, inbound: StaffSaid) -> Message | None:
    """Return the word an operator answers to; what stays inside cannot be quoted to the customer."""
    if inbound.reply_to is None:
        return None
    word = places.meant(await places.words_at(bridge, inbound.group, inbound.reply_to))
    if word is None:
        word = await places.written_at(bridge, topic, inbound.channel, inbound.group, inbound.reply_to)
    if word is None or word.conversation != topic.id or word.deleted_at is not None:
        return None
    return word if word.author.kind is not AuthorKind.NOTE else None


async def _stays(bridge: Bridge, topic: Topic, inbound: StaffSaid, text: str, quoted: Message | None) -> bool:
    """Tell whether words stay inside by the rule of the settings: only answers to the customer, and marked ones, go."""
    if bridge.desk is None or bridge.desk.rules.sends != "replies" or text.startswith(OUT_MARK):
        return False
    if quoted is not None and quoted.author.kind is AuthorKind.CUSTOMER:
        return False
    if inbound.reply_to is None:
        return True
    # What was said before the topic opened stands in one message.
    shown = await places.shown_at(bridge, inbound.group, inbound.reply_to)
    return not any(post.kind is PostKind.TEXT and post.message is None for post in shown)


async def _hint_once(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid) -> None:
    now = bridge.clock.now()
    key = f"stayed:{topic.id}:{actor.id}:{now:%Y-%m-%dT%H}"
    told = await bridge.store.journal.put_value_once(key, {"message": inbound.external_id}, now + TOLD_AGAIN)
    if told is None or told.get("message") == inbound.external_id:
        words = bridge.phrases.say(bridge.phrases.language, "staff.stays", mark=OUT_MARK)
        await _tell(bridge, topic, inbound, words)


async def _tell(bridge: Bridge, topic: Topic, inbound: StaffSaid, words: str) -> None:
    await topics.tell(bridge, topic.id, inbound.external_id, words, inbound.external_id)


async def _by_hand(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid) -> None:
    """Do to the conversation what was done to its topic in the messenger."""
    if inbound.kind == "topic_closed":
        await places.keep(bridge, topic, icon=CLOSED_BY_HAND)
    await commands.carry_out(bridge, Order(actor, topic, inbound, BY_HAND[inbound.kind], ""))


async def edited(bridge: Bridge, inbound: StaffEdited) -> None:
    """Carry an operator's change of what he wrote in a topic over to the customer; of a note, to the team."""
    topic = await _topic(bridge, inbound)
    actor = await bridge.store.staff.by_telegram(inbound.user_id)
    if topic is None or actor is None or actor.disabled:
        return  # he was told at the word itself
    message = await places.written_at(bridge, topic, inbound.channel, inbound.group, inbound.message_external_id)
    text = inbound.text.strip()
    try:
        if message is not None:
            await _reword(bridge, actor, message, text)
            if message.author.kind is AuthorKind.NOTE and _reads_public(bridge, text):
                words = bridge.phrases.say(bridge.phrases.language, "staff.note_stays")
                await topics.tell(bridge, topic.id, inbound.external_id, words, inbound.message_external_id)
        elif COMMAND.match(text):
            await said(bridge, _as_said(inbound))  # a mistyped command is mended
        else:
            words = bridge.phrases.say(bridge.phrases.language, "staff.edit_unknown")
            await topics.tell(bridge, topic.id, inbound.external_id, words, inbound.message_external_id)
    except REFUSALS as refusal:
        words = refusal_words(bridge, refusal, "edit")
        await topics.tell(bridge, topic.id, inbound.external_id, words, inbound.message_external_id)


async def _reword(bridge: Bridge, actor: Operator, message: Message, text: str) -> None:
    mark = next((mark for mark in NOTE_MARKS if text.startswith(mark)), None)
    if message.author.kind is AuthorKind.NOTE:
        command = COMMAND.match(text)
        text = text[command.end() :].strip() if command is not None and command[1].lower() == "note" else text
        words = text if mark is None else text[len(mark) :].strip()
    elif mark is not None:
        raise Conflict("edit_is_note")  # the word is out: the mark would only make it read so
    else:
        words = _outgoing(bridge, text)
    await amending.edit(bridge, actor, message.id, words, origin=mirror.bridge_desk(bridge))


def _reads_public(bridge: Bridge, text: str) -> bool:
    """Tell whether a text would go to the customer, were it said anew."""
    if text.startswith(NOTE_MARKS) or COMMAND.match(text):
        return False
    return mirror.all_goes_out(bridge) or text.startswith(OUT_MARK)


def _as_said(inbound: StaffEdited) -> StaffSaid:
    return StaffSaid(
        inbound.channel,
        inbound.group,
        inbound.topic,
        inbound.message_external_id,
        inbound.user_id,
        inbound.user_name,
        inbound.text,
        inbound.at,
    )


async def reacted(bridge: Bridge, inbound: StaffReacted) -> None:
    """Carry an operator's sign on a customer's word over to the customer; other signs are the team's own affair."""
    words = await places.words_at(bridge, inbound.group, inbound.message_external_id)
    word = places.meant([word for word in words if word.author.kind is AuthorKind.CUSTOMER])
    actor = await bridge.store.staff.by_telegram(inbound.user_id)
    if word is None or actor is None or actor.disabled:
        return
    await attendance.note(bridge)
    await states.note(bridge, actor)
    try:
        await amending.react(bridge, actor, word.id, inbound.emoji, origin=mirror.bridge_desk(bridge))
    except REFUSALS as refusal:
        told = refusal_words(bridge, refusal, "react")
        await topics.tell(bridge, word.conversation, inbound.external_id, told, inbound.message_external_id)


async def _topic(bridge: Bridge, inbound: StaffSaid | StaffEdited) -> Topic | None:
    if inbound.topic is None or bridge.desk is None:
        return None
    return await places.topic_at(bridge, bridge.desk, inbound.group, inbound.topic)


async def _in_general(bridge: Bridge, inbound: StaffSaid) -> None:
    """Tell an operator who gives a command in the General topic that commands belong into a customer's."""
    command = COMMAND.match(inbound.text.strip()) if inbound.topic is None else None
    actor = await bridge.store.staff.by_telegram(inbound.user_id) if command is not None else None
    if command is None or actor is None or actor.disabled or bridge.desk is None:
        return
    if command[1].lower() not in commands.COMMANDS:
        return  # maybe another bot's
    words = commands.listed(bridge)
    if command[1].lower() != "help":
        words = bridge.phrases.say(bridge.phrases.language, "staff.in_general", command=f"/{command[1].lower()}")
    await backlog.announce(bridge, bridge.desk, inbound.group, f"said:{inbound.external_id}", words)


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
