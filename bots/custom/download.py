"""GET /api/v1/channels/{name}/files/{id}: files of words that went out, by the address that stood in the webhook."""

import time
from urllib.parse import quote

from aiohttp import web

from bots.custom.attachments import may_have
from bots.custom.place import Place
from bots.custom.problems import GUARDS, Problem
from bridge.errors import NotFound
from bridge.model.ids import FileId


async def download(place: Place, request: web.Request) -> web.StreamResponse:
    """Hand a file out to whoever holds its address; others learn nothing of it."""
    id, query = request.match_info["id"], request.query
    if not may_have(place.secret, id, query.get("expires", ""), query.get("v1", ""), time.time()):
        raise Problem(403, "bad_signature", "the address of this file is wrong, or older than a week")
    file = await place.bridge.store.files.find(FileId(id))
    if file is None:
        raise Problem(404, "not_found", "there is no such file")
    pieces = place.bridge.files.read(file.id)
    try:
        first = await anext(pieces, b"")  # before the answer begins: bytes that are gone are an honest 404
    except NotFound:
        raise Problem(404, "not_found", "there is no such file") from None
    response = web.StreamResponse(
        headers={
            **GUARDS,
            "Content-Type": file.mime or "application/octet-stream",
            "Content-Length": str(file.size),
            # Never a page of ours, whatever it holds.
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        }
    )
    await response.prepare(request)
    await response.write(first)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response
