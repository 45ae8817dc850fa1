"""The staff group on Telegram: a forum whose topics show conversations; its posts are ordinary outgoing rows."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
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
)
from aiogram.types import LinkPreviewOptions, ReplyParameters

from bots.telegram import amending
from bots.telegram.editing import edit
from bots.telegram.errors import GONE, AlreadyDone, funnel
from bots.telegram.groups import Groups
from bots.telegram.keyboards import keyboard
from bots.telegram.letters import Letter, deliver, room
from bots.telegram.shown import composed
from bridge.errors import BridgeError, NotFound, Rejected
from bridge.model.desk import GENERAL, Post, PostKind, Topic
from bridge.ports.channels import OutgoingFile, Receipt

#: Stage -> emoji of the topic's icon; those of Telegram's free set that are there are used.
ICONS = {"bot": ("🤖", "💡"), "waiting": ("❗️", "❓", "🔥"), "operator": ("💬", "👀"), "closed": ("✅", "☑️", "🏁")}
#: What Telegram says of a closed topic.
CLOSED = "topic_closed"
#: Takes turns of a group's budget, of a kind so many, as SendBudget.turn.
Turn = Callable[[str, str, int], Awaitable[float]]
#: The reaction that says "your words reached the customer".
SENT = "👌"


class StaffGroup:
    """What a bot does in its staff groups."""

    def __init__(self, bot: Bot, groups: Groups, timeout: float, own: str, turn: Turn | None = None) -> None:
        """`turn` takes turns of a group, by its id now, for what a post needs beyond its first message."""
        self.bot = bot
        self._turn = turn
        self._own = own
        self._groups = groups
        self._timeout = int(timeout) + 1
        self._icons: dict[str, str] | None = None

    async def post(self, post: Post, topic: Topic, files: Sequence[OutgoingFile] = ()) -> Receipt:
        """Do what a post says; errors as bridge.ports.DeskChannel."""
        chat = self._groups.now(int(topic.group))
        match post.kind:
            case PostKind.TOPIC:
                made = await self._call(CreateForumTopic(chat_id=chat, name=post.text[:128]))
                return Receipt(str(made.message_thread_id))
            case PostKind.ICON:
                return await self._icon(chat, post, topic)
            case PostKind.CARD:
                return await self._card(chat, post, topic)
            case PostKind.MARK:
                return await self._react(chat, post.reply_to, post.icon or SENT)
            case PostKind.REACTION:
                return await self._react(chat, post.reply_to, post.icon)
            case PostKind.EDIT:
                await edit(self._call, chat, post)
                return Receipt(post.sent[-1])
        if post.sections:
            return await self._together(chat, post, topic)
        return await self._text(chat, post, topic, files)

    async def _text(self, chat: int, post: Post, topic: Topic, files: Sequence[OutgoingFile]) -> Receipt:
        letter = Letter(
            chat,
            post.text,
            tuple(files),
            own=self._own,
            author=post.author,
            thread=_thread(topic),
            reply=_quote(post),
            markup=keyboard(post.choices),
            previews=False,
        )
        return await deliver(self._call, letter, self._turn and partial(self._turn, str(chat)))

    async def _together(self, chat: int, post: Post, topic: Topic) -> Receipt:
        """Show several words as one message: a group takes twenty a minute, however long they are."""
        text, looks = composed(post.sections)
        sent = await self._call(
            SendMessage(
                chat_id=chat,
                message_thread_id=_thread(topic),
                text=text,
                entities=looks,
                reply_parameters=_quote(post),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        return Receipt(str(sent.message_id))

    async def _card(self, chat: int, post: Post, topic: Topic) -> Receipt:
        markup = keyboard(post.choices)
        if topic.card is not None:
            try:
                await self._call(
                    EditMessageText(chat_id=chat, message_id=int(topic.card), text=post.text, reply_markup=markup)
                )
                return Receipt(topic.card)
            except AlreadyDone:
                return Receipt(topic.card)
            except Rejected as refusal:
                if refusal.reason != GONE:
                    raise
                if self._turn is not None:
                    await room(partial(self._turn, str(chat)), 0, first=False)  # the edit took one, this is another
        sent = await self._call(
            SendMessage(
                chat_id=chat,
                message_thread_id=_thread(topic),
                text=post.text,
                reply_markup=markup,
                disable_notification=True,
            )
        )
        # Without the right to pin, the card stands unpinned: better than no card.
        with contextlib.suppress(BridgeError, AlreadyDone):
            await self._call(PinChatMessage(chat_id=chat, message_id=sent.message_id, disable_notification=True))
        return Receipt(str(sent.message_id))

    async def _icon(self, chat: int, post: Post, topic: Topic) -> Receipt:
        if topic.icon == post.icon:
            return Receipt(None)
        thread = _thread(topic) or 0
        # Somebody may have closed the topic by hand: what is open is to look so, what is closed may stay so.
        if topic.icon.startswith("closed") and post.icon != "closed":
            with contextlib.suppress(AlreadyDone, BridgeError):
                await self._call(ReopenForumTopic(chat_id=chat, message_thread_id=thread))
        emoji = await self._emoji(post.icon)
        if emoji is not None:
            with contextlib.suppress(AlreadyDone):
                await self._call(EditForumTopic(chat_id=chat, message_thread_id=thread, icon_custom_emoji_id=emoji))
        return Receipt(None)

    async def _emoji(self, stage: str) -> str | None:
        if self._icons is None:
            stickers = await self._call(GetForumTopicIconStickers())
            self._icons = {s.emoji: s.custom_emoji_id for s in stickers if s.emoji and s.custom_emoji_id}
        return next((self._icons[emoji] for emoji in ICONS[stage] if emoji in self._icons), None)

    async def _react(self, chat: int, message: str | None, emoji: str) -> Receipt:
        """Put a sign on a message, the only one of the bot's; an empty one takes it away."""
        if message is not None:
            # A word that somebody deleted needs no sign; that its topic is gone is found by the next post.
            with contextlib.suppress(NotFound):
                await amending.react(self._call, chat, message, emoji)
        return Receipt(message)

    async def _call(self, method: Any, more: int = 0) -> Any:
        try:
            return await self._there(method, more)
        except Rejected as refusal:
            thread = getattr(method, "message_thread_id", None)
            if thread is None or CLOSED not in refusal.reason.lower():
                raise
            # Closed by hand, and this bot may not write there: what a customer says must be seen.
            with contextlib.suppress(AlreadyDone):
                await self._there(ReopenForumTopic(chat_id=method.chat_id, message_thread_id=thread))
            return await self._there(method, more)

    async def _there(self, method: Any, more: int = 0) -> Any:
        """Call a method where the group is now."""
        timeout = self._timeout + more
        try:
            return await funnel(lambda: self.bot(method, request_timeout=timeout))
        except TelegramMigrateToChat as moved:
            self._groups.moved(int(method.chat_id), moved.migrate_to_chat_id)
            again = method.model_copy(update={"chat_id": moved.migrate_to_chat_id})
            return await funnel(lambda: self.bot(again, request_timeout=timeout))


def _thread(topic: Topic) -> int | None:
    # The General topic's own number is refused: what goes there names none.
    return int(topic.topic) if topic.topic and topic.topic != GENERAL else None


def _quote(post: Post) -> ReplyParameters | None:
    if post.reply_to is None:
        return None
    return ReplyParameters(message_id=int(post.reply_to), allow_sending_without_reply=True)
