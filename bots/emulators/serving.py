"""The life of an emulator, whatever messenger it plays: started, mounted, served in a process of its own, stopped."""

import asyncio
import contextlib
import json
import signal
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import aiohttp
from aiohttp import web

from bots.emulators.emulation import Emulation
from bots.emulators.state import StateFile, replace

E = TypeVar("E", bound=Emulation)


class Emulator(ABC, Generic[E]):
    """A messenger's server on the loopback: routes to mount, deliveries that begin and end with it, a state file."""

    def __init__(self, emulation: E, state: StateFile | None, expose_ctl: bool) -> None:
        self.emulation = emulation
        self.expose_ctl = expose_ctl
        self._state = state
        self._saving: asyncio.Task[None] | None = None
        if state is not None:
            state.load()
            emulation.on_change = state.changed

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """Return the emulator's routes, for a server that starts and stops it itself."""

    @abstractmethod
    def begin(self) -> None:
        """Deliver what waits to those who gave an address for it."""

    @abstractmethod
    def let_go(self) -> None:
        """Answer whoever waits for something to come."""

    @abstractmethod
    def end(self) -> Sequence[asyncio.Task[None]]:
        """Give deliveries up; returns their tasks, on their way out."""

    async def serving(self, base: str) -> None:
        """Be told the address under which a process of its own serves, before anybody else is."""

    async def start(self) -> None:
        """Begin deliveries and saving; `app()` does it by itself."""
        emu = self.emulation
        emu.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        emu.running, emu.closing = True, False
        self.begin()
        if self._state is not None:
            self._saving = asyncio.create_task(self._state.follow())

    def release(self) -> None:
        """Let go whoever waits for an event or a change, and take up no more deliveries."""
        emu = self.emulation
        emu.running, emu.closing = False, True
        self.let_go()
        emu.changes.wake_all()

    async def stop(self) -> None:
        """End deliveries and save for the last time."""
        self.release()
        await asyncio.gather(*self.end(), return_exceptions=True)
        emu = self.emulation
        if emu.session is not None:
            await emu.session.close()
            emu.session = None
        if self._state is not None:
            if self._saving is not None:
                self._saving.cancel()
                await asyncio.gather(self._saving, return_exceptions=True)
            await self._state.save(clean=True)

    def app(self) -> web.Application:
        """Return an application to serve or to mount under a prefix; it starts and stops the emulator."""
        made = web.Application()
        made.add_routes(self.routes())

        async def lifetime(_: web.Application) -> AsyncIterator[None]:
            await self.start()
            yield
            await self.stop()

        async def release(_: web.Application) -> None:
            self.release()

        made.cleanup_ctx.append(lifetime)
        made.on_shutdown.append(release)
        return made


async def serve(emulator: Emulator[Any], host: str, port: int, ready_file: Path | str | None = None) -> None:
    """Serve an emulator until SIGTERM or cancelled; prints its base, writes {"base", "ctl"?} into the ready file."""
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
        await emulator.serving(base)
        ready: dict[str, Any] = {"base": base} | ({"ctl": f"{base}/ctl"} if emulator.expose_ctl else {})
        if ready_file is not None:
            await asyncio.to_thread(replace, Path(ready_file), json.dumps(ready).encode())
        print(base, flush=True)
        await stopped.wait()
    finally:
        await runner.cleanup()
