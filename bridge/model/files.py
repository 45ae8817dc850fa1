"""Files that travel with words: known to a messenger, kept by us, attached to a message."""

from dataclasses import dataclass
from datetime import datetime

from bridge.model.ids import ConversationId, FileId

#: Kinds a message may carry; a sticker or an animation a channel cannot show goes as the file it is.
KINDS = ("photo", "document", "voice", "audio", "video", "video_note", "animation", "sticker")


@dataclass(frozen=True, slots=True)
class Remote:
    """A file as a messenger names it: `ref` is what its door fetches it by; size in bytes, 0: not told."""

    ref: str
    kind: str
    name: str = ""
    mime: str = ""
    size: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class FileClaim:
    """What somebody says a file is, before it was looked into; at most `limit` bytes are taken.

    `kind` is empty when nobody said. `trusted`: it is the staff's, programs are let through.
    """

    name: str
    mime: str
    kind: str
    limit: int
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is, found by looking into it: an image has its size in pixels, others 0."""

    kind: str
    name: str
    mime: str
    size: int
    sha256: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file we keep; `by` says whose it is: "operator:<id>" or "chat:<channel>:<chat>"."""

    id: FileId
    kind: str
    name: str
    mime: str
    size: int
    sha256: str
    by: str
    at: datetime
    width: int = 0
    height: int = 0
    seconds: int = 0
    loose: bool = False  # brought, and part of no message yet
    conversation: ConversationId | None = None  # which a person of the desk sent it in first
    version: int = 0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message.

    `file` is empty when it could not be kept: `reason` (a phrase code) then says why. `remote` is "<channel> <ref>"
    where the messenger knows it already, so that it need not be uploaded there again.
    """

    file: FileId
    kind: str
    name: str
    mime: str
    size: int
    width: int = 0
    height: int = 0
    seconds: int = 0
    reason: str = ""
    remote: str = ""
