"""Files of Telegram's messages: what they are called, and how their bytes are fetched."""

from collections.abc import AsyncIterator

from aiogram import Bot
from aiogram.methods import GetFile
from aiogram.types import Message, Sticker

from bots.fetching import STALL, pieces
from bots.telegram.errors import Session, funnel
from bridge.errors import Rejected
from bridge.model.files import Attachment, Remote

#: Telegram hands out files up to this size, takes files up to that one (https://core.telegram.org/bots/api#getfile).
DOWN = 20 << 20
UP = 50 << 20


def remotes(message: Message) -> tuple[Remote, ...]:
    """Return the file of a message as this bot can fetch it, none for other messages."""
    photo = message.photo or (message.live_photo.photo if message.live_photo is not None else None)
    if photo:
        largest = max(photo, key=lambda size: size.width * size.height)
        return (Remote(largest.file_id, "photo", "", "image/jpeg", largest.file_size or 0),)
    if message.sticker is not None:
        return (_sticker(message.sticker),)
    if message.voice is not None:
        voice = message.voice
        mime = voice.mime_type or "audio/ogg"
        return (Remote(voice.file_id, "voice", "", mime, voice.file_size or 0, voice.duration),)
    if message.video_note is not None:
        note = message.video_note
        return (Remote(note.file_id, "video_note", "", "video/mp4", note.file_size or 0, note.duration),)
    # An animation shows itself as a document, too: it is asked first.
    for kind, file in (("animation", message.animation), ("video", message.video), ("audio", message.audio)):
        if file is not None:
            name, mime = file.file_name or "", file.mime_type or ""
            return (Remote(file.file_id, kind, name, mime, file.file_size or 0, file.duration),)
    if message.document is not None:
        document = message.document
        name, mime = document.file_name or "", document.mime_type or ""
        return (Remote(document.file_id, "document", name, mime, document.file_size or 0),)
    return ()


def _sticker(sticker: Sticker) -> Remote:
    mime = "application/x-tgsticker" if sticker.is_animated else "video/webm" if sticker.is_video else "image/webp"
    name = "sticker.tgs" if sticker.is_animated else "sticker.webm" if sticker.is_video else "sticker.webp"
    return Remote(sticker.file_id, "sticker", name, mime, sticker.file_size or 0)


def carries(attachment: Attachment) -> str | None:
    """Return why Telegram cannot take a file, None when it can."""
    return "file_too_big" if attachment.size > UP else None


async def fetch(bot: Bot, session: Session, remote: Remote) -> AsyncIterator[bytes]:
    """Read a file. Raises Rejected, RetryLater, ChannelBroken; the address holds the token and stays in here."""
    if remote.size > DOWN:
        raise Rejected("file_too_big")
    try:
        found = await funnel(lambda: bot(GetFile(file_id=remote.ref), request_timeout=STALL))
    except Rejected as refusal:
        raise Rejected("file_unavailable" if refusal.reason == "wrong_file" else refusal.reason) from None
    if not found.file_path:
        raise Rejected("file_unavailable")
    url = session.api.file_url(bot.token, found.file_path)
    http = await session.create_session()
    async for piece in pieces(http, url):
        yield piece
