"""What the staff group is shown of a conversation: pure derivation of posts from rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bridge.context import Bridge
from bridge.files import named_file
from bridge.model.conversations import UNTIL_HE_WRITES, Conversation, Stage
from bridge.model.desk import Post, PostKind
from bridge.model.files import Attachment
from bridge.model.ids import MessageId, derive
from bridge.model.lanes import out_lane
from bridge.model.messages import AuthorKind, Choice, Delivery, Message, Source
from bridge.people import codes

#: Messages told when a topic opens, and lines looked at for them: some are events.
HISTORY = 10
LOOKED_AT = 30
#: Order of marks, then of posts that show a state: after everything said, so that they never hold up a word.
_STATE_ORDER = 1 << 60
#: The sign on a command that was carried out.
DONE = "👍"
#: Origin of a word that was sent by the button under a suggestion.
SUGGESTED = "suggestion"
#: Characters of one line of the history.
_LINE = 300


def mirrored(bridge: Bridge, before: Conversation, after: Conversation, spoke: bool) -> bool:
    """Tell whether a conversation stands in the staff group after a change: once there, it stays.

    It comes there when it first waits or an operator speaks, or with the first word if the settings say so.
    """
    desk = bridge.desk
    if desk is None:
        return False
    if after.banned:
        return before.topic
    return before.topic or after.stage is Stage.WAITING or spoke or desk.rules.open_at == "first_message"


def state_of(conversation: Conversation) -> tuple[object, ...]:
    """Return what card and icon show of a conversation: when it changes, they are shown anew."""
    who = conversation.customer, conversation.customer_name
    given = conversation.rating and conversation.rating.score and conversation.rating.shown
    sleep = conversation.snoozed_until, conversation.snooze_note
    look = conversation.tags, sleep, conversation.banned, given or ""
    return conversation.topic, conversation.stage, conversation.assignee_name, *look, *who


def opening(bridge: Bridge, conversation: Conversation, recent: Sequence[Message]) -> tuple[Post, ...]:
    """Return the making of a conversation's topic and what was said before it, the newest last."""
    made = topic(bridge, conversation)
    told = history(bridge, conversation, recent)
    if told is None:
        return (made,)
    # The lines say what was said; files are looked at, so they follow them.
    shown = (_shown(bridge, conversation, message, "") for message in _last_words(recent) if _kept(message))
    return made, told, *(replace(post, message=None) for post in shown)


def history(bridge: Bridge, conversation: Conversation, recent: Sequence[Message]) -> Post | None:
    """Return the post that tells what was said before, the newest last; None: nothing was."""
    words = _last_words(recent)
    if not words:
        return None
    head = bridge.phrases.say(bridge.phrases.language, "staff.history")
    text = "\n".join([head, *(_line(bridge, message) for message in words)])
    return _post(bridge, conversation, PostKind.TEXT, "history", 1, text=text)


def _last_words(recent: Sequence[Message]) -> Sequence[Message]:
    return [message for message in recent if message.author.kind is not AuthorKind.SYSTEM][-HISTORY:]


def posts(bridge: Bridge, after: Conversation, rows: Iterable[Message]) -> tuple[Post, ...]:
    """Return what the group is to show for new messages."""
    desk = bridge.desk
    if desk is None or not after.topic:
        return ()
    shown: list[Post] = []
    for message in rows:
        if message.author.kind is AuthorKind.SYSTEM or message.origin == desk.desk:
            continue  # events stand in the card; what was written in the topic is there already
        if after.banned and message.author.kind is AuthorKind.CUSTOMER:
            continue  # kept, and shown in the panel to whoever looks
        shown.append(_shown(bridge, after, message, words(bridge, message)))
    return tuple(shown)


def _shown(bridge: Bridge, conversation: Conversation, message: Message, text: str) -> Post:
    post = _post(bridge, conversation, PostKind.TEXT, message.id, message.seq * 10 + 2, text=text)
    recall = bridge.phrases.say(bridge.phrases.language, "staff.recall")
    return replace(
        post,
        author=_author(bridge, message),
        message=message.id,
        attachments=_kept(message),
        quotes=message.reply_to,
        # A suggestion goes out by one tap, so one tap takes it back.
        choices=(Choice(recall, f"recall:{message.id}"),) if message.origin == SUGGESTED else (),
    )


def words(bridge: Bridge, message: Message) -> str:
    """Return what a message says in a topic: whose words were passed on, what could not be had, the text."""
    text = _words(bridge, message, shown=True)
    if not message.forwarded:
        return text
    who = bridge.phrases.say(bridge.phrases.language, "staff.forwarded", origin=message.forwarded)
    return f"{who}\n{text}".rstrip()


def _kept(message: Message) -> tuple[Attachment, ...]:
    return tuple(each for each in message.attachments if each.file)


def notice(
    bridge: Bridge, conversation: Conversation, key: str, text: str, reply_to: str | None = None, seq: int | None = None
) -> Post:
    """Return a line for the staff alone: a failure in words, a hint how to do it right; `seq` of what it is about."""
    order = (conversation.seq if seq is None else seq) * 10 + 6
    return replace(_post(bridge, conversation, PostKind.NOTICE, f"notice:{key}", order, text=text), reply_to=reply_to)


def mark(bridge: Bridge, conversation: Conversation, message: Message) -> Post:
    """Return the sign on an operator's words in the topic that they reached the customer."""
    post = _post(bridge, conversation, PostKind.MARK, f"mark:{message.id}", _STATE_ORDER)
    return replace(post, reply_to=message.external_id, message=message.id)


