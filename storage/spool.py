"""A file on its way in: written aside whole, measured while it is read, looked into before anybody keeps it."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bridge.errors import NotFound, Rejected, StoreDown
from bridge.model.files import FileClaim, FileFacts
from storage.archives import check_archive
from storage.filenames import IMAGES, PROGRAMS, clean, ending
from storage.images import OPENED, is_picture, measured
from storage.magic import ANY, ARCHIVE, HEAD, PROGRAM, sniffed

T = TypeVar("T")

#: Bytes gathered before they are written by a thread.
_PIECE = 256 << 10
_MIME = re.compile(r"application/[a-z0-9][a-z0-9.+-]{0,99}")
#: Types a claim may name although the bytes do not tell them: they are only ever saved, never shown.
_TEXTS = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "xml": "text/xml",
    "js": "text/javascript",
}
#: Kinds that say how something is shown, by the first part of the type that fits them.
_SHOWN = {
    "sticker": "video application",  # an animated one is packed vectors
    "animation": "video",
    "video": "video",
    "video_note": "video",
    "voice": "audio",
    "audio": "audio",
}


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file written aside, and what was found in it."""

    path: Path
    facts: FileFacts


@asynccontextmanager
async def spooled(folder: Path, chunks: AsyncIterable[bytes], claim: FileClaim, limit: int) -> AsyncIterator[Spooled]:
    """Write chunks into a new file of a folder and look into it; it is gone afterwards unless it was moved away.

    Raises Rejected with a phrase code as bridge.ports.Files.keep, and StoreDown when the disk refuses.
    """
    path = folder / secrets.token_hex(16)
    try:
        size, digest = await _write(path, chunks, min(limit, claim.limit))
        yield Spooled(path, await on_disk(_looked, path, claim, size, digest))
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def on_disk(work: Callable[..., T], *args: Any, **more: Any) -> T:
    """Do something with a file in a thread. Raises NotFound, StoreDown when the disk refuses, and what it raises."""
    try:
        return await asyncio.to_thread(work, *args, **more)
    except FileNotFoundError as fault:
        raise NotFound(f"file {fault.filename}") from None
    except OSError as fault:
        raise StoreDown(f"files: {fault.strerror or fault}") from None


async def _write(path: Path, chunks: AsyncIterable[bytes], limit: int) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    piece = bytearray()
    # A line that breaks raises OSErrors as well: only what is done on the disk speaks for the disk.
    with await on_disk(path.open, "xb") as file:
        await on_disk(path.chmod, 0o600)
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise Rejected("file_too_big")
            digest.update(chunk)
            piece += chunk
            if len(piece) >= _PIECE:
                await on_disk(file.write, bytes(piece))
                piece.clear()
        await on_disk(file.write, bytes(piece))
        await on_disk(file.flush)
    if not size:
        raise Rejected("file_empty")
    return size, digest.hexdigest()


def _looked(path: Path, claim: FileClaim, size: int, digest: str) -> FileFacts:
    """Look into a file in a thread. Raises Rejected."""
    with path.open("rb") as file:
        found = sniffed(file.read(HEAD))
    last = ending(clean(claim.name, "", ""))
    if (found == PROGRAM or last in PROGRAMS) and not claim.trusted:
        raise Rejected("file_type")
    if found not in OPENED and (claim.kind == "photo" or last in IMAGES) and not found.startswith("image/"):
        raise Rejected("file_broken")  # it says it is a picture and is none
    if found == ARCHIVE:
        check_archive(path, size)
    mime = _mime(found, claim, last)
    width, height = measured(path, mime) if mime in OPENED else (0, 0)
    kind = _kind(claim.kind, mime, width, height)
    return FileFacts(kind, clean(claim.name, kind, mime), mime, size, digest, width, height)


def _mime(found: str, claim: FileClaim, last: str) -> str:
    """Return the type to keep: what the bytes tell; a claim only adds what nobody shows by itself."""
    claimed = claim.mime.partition(";")[0].strip().lower()
    if found in ("video/webm", "video/mp4", "video/ogg") and claimed.startswith("audio/"):
        return found.replace("video/", "audio/")  # the same container with sound alone
    if found == "text/plain":
        return _TEXTS.get(last, found)
    if found == ARCHIVE and claimed.startswith("application/vnd."):
        return claimed if _MIME.fullmatch(claimed) else found
    if found:
        return found
    return claimed if _MIME.fullmatch(claimed) else ANY


def _kind(claimed: str, mime: str, width: int, height: int) -> str:
    """Return how it is to be shown: as it was sent where its type allows that, else as a document."""
    if claimed == "document":
        return "document"
    family = mime.partition("/")[0]
    if mime in OPENED:
        if not is_picture(width, height):
            return "document"
        gif = "animation" if mime == "image/gif" else "photo"
        return claimed if claimed in ("animation", "sticker") else gif
    if family in _SHOWN.get(claimed, "").split():
        return claimed
    return family if family in ("audio", "video") else "document"
