"""What operators do in the topics of a staff group, as the hall's facts."""

from datetime import UTC, datetime

from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, Message, MessageReactionUpdated

from bots.telegram.media import remotes
from bots.telegram.private import SERVICE, changed_at
from bots.telegram.wording import sign, text_of
from bridge.model.files import KINDS
from bridge.model.ids import ChannelName
from bridge.model.inbound import Inbound, StaffEdited, StaffPressed, StaffReacted, StaffSaid

#: Who closes or opens a topic in the messenger itself means the conversation in it.
_BY_HAND = {"forum_topic_closed": "topic_closed", "forum_topic_reopened": "topic_reopened"}
#: What can be told a customer in words.
_IN_WORDS = ("location", "venue", "contact")


def said(channel: ChannelName, message: Message) -> list[Inbound]:
    """Return what somebody wrote in a topic; nothing for bots, and for what Telegram itself tells of the group."""
    kind = ContentType(message.content_type).value
    user = message.from_user
    anonymous = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    if (kind in SERVICE and kind not in _BY_HAND) or user is None or (user.is_bot and not anonymous):
        return []
    return [
        StaffSaid(
            channel,
            str(message.chat.id),
            _topic(message),
            str(message.message_id),
            user.id,
            user.full_name,
            text_of(message),
            message.date.astimezone(UTC),
            kind="text" if kind in _IN_WORDS else _BY_HAND.get(kind, kind),
            anonymous=anonymous,
            files=remotes(message) if kind in KINDS else (),
            reply_to=_answered(message),
            album=message.media_group_id or "",
            username=user.username or "",
        )
    ]


def edited(channel: ChannelName, message: Message, update_id: int) -> list[Inbound]:
    """Return a change of what somebody wrote in a topic."""
    user = message.from_user
    if user is None or user.is_bot:
        return []
    return [
        StaffEdited(
            channel,
            str(message.chat.id),
            _topic(message),
            f"edit:{update_id}",
            str(message.message_id),
            user.id,
            user.full_name,
            text_of(message),
            changed_at(message),
        )
    ]


def reacted(channel: ChannelName, change: MessageReactionUpdated, update_id: int) -> list[Inbound]:
    """Return the sign somebody has on a message of the group now; an anonymous one is nobody's."""
    if change.user is None or change.user.is_bot:
        return []
    return [
        StaffReacted(
            channel,
            str(change.chat.id),
            f"reaction:{update_id}",
            str(change.message_id),
            change.user.id,
            change.user.full_name,
            sign(change.old_reaction, change.new_reaction),
            change.date.astimezone(UTC),
        )
    ]


def pressed(channel: ChannelName, query: CallbackQuery) -> list[Inbound]:
    """Return the press of a button in the group."""
    message, user = query.message, query.from_user
    if message is None or query.data is None:
        return []
    thread = message.message_thread_id if isinstance(message, Message) else None
    return [
        StaffPressed(
            channel,
            str(message.chat.id),
            str(thread) if thread else None,
            f"press:{query.id}",
            user.id,
            user.full_name,
            query.data,
            query.id,
            datetime.now(UTC),
        )
    ]


def _topic(message: Message) -> str | None:
    # A reply in the General topic carries a thread id that is no topic: only is_topic_message tells.
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else None


def _answered(message: Message) -> str | None:
    """Return the message somebody answers: every word in a topic "answers" the line that opened the topic."""
    answered = message.reply_to_message
    if answered is None or answered.message_id == message.message_thread_id:
        return None
    return str(answered.message_id)
