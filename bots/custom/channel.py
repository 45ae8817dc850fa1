"""A program of one's own as a channel of the bridge."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web

from bots.asides import Asides, Spacing
from bots.custom import attachments, facts
from bots.custom.download import download
from bots.custom.inbound import inbound, serving
from bots.custom.place import Place
from bots.custom.problems import Problem
from bots.custom.settings import CustomSettings
from bots.custom.webhook import Webhook
from bridge.context import Bridge
from bridge.errors import Rejected
from bridge.model.files import Attachment, Remote
from bridge.model.ids import ChannelName, ChatId, fresh
from bridge.model.inbound import Inbound, Pressed, Update
from bridge.people.asking import SHARE
from bridge.ports.abilities import RepeatableChannel
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
    TypingChannel,
)

log = logging.getLogger("mostik.custom")

#: Typing is told for a few seconds: asked more often, it costs calls and shows nothing new.
TYPING = 4.0


class Custom:
    """One program: it calls us, we call it, both sign."""

    kind = "custom"
    #: A program keeps the ids it has seen for a day, as docs/custom.md asks.
    remembers = 24 * 3600.0

    def __init__(self, name: str, settings: CustomSettings, public_url: str) -> None:
        self.name = ChannelName(name)
        self.state = ChannelState()
        self._settings = settings
        self._path = f"/api/v1/channels/{name}"
        self._base = public_url.rstrip("/") + self._path
        self._webhook = Webhook(settings)
        self._http: aiohttp.ClientSession | None = None
        self._place: Place | None = None
        self._typing = Spacing(TYPING)
        self._asides = Asides(log)

    def routes(self, bridge: Bridge) -> list[web.RouteDef]:
        """Return the program's ways in; the first custom channel also answers for names that nobody has."""
        place = self._place = Place(self.name, self._settings, bridge)
        found = [
            web.post(f"{self._path}/inbound", serving(place, inbound)),
            web.route("*", f"{self._path}/inbound", serving(place, _only_post)),
            web.get(f"{self._path}/files/{{id}}", serving(place, download), allow_head=False),
        ]
        customs = [name for name, channel in bridge.channels.by_name.items() if channel.kind == self.kind]
        if customs[:1] in ([], [self.name]):
            found.append(web.post("/api/v1/channels/{name}/inbound", serving(place, _nobody)))
        return found

    async def run(self, accept: Accept) -> None:
        """Take calls until cancelled."""
        place = self._place
        if place is None:
            raise RuntimeError("the routes of a custom channel are asked for before it runs")
        place.accept = accept
        self.state = ChannelState("ok")
        try:
            await asyncio.Event().wait()
        finally:
            place.accept = None
            self.state = ChannelState()

    async def close(self) -> None:
        """Give up what is under way and the connections."""
        self._asides.give_up()
        await self._webhook.close()
        if self._http is not None:
            await self._http.close()

    async def check(self) -> str:
        """Say what the settings mean; nobody is called, for a call would mean something to the program."""
        where = ", ".join(self._settings.file_origins) or "any public address"
        proof = "customers' contacts are proved" if self._settings.vouches else "customers' contacts are claimed"
        return f"calls come to {self._base}/inbound, go to {self._settings.url}; {proof}; files from {where}"

    def parse(self, update: Update) -> Sequence[Inbound]:
        """Understand a stored event. Raises Unreadable."""
        return facts.read(self.name, update)

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver a word; it keeps its id however often it is tried, so that the program can tell."""
        data = {**self._about(message.chat), "message": self._message(message)}
        at = message.at or datetime.now(UTC)
        return Receipt(await self._webhook.call("message.created", message.id, _time(at), data) or message.id)

    async def edit(self, message: Outgoing, sent: Sequence[str]) -> Receipt:
        """Tell what a word says now: applied again, it changes nothing."""
        id = sent[-1] if sent else message.id
        data = {**self._about(message.chat), "message_id": id, "message": self._message(message)}
        await self._tell("message.edited", data)
        return Receipt(id)

    async def delete(self, chat: ChatId, sent: Sequence[str]) -> None:
        """Tell that a word is taken back."""
        for id in sent:
            await self._tell("message.deleted", {**self._about(chat), "message_id": id})

    async def react(self, chat: ChatId, external_id: str, emoji: str) -> None:
        """Tell the desk's sign on a message, empty when it is taken away."""
        await self._tell("message.reacted", {**self._about(chat), "message_id": external_id, "emoji": emoji})

    def carries(self, attachment: Attachment) -> str | None:
        """Everything that is kept can be fetched by the program."""
        return None

    async def fetch(self, remote: Remote) -> AsyncIterator[bytes]:
        """Read a file by the address the program gave. Raises Rejected, RetryLater."""
        if remote.ref.startswith(attachments.REFUSED):
            raise Rejected(remote.ref.removeprefix(attachments.REFUSED))
        if self._http is None or self._http.closed:
            self._http = attachments.session(self._settings)
        async for piece in attachments.fetch(self._http, self._settings, remote.ref):
            yield piece

    async def typing(self, chat: ChatId) -> None:
        """Tell that somebody writes, at most once in four seconds; how it went concerns nobody."""
        if self._settings.typing and self._typing.due(chat):
            self._asides.start(lambda: self._tell("typing", self._about(chat)))

    async def pressed(self, press_id: str, text: str = "", spent: Pressed | None = None) -> None:
        """Tell what the hall says to a press; `press_id` is the chat it came from."""
        if text:
            self._asides.start(lambda: self._tell("notice", {**self._about(ChatId(press_id)), "text": text}))

    async def _tell(self, kind: str, data: dict[str, Any]) -> None:
        await self._webhook.call(kind, fresh(), _time(datetime.now(UTC)), data)

    def _about(self, chat: ChatId) -> dict[str, Any]:
        return {"channel": self.name, "customer": {"id": chat}}

    def _message(self, message: Outgoing) -> dict[str, Any]:
        author = message.author
        # How a phone is shared here is the program's own affair: it tells the phone with the customer.
        choices = [choice for choice in message.choices if choice.data != SHARE]
        return {
            "id": message.id,
            "author": {"kind": author.kind.value if author else "bot", "name": author.name if author else ""},
            "text": message.text,
            "buttons": [{"text": choice.text, "data": choice.data} for choice in choices],
            "attachments": [self._file(file.attachment) for file in message.files],
            "reply_to": message.reply_to,
            "asks": message.asks,
        }

    def _file(self, file: Attachment) -> dict[str, Any]:
        told = {"id": file.file, "kind": file.kind, "name": file.name, "mime": file.mime, "size": file.size}
        secret = self._settings.secret.get_secret_value()
        return {**told, "url": attachments.handed_out(self._base, secret, file.file, time.time())}


async def _only_post(place: Place, request: web.Request) -> web.Response:
    raise Problem(405, "method_not_allowed", "allowed here: POST", (), {"Allow": "POST"})


async def _nobody(place: Place, request: web.Request) -> web.Response:
    raise Problem(404, "not_found", "there is no such custom channel")


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_: type[Channel] = Custom
_files: type[FilesChannel] = Custom
_edit: type[EditChannel] = Custom
_delete: type[DeleteChannel] = Custom
_react: type[ReactChannel] = Custom
_typing: type[TypingChannel] = Custom
_press: type[PressChannel] = Custom
_repeatable: type[RepeatableChannel] = Custom
