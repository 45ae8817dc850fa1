"""Commands of the staff group: "/" and a word at the beginning; what they did is told where it cannot be seen."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from bridge import desk as desk_verbs
from bridge import moments, service, snoozing
from bridge.context import Bridge
from bridge.errors import Conflict, Forbidden, Invalid, NotFound
from bridge.model.conversations import UNTIL_HE_WRITES, Conversation
from bridge.model.desk import Topic
from bridge.model.ids import ConversationId
from bridge.model.inbound import StaffSaid
from bridge.model.messages import Choice, Source
from bridge.model.operators import Operator
from bridge.people import banning
from bridge.rights import may
from bridge.staff import mirror, notes, places, recalling, tasking, topics

#: A line that begins like a command of Telegram is one, also when it is mistyped: "/clsoe" is no word to a customer.
COMMAND = re.compile(r"/([^\W\d]\w*|)(?:@\w+)?(?=\s|$)")
#: What a verb may raise that is told to whoever asked for it.
REFUSALS = (Conflict, Forbidden, Invalid, NotFound)
#: What takes tags away.
_REMOVE = ("remove", "delete", "del", "убрать", "удалить", "снять")
_ADD = ("add", "добавить")
#: What ends a snooze.
_WAKE = ("off", "stop", "wake", "нет", "стоп", "отмена")
#: What lets it last until the customer writes.
_UNTIL_HE_WRITES = ("reply", "until reply", "customer", "ответ", "до ответа", "клиент")
#: What closes where nothing is to be answered.
_UNANSWERED = ("no reply", "without reply", "without a reply", "без ответа")
#: Colleagues offered at most, by buttons.
OFFERED = 20


@dataclass(frozen=True, slots=True)
class Order:
    """A command somebody gave in a topic, with what stands behind it."""

    actor: Operator
    topic: Topic
    inbound: StaffSaid
    name: str
    rest: str

    @property
    def key(self) -> str:
        """What makes it be done once."""
        return places.key_of(self.inbound.channel, self.inbound.group, self.inbound.external_id)

    @property
    def conversation(self) -> ConversationId:
        """Where it was given."""
        return self.topic.id


class Verb(Protocol):
    """What a button or a command does, once per key."""

    def __call__(
        self, bridge: Bridge, actor: Operator, id: ConversationId, *, key: str | None = None
    ) -> Awaitable[Conversation]: ...


#: Button or command -> verb and the word shown at the button when it is done; the card shows it to all.
VERBS: dict[str, tuple[Verb, str]] = {
    "claim": (service.claim, "staff.claimed"),
    "release": (partial(service.release, to="queue"), "staff.released"),
    "bot": (partial(service.release, to="bot"), "staff.released_to_bot"),
    "close": (service.close, "staff.closed"),
    "reopen": (service.reopen, "staff.reopened"),
    "contact": (desk_verbs.ask_contact, "staff.contact_asked"),
}


async def carry_out(bridge: Bridge, order: Order) -> None:
    """Do a command; one that does not exist is told to the topic, for it was never meant for the customer."""
    if (verb := _verb(order)) is not None:
        await verb(bridge, order.actor, order.conversation, key=order.key)
        if order.inbound.kind == "text":  # what was done to the topic itself shows it
            await topics.mark_done(bridge, order.conversation, order.inbound.external_id)
        return
    handler = _HANDLERS.get(order.name)
    if handler is None:
        known = " ".join(f"/{name}" for name in COMMANDS)
        words: str | None = _say(bridge, "unknown_command", command=f"/{order.name}", known=known)
    else:
        words = await handler(bridge, order)
    if words:
        await topics.tell(bridge, order.conversation, order.inbound.external_id, words, order.inbound.external_id)


def _verb(order: Order) -> Verb | None:
    """Return what a command does by one of the verbs; words after /close say how, and go to nobody."""
    if order.name == "close" and order.rest:
        return partial(service.close, unanswered=True) if order.rest.casefold() in _UNANSWERED else None
    return VERBS[order.name][0] if order.name in VERBS else None


def listed(bridge: Bridge) -> str:
    """Return all commands, a line each."""
    lines = [f"/{name} — {_say(bridge, f'help_{name}')}" for name in COMMANDS]
    return "\n".join([_say(bridge, "commands"), *lines])


def offered(bridge: Bridge) -> list[tuple[str, str]]:
    """Return the commands with what they do, for the messenger's own list of them."""
    return [(name, _say(bridge, f"help_{name}")) for name in COMMANDS]


