"""Kept events into the hall's facts: one by one, so that one that cannot be read harms no other."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from bots.vk import wall_events
from bots.vk.events import CHATS, Event, message_of
from bots.vk.incoming import content
from bots.vk.kept import Kept
from bots.vk.keyboards import pressed
from bots.vk.numbers import is_ours
from bots.vk.reactions import emoji_of
from bridge.errors import Unreadable
from bridge.model.ids import ChannelName, ChatId
from bridge.model.inbound import (
    Answered,
    Commanded,
    Edited,
    Inbound,
    Pressed,
    Reachable,
    Reacted,
    Read,
    Said,
    Sender,
    Started,
    Update,
)

#: client_info.lang_id -> language; others are not told, and the house's own is used.
_LANGUAGES = {0: "ru", 1: "uk", 2: "be", 3: "en", 97: "kk", 100: "ru", 777: "ru"}
#: Orders by name, for those who know them from elsewhere.
ORDERS = frozenset({"operator", "help", "lang"})
_ORDER = re.compile(r"/(\w+)(?:\s+(.*))?", re.DOTALL)
#: Forwarded messages inside forwarded messages are read so deep.
DEPTH = 5


def parse(channel: ChannelName, update: Update) -> list[Inbound]:
    """Understand one event; those that are not for us give nothing. Raises Unreadable with what could be told."""
    try:
        kept = Kept(channel, update)
        read = _READERS.get(kept.kind)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Unreadable(f"no event of VK's: {type(fault).__name__} {fault}") from None
    if read is None:
        return []
    try:
        return list(read(kept))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as fault:
        raise Unreadable(f"{kept.kind}: {type(fault).__name__} {fault}", tuple(_rescued(kept))) from None


def _new(kept: Kept) -> Iterator[Inbound]:
    message = message_of(kept.event)
    peer, author = int(message["peer_id"]), int(message["from_id"])
    if not 0 < peer < CHATS or author != peer or message.get("action"):
        return
    info = kept.about.get("client_info")
    language = _LANGUAGES.get(info.get("lang_id", -1), "") if isinstance(info, dict) else ""
    sender, chat = kept.sender(author, language), ChatId(str(peer))
    id, at = str(int(message["conversation_message_id"])), kept.time(message.get("date"))
    press = pressed(message.get("payload"))
    if press is not None:
        yield Pressed(kept.channel, chat, id, sender, press[0], press[1], at)
        return
    ref = str(message.get("ref") or "")[:64]
    order = _ORDER.fullmatch(str(message.get("text") or "").strip())
    if _is_start(message) or (order is not None and order[1].lower() == "start"):
        yield Started(kept.channel, chat, id, sender, at, ref or ((order and order[2]) or "")[:64])
        return
    if order is not None and order[1].lower() in ORDERS:
        yield Commanded(kept.channel, chat, id, sender, order[1].lower(), (order[2] or "").strip(), at)
        return
    if ref:  # the link he came by; what he writes with it is a word like any other
        yield Started(kept.channel, chat, f"{id}.ref", sender, at, ref)
    yield from _words(kept, message, chat, sender, id, at)


def _words(kept: Kept, message: Event, chat: ChatId, sender: Sender, id: str, at: datetime) -> Iterator[Inbound]:
    """Yield a message as the words it holds: the customer's own, then each that he passed on."""
    passed, own = list(_passed(message)), content(message, "")
    says = bool(own.kind) or not passed
    if says:
        kind, reply = own.kind or "text", _replied(message)
        yield Said(kept.channel, chat, id, sender, own.text, at, kind, reply, own.files)
        for number, kind in enumerate(own.more, 1):
            yield Said(kept.channel, chat, f"{id}.a{number}", sender, "", at, kind)
    for number, each in enumerate(passed, 1):
        said, whose = content(each, "forwarded"), kept.named(int(each.get("from_id") or 0))
        number_of_it = f"{id}.{number}" if says or number > 1 else id
        yield Said(
            kept.channel, chat, number_of_it, sender, said.text, at, said.kind, files=said.files, forwarded=whose
        )


def _passed(message: Event, depth: int = DEPTH) -> Iterator[Event]:
    for each in message.get("fwd_messages") or ():
        if isinstance(each, dict):
            yield each
            if depth:
                yield from _passed(each, depth - 1)


def _replied(message: Event) -> str | None:
    quoted = message.get("reply_message")
    number = quoted.get("conversation_message_id") if isinstance(quoted, dict) else None
    return str(number) if number else None


