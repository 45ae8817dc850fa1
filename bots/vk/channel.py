"""A VK community as a channel of the bridge."""

import hashlib
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from bots.connected import Connected
from bots.vk import amending, events, fetching, parse, uploads
from bots.vk.api import VkApi
from bots.vk.asides import Asides
from bots.vk.budget import SendBudget
from bots.vk.community import Community
from bots.vk.history import History
from bots.vk.letters import Post
from bots.vk.names import Names
from bots.vk.receiving import Receiver
from bots.vk.settings import VkSettings
from bots.vk.wall import Wall, is_wall
from bridge.context import Bridge
from bridge.delivery.sharing import Installation
from bridge.errors import ChannelBroken, Rejected
from bridge.model.files import Attachment, Remote
from bridge.model.ids import ChatId
from bridge.model.inbound import Inbound, Pressed, Update
from bridge.ports.abilities import FileLimits, LinkedChannel, PublicChannel, RepeatableChannel
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
    SeenChannel,
    SequencedChannel,
    TypingChannel,
)

#: VK does not say how long it knows a random_id; of older words nobody is sure, seconds.
REMEMBERS = 24 * 3600.0


class Vk(Connected):
    """One community: receives, sends, changes what was sent, shows typing and read marks, answers presses."""

    kind = "vk"
    accounts = "vk"
    remembers = REMEMBERS
    broken = (ChannelBroken, Rejected)

    def __init__(
        self, name: str, settings: VkSettings, public_url: str, installation: Installation | None = None
    ) -> None:
        given = installation or Installation()
        super().__init__(name, given.sole)
        token = settings.token.get_secret_value()
        self._settings = settings
        self._url = f"{public_url.rstrip('/')}/hooks/{name}" if public_url else ""
        self._by_callback = settings.mode == "callback" and bool(public_url)
        self._secret = settings.callback_secret.get_secret_value() if settings.callback_secret else _secret(token)
        self._api = VkApi(token, settings.api_base, settings.timeout)
        self._budget = SendBudget(token, settings.per_second, given.quota)
        self._community = Community(self._api, settings.group_id, settings.wall)
        self._wall = Wall(self.name, self._api.call, self._budget.wait, given.journal)
        names, history = Names(self._api, self._budget), History(self._api, self._budget)
        self._receiver = Receiver(self.name, self._community, names, history, self._wall, self._secret, given.journal)
        files = uploads.Uploads(token, settings.api_base, self._budget)
        self._post = Post(self._api.call, files, self._budget.wait)
        self._asides = Asides(self._api, self._budget)

    def _deliver_to(self, accept: Accept | None) -> None:
        self._receiver.accept = accept

    async def _look(self) -> None:
        await self._community.look()
        if not self._by_callback:
            await self._receiver.begin()

    async def close(self) -> None:
        """Give up what is under way and the connections; a process that only sends calls it at its end."""
        self._asides.give_up()
        await self._api.close()

    async def check(self) -> str:
        """Prove that the key works; returns the community's name. Raises ChannelBroken, RetryLater."""
        try:
            await self._community.look()
        finally:
            await self._api.close()
        return f"{self._community.name} (club{self._community.number})"

    def link(self, payload: str) -> str | None:
        """Return the link that opens a chat with the community, with a word of ours; None until its number is known."""
        number = self._community.number
        base = self._settings.link_base.rstrip("/")
        return f"{base}/club{number}{payload and f'?ref={payload}'}" if number else None

    async def _receive(self) -> None:
        if self._by_callback:
            await self._community.serve(self._url, self._secret, self._registered)
        else:
            await self._receiver.poll()

    def _registered(self, reason: str | None) -> None:
        """Show beside a community that works why VK does not deliver to us, or would not let us see to it."""
        if self.state.state == "ok":
            self.state = ChannelState("ok", reason)

    def routes(self, bridge: Bridge) -> list[web.RouteDef]:
        """Return the Callback API's route; the path holds the channel's name, never the key."""
        self._receiver.writers.bridge = bridge
        return [web.post(f"/hooks/{self.name}", self._receiver.hook)]

    def parse(self, update: Update) -> Sequence[Inbound]:
        """Understand a kept event. Raises Unreadable."""
        return parse.parse(self.name, update)

    def is_public(self, chat: str) -> bool:
        """Tell whether everybody reads what is said in a chat: it stands under a post."""
        return is_wall(chat)

    def before(self, key: str) -> Sequence[str]:
        """Return the keys of the messages before: numbers run without holes in each chat."""
        return events.before(key)

    async def turn(self, chat: str, kind: str) -> float:
        """Take a turn of the send budget, or return the seconds to wait."""
        return await self._budget.turn(chat)

    async def unturn(self, chat: str, seconds: float) -> None:
        """Pause a chat."""
        await self._budget.unturn(chat, seconds)

    async def send(self, message: Outgoing) -> Receipt:
        """Send a word with its files and buttons, or answer a comment; sent again, it is the same message."""
        if is_wall(message.chat):
            return await self._minding(message.chat, self._answer(message))
        return await self._minding(message.chat, self._post.deliver(message))

    async def _answer(self, message: Outgoing) -> Receipt:
        return await self._wall.answer(await self._community.known(), message)

    async def edit(self, message: Outgoing, sent: Sequence[str]) -> Receipt:
        """Let the messages of a word say what it says now; comments cannot be changed with a community's key."""
        self._require_private(message.chat)
        call, turn = self._api.call, self._budget.wait
        return await self._minding(message.chat, amending.edit(call, turn, message, sent))

    async def delete(self, chat: ChatId, sent: Sequence[str]) -> None:
        """Take the messages of a word away from everybody."""
        self._require_private(chat)
        await self._minding(chat, amending.delete(self._api.call, chat, sent))

    async def react(self, chat: ChatId, external_id: str, emoji: str) -> None:
        """Put one of VK's sixteen signs on a message."""
        self._require_private(chat)
        await self._minding(chat, amending.react(self._api.call, chat, external_id, emoji))

    @staticmethod
    def _require_private(chat: str) -> None:
        if is_wall(chat):
            raise Rejected("wall_fixed")

    def carries(self, attachment: Attachment) -> str | None:
        """Return why a file cannot go out, None when it can."""
        return uploads.carries(attachment)

    @property
    def file_limits(self) -> FileLimits:
        """What VK takes of files."""
        return FileLimits(size=uploads.UP, endings=uploads.PROGRAMS)

    def fetch(self, remote: Remote) -> AsyncIterator[bytes]:
        """Read a file by the direct address that VK gave with the message."""
        return fetching.fetch(self._api.web, remote)

    async def typing(self, chat: ChatId) -> None:
        """Show typing, at most once in five seconds and only while calls are left over for it."""
        if not is_wall(chat):
            self._asides.typing(chat)

    async def seen(self, chat: ChatId, external_id: str) -> None:
        """Show a customer that his words were read, up to a message."""
        if not is_wall(chat):
            self._asides.seen(chat, external_id)

    async def pressed(self, press_id: str, text: str = "", spent: Pressed | None = None) -> None:
        """Stop a button's clock with a short line.

        Spent buttons stay: to take them away VK wants the whole message anew and marks it as edited at the customer's;
        a late press is told that its time has passed.
        """
        if press_id:  # none: a button of the old kind, which sends a message and waits for nothing
            self._asides.pressed(press_id, text)


def _secret(token: str) -> str:
    """Make the callback's secret from the key: every process knows it, nobody else does; VK takes 50 characters."""
    return hashlib.sha256(f"callback:{token}".encode()).hexdigest()[:40]


_: type[Channel] = Vk
_press: type[PressChannel] = Vk
_accounts: type[AccountsChannel] = Vk
_files: type[FilesChannel] = Vk
_typing: type[TypingChannel] = Vk
_seen: type[SeenChannel] = Vk
_edit: type[EditChannel] = Vk
_delete: type[DeleteChannel] = Vk
_react: type[ReactChannel] = Vk
_budgeted: type[BudgetedChannel] = Vk
_sequenced: type[SequencedChannel] = Vk
_linked: type[LinkedChannel] = Vk
_public: type[PublicChannel] = Vk
_repeatable: type[RepeatableChannel] = Vk
