"""Files on their way to VK: vk_api's VkUpload, each in a thread with a session of its own and timeouts."""

import asyncio
import io
from collections import OrderedDict
from typing import Any

import vk_api

from bots.vk.api import BlockingVkApi, Patient
from bots.vk.budget import SendBudget
from bots.vk.errors import PARAMETER, Refused, funnel
from bridge.errors import Rejected, RetryLater, StoreDown
from bridge.model.files import Attachment
from bridge.ports.channels import OutgoingFile

#: VK takes documents of 200 MB; VkUpload holds a file in memory several times over, so less is taken.
UP = 50 << 20
#: Files uploaded at once: each is in memory meanwhile.
AT_ONCE = 2
#: A photo's limits (https://dev.vk.com/ru/api/upload/photo-in-messages): width and height together, and their ratio.
SIDES = 14_000
RATIO = 20
_PHOTOS = ("image/jpeg", "image/png")
_VOICES = ("audio/ogg", "audio/mpeg")
#: What VK takes as no document (https://dev.vk.com/ru/api/upload/document): programs.
PROGRAMS = frozenset({"apk", "app", "bat", "cmd", "com", "dll", "exe", "jar", "js", "msi", "ps1", "scr", "sh", "vbs"})
#: Tries when VK says that its own upload was not right: an address may have expired meanwhile.
TRIES = 2
#: Uploaded files a process remembers: a message that must wait is not uploaded again with each attempt.
REMEMBERED = 1000


class NamedBytes(io.BytesIO):
    """A file in memory; without a name vk_api calls everything a JPEG."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name


def sent_as(attachment: Attachment) -> str:
    """Return what a file goes out as: photo, voice or doc."""
    if attachment.mime in _VOICES:
        return "voice"
    wide, high = attachment.width, attachment.height
    fits = wide + high <= SIDES and max(wide, high) <= RATIO * max(min(wide, high), 1)
    return "photo" if attachment.kind == "photo" and attachment.mime in _PHOTOS and fits else "doc"


def carries(attachment: Attachment) -> str | None:
    """Return why VK cannot take a file, None when it can."""
    if attachment.size > UP:
        return "file_too_big"
    return "file_type" if _extension(attachment) in PROGRAMS else None


def _extension(attachment: Attachment) -> str:
    _, dot, extension = attachment.name.rpartition(".")
    return extension.lower() if dot else ""


class Uploads:
    """Brings files to VK for one chat at a time, each once while the process remembers."""

    def __init__(self, token: str, base: str, budget: SendBudget) -> None:
        self._token = token
        self._base = base
        self._budget = budget
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._known: OrderedDict[tuple[str, int], str] = OrderedDict()

    async def bring(self, file: OutgoingFile, peer: int) -> str:
        """Upload a file and return its name in VK. Raises Rejected, RetryLater, ChannelBroken."""
        key = (str(file.attachment.file), peer)
        known = self._known.get(key)
        if known is None:
            async with self._slots:
                known = await self._uploaded(file, peer)
            self._known[key] = known
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known

    async def _uploaded(self, file: OutgoingFile, peer: int) -> str:
        data, kind = await _read(file), sent_as(file.attachment)
        try:
            return await self._patiently(kind, file.attachment, data, peer)
        except Refused:
            if kind == "doc":
                raise
        return await self._patiently("doc", file.attachment, data, peer)  # a photo VK cannot read goes as a document

    async def _patiently(self, kind: str, attachment: Attachment, data: bytes, peer: int) -> str:
        for left in reversed(range(TRIES)):
            for _ in ("asks where to", "saves"):
                await self._budget.wait()
            try:
                return await funnel(lambda: asyncio.to_thread(self._upload, kind, attachment, data, peer))
            except Refused as refusal:
                if refusal.vk != PARAMETER:
                    raise
                if not left:
                    raise Refused("file_refused", refusal.vk) from None
        raise AssertionError("unreachable: the last try returns or raises")

    def _upload(self, kind: str, attachment: Attachment, data: bytes, peer: int) -> str:
        """Upload in this thread; VkUpload's own session has no timeout."""
        api = BlockingVkApi(self._token, self._base)
        upload = vk_api.VkUpload(api)
        upload.http = Patient(self._base)
        extension = _extension(attachment) or {"photo": "jpg", "voice": "ogg"}.get(kind, "bin")
        file = NamedBytes(data, f"file.{extension}")
        try:
            with upload.http, api.http:
                return _named(_sent(upload, kind, file, attachment.name or file.name, peer))
        except (KeyError, IndexError, TypeError, AttributeError):
            raise RetryLater(2, "server") from None  # an answer of another shape: an upload server in trouble


def _sent(upload: Any, kind: str, file: NamedBytes, title: str, peer: int) -> tuple[str, dict[str, Any]]:
    if kind == "photo":
        return "photo", upload.photo_messages(file, peer_id=peer)[0]
    if kind == "voice":
        return "doc", upload.audio_message(file, peer_id=peer)["audio_message"]
    return "doc", upload.document_message(file, title=title, peer_id=peer)["doc"]


def _named(saved: tuple[str, dict[str, Any]]) -> str:
    kind, about = saved
    name = f"{kind}{about['owner_id']}_{about['id']}"
    return f"{name}_{about['access_key']}" if about.get("access_key") else name


async def _read(file: OutgoingFile) -> bytes:
    try:
        data = b"".join([piece async for piece in file.read()])
    except StoreDown:
        raise RetryLater(2, "store_down") from None
    if not data:
        raise Rejected("file_empty")
    return data