def done(bridge: Bridge, conversation: Conversation, at: str) -> Post:
    """Return the sign on a command that it was carried out: the card that shows it may have to wait for its turn."""
    return replace(_post(bridge, conversation, PostKind.MARK, f"done:{at}", _STATE_ORDER), reply_to=at, icon=DONE)


def suggestion(
    bridge: Bridge, conversation: Conversation, key: str, offered: tuple[Source, ...], answers: Sequence[str]
) -> Post:
    """Return suggested answers, each with a button that sends it; the last two say that none fits, or ever will."""
    language = bridge.phrases.language
    lines = []
    for number, (source, answer) in enumerate(zip(offered, answers, strict=True), 1):
        percent = round(source.confidence * 100)
        head = bridge.phrases.say(language, "staff.suggestion", title=source.title, percent=percent)
        lines.append(f"{number}. {head}\n{_short(answer, 400)}")
    id = suggestion_id(bridge, conversation.id, key)
    send = bridge.phrases.say(language, "staff.send")
    post = _post(
        bridge, conversation, PostKind.SUGGESTION, f"suggest:{key}", conversation.seq * 10 + 4, text="\n\n".join(lines)
    )
    choices = tuple(Choice(f"{send} {number}", f"send:{id}:{number - 1}") for number in range(1, len(offered) + 1))
    wrong = Choice(bridge.phrases.say(language, "staff.not_fitting"), f"wrong:{id}")
    nothing = Choice(bridge.phrases.say(language, "staff.not_for_base"), f"nothing:{id}")
    return replace(post, choices=(*choices, wrong, nothing), offered=offered)


def suggestion_id(bridge: Bridge, conversation: str, key: str) -> str:
    """Return the id of the post that suggests answers in the turn of a key."""
    return derive("post", bridge_desk(bridge), conversation, f"suggest:{key}")


def clock(at: datetime) -> str:
    """Return a time as the desk's people read it: in the installation's own zone, they live by it."""
    return f"{at.astimezone():%d.%m %H:%M}"


def asleep(bridge: Bridge, code: str, until: datetime, note: str) -> str:
    """Return a line that says until when a conversation sleeps, or is closed, and what is to be done then."""
    endless = until == UNTIL_HE_WRITES
    line = bridge.phrases.say(
        bridge.phrases.language, f"staff.{code}_until_he_writes" if endless else f"staff.{code}", until=clock(until)
    )
    return f"{line}: {note}" if note else line


def all_goes_out(bridge: Bridge) -> bool:
    """Tell whether every word of an operator leaves a topic, by the rule of the settings."""
    return bridge.desk is None or bridge.desk.rules.sends == "all"


def icon(bridge: Bridge, conversation: Conversation) -> Post:
    """Return the topic's icon: the stage at a glance."""
    post = state(bridge, conversation, PostKind.ICON, after=1)
    return replace(post, icon=conversation.stage.value)


def topic(bridge: Bridge, conversation: Conversation) -> Post:
    """Return the making of the topic, before everything else in its lane."""
    return _post(bridge, conversation, PostKind.TOPIC, "topic", 0, text=topic_name(conversation))


def topic_name(conversation: Conversation) -> str:
    """Return the topic's name, within Telegram's 128 characters."""
    return f"{conversation.customer_name[:100]} · № {conversation.number}"


def bridge_desk(bridge: Bridge) -> str:
    """Return the staff group's name, empty without one."""
    return bridge.desk.desk if bridge.desk is not None else ""


def _post(
    bridge: Bridge, conversation: Conversation, kind: PostKind, key: str | MessageId, order: int, text: str = ""
) -> Post:
    desk = bridge.desk
    assert desk is not None
    return Post(
        id=derive("post", desk.desk, conversation.id, key),
        channel=desk.desk,
        conversation=conversation.id,
        kind=kind,
        text=text,
        at=bridge.clock.now(),
        delivery=Delivery(out_lane(desk.desk, conversation.id), order),
    )


def state(bridge: Bridge, conversation: Conversation, kind: PostKind, text: str = "", after: int = 0) -> Post:
    """Return a post that shows a state: a newer one replaces it unsent."""
    return _post(bridge, conversation, kind, kind.value, _state_order(conversation) + after, text=text)


def _state_order(conversation: Conversation) -> int:
    return _STATE_ORDER + 2 * conversation.version


def _author(bridge: Bridge, message: Message) -> str:
    match message.author.kind:
        case AuthorKind.BOT:
            return "🤖 " + bridge.phrases.say(bridge.phrases.language, "staff.author_bot")
        case AuthorKind.NOTE:
            return f"📝 {message.author.name}"
        case AuthorKind.OPERATOR:
            return f"👤 {message.author.name}"
        case _:
            return message.author.name


def _line(bridge: Bridge, message: Message) -> str:
    gone = f" · {bridge.phrases.say(bridge.phrases.language, 'staff.mark_deleted')}" if message.deleted_at else ""
    return f"{_author(bridge, message)}{gone}: {_short(_words(bridge, message), _LINE)}"


def _words(bridge: Bridge, message: Message, shown: bool = False) -> str:
    """Return a message's text; of what could not be carried, its kind in brackets.

    `shown`: the files themselves go along, only those that could not be had are named, with the reason.
    """
    if message.kind in ("text", "press", "command"):
        return message.text
    if message.kind == "code" and message.author.kind is AuthorKind.BOT:
        return codes.veiled(message.text)  # whoever proves a contact is to have got it himself
    language = bridge.phrases.language
    if not message.attachments:
        return f"[{bridge.phrases.kind(language, message.kind)}] {message.text}".rstrip()
    named = [named_file(bridge, language, each) for each in message.attachments if each.reason or not shown]
    return " ".join([*(f"[{name}]" for name in named), message.text]).rstrip()


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
