"""Files of customers, by the direct addresses VK gives with a message; they expire, so they are fetched at once."""

from collections.abc import AsyncIterator

import aiohttp

from bridge.errors import Rejected, RetryLater
from bridge.model.files import Remote

_PIECE = 64 << 10
#: Seconds to wait for a connection, then for each next piece of a file.
_CONNECT = 10
_STALL = 30


async def fetch(http: aiohttp.ClientSession, remote: Remote) -> AsyncIterator[bytes]:
    """Read a file. Raises Rejected with a phrase code, RetryLater."""
    if not remote.ref.startswith(("https://", "http://")):
        raise Rejected("file_unavailable")
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=_STALL)
    try:
        async with http.get(remote.ref, timeout=timeout, max_redirects=3) as answer:
            if answer.status == 429 or answer.status >= 500:
                raise RetryLater(2, "server")
            if answer.status != 200:
                raise Rejected("file_unavailable")
            async for piece in answer.content.iter_chunked(_PIECE):
                yield piece
    except aiohttp.InvalidURL:
        raise Rejected("file_unavailable") from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise RetryLater(1, "network") from None
