"""/files: uploads, read while they come, and downloads, never as a page of ours."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import BodyPartReader, MultipartReader, web

from bridge import files
from bridge.errors import Conflict, Invalid
from bridge.model.files import StoredFile
from bridge.model.ids import FileId, derive
from bridge.rights import may, require
from bridge.teamwork import access
from operator_panel import render
from operator_panel.api import shapes
from operator_panel.problems import Problem, invalid
from operator_panel.serving import Call, idempotency_key

#: What a form adds to its file at most, bytes: a body longer than both together need not be read at all.
FORM = 16 << 10
_PIECE = 64 << 10
#: Types a browser may show by itself; each is told by the file's bytes, none of them can hold a script.
SHOWN = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm", "video/ogg", "video/quicktime"}
    | {f"audio/{name}" for name in ("ogg", "mpeg", "mp4", "webm", "wav", "aac", "flac")}
)
#: Types that are named when a file is saved; everything else is bytes.
_SAVED = frozenset({"application/pdf", "application/zip", "text/plain", "text/csv"})
_HEADERS = {
    # The bytes of an id never change; nobody but the one who may see them keeps them.
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


async def file_post(call: Call) -> shapes.File:
    """Upload a file, the one field `file` of a form; attach it by its id. Too large: 413, refused: 422 with a code."""
    require(call.actor, "article" if may(call.actor, "article") else "reply")
    request = call.request
    limit = call.bridge.files.limit
    if (request.content_length or 0) > limit + FORM:
        raise _too_large(limit)
    key = idempotency_key(request)
    try:
        form = await form_of(request)
        if not key:
            return render.file(await _kept(call, form, None))
        id = FileId(derive("upload", call.guest.scope, key))
        async with call.bridge.memory.lock(f"upload:{id}"):
            known = await call.bridge.store.files.find(id)
            return render.file(await _kept(call, form, id) if known is None else await _same(known, form, limit))
    except Invalid as refusal:
        if ("file", "file_too_big") in refusal.errors:
            raise _too_large(limit) from None
        raise


async def file(call: Call, id: str) -> web.StreamResponse:
    """Download a file or a range of it; pictures, sound and video may be shown, everything else is saved."""
    require(call.actor, "read")
    row = await call.bridge.store.files.get(FileId(id))
    await access.require_file(call.bridge, call.actor, row)
    request = call.request
    shown = row.mime in SHOWN
    mime = row.mime if shown or row.mime in _SAVED else "application/octet-stream"
    etag = f'"{row.sha256}"'
    headers = _HEADERS | {
        "Content-Type": mime,
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; {_named(row.name)}",
        "Accept-Ranges": "bytes",
        "ETag": etag,
    }
    if etag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    start, stop, partial = _range(request, row.size)
    if partial:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{row.size}"
    # The first piece before the head: a file that is gone is still a 404 then.
    pieces = _cut(call.bridge.files.read(row.id, start), stop - start)
    first = await anext(pieces, b"")
    response = web.StreamResponse(status=206 if partial else 200, headers=headers)
    response.content_length = stop - start
    await response.prepare(request)
    await response.write(first)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response


@dataclass(frozen=True, slots=True)
class Form:
    """A form at its one field, the file, which is not read yet."""

    reader: MultipartReader
    part: BodyPartReader

    async def pieces(self) -> AsyncIterator[bytes]:
        """Read the file to the form's end. Raises Problem 400 when there is none, 422 for further fields."""
        try:
            while piece := await self.part.read_chunk(_PIECE):
                yield piece
            more = await self.reader.next()
        except (ValueError, ConnectionError):
            raise Problem(400, "bad_form", "the form broke off in the middle of the file") from None
        if more is not None:
            raise invalid((getattr(more, "name", None) or "body", "unknown"))


async def form_of(request: web.Request) -> Form:
    """Return the form at its file. Raises Problem 400, 422."""
    if request.content_type != "multipart/form-data":
        raise invalid(("file", "no_form"))
    try:
        reader = await request.multipart()
        part = await reader.next()
    except ValueError:
        raise Problem(400, "bad_form", "the body is no multipart form") from None
    if not isinstance(part, BodyPartReader):
        raise invalid(("file", "required"))
    if part.name != "file":
        raise invalid((part.name or "body", "unknown"), ("file", "required"))
    return Form(reader, part)


async def _kept(call: Call, form: Form, id: FileId | None) -> StoredFile:
    return await files.take(
        call.bridge,
        form.pieces(),
        name=form.part.filename or "",
        mime=form.part.headers.get("Content-Type", ""),
        by=f"operator:{call.actor.id}",
        id=id,
    )


async def _same(known: StoredFile, form: Form, limit: int) -> StoredFile:
    """Return the file kept under this key if the body is the same; raises Conflict("key_reused")."""
    digest = hashlib.sha256()
    size = 0
    async for piece in form.pieces():
        size += len(piece)
        if size > limit:
            break
        digest.update(piece)
    if digest.hexdigest() != known.sha256:
        raise Conflict("key_reused", "this Idempotency-Key was used for another file")
    return known


def _range(request: web.Request, size: int) -> tuple[int, int, bool]:
    """Return first byte, byte behind the last, and whether a part was asked for. Raises Problem 416."""
    try:
        asked = request.http_range
    except ValueError:
        return 0, size, False  # several ranges, or none of bytes: the whole is an allowed answer
    if asked.start is None and asked.stop is None:
        return 0, size, False
    start, stop, _ = asked.indices(size)
    if start >= stop:
        raise Problem(416, "no_range", "there are no such bytes", headers={"Content-Range": f"bytes */{size}"})
    return start, stop, True


async def _cut(pieces: AsyncIterator[bytes], left: int) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def _named(name: str) -> str:
    """Return a name as RFC 6266 writes it: letters of ASCII for old clients, all of them for the others."""
    plain = "".join(letter if letter.isascii() and letter not in '"\\%;' else "_" for letter in name)
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _too_large(limit: int) -> Problem:
    return Problem(413, "too_large", f"a file of at most {limit} bytes is taken")
