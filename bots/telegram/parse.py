"""Raw updates into the hall's facts: one by one, so that one that cannot be read harms no other."""

import copy
import json
from collections.abc import Container
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

from bots.telegram import forum, private
from bridge.errors import Unreadable
from bridge.model.ids import ChannelName, ChatId, LaneId
from bridge.model.inbound import Inbound, Said, Sender, StaffSaid
from bridge.model.lanes import in_lane

#: Update kinds asked of Telegram; the server's default leaves some out.
KINDS = ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"]
#: Parts of a message without which it is none.
_NEEDED = ("message_id", "date", "chat", "from")
#: Parts an unreadable message may have at most: each is taken out and the rest is read again.
_FAULTY = 8


def lane_of(channel: ChannelName, raw: dict[str, Any], groups: Container[int]) -> LaneId:
    """Name the lane of a raw update: the chat it came from; a topic of a staff group is a lane of its own.

    A button's press goes with the message it stands under, so that it never overtakes what was said before it.
    """
    query = raw.get("callback_query")
    message = query.get("message") if isinstance(query, dict) else None
    if not isinstance(message, dict):
        message = next((raw[kind] for kind in KINDS if isinstance(raw.get(kind), dict)), {})
    chat = message.get("chat")
    chat_id = chat.get("id") if isinstance(chat, dict) else None
    if chat_id is None:
        return in_lane(channel, "other")
    if chat_id in groups:
        return in_lane(channel, f"{chat_id}/{message.get('message_thread_id') or 0}")
    return in_lane(channel, str(chat_id))


def parse(channel: ChannelName, text: str, bot: Bot, groups: Container[int]) -> list[Inbound]:
    """Understand one update; updates that are not for us give nothing. Raises Unreadable with what could be told."""
    raw = json.loads(text)
    try:
        update = Update.model_validate(raw, context={"bot": bot})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise Unreadable(reason, tuple(_rescued(channel, raw, bot, groups))) from None
    return _facts(channel, update, groups)


def _facts(channel: ChannelName, update: Update, groups: Container[int]) -> list[Inbound]:
    if update.message is not None:
        message = update.message
        if message.chat.id in groups:
            return forum.said(channel, message)
        return private.said(channel, message) if message.chat.type == "private" else []
    if update.edited_message is not None:
        message = update.edited_message
        if message.chat.id in groups:
            return forum.edited(channel, message, update.update_id)
        return private.edited(channel, message, update.update_id) if message.chat.type == "private" else []
    if update.callback_query is not None:
        query = update.callback_query
        if query.message is not None and query.message.chat.id in groups:
            return forum.pressed(channel, query)
        return private.pressed(channel, query)
    if update.message_reaction is not None:
        change = update.message_reaction
        if change.chat.id in groups:
            return forum.reacted(channel, change, update.update_id)
        return private.reacted(channel, change, update.update_id) if change.chat.type == "private" else []
    if update.my_chat_member is not None and update.my_chat_member.chat.type == "private":
        return private.member(channel, update.my_chat_member, update.update_id)
    return []


def _rescued(channel: ChannelName, raw: dict[str, Any], bot: Bot, groups: Container[int]) -> list[Inbound]:
    """Tell of an unreadable message what can be read of it: staff see that it came, the chat goes on."""
    update = _mended(raw, bot)
    if update is None:
        return _bare(channel, raw)
    return [_of_unknown_kind(fact, raw) for fact in _facts(channel, update, groups)]


def _of_unknown_kind(fact: Inbound, raw: dict[str, Any]) -> Inbound:
    match fact:
        case Said():
            origin = raw["message"].get("forward_origin")
            passed_on = isinstance(origin, dict) and not fact.forwarded
            kind = fact.kind if fact.files else "other"
            return replace(fact, kind=kind, forwarded=_origin(origin) if passed_on else fact.forwarded)
        case StaffSaid():
            return replace(fact, kind="other", files=())  # half of what an operator meant does not go to a customer
    return fact


def _origin(origin: dict[str, Any]) -> str:
    """Name an origin of a kind nobody knows yet by what it tells of itself."""
    for name in ("sender_user_name", "sender_user", "sender_chat", "chat"):
        told = origin.get(name)
        if isinstance(told, str) and told:
            return told
        if isinstance(told, dict):
            words = [str(told[part]) for part in ("title", "first_name", "last_name") if told.get(part)]
            if words:
                return " ".join(words)
    return "?"


def _mended(raw: dict[str, Any], bot: Bot) -> Update | None:
    """Read an update without those parts of its message that cannot be read; None: nothing would be left."""
    left = copy.deepcopy(raw)
    for _ in range(_FAULTY):
        try:
            return Update.model_validate(left, context={"bot": bot})
        except ValidationError as error:
            for fault in error.errors(include_input=False, include_url=False):
                where = fault["loc"]
                whole = left.get(str(where[0])) if len(where) > 1 else None
                if not isinstance(whole, dict) or str(where[1]) in _NEEDED:
                    return None
                whole.pop("from" if where[1] == "from_user" else str(where[1]), None)
    return None


def _bare(channel: ChannelName, raw: dict[str, Any]) -> list[Inbound]:
    message = raw.get("message")
    if not isinstance(message, dict):
        return []
    chat, user = message.get("chat"), message.get("from")
    if not isinstance(chat, dict) or not isinstance(user, dict) or chat.get("type") != "private":
        return []
    try:
        name = " ".join(str(user[part]) for part in ("first_name", "last_name") if user.get(part))
        return [
            Said(
                channel,
                ChatId(str(chat["id"])),
                str(message["message_id"]),
                Sender(str(user["id"]), name, str(user.get("username") or ""), str(user.get("language_code") or "")),
                str(message.get("text") or message.get("caption") or ""),
                datetime.fromtimestamp(int(message["date"]), UTC),
                kind="other",
            )
        ]
    except (KeyError, TypeError, ValueError, OverflowError):
        return []