async def _help(bridge: Bridge, order: Order) -> str:
    return listed(bridge)


async def _close(bridge: Bridge, order: Order) -> str:
    return _say(bridge, "close_how")


async def _note(bridge: Bridge, order: Order) -> str | None:
    if not order.rest:
        return _say(bridge, "empty_note")
    desk = mirror.bridge_desk(bridge)
    at = order.inbound.external_id
    await notes.note(bridge, order.actor, order.conversation, order.rest, key=order.key, origin=desk, external_id=at)
    return None


async def _task(bridge: Bridge, order: Order) -> str | None:
    return await tasking.ordered(bridge, order.actor, order.topic, order.inbound, order.rest, order.key)


async def _transfer(bridge: Bridge, order: Order) -> str | None:
    colleagues = [each for each in await bridge.store.staff.all() if may(each, "reply")]
    found = colleague(order.rest, colleagues) if order.rest else None
    if found is not None:
        return await give(bridge, order.actor, order.conversation, found, order.key)
    words = _say(bridge, "transfer_unknown", name=order.rest) if order.rest else _say(bridge, "transfer_to_whom")
    choices = tuple(Choice(each.name, f"to:{each.id}") for each in colleagues[:OFFERED] if each.id != order.actor.id)
    conversation = await bridge.store.conversations.get(order.conversation)
    at = order.inbound.external_id
    await topics.put(bridge, replace(mirror.notice(bridge, conversation, at, words, at), choices=choices))
    return None


async def give(bridge: Bridge, actor: Operator, id: ConversationId, to: Operator, key: str) -> str:
    """Give a conversation to a colleague; returns the word that says so."""
    await service.assign(bridge, actor, id, to.id, key=key)
    return _say(bridge, "transferred", operator=to.name)


def colleague(wanted: str, people: list[Operator]) -> Operator | None:
    """Return the one person meant by "@name", a name, its beginning or an address; None: nobody, or several."""
    wanted = " ".join(wanted.removeprefix("@").casefold().split())
    if not wanted:
        return None
    called = {
        each.id: tuple(
            words.casefold()
            for words in (each.name, each.email, each.email.partition("@")[0], each.telegram_username)
            if words
        )
        for each in people
    }
    exact = [each for each in people if wanted in called[each.id]]
    begins = [
        each
        for each in people
        if any(word.startswith(wanted) for names in called[each.id] for word in (names, *names.split()))
    ]
    found = exact or begins
    return found[0] if len(found) == 1 else None


async def _snooze(bridge: Bridge, order: Order) -> str:
    if order.rest.lower() in _WAKE:
        await snoozing.snooze(bridge, order.actor, order.conversation, None)
        return _say(bridge, "woken")
    when, _, note = (part.strip() for part in order.rest.partition("//"))
    here = order.inbound.at.astimezone()  # the installation's own zone: the desk's people live by it
    until = UNTIL_HE_WRITES if when.lower() in _UNTIL_HE_WRITES else moments.moment(when, here)
    if until is None:
        return _say(bridge, "snooze_how")
    until = until.astimezone(order.inbound.at.tzinfo)
    try:
        slept = await snoozing.snooze(bridge, order.actor, order.conversation, until, note)
    except Invalid as fault:
        if ("note", "too_long") not in fault.errors:
            raise
        return _say(bridge, "snooze_note_long", most=snoozing.NOTE)
    return mirror.asleep(bridge, "snoozed", until, slept.snooze_note)


async def _tag(bridge: Bridge, order: Order) -> str:
    add, remove = tags(order.rest)
    if not add and not remove:
        conversation = await bridge.store.conversations.get(order.conversation)
    else:
        try:
            conversation = await desk_verbs.tag(bridge, order.actor, order.conversation, add, remove)
        except Invalid:
            return _say(bridge, "tags_limit", length=desk_verbs.TAG_LENGTH, tags=desk_verbs.TAGS)
    return _say(bridge, "tags", tags=", ".join(conversation.tags)) if conversation.tags else _say(bridge, "no_tags")


