"""The staff group on Telegram: a forum whose topics show conversations; its posts are ordinary outgoing rows."""

import contextlib
from collections.abc import Sequence
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramMigrateToChat
from aiogram.methods import (
    CreateForumTopic,
    EditForumTopic,
    EditMessageText,
    GetForumTopicIconStickers,
    PinChatMessage,
    ReopenForumTopic,
    SendMessage,
    SetMessageReaction,
)
from aiogram.types import ReactionTypeEmoji, ReplyParameters

from bots.telegram.errors import AlreadyDone, funnel
from bots.telegram.keyboards import keyboard
from bots.telegram.letters import Letter, deliver
from bridge.channels import OutgoingFile, Receipt
from bridge.errors import BridgeError
from bridge.model.desk import Post, PostKind, Topic

#: Stage -> emoji of the topic's icon; those of Telegram's free set that are there are used.
ICONS = {"bot": ("🤖", "💡"), "waiting": ("❗️", "❓", "🔥"), "operator": ("💬", "👀"), "closed": ("✅", "☑️", "🏁")}
#: The reaction that says "your words reached the customer".
SENT = "👌"


class StaffGroup:
    """What a bot does in its staff group."""

    def __init__(self, bot: Bot, chat: int, timeout: float, own: str) -> None:
        self.bot = bot
        self._own = own
        self.chat = chat
        self._timeout = int(timeout) + 1
        self._icons: dict[str, str] | None = None

    async def post(self, post: Post, topic: Topic, files: Sequence[OutgoingFile] = ()) -> Receipt:
        """Do what a post says; errors as bridge.ports.DeskChannel."""
        match post.kind:
            case PostKind.TOPIC:
                made = await self._call(CreateForumTopic(chat_id=self.chat, name=post.text[:128]))
                return Receipt(str(made.message_thread_id))
            case PostKind.ICON:
                return await self._icon(post, topic)
            case PostKind.CARD:
                return await self._card(post, topic)
            case PostKind.MARK:
                return await self._mark(post)
            case _:
                return await self._text(post, topic, files)

    async def _text(self, post: Post, topic: Topic, files: Sequence[OutgoingFile]) -> Receipt:
        letter = Letter(
            self.chat,
            post.text,
            tuple(files),
            own=self._own,
            author=post.author,
            thread=_thread(topic),
            reply=_quote(post),
            markup=keyboard(post.choices),
            previews=False,
        )
        return await deliver(self._call, letter)

    async def _card(self, post: Post, topic: Topic) -> Receipt:
        markup = keyboard(post.choices)
        if topic.card is not None:
            with contextlib.suppress(AlreadyDone):
                await self._call(
                    EditMessageText(chat_id=self.chat, message_id=int(topic.card), text=post.text, reply_markup=markup)
                )
            return Receipt(topic.card)
        sent = await self._call(
            SendMessage(
                chat_id=self.chat,
                message_thread_id=_thread(topic),
                text=post.text,
                reply_markup=markup,
                disable_notification=True,
            )
        )
        with contextlib.suppress(
            BridgeError
        ):  # without the right to pin, the card stands unpinned: better than no card
            await self._call(PinChatMessage(chat_id=self.chat, message_id=sent.message_id, disable_notification=True))
        return Receipt(str(sent.message_id))

    async def _icon(self, post: Post, topic: Topic) -> Receipt:
        if topic.icon == post.icon:
            return Receipt(None)
        if topic.icon.startswith("closed"):  # somebody may have closed the topic by hand: what is open is to look so
            with contextlib.suppress(AlreadyDone, BridgeError):
                await self._call(ReopenForumTopic(chat_id=self.chat, message_thread_id=_thread(topic) or 0))
        emoji = await self._emoji(post.icon)
        if emoji is not None:
            with contextlib.suppress(AlreadyDone):
                await self._call(
                    EditForumTopic(chat_id=self.chat, message_thread_id=_thread(topic) or 0, icon_custom_emoji_id=emoji)
                )
        return Receipt(None)

    async def _emoji(self, stage: str) -> str | None:
        if self._icons is None:
            stickers = await self._call(GetForumTopicIconStickers())
            self._icons = {s.emoji: s.custom_emoji_id for s in stickers if s.emoji and s.custom_emoji_id}
        return next((self._icons[emoji] for emoji in ICONS[stage] if emoji in self._icons), None)

    async def _mark(self, post: Post) -> Receipt:
        if post.reply_to is not None:
            await self._call(
                SetMessageReaction(
                    chat_id=self.chat, message_id=int(post.reply_to), reaction=[ReactionTypeEmoji(emoji=SENT)]
                )
            )
        return Receipt(None)

    async def _call(self, method: Any, more: int = 0) -> Any:
        timeout = self._timeout + more
        try:
            return await funnel(lambda: self.bot(method, request_timeout=timeout))
        except TelegramMigrateToChat as moved:
            # Switching topics on makes a group a supergroup with a new id: the old one is dead from then on.
            self.chat = moved.migrate_to_chat_id
            again = method.model_copy(update={"chat_id": self.chat})
            return await funnel(lambda: self.bot(again, request_timeout=timeout))


def _thread(topic: Topic) -> int | None:
    return int(topic.topic) if topic.topic else None


def _quote(post: Post) -> ReplyParameters | None:
    if post.reply_to is None:
        return None
    return ReplyParameters(message_id=int(post.reply_to), allow_sending_without_reply=True)
