"""The wire between a browser and the server: it can go dead, as wires do, without saying so to anybody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Wire:
    """Carries bytes both ways on a port of its own; while it is dead nothing arrives and nothing is refused."""

    port: int
    url: str = ""
    _alive: asyncio.Event = field(default_factory=asyncio.Event)
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    def die(self) -> None:
        """Carry nothing from now on; connections stay open and hear nothing."""
        self._alive.clear()

    def mend(self) -> None:
        """Carry again, first of all what was on its way."""
        self._alive.set()

    def cut(self) -> None:
        """Break every connection."""
        for end in list(self._ends):
            end.transport.abort()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect a browser to the server, for as long as both want."""
        self._ends.add(writer)
        await self._alive.wait()
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._ends.add(far_writer)
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        self._ends -= {writer, far_writer}

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(65536):
                await self._alive.wait()
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            pass  # one end broke off: so does the other
        finally:
            writer.close()


@asynccontextmanager
async def wired(port: int) -> AsyncIterator[Wire]:
    """Lay a wire to a port of this machine."""
    wire = Wire(port)
    wire.mend()
    server = await asyncio.start_server(wire.accept, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        wire.mend()
        wire.cut()