def tags(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags to add and to remove: "vip, urgent", "-vip", "remove vip"."""
    first, _, behind = text.partition(" ")
    takes = first.lower() in _REMOVE
    listed_ = behind if takes or first.lower() in _ADD else text
    words = [word.strip().lstrip("#") for word in (listed_.split(",") if "," in listed_ else listed_.split())]
    add = tuple(word for word in words if word and not takes and not word.startswith("-"))
    gone = tuple(word.lstrip("-#") for word in words if word and (takes or word.startswith("-")))
    return add, tuple(word for word in gone if word)


async def _ban(bridge: Bridge, order: Order) -> str:
    conversation = await bridge.store.conversations.get(order.conversation)
    customer = await banning.ban(bridge, order.actor, conversation.customer, order.rest)
    return _say(bridge, "banned", name=customer.name)


async def _unban(bridge: Bridge, order: Order) -> str:
    conversation = await bridge.store.conversations.get(order.conversation)
    customer = await banning.unban(bridge, order.actor, conversation.customer)
    return _say(bridge, "unbanned", name=customer.name)


async def _kb(bridge: Bridge, order: Order) -> str | None:
    found = await desk_verbs.search(bridge, order.actor, order.conversation, order.rest)
    if not found:
        return _say(bridge, "kb_nothing" if order.rest else "kb_how")
    conversation = await bridge.store.conversations.get(order.conversation)
    sources = tuple(Source(each.article_id, each.title, each.confidence) for each in found)
    answers = [each.answer for each in found]
    post = mirror.suggestion(bridge, conversation, f"kb:{order.inbound.external_id}", sources, answers)
    await topics.put(bridge, replace(post, reply_to=order.inbound.external_id))
    return None


async def _recall(bridge: Bridge, order: Order) -> str:
    try:
        return await recalling.by_command(bridge, order.actor, order.topic, order.inbound)
    except Conflict as conflict:
        if conflict.code != "channel_cannot":
            raise
        return refusal_words(bridge, conflict, "delete")


_HANDLERS: dict[str, Callable[[Bridge, Order], Awaitable[str | None]]] = {
    "transfer": _transfer,
    "snooze": _snooze,
    "tag": _tag,
    "note": _note,
    "task": _task,
    "kb": _kb,
    "recall": _recall,
    "ban": _ban,
    "unban": _unban,
    "help": _help,
    "close": _close,  # with words that no verb understands
}
#: All commands, as people are shown them.
COMMANDS = tuple(dict.fromkeys((*VERBS, *_HANDLERS)))


def refusal_words(bridge: Bridge, refusal: Exception, doing: str = "") -> str:
    """Return why something was not done; `doing` says what: edit, delete, react, command; without it, a reply."""
    match refusal:
        case Conflict(code="taken"):
            return _say(bridge, "taken", operator=str(refusal))
        case Conflict(code="closed"):
            return _say(bridge, "is_closed")
        case Conflict(code="not_free"):
            return _say(bridge, "not_free")
        case Conflict(code="channel_cannot"):
            reason = f"cannot_{doing}" if doing else "channel_cannot"
            return _say(bridge, "failed" if not doing else "not_done", reason=_reason(bridge, reason))
        case Conflict(code="crossed" | "not_sent" | "recall_late" | "recall_nothing" | "edit_is_note" as code):
            return _say(bridge, code)
        case Conflict(code="deleted"):
            return _say(bridge, "is_deleted")
        case Forbidden():
            return _say(bridge, "not_allowed")
        case Invalid(errors=((_, code), *_)):
            return _say(bridge, "not_done" if doing else "failed", reason=_reason(bridge, code))
        case _:
            return _say(bridge, "pressed_late")


def _reason(bridge: Bridge, code: str) -> str:
    return bridge.phrases.reason(bridge.phrases.language, code)


def _say(bridge: Bridge, key: str, **values: object) -> str:
    return bridge.phrases.say(bridge.phrases.language, f"staff.{key}", **values)
