"""A MongoDB server in memory, spoken to over the wire: run by the Python of .venv-mongo (3.13), not by the tests' own.

Small collections only: each insert walks its whole collection. It takes a port (0: any) and, if it is to ask for one, a
name with its password; it prints the port it took, and ends with its standard input, so that it never outlives whoever
started it.
"""

import asyncio
import sys

from mongoeco.engines import MemoryEngine
from mongoeco.wire import AsyncMongoEcoProxyServer, WireAuthUser


async def serve(port: int, *user: str) -> None:
    """Serve until standard input ends."""
    users = (WireAuthUser(*user),) if user else ()
    async with AsyncMongoEcoProxyServer(engine=MemoryEngine(), port=port, auth_users=users) as server:
        print(server.address.port, flush=True)
        await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), *sys.argv[2:]))
