"""How the line to a client breaks where a fault wants it."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from bots.emulators.emulation import Emulation

LOOK_SECONDS = 0.1


async def finish(
    emu: Emulation, request: web.Request, cut: str | None, answer: Callable[[], web.Response]
) -> web.StreamResponse:
    """Answer, or break the line as `cut` says: hang, half_body, or anything else for a reset."""
    if cut is None:
        return answer()
    if cut == "hang":
        await _hang(emu, request)
    if cut == "half_body":
        await _half(request, answer())
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _half(request: web.Request, whole: web.Response) -> None:
    """Send the head and the first half of a body."""
    payload = whole.body if isinstance(whole.body, bytes) else b""
    begun = web.StreamResponse(status=whole.status, headers={"Content-Type": whole.content_type})
    begun.content_length = len(payload)
    await begun.prepare(request)
    await begun.write(payload[: len(payload) // 2])


async def _hang(emu: Emulation, request: web.Request) -> None:
    """Say nothing until the client gives up or the emulator stops."""
    # A client that gives up is seen at its transport only: there is no event to wait for.
    while emu.running and request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
