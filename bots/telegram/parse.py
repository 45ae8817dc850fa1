"""Raw updates into the hall's facts: one by one, so that one that cannot be read harms no other."""

import json
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update
from pydantic import ValidationError

from bots.telegram.media import remotes
from bridge.errors import Unreadable
from bridge.model.files import KINDS as KINDS_OF_FILES
from bridge.model.ids import ChannelName, ChatId, LaneId
from bridge.model.inbound import (
    Edited,
    Inbound,
    Pressed,
    Reachable,
    Said,
    Sender,
    Shared,
    StaffPressed,
    StaffSaid,
    Started,
)
from bridge.model.lanes import in_lane

#: Update kinds asked of Telegram; the server's default leaves some out.
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
#: Service messages of a group: told by Telegram, not by a person.
_SERVICE = frozenset(
    {
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "pinned_message",
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "message_auto_delete_timer_changed",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_scheduled",
        "video_chat_participants_invited",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "chat_background_set",
        "boost_added",
    }
)
#: Who closes or opens a topic in the messenger itself means the conversation in it.
_BY_HAND = {"forum_topic_closed": "topic_closed", "forum_topic_reopened": "topic_reopened"}


def lane_of(channel: ChannelName, raw: dict[str, Any], group: int | None) -> LaneId:
    """Name the lane of a raw update: the chat it came from; a topic of the staff group is a lane of its own.

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
    if chat_id == group:
        return in_lane(channel, f"{chat_id}/{message.get('message_thread_id') or 0}")
    return in_lane(channel, str(chat_id))


def parse(channel: ChannelName, text: str, bot: Bot, group: int | None) -> list[Inbound]:
    """Understand one update; updates that are not for us give nothing. Raises Unreadable with what could be told."""
    raw = json.loads(text)
    try:
        update = Update.model_validate(raw, context={"bot": bot})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise Unreadable(reason, tuple(_rescued(channel, raw))) from None
    if update.message is not None:
        return _message(channel, update.message, group)
    if update.edited_message is not None:
        return _edited(channel, update.edited_message, update.update_id, group)
    if update.callback_query is not None:
        return _press(channel, update.callback_query, group)
    if update.my_chat_member is not None:
        return _member(channel, update.my_chat_member, update.update_id)
    return []


def _message(channel: ChannelName, message: Message, group: int | None) -> list[Inbound]:
    if message.chat.id == group:
        said = _staff(channel, message, ContentType(message.content_type).value)
        return [said] if said is not None else []
    if message.chat.type != "private" or message.from_user is None or message.from_user.is_bot:
        return []
    kind = ContentType(message.content_type).value
    if kind in _SERVICE:
        return []
    if message.contact is not None:
        return [_shared(channel, message)]
    text = message.text or message.caption or ""
    chat, external_id, at = ChatId(str(message.chat.id)), str(message.message_id), _at(message.date)
    if text.split("@")[0].split(" ")[0] == "/start":
        return [Started(channel, chat, external_id, _sender(message), at, text.partition(" ")[2][:64])]
    return [
        Said(
            channel,
            chat,
            external_id,
            _sender(message),
            text,
            at,
            kind=kind,
            reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else None,
            files=remotes(message),
        )
    ]


def _shared(channel: ChannelName, message: Message) -> Shared:
    """A card: Telegram vouches for the phone only when the sender shares his own account's, not when he passes one on.

    https://core.telegram.org/bots/api#contact
    """
    card, user = message.contact, message.from_user
    assert card is not None
    assert user is not None
    return Shared(
        channel,
        ChatId(str(message.chat.id)),
        str(message.message_id),
        _sender(message),
        card.phone_number,
        card.user_id == user.id and message.forward_origin is None,
        _at(message.date),
        " ".join(filter(None, (card.first_name, card.last_name))),
    )


def _edited(channel: ChannelName, message: Message, update_id: int, group: int | None) -> list[Inbound]:
    if message.chat.id == group:
        said = _staff(channel, message, "edit")
        return [said] if said is not None else []
    if message.chat.type != "private" or message.from_user is None:
        return []
    return [
        Edited(
            channel,
            ChatId(str(message.chat.id)),
            f"edit:{update_id}",
            str(message.message_id),
            _sender(message),
            message.text or message.caption or "",
            datetime.fromtimestamp(message.edit_date or message.date.timestamp(), UTC),
        )
    ]


def _staff(channel: ChannelName, message: Message, kind: str) -> StaffSaid | None:
    user = message.from_user
    anonymous = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    if (kind in _SERVICE and kind not in _BY_HAND) or user is None or (user.is_bot and not anonymous):
        return None
    # A reply in the General topic carries a thread id that is no topic: only is_topic_message tells.
    topic = str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else None
    return StaffSaid(
        channel,
        str(message.chat.id),
        topic,
        str(message.message_id),
        user.id,
        user.full_name,
        message.text or message.caption or "",
        _at(message.date),
        kind=_BY_HAND.get(kind, kind),
        anonymous=anonymous,
        files=remotes(message) if kind in KINDS_OF_FILES else (),
        album=message.media_group_id or "",
    )


def _press(channel: ChannelName, query: CallbackQuery, group: int | None) -> list[Inbound]:
    message = query.message
    now = datetime.now(UTC)
    if message is None or query.data is None:
        return []
    user = query.from_user
    if message.chat.id == group:
        thread = message.message_thread_id if isinstance(message, Message) else None
        topic = str(thread) if thread else None
        return [
            StaffPressed(
                channel, str(group), topic, f"press:{query.id}", user.id, user.full_name, query.data, query.id, now
            )
        ]
    label = query.data
    if isinstance(message, Message) and message.reply_markup is not None:
        rows = message.reply_markup.inline_keyboard
        label = next((b.text for row in rows for b in row if b.callback_data == query.data), query.data)
    return [
        Pressed(
            channel,
            ChatId(str(message.chat.id)),
            f"press:{query.id}",
            Sender(str(user.id), user.full_name, user.username or "", user.language_code or ""),
            query.data,
            label,
            now,
            press_id=query.id,
            message_external_id=str(message.message_id),
        )
    ]


def _member(channel: ChannelName, change: ChatMemberUpdated, update_id: int) -> list[Inbound]:
    if change.chat.type != "private":
        return []
    user = change.from_user
    status = change.new_chat_member.status
    return [
        Reachable(
            channel,
            ChatId(str(change.chat.id)),
            f"member:{update_id}",
            Sender(str(user.id), user.full_name, user.username or "", user.language_code or ""),
            "blocked" if status in ("kicked", "left") else None,
            _at(change.date),
        )
    ]


def _sender(message: Message) -> Sender:
    user = message.from_user
    assert user is not None
    return Sender(str(user.id), user.full_name, user.username or "", user.language_code or "")


def _at(date: datetime) -> datetime:
    return date.astimezone(UTC)


def _rescued(channel: ChannelName, raw: dict[str, Any]) -> list[Inbound]:
    """Tell of an unreadable message at least that it came: staff see it, the chat goes on."""
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