def _is_start(message: Event) -> bool:
    payload = message.get("payload")
    try:
        payload = json.loads(payload) if isinstance(payload, str) else payload
    except ValueError:
        return False
    return isinstance(payload, dict) and payload.get("command") == "start"


def _reply(kept: Kept) -> Iterator[Inbound]:
    """Read an echo: what we sent is known; what a person typed in VK itself is an answer."""
    message = message_of(kept.event)
    peer, admin = int(message["peer_id"]), int(message.get("admin_author_id") or 0)
    if not 0 < peer < CHATS or not admin or kept.own or is_ours(message):
        return
    said = content(message)
    yield Answered(
        kept.channel,
        ChatId(str(peer)),
        str(int(message["conversation_message_id"])),
        kept.sender(admin),
        said.text,
        kept.time(message.get("update_time") or message.get("date")),
        files=said.files,
        reply_to=_replied(message),
    )


def _edit(kept: Kept) -> Iterator[Inbound]:
    message = message_of(kept.event)
    peer, author = int(message["peer_id"]), int(message["from_id"])
    if author == -kept.group:
        yield from _reply(kept)  # what a person typed in VK, changed there; told anew, it is known by its number
        return
    if not 0 < peer < CHATS or author != peer:
        return
    said = content(message)
    at = kept.time(message.get("update_time") or message.get("date"))
    number = str(int(message["conversation_message_id"]))
    key, sender = kept.key("edit"), kept.sender(author)
    yield Edited(kept.channel, ChatId(str(peer)), key, number, sender, said.text, at, files=said.files)


def _event(kept: Kept) -> Iterator[Inbound]:
    about, press = kept.about, pressed(kept.about.get("payload"))
    peer, user = int(about["peer_id"]), int(about["user_id"])
    if press is None or not 0 < peer < CHATS:
        return
    yield Pressed(
        kept.channel,
        ChatId(str(peer)),
        f"press:{about['event_id']}",
        kept.sender(user),
        press[0],
        press[1],
        kept.at,
        press_id=f"{about['event_id']} {user} {peer}",
        message_external_id=str(about.get("conversation_message_id") or ""),
    )


def _reachable(reason: str | None) -> Callable[[Kept], Iterator[Inbound]]:
    def read(kept: Kept) -> Iterator[Inbound]:
        user = int(kept.about["user_id"])
        chat = ChatId(str(user))
        yield Reachable(kept.channel, chat, kept.key("reach"), kept.sender(user), reason, kept.at)

    return read


def _read(kept: Kept) -> Iterator[Inbound]:
    about = kept.about
    peer, reader = int(about["peer_id"]), int(about["from_id"])
    number = int(about.get("conversation_message_id") or 0)
    if not 0 < peer < CHATS or reader != peer or not number:
        return
    yield Read(kept.channel, ChatId(str(peer)), kept.key("read"), str(number), kept.sender(reader), kept.at)


def _reaction(kept: Kept) -> Iterator[Inbound]:
    about = kept.about
    peer, who = int(about["peer_id"]), int(about["reacted_id"])
    if not 0 < peer < CHATS or who != peer:
        return
    sign = emoji_of(int(about["reaction_id"])) if about.get("reaction_id") else ""
    id = kept.key("reaction")
    yield Reacted(kept.channel, ChatId(str(peer)), id, str(int(about["cmid"])), kept.sender(who), sign, kept.at)


_READERS: dict[str, Callable[[Kept], Iterator[Inbound]]] = {
    "message_new": _new,
    "message_reply": _reply,
    "message_edit": _edit,
    "message_event": _event,
    "message_allow": _reachable(None),
    "message_deny": _reachable("messages_denied"),
    "message_read": _read,
    "message_reaction_event": _reaction,
    "user_block": _reachable("blacklisted"),
    "user_unblock": _reachable(None),
    "wall_reply_new": wall_events.comment,
    "wall_reply_edit": wall_events.edited,
    "wall_reply_delete": wall_events.deleted,
    "wall_reply_restore": wall_events.restored,
    "wall_post_new": wall_events.post,
}


def _rescued(kept: Kept) -> list[Inbound]:
    """Tell of an unreadable message at least that it came: staff see it, the chat goes on."""
    if kept.kind != "message_new":
        return []
    try:
        message: dict[str, Any] = message_of(kept.event)
        peer, id = int(message["peer_id"]), str(int(message["conversation_message_id"]))
        if not 0 < peer < CHATS:
            return []
        text = str(message.get("text") or "")
        return [Said(kept.channel, ChatId(str(peer)), id, kept.sender(peer), text, kept.at, kind="other")]
    except (KeyError, TypeError, ValueError, AttributeError):
        return []
