"""Which of Telegram's methods sends a file: by its kind where Telegram takes it as such, else as a document."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiogram.methods import (
    SendAnimation,
    SendAudio,
    SendDocument,
    SendMediaGroup,
    SendPhoto,
    SendSticker,
    SendVideo,
    SendVideoNote,
    SendVoice,
)
from aiogram.types import (
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    MessageEntity,
)

from bridge.model.files import Attachment

#: A photo's limits (https://core.telegram.org/bots/api#sendphoto): bytes, width and height together.
PHOTO = 10 << 20
SIDES = 10_000
#: Refusals after which a file goes as a document: a photo Telegram cannot read, a person who takes no voices.
NOT_AS_SUCH = ("bad_photo", "no_voices")
#: Kind -> types Telegram takes as such; all else goes as a document.
_TAKEN = {
    "photo": ("image/jpeg", "image/png", "image/webp"),
    "voice": ("audio/ogg", "audio/mpeg", "audio/mp4"),
    "audio": ("audio/mpeg", "audio/mp4"),
    "video": ("video/mp4",),
    "video_note": ("video/mp4",),
    "animation": ("image/gif", "video/mp4"),
    "sticker": ("image/webp", "video/webm", "application/gzip"),
}
#: Files of one album at most (https://core.telegram.org/bots/api#sendmediagroup), and kinds that stand together in it.
ALBUM = 10
_ALBUMS = (frozenset({"photo", "video"}), frozenset({"document"}), frozenset({"audio"}))
_ITEMS = {"photo": InputMediaPhoto, "video": InputMediaVideo, "document": InputMediaDocument, "audio": InputMediaAudio}
_METHODS: dict[str, Any] = {
    "photo": SendPhoto,
    "document": SendDocument,
    "voice": SendVoice,
    "audio": SendAudio,
    "video": SendVideo,
    "video_note": SendVideoNote,
    "animation": SendAnimation,
    "sticker": SendSticker,
}


def sent_as(attachment: Attachment, known: bool) -> str:
    """Return the kind a file goes out as; one Telegram knows goes as what it is there."""
    kind = attachment.kind
    if known and kind in _METHODS:
        return kind
    if attachment.mime not in _TAKEN.get(kind, ()):
        return "document"
    too_large = attachment.size > PHOTO or attachment.width + attachment.height > SIDES
    return "document" if kind == "photo" and too_large else kind


def has_caption(kind: str) -> bool:
    """Tell whether words may stand under a file of a kind."""
    return kind not in ("video_note", "sticker")


def albums(kinds: Sequence[str]) -> list[int]:
    """Return how many files in a row go as one album, or alone (1): up to 10 that Telegram lets stand together."""
    sizes: list[int] = []
    family: frozenset[str] = frozenset()
    for kind in kinds:
        if kind in family and sizes[-1] < ALBUM:
            sizes[-1] += 1
        else:
            sizes.append(1)
            family = next((each for each in _ALBUMS if kind in each), frozenset())
    return sizes


def sending(
    files: Sequence[Attachment],
    media: Sequence[str | InputFile],
    caption: str,
    entities: list[MessageEntity] | None,
    as_documents: bool,
    where: Mapping[str, Any],
) -> Any:
    """Return the call that sends one file, or several as an album; `media`: their ids at Telegram, or their bytes."""
    kinds = [
        "document" if as_documents else sent_as(file, isinstance(each, str))
        for file, each in zip(files, media, strict=True)
    ]
    words = {"caption": caption or None, "caption_entities": entities}
    if len(files) > 1:
        items = [
            _ITEMS[kind](media=each, **(words if number == 0 else {}), **_details(kind, file))
            for number, (kind, each, file) in enumerate(zip(kinds, media, files, strict=True))
        ]
        return SendMediaGroup(media=items, **where)
    kind = kinds[0]
    given = {kind: media[0], **_details(kind, files[0])}
    if has_caption(kind):
        given |= words
    return _METHODS[kind](**given, **where)


def _details(kind: str, file: Attachment) -> dict[str, Any]:
    """Return what Telegram shows before it has looked into a file itself."""
    if kind == "document":
        return {"disable_content_type_detection": True}
    details: dict[str, Any] = {}
    if kind in ("voice", "audio", "video", "video_note", "animation") and file.seconds:
        details["duration"] = file.seconds
    if kind in ("video", "animation") and file.width and file.height:
        details |= {"width": file.width, "height": file.height}
    return details
