"""What customers do in the private chat with a bot, as the hall's facts."""

import re
from datetime import UTC, datetime

from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, MessageReactionUpdated, User

from bots.telegram.media import remotes
from bots.telegram.wording import origin_of, quoted, sign, text_of
from bridge.model.ids import ChannelName, ChatId
from bridge.model.inbound import (
    Commanded,
    Edited,
    Inbound,
    Pressed,
    Reachable,
    Reacted,
    Said,
    Sender,
    Shared,
    Started,
)

#: Orders a customer gives by name; what else begins with a stroke is said to the bot as it is.
COMMANDS = frozenset({"operator", "help", "lang"})
#: Characters of what comes with a link to the bot (https://core.telegram.org/bots/features#deep-linking).
PAYLOAD = 64
#: Told by Telegram of a chat, not said by a person.
SERVICE = frozenset(
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
        "connected_website",
        "write_access_allowed",
        "proximity_alert_triggered",
        "chat_owner_left",
        "chat_owner_changed",
    }
)
_COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


def said(channel: ChannelName, message: Message) -> list[Inbound]:
    """Return what a message of a private chat says; nothing for those of bots and of Telegram itself."""
    kind = ContentType(message.content_type).value
    if message.from_user is None or message.from_user.is_bot or kind in SERVICE:
        return []
    if message.contact is not None:
        return [_shared(channel, message)]
    chat, external_id, who = ChatId(str(message.chat.id)), str(message.message_id), person(message.from_user)
    at = message.date.astimezone(UTC)
    order = _COMMAND.fullmatch((message.text or "").strip()) if message.forward_origin is None else None
    if order is not None and order[1].lower() == "start":
        return [Started(channel, chat, external_id, who, at, (order[2] or "").strip()[:PAYLOAD])]
    if order is not None and order[1].lower() in COMMANDS:
        return [Commanded(channel, chat, external_id, who, order[1].lower(), (order[2] or "").strip(), at)]
    return [
        Said(
            channel,
            chat,
            external_id,
            who,
            quoted(message) + text_of(message),
            at,
            kind=kind,
            reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else None,
            files=remotes(message),
            album=message.media_group_id or "",
            forwarded=origin_of(message),
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
        person(user),
        card.phone_number,
        card.user_id == user.id and message.forward_origin is None,
        message.date.astimezone(UTC),
        " ".join(filter(None, (card.first_name, card.last_name))),
    )


def edited(channel: ChannelName, message: Message, update_id: int) -> list[Inbound]:
    """Return a change of an earlier word; Telegram also tells of changes nobody can see: the hall compares."""
    if message.from_user is None or message.from_user.is_bot:
        return []
    return [
        Edited(
            channel,
            ChatId(str(message.chat.id)),
            f"edit:{update_id}",
            str(message.message_id),
            person(message.from_user),
            quoted(message) + text_of(message),
            changed_at(message),
            files=remotes(message),
        )
    ]


def reacted(channel: ChannelName, change: MessageReactionUpdated, update_id: int) -> list[Inbound]:
    """Return the sign a customer has on a message now."""
    if change.user is None:
        return []
    return [
        Reacted(
            channel,
            ChatId(str(change.chat.id)),
            f"reaction:{update_id}",
            str(change.message_id),
            person(change.user),
            sign(change.old_reaction, change.new_reaction),
            change.date.astimezone(UTC),
        )
    ]


def pressed(channel: ChannelName, query: CallbackQuery) -> list[Inbound]:
    """Return the press of a button of ours."""
    message = query.message
    if message is None or query.data is None:
        return []
    label = query.data
    if isinstance(message, Message) and message.reply_markup is not None:
        rows = message.reply_markup.inline_keyboard
        label = next((b.text for row in rows for b in row if b.callback_data == query.data), query.data)
    return [
        Pressed(
            channel,
            ChatId(str(message.chat.id)),
            f"press:{query.id}",
            person(query.from_user),
            query.data,
            label,
            datetime.now(UTC),
            press_id=query.id,
            message_external_id=str(message.message_id),
        )
    ]


def member(channel: ChannelName, change: ChatMemberUpdated, update_id: int) -> list[Inbound]:
    """Return that a customer blocked the bot or let it in again."""
    status = change.new_chat_member.status
    return [
        Reachable(
            channel,
            ChatId(str(change.chat.id)),
            f"member:{update_id}",
            person(change.from_user),
            "blocked" if status in ("kicked", "left") else None,
            change.date.astimezone(UTC),
        )
    ]


def person(user: User) -> Sender:
    """Return a Telegram account as the hall names who wrote."""
    return Sender(str(user.id), user.full_name, user.username or "", user.language_code or "")


def changed_at(message: Message) -> datetime:
    """Return when a message was changed last."""
    return datetime.fromtimestamp(message.edit_date or message.date.timestamp(), UTC)
