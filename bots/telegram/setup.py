"""What setting a bot up asks of Telegram: whose token it is, and which groups the bot stands in."""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import GetChat, GetChatMember, GetMe, GetWebhookInfo
from aiogram.utils.token import TokenValidationError

from bots.telegram.errors import Session, funnel
from bots.telegram.receiving import RawGetUpdates
from bridge.errors import BridgeError, ChannelBroken

#: Seconds between looks for a group; Telegram answers a repeated question at once with what it has.
LOOK = 2.0


@dataclass(frozen=True, slots=True)
class Account:
    """A bot as Telegram knows it; `served_by` is the host that has its webhook now, empty without one."""

    id: int
    username: str
    served_by: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group the bot hears, and who wrote there last."""

    id: int
    title: str
    user_id: int
    user_name: str


class BotSetup:
    """A conversation with the Bot API about one token; nothing is changed there and no update is confirmed."""

    def __init__(self, token: str, api_base: str) -> None:
        self._session = Session(api=TelegramAPIServer.from_base(api_base))
        try:
            self._bot = Bot(token, session=self._session, default=DefaultBotProperties(parse_mode=None))
        except TokenValidationError:
            raise ChannelBroken("unauthorized") from None

    async def __aenter__(self) -> "BotSetup":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def account(self) -> Account:
        """Prove the token. Raises ChannelBroken for a wrong one, other BridgeErrors when Telegram does not answer."""
        me = await self._call(GetMe())
        info = await self._call(GetWebhookInfo())
        return Account(me.id, me.username or str(me.id), urlsplit(info.url).hostname or "" if info.url else "")

    async def group(self, seconds: float) -> Group | None:
        """Wait so long for a word in a group the bot hears; returns the group of the newest one."""
        until = asyncio.get_running_loop().time() + seconds
        while True:
            updates = await self._call(
                RawGetUpdates(limit=100, timeout=0, allowed_updates=["message", "my_chat_member"])
            )
            found = [group for group in map(_group, updates) if group is not None]
            if found:
                return found[-1]
            if asyncio.get_running_loop().time() > until:
                return None
            await asyncio.sleep(LOOK)

    async def faults(self, group: int) -> list[str]:
        """Return what a group still lacks to be a desk: not_found, no_topics, no_admin, no_topic_right."""
        try:
            chat = await self._call(GetChat(chat_id=group))
            member = await self._call(GetChatMember(chat_id=group, user_id=self._bot.id))
        except BridgeError:
            return ["not_found"]
        faults = [] if chat.is_forum else ["no_topics"]
        if member.status != "administrator":
            return [*faults, "no_admin"]
        return faults if member.can_manage_topics or not chat.is_forum else [*faults, "no_topic_right"]

    async def _call(self, method: Any) -> Any:
        return await funnel(lambda: self._bot(method, request_timeout=15))


def _group(update: dict[str, Any]) -> Group | None:
    fact = update.get("message") or update.get("my_chat_member") or {}
    chat, user = fact.get("chat") or {}, fact.get("from") or {}
    if chat.get("type") not in ("group", "supergroup") or user.get("is_bot"):
        return None
    name = " ".join(str(user[part]) for part in ("first_name", "last_name") if user.get(part))
    return Group(int(chat["id"]), str(chat.get("title") or chat["id"]), int(user.get("id") or 0), name)
