"""Files of customers, by the direct addresses VK gives with a message; they expire, so they are fetched at once."""

from collections.abc import AsyncIterator

import aiohttp

from bots.fetching import pieces
from bridge.errors import Rejected
from bridge.model.files import Remote

REDIRECTS = 3


async def fetch(http: aiohttp.ClientSession, remote: Remote) -> AsyncIterator[bytes]:
    """Read a file. Raises Rejected with a phrase code, RetryLater."""
    if not remote.ref.startswith(("https://", "http://")):
        raise Rejected("file_unavailable")
    async for piece in pieces(http, remote.ref, REDIRECTS):
        yield piece
