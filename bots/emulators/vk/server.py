"""The doors: `{base}/method/{name}`, `{base}/lp`, `{base}/upload/...`, `{base}/file/...` and `{base}/ctl`."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bots.emulators import samples
from bots.emulators import state as files
from bots.emulators.control import Json
from bots.emulators.faults import DOWNLOAD
from bots.emulators.vk import callback, calling, control, events, longpoll, params, uploading
from bots.emulators.vk.calling import Answer
from bots.emulators.vk.emulation import Emulation
from bots.emulators.vk.errors import VkError
from bots.emulators.vk.faults import ANSWERS, DOWNLOADS, LATE, POLL, UPLOAD
from bots.emulators.vk.persistence import StateFile

LOOK_SECONDS = 0.1
DOORS = ("/method/{", "/lp", "/upload/{", "/file/{", "/picture/{")
Handle = Callable[[Emulation, web.Request], Awaitable[web.StreamResponse]]


class VkEmulator:
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
        self.emulation = Emulation(open_tokens=open_tokens, base=base.rstrip("/"))
        self.fixed_base = bool(base)
        self.expose_ctl = expose_ctl
        self._state = StateFile(Path(state_path)) if state_path is not None else None
        self._saving: asyncio.Task[None] | None = None
        if self._state is not None:
            self._state.load(self.emulation)
            self.emulation.on_change = self._state.changed
        for token, details in (groups or {}).items():
            self.add_group(token, **details)

    def add_group(self, token: str, **details: Any) -> int:
        """Register a community and return its id; one known by its id or token takes the new details."""
        return control.places.add(self.emulation, token, details).id

    async def start(self) -> None:
        """Begin deliveries and saving; `app()` does it by itself."""
        emu = self.emulation
        emu.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        emu.running, emu.closing = True, False
        for group in emu.world.groups.values():
            callback.start(emu, group)
        if self._state is not None:
            self._saving = asyncio.create_task(self._state.run(emu))

    def release(self) -> None:
        """Let go whoever waits for an event or a change, and take up no more deliveries."""
        emu = self.emulation
        emu.running, emu.closing = False, True
        for group in emu.world.groups.values():
            events.wake(emu, group)
        emu.changes.wake_all()

    async def stop(self) -> None:
        """End deliveries and save for the last time."""
        self.release()
        emu = self.emulation
        tasks = [task for line in emu.lines.values() for task in (*line.tasks.values(), *line.retries)]
        for group in emu.world.groups.values():
            callback.stop(emu, group)
        await asyncio.gather(*tasks, return_exceptions=True)
        if emu.session is not None:
            await emu.session.close()
            emu.session = None
        if self._state is not None:
            if self._saving is not None:
                self._saving.cancel()
                await asyncio.gather(self._saving, return_exceptions=True)
            await self._state.save(emu, clean=True)

    def app(self) -> web.Application:
        """Return an application to serve or to mount under a prefix; it starts and stops the emulator."""
        made = web.Application()
        made.add_routes(routes(self))

        async def lifetime(_: web.Application) -> AsyncIterator[None]:
            await self.start()
            yield
            await self.stop()

        async def release(_: web.Application) -> None:
            self.release()

        made.cleanup_ctx.append(lifetime)
        made.on_shutdown.append(release)
        return made


def routes(emulator: VkEmulator) -> list[web.RouteDef]:
    """Return the emulator's routes, for a server that starts and stops it itself."""
    emu = emulator.emulation

    def bound(handle: Handle) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answered(request: web.Request) -> web.StreamResponse:
            if not emulator.fixed_base:
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
    return found + (control.routes(emu) if emulator.expose_ctl else [])


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
    """Answer, or break the line as a fault wants it."""
    if answer.cut is None:
        return _response(emu, answer)
    if answer.cut == "hang":
        await _hang(emu, request)
    if answer.cut == "half_body":
        await _half(emu, request, answer)
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _response(emu: Emulation, answer: Answer) -> web.Response:
    kind = "application/json" if answer.body is not None else "text/html"
    headers = {"Retry-After": str(answer.retry_after)} if answer.retry_after else {}
    return web.Response(body=answer.payload(emu.base), status=answer.status, content_type=kind, headers=headers)


async def _half(emu: Emulation, request: web.Request, answer: Answer) -> None:
    """Send the head and the first half of a body."""
    payload = answer.payload(emu.base)
    begun = web.StreamResponse(status=answer.status)
    begun.content_length = len(payload)
    await begun.prepare(request)
    await begun.write(payload[: len(payload) // 2])


async def _hang(emu: Emulation, request: web.Request) -> None:
    """Say nothing until the client gives up or the emulator stops."""
    # A client that gives up is seen at its transport only: there is no event to wait for.
    while emu.running and request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)


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
    return control.file_response(stored)


async def _picture(emu: Emulation, request: web.Request) -> web.StreamResponse:
    return web.Response(body=samples.png(request.match_info["name"], 100, 100), content_type="image/png")


async def serve(
    host: str, port: int, state: Path | None = None, ready_file: Path | None = None, *, expose_ctl: bool = True
) -> None:
    """Serve an emulator of its own that takes any token, until cancelled or told to end by SIGTERM."""
    emulator = VkEmulator(state_path=state, open_tokens=True, expose_ctl=expose_ctl)
    runner = web.AppRunner(emulator.app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stopped = asyncio.Event()
    # Not every loop can: outside the main thread whoever serves cancels.
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        base = f"http://{host}:{runner.addresses[0][1]}"
        emulator.emulation.base = base
        ready: dict[str, Any] = {"base": base} | ({"ctl": f"{base}/ctl"} if expose_ctl else {})
        if ready_file is not None:
            await asyncio.to_thread(files.replace, Path(ready_file), json.dumps(ready).encode())
        print(base, flush=True)
        await stopped.wait()
    finally:
        await runner.cleanup()
