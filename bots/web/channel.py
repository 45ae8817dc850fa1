"""A website's widget as a channel of the bridge."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from bots.asides import Spacing
from bots.web import desk, incoming, leaving, page, socket
from bots.web.lines import Lines, tell
from bots.web.serving import preflight, serving
from bots.web.session import past, session
from bots.web.settings import WebSettings
from bots.web.site import Site
from bots.web.uploads import download, upload
from bridge.context import Bridge
from bridge.delivery.sharing import Installation
from bridge.errors import ChannelBroken, NotFound, Rejected
from bridge.files import STORED
from bridge.model.files import Attachment, Remote
from bridge.model.ids import ChannelName, ChatId, FileId
from bridge.model.inbound import Inbound, Pressed, Update
from bridge.ports.abilities import HearingChannel, RatingChannel
from bridge.ports.channels import (
    Accept,
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
    TypingChannel,
)

#: Typing is shown for a few seconds: asked more often, it costs hints and shows nothing new.
TYPING = 3.0


class Web:
    """One widget: its pages are served by this process, what is said reaches visitors from any."""

    kind = "web"
    hears = True

    def __init__(
        self, name: str, settings: WebSettings, public_url: str, installation: Installation | None = None
    ) -> None:
        given = installation or Installation()
        self.name = ChannelName(name)
        self.state = ChannelState()
        self._settings = settings
        self._public_url = public_url.rstrip("/")
        self._lines = Lines(self.name)
        self._site: Site | None = None
        self._typing = Spacing(TYPING)
        self._proxies, self._bus, self._quota = given.proxies, given.bus, given.quota

    def routes(self, bridge: Bridge) -> list[web.RouteDef]:
        """Return the widget's routes, all below /widget/<channel>."""
        site = self._site = Site(
            self.name, self._settings, self._public_url, bridge, self._lines, self._quota, self._proxies
        )
        base = f"/widget/{self.name}"
        return [
            web.get(base, serving(site, page.frame)),
            web.get(f"{base}/loader.js", serving(site, page.loader)),
            web.get(f"{base}/static/{{hash}}/{{path:.+}}", serving(site, page.static)),
            web.get(f"{base}/config", serving(site, page.config)),
            web.post(f"{base}/session", serving(site, session)),
            web.options(f"{base}/session", preflight(site, "POST")),
            web.get(f"{base}/history", serving(site, past)),
            web.options(f"{base}/history", preflight(site, "GET")),
            web.post(f"{base}/files", serving(site, upload)),
            web.options(f"{base}/files", preflight(site, "POST")),
            web.get(f"{base}/files/{{id}}", serving(site, download), allow_head=False),
            web.options(f"{base}/files/{{id}}", preflight(site, "GET")),
            web.post(f"{base}/continue", serving(site, leaving.go_on)),
            web.options(f"{base}/continue", preflight(site, "POST")),
            web.get(f"{base}/articles/{{id}}", serving(site, leaving.article)),
            web.options(f"{base}/articles/{{id}}", preflight(site, "GET")),
            web.get(f"{base}/socket", serving(site, socket.serve), allow_head=False),
        ]

    async def run(self, accept: Accept) -> None:
        """Take visitors in until cancelled."""
        site = self._site
        if site is None:
            raise RuntimeError("the routes of a widget are asked for before it runs")
        await desk.look(site)
        site.accept = accept
        self.state = ChannelState("ok")
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._lines.run(site.bridge), name=f"{self.name} lines")
                tasks.create_task(desk.run(site), name=f"{self.name} desk")
        finally:
            site.accept = None
            self.state = ChannelState()
            self._lines.close_all()

    def hang_up(self) -> None:
        """End every open line: the server stops."""
        self._lines.close_all()

    async def check(self) -> str:
        """Say what the settings mean; there is nothing that could refuse us."""
        words = ["visitors can be identified" if self._settings.secret else "no secret: visitors stay guests"]
        if not self._settings.origins:
            words.append("no origins: pages of any site may show the widget")
        return "; ".join(words)

    def parse(self, update: Update) -> Sequence[Inbound]:
        """Understand a stored update. Raises Unreadable."""
        return incoming.parse(self.name, update)

    async def send(self, message: Outgoing) -> Receipt:
        """Nothing is left to do: it stands in the store, and open lines read it from there once it is settled."""
        return Receipt(message.id)

    async def edit(self, message: Outgoing, sent: Sequence[str]) -> Receipt:
        """Nothing is left to do: the row says what it is to say, and open lines are told that it changed."""
        return Receipt(message.id)

    async def delete(self, chat: ChatId, sent: Sequence[str]) -> None:
        """Nothing is left to do, as with an edit."""

    async def react(self, chat: ChatId, external_id: str, emoji: str) -> None:
        """Nothing is left to do, as with an edit: any sign can be shown."""

    async def seen(self, chat: ChatId, external_id: str) -> None:
        """Have whoever serves visitors show and keep how far the desk has read."""
        if self._bus is not None:
            await desk.tell_seen(self._bus, self.name, chat, external_id)

    @property
    def rates(self) -> bool:
        """Are visitors asked how they were served?"""
        return self._settings.rating

    def carries(self, attachment: Attachment) -> str | None:
        """Everything that is kept can be sent."""
        return None

    async def fetch(self, remote: Remote) -> AsyncIterator[bytes]:
        """Read a file a visitor brought: it is ours already. Raises Rejected when it is gone."""
        if self._site is None:
            raise ChannelBroken("the widget is not served by this process")
        try:
            async for piece in self._site.bridge.files.read(FileId(remote.ref.removeprefix(STORED))):
                yield piece
        except NotFound:
            raise Rejected("file_lost") from None

    async def typing(self, chat: ChatId) -> None:
        """Show typing on the chat's open lines, in whatever process they are."""
        if self._bus is not None and self._typing.due(chat):
            await tell(self._bus, self.name, chat, kind="typing", author={"kind": "bot", "name": ""})

    async def pressed(self, press_id: str, text: str = "", spent: Pressed | None = None) -> None:
        """Show what the hall says to a press; `press_id` is the chat it came from."""
        if self._bus is not None and text:
            await tell(self._bus, self.name, ChatId(press_id), kind="notice", text=text)


_: type[Channel] = Web
_typing: type[TypingChannel] = Web
_press: type[PressChannel] = Web
_files: type[FilesChannel] = Web
_edits: type[EditChannel] = Web
_deletes: type[DeleteChannel] = Web
_reacts: type[ReactChannel] = Web
_seen: type[SeenChannel] = Web
_rates: type[RatingChannel] = Web
_hears: type[HearingChannel] = Web
