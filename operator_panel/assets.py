"""GET /static/{hash}/{path}: the files of the pages."""

import asyncio

from aiohttp import web

from operator_panel.office import Office
from operator_panel.packing import takes, tightly_packed
from operator_panel.problems import Problem
from operator_panel.serving import Serve, watched

_FOR_EVER = "public, max-age=31536000, immutable"


def asset(office: Office) -> Serve:
    """Return what aiohttp calls for a static file."""

    async def serve(request: web.Request) -> web.StreamResponse:
        return await watched(office, "/static", request, lambda: _serve(office, request))

    return serve


async def _serve(office: Office, request: web.Request) -> web.Response:
    found = office.statics.get(request.match_info["path"])
    if found is None:
        raise Problem(404, "not_found")
    # A page of an older version may still ask by its hash: it gets what there is now, and keeps nothing.
    headers = {"Cache-Control": _FOR_EVER if request.match_info["hash"] == found.hash else "no-cache"}
    body = found.body
    if found.packed is not None:
        headers["Vary"] = "Accept-Encoding"
        accepted = request.headers.get("Accept-Encoding", "")
        if takes(accepted, "br"):
            headers["Content-Encoding"] = "br"
            body = await asyncio.to_thread(tightly_packed, found.body)
        elif takes(accepted, "gzip"):
            headers["Content-Encoding"] = "gzip"
            body = found.packed
    headers["Content-Type"] = f"{found.mime}; charset=utf-8" if found.mime.startswith("text/") else found.mime
    return web.Response(body=body, headers=headers)
