"""POST /widget/{channel}/files and GET …/files/{id}: what a visitor brings, and what he is sent."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import BodyPartReader, MultipartReader, web

from bots.web.access import address_of, allow_origin, bearer, check_origin
from bots.web.history import PORTION
from bots.web.problems import GUARDS, Problem
from bots.web.shapes import is_shown
from bots.web.site import ASKED, Site
from bots.web.visitors import Visitor, holder
from bridge import files
from bridge.errors import Invalid
from bridge.model.conversations import ConversationFilters
from bridge.model.files import StoredFile
from bridge.model.ids import ChatId, ConversationId, FileId

#: Bytes read at once.
PIECE = 64 * 1024
#: Beside a file's own bytes, a request of it has boundaries and headers.
AROUND = 64 * 1024
#: Visitors behind one address who may bring as many files as they like to: an office, or a mobile network's gate.
AT_ONE_ADDRESS = 20
#: Types a browser may show by itself: found by looking into the file, and none of them can carry a script.
INLINE = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp"}
    | {"audio/ogg", "audio/mpeg", "audio/mp4", "audio/wav", "audio/webm", "audio/aac", "audio/flac"}
    | {"video/mp4", "video/webm", "video/quicktime"}
)


def owner(site: Site, chat: ChatId) -> str:
    """Return whose the files of a chat's visitor are."""
    return f"chat:{site.name}:{chat}"


async def upload(site: Site, request: web.Request) -> web.Response:
    """Keep a file of the visitor; he attaches it to a word by its id."""
    check_origin(site, request)
    visitor = await holder(site, bearer(request))
    if (request.content_length or 0) > site.bridge.files.limit + AROUND:
        raise _refused(site, "file_too_big")
    await site.turn("file", visitor.chat, site.settings.files_per_hour, 3600)
    # Who may be any number of visitors still has one address, and the disk is one.
    await site.turn("files", address_of(site, request), site.settings.files_per_hour * AT_ONE_ADDRESS, 3600)
    form = await _form(request)
    try:
        kept = await files.take(
            site.bridge,
            form.pieces(),
            name=form.part.filename or "",
            mime=form.part.headers.get("Content-Type", ""),
            by=owner(site, visitor.chat),
        )
    except Invalid as refusal:
        raise _refused(site, refusal.errors[0][1]) from None
    return web.json_response(
        {
            "id": kept.id,
            "kind": kept.kind,
            "name": kept.name,
            "mime": kept.mime,
            "size": kept.size,
            "width": kept.width,
            "height": kept.height,
        },
        status=201,
    )


def _refused(site: Site, code: str) -> Problem:
    status = {"file_too_big": 413, "file_type": 415}.get(code, 422)
    return Problem(status, code, words=f"reason.{code}", values={"limit": site.bridge.files.limit >> 20})


@dataclass(frozen=True, slots=True)
class _Form:
    """A form at its one field, the file, which is not read yet."""

    reader: MultipartReader
    part: BodyPartReader

    async def pieces(self) -> AsyncIterator[bytes]:
        """Read the file to the form's end. Raises Problem 400 when it broke off."""
        try:
            while piece := await self.part.read_chunk(PIECE):
                yield piece
            await self.reader.next()
        except (ValueError, ConnectionError):
            raise Problem(400, "bad_form") from None


async def _form(request: web.Request) -> _Form:
    """Return the form at its first field, the file. Raises Problem for any other request."""
    if request.content_type != "multipart/form-data":
        raise Problem(422, "no_file")
    try:
        reader = await request.multipart()
        part = await reader.next()
    except ValueError:
        raise Problem(400, "bad_form") from None
    if not isinstance(part, BodyPartReader) or part.name != "file":
        raise Problem(422, "no_file")
    return _Form(reader, part)


async def download(site: Site, request: web.Request) -> web.StreamResponse:
    """Return a file of the visitor's own conversations, or one he brought; others are not there for him."""
    visitor = await holder(site, bearer(request))
    await site.turn("ask", visitor.chat, ASKED, 60)
    file = await site.bridge.store.files.find(FileId(request.match_info["id"]))
    if file is None or not await _may_see(site, visitor, file):
        raise Problem(404, "not_found")
    pieces = site.bridge.files.read(file.id)
    first = await anext(pieces, b"")  # before the answer begins: bytes that are gone are an honest 404
    response = web.StreamResponse(headers=_headers(file))
    for header, value in GUARDS.items():
        response.headers.setdefault(header, value)
    allow_origin(site, request, response)
    await response.prepare(request)
    await response.write(first)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response


def _headers(file: StoredFile) -> dict[str, str]:
    """Return the headers of a file: what it was found to be, or just bytes; never a page of ours."""
    inline = file.mime in INLINE
    way = "inline" if inline else "attachment"
    return {
        "Content-Type": file.mime if inline else "application/octet-stream",
        "Content-Length": str(file.size),
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Cache-Control": "private, max-age=31536000, immutable",
    }


async def _may_see(site: Site, visitor: Visitor, file: StoredFile) -> bool:
    """Is it the visitor's own, or attached to a public line of a conversation in his chat?"""
    if file.by == owner(site, visitor.chat):
        return True
    cursor: str | None = None
    filters = ConversationFilters(channel=site.name, external_id=visitor.chat)
    while True:
        rows, cursor = await site.bridge.store.conversations.page(filters, cursor, 50)
        for row in rows:
            if row.chat == visitor.chat and await _stands_in(site, row.id, file.id):
                return True
        if cursor is None:
            return False


async def _stands_in(site: Site, conversation: ConversationId, file: FileId) -> bool:
    before: int | None = None
    while before is None or before > 1:
        rows = await site.bridge.store.messages.page(conversation, None, before, PORTION)
        if any(
            is_shown(row) and row.deleted_at is None and any(each.file == file for each in row.attachments)
            for row in rows
        ):
            return True
        if not rows:
            return False
        before = rows[0].seq
    return False
