"""The doors: `{base}/method/{name}`, `{base}/lp`, `{base}/upload/...`, `{base}/file/...` and `{base}/ctl`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import web

from bots.emulators import breaking, samples, serving
from bots.emulators.control import Json, file_response
from bots.emulators.faults import DOWNLOAD
from bots.emulators.vk import callback, calling, control, events, longpoll, params, uploading
from bots.emulators.vk.calling import Answer
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.errors import VkError
from bots.emulators.vk.faults import ANSWERS, DOWNLOADS, LATE, POLL, UPLOAD
from bots.emulators.vk.persistence import StateFile

DOORS = ("/method/{", "/lp", "/upload/{", "/file/{", "/picture/{")
Handle = Callable[[Emulation, web.Request], Awaitable[web.StreamResponse]]


class VkEmulator(serving.Emulator[Emulation]):
    """A VK API server on the loopback, with people to play with.

    `groups` maps communities' tokens to {"id"?, "name"?, "screen_name"?, "long_poll"?: all events on from the start,
    "scopes"?, "admin_token"?}. `open_tokens` takes any unknown token of 20 characters as a new community.
    `state_path` makes the world outlive the process. `expose_ctl` False leaves `/ctl` out. `base` is the address by
    which clients reach it; without one it is taken from the requests.
    """

    def __init__(
        self,
        groups: Mapping[str, Json] | None = None,
        state_path: Path | str | None = None,
        *,
        open_tokens: bool = False,
        expose_ctl: bool = True,
        base: str = "",
    ) -> None:
        emu = Emulation(open_tokens=open_tokens, base=base.rstrip("/"))
        super().__init__(emu, StateFile(Path(state_path), emu) if state_path is not None else None, expose_ctl)
        self.fixed_base = bool(base)
        for token, details in (groups or {}).items():
            self.add_group(token, **details)

    def add_group(self, token: str, **details: Any) -> int:
        """Register a community and return its id; one known by its id or token takes the new details."""
        return control.places.add(self.emulation, token, details).id

    def routes(self) -> list[web.RouteDef]:
        """Return the emulator's routes, for a server that starts and stops it itself."""
        emu = self.emulation

        def bound(handle: Handle) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
            async def answered(request: web.Request) -> web.StreamResponse:
                if not self.fixed_base:
                    emu.base = _base_of(request)
                return await handle(emu, request)

            return answered

        found = [
            web.route("*", "/method/{method}", bound(_method)),
            web.get("/lp", bound(_poll)),
            web.post("/upload/{kind}/{ticket}", bound(_upload)),
            web.get("/file/{key}/{access}/{name:.*}", bound(_file)),
            web.get("/picture/{name}", bound(_picture)),
        ]
        return found + (control.routes(emu) if self.expose_ctl else [])

    def begin(self) -> None:
        """Deliver what waits to the callback servers."""
        for group in self.emulation.world.groups.values():
            callback.start(self.emulation, group)

    def let_go(self) -> None:
        """Answer the polls that wait for an event."""
        for group in self.emulation.world.groups.values():
            events.wake(self.emulation, group)

    def end(self) -> Sequence[asyncio.Task[None]]:
        """Give deliveries and their retries up; returns their tasks, on their way out."""
        emu = self.emulation
        tasks = [task for line in emu.lines.values() for task in (*line.tasks.values(), *line.retries)]
        for group in emu.world.groups.values():
            callback.stop(emu, group)
        return tasks

    async def serving(self, base: str) -> None:
        """Take the address of a process of its own for what is delivered before anybody asks."""
        self.emulation.base = base


def _base_of(request: web.Request) -> str:
    """Return the address under which a client reached the emulator, with the prefix it is mounted under."""
    resource = request.match_info.route.resource
    path = resource.canonical if resource is not None else ""
    places = [at for door in DOORS if (at := path.rfind(door)) >= 0]
    return f"{request.scheme}://{request.host}{path[: min(places, default=0)]}"


async def _method(emu: Emulation, request: web.Request) -> web.StreamResponse:
    given = params.Params()
    try:
        given = await params.read(request)
    except VkError as error:
        return _response(emu, calling.refused(error, given))
    return await _finish(emu, request, await calling.perform(emu, request.match_info["method"], given))


async def _finish(emu: Emulation, request: web.Request, answer: Answer) -> web.StreamResponse:
    return await breaking.finish(emu, request, answer.cut, lambda: _response(emu, answer))


def _response(emu: Emulation, answer: Answer) -> web.Response:
    kind = "application/json" if answer.body is not None else "text/html"
    headers = {"Retry-After": str(answer.retry_after)} if answer.retry_after else {}
    return web.Response(body=answer.payload(emu.base), status=answer.status, content_type=kind, headers=headers)


async def _struck(emu: Emulation, request: web.Request, door: str) -> web.StreamResponse | None:
    """Return the answer of a fault that hits a door which is no method."""
    fault = emu.faults.strike(ANSWERS, door, None)
    if fault is None:
        return None
    emu.journal.faults[fault.kind] += 1
    if fault.kind in LATE or fault.kind == "delay":
        # These doors have nothing to be done before: the fault is one of the line.
        fault = replace(fault, kind="reset")
    return await _finish(emu, request, calling.broken(fault, params.Params(dict(request.query))))


async def _poll(emu: Emulation, request: web.Request) -> web.StreamResponse:
    struck = await _struck(emu, request, POLL)
    if struck is not None:
        return struck
    return _response(emu, Answer(200, await longpoll.answer(emu, dict(request.query))))


async def _upload(emu: Emulation, request: web.Request) -> web.StreamResponse:
    struck = await _struck(emu, request, UPLOAD)
    if struck is not None:
        return struck
    try:
        files = await params.uploads(request)
    except web.HTTPRequestEntityTooLarge:
        return _response(emu, Answer(413, raw="too large"))
    kind, ticket = request.match_info["kind"], request.match_info["ticket"]
    return _response(emu, Answer(200, uploading.take(emu, kind, ticket, files)))


async def _file(emu: Emulation, request: web.Request) -> web.StreamResponse:
    struck = await _struck(emu, request, DOWNLOAD)
    if struck is not None:
        return struck
    stored = emu.world.files.get(request.match_info["key"])
    odd = emu.faults.strike(DOWNLOADS, DOWNLOAD, None)
    if odd is not None:
        emu.journal.faults[odd.kind] += 1
    expired = odd is not None and odd.kind == "expired_link"
    if stored is None or stored.access != request.match_info["access"] or expired:
        raise web.HTTPNotFound
    if odd is not None:
        return await _finish(emu, request, Answer(200, raw=stored.content, cut="half_body"))
    return file_response(stored)


async def _picture(emu: Emulation, request: web.Request) -> web.StreamResponse:
    return web.Response(body=samples.png(request.match_info["name"], 100, 100), content_type="image/png")


async def serve(
    host: str, port: int, state: Path | None = None, ready_file: Path | None = None, *, expose_ctl: bool = True
) -> None:
    """Serve an emulator of its own that takes any token, until cancelled or told to end by SIGTERM."""
    emulator = VkEmulator(state_path=state, open_tokens=True, expose_ctl=expose_ctl)
    await serving.serve(emulator, host, port, ready_file)
