"""A Telegram bot as a channel of the bridge; one that has staff groups stands in bots.telegram.desk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from functools import partial
from typing import TypeVar

from aiogram.exceptions import TelegramMigrateToChat
from aiogram.methods import AnswerCallbackQuery, EditMessageReplyMarkup, SendChatAction
from aiogram.types import ReplyParameters
from aiohttp import web

from bots.asides import Spacing
from bots.connected import Connected
from bots.telegram import amending, media, parse
from bots.telegram.account import Account
from bots.telegram.budget import SendBudget
from bots.telegram.errors import AlreadyDone
from bots.telegram.groups import Groups
from bots.telegram.keyboards import markup
from bots.telegram.letters import CAPTION, Letter, deliver
from bots.telegram.menu import offer
from bots.telegram.receiving import Receiver
from bots.telegram.settings import TelegramSettings
from bridge.context import Bridge
from bridge.delivery.sharing import Installation
from bridge.errors import OutcomeUnknown, Rejected
from bridge.model.files import Attachment, Remote
from bridge.model.ids import ChatId
from bridge.model.inbound import Inbound, Pressed, Update
from bridge.phrases import Phrases
from bridge.ports.abilities import FileLimits, LinkedChannel
from bridge.ports.channels import (
    Accept,
    AccountsChannel,
    BudgetedChannel,
    Channel,
    ChannelState,
    DeleteChannel,
    EditChannel,
    FilesChannel,
    Outgoing,
    PressChannel,
    ReactChannel,
    Receipt,
    SequencedChannel,
    TypingChannel,
)

T = TypeVar("T")

#: Telegram shows "typing" for five seconds: asked more often, it costs calls and shows nothing new.
TYPING = 4.0
#: An update is overtaken by so many later ones at most.
OVERTAKEN = 32


class Telegram(Connected):
    """One bot: receives, sends, shows typing, answers presses."""

    kind = "telegram"
    accounts = "telegram"

    def __init__(
        self, name: str, settings: TelegramSettings, public_url: str, installation: Installation | None = None
    ) -> None:
        given = installation or Installation()
        super().__init__(name, given.sole)
        self._settings = settings
        self._url = f"{public_url.rstrip('/')}/hooks/{name}"
        self._account = Account(settings.token.get_secret_value(), settings.api_base, settings.timeout)
        group = settings.staff_group
        self._groups = Groups(group.chat if group else ())
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else self._account.secret
        self._receiver = Receiver(self.name, self._account.bot, self._groups, secret)
        per_minute = group.per_minute if group else 20
        self._budget = SendBudget(
            str(self._account.id), settings.per_second, self._groups, per_minute, quota=given.quota
        )
        self._username = ""
        self._phrases: Phrases | None = None
        self._typing = Spacing(TYPING)

    @property
    def state(self) -> ChannelState:
        """How the bot is; one that works may still hear nothing, while another program polls it, say."""
        trouble = self._trouble() if self._state.state == "ok" else None
        return ChannelState("ok", trouble) if trouble else self._state

    @state.setter
    def state(self, state: ChannelState) -> None:
        """Note how the bot is."""
        self._state = state

    def _trouble(self) -> str | None:
        return self._receiver.trouble

    def _deliver_to(self, accept: Accept | None) -> None:
        self._receiver.accept = accept

    async def _look(self) -> None:
        self._username = (await self._account.me()).username or ""

    async def close(self) -> None:
        """Give up what is under way and the connections; a process that only sends calls it at its end."""
        await self._account.close()

    async def check(self) -> str:
        """Prove that the token works; returns the bot's name. Raises ChannelBroken, RetryLater."""
        try:
            me = await self._account.me()
        finally:
            await self.close()
        return f"@{me.username}"

    def link(self, payload: str) -> str | None:
        """Return the link that opens this bot with a word for /start; None until Telegram has told the bot's name."""
        base = self._settings.link_base.rstrip("/")
        return f"{base}/{self._username}{payload and f'?start={payload}'}" if self._username else None

    async def _receive(self) -> None:
        menu = asyncio.create_task(offer(self._account.call, self._phrases)) if self._phrases is not None else None
        try:
            if self._settings.mode == "polling":
                await self._receiver.poll()
            else:
                await self._receiver.serve(self._url)
        finally:
            if menu is not None:
                menu.cancel()
                await asyncio.gather(menu, return_exceptions=True)

    def routes(self, bridge: Bridge) -> list[web.RouteDef]:
        """Return the webhook's route; the path holds the channel's name, never the token."""
        self._phrases = bridge.phrases
        return [web.post(f"/hooks/{self.name}", self._receiver.hook)]

    def parse(self, update: Update) -> Sequence[Inbound]:
        """Understand a stored update. Raises Unreadable."""
        return parse.parse(self.name, update.raw, self._account.bot, self._groups)

    def before(self, key: str) -> Sequence[str]:
        """Return the keys of the updates before: numbers run without holes over all chats of a bot."""
        bot, _, number = key.partition(".")
        return [f"{bot}.{int(number) - back}" for back in range(1, OVERTAKEN + 1)]

    async def turn(self, chat: str, kind: str) -> float:
        """Take a turn of the send budget, or return the seconds to wait."""
        return await self._budget.turn(chat, kind)

    async def unturn(self, chat: str, seconds: float) -> None:
        """Pause a chat."""
        await self._budget.unturn(chat, seconds)

    async def send(self, message: Outgoing) -> Receipt:
        """Send a word with its files and buttons, as plain text: nothing a customer or an article says is markup."""
        turn = partial(self._budget.turn, message.chat)
        return await self._towards(message.chat, deliver(self._account.call, self._letter(message), turn))

    async def edit(self, message: Outgoing, sent: Sequence[str]) -> Receipt:
        """Let the messages a word became say what it says now."""
        return await self._towards(message.chat, amending.edit(self._account.call, self._letter(message), sent))

    async def delete(self, chat: ChatId, sent: Sequence[str]) -> None:
        """Take the messages of a word away; Telegram allows it for 48 hours."""
        await self._towards(chat, amending.delete(self._account.call, int(chat), sent))

    async def react(self, chat: ChatId, external_id: str, emoji: str) -> None:
        """Put a sign of Telegram's set on a message, or the nearest of it."""
        await self._towards(chat, amending.react(self._account.call, int(chat), external_id, emoji))

    def _letter(self, message: Outgoing) -> Letter:
        reply = (
            ReplyParameters(message_id=int(message.reply_to), allow_sending_without_reply=True)
            if message.reply_to and message.reply_to.isdecimal()
            else None
        )
        return Letter(
            int(message.chat), message.text, message.files, own=self.name, reply=reply, markup=markup(message)
        )

    async def _towards(self, chat: str, doing: Awaitable[T]) -> T:
        """Await what is done in a customer's chat, where nothing is done twice and no chat moves."""
        try:
            return await self._minding(chat, doing)
        except AlreadyDone:
            raise OutcomeUnknown("network_unknown") from None
        except TelegramMigrateToChat:
            raise Rejected("migrated") from None

    def carries(self, attachment: Attachment) -> str | None:
        """Return why a file cannot go out, None when it can."""
        return media.carries(attachment)

    @property
    def file_limits(self) -> FileLimits:
        """What Telegram takes of files."""
        return FileLimits(size=media.UP, caption=CAPTION)

    def fetch(self, remote: Remote) -> AsyncIterator[bytes]:
        """Read a file of this bot's chats."""
        return media.fetch(self._account.bot, self._account.session, remote)

    async def typing(self, chat: ChatId) -> None:
        """Show typing, at most once in four seconds; how it went concerns nobody."""
        if self._typing.due(chat) and not await self._budget.turn(chat, "typing"):
            self._account.aside(SendChatAction(chat_id=int(chat), action="typing"))

    async def pressed(self, press_id: str, text: str = "", spent: Pressed | None = None) -> None:
        """Stop a button's clock (Telegram shows 200 characters) and take spent buttons away."""
        self._account.aside(answer(press_id, text))
        if spent is not None:
            bare = EditMessageReplyMarkup(chat_id=int(spent.chat), message_id=int(spent.message_external_id))
            self._account.aside(bare)


def answer(press_id: str, text: str) -> AnswerCallbackQuery:
    """Return what stops a button's clock."""
    return AnswerCallbackQuery(callback_query_id=press_id, text=text[:200] or None, show_alert=len(text) > 60)


_: type[Channel] = Telegram
_press: type[PressChannel] = Telegram
_accounts: type[AccountsChannel] = Telegram
_files: type[FilesChannel] = Telegram
_edit: type[EditChannel] = Telegram
_delete: type[DeleteChannel] = Telegram
_react: type[ReactChannel] = Telegram
_typing: type[TypingChannel] = Telegram
_budgeted: type[BudgetedChannel] = Telegram
_sequenced: type[SequencedChannel] = Telegram
_linked: type[LinkedChannel] = Telegram
