"""Reading a file of a customer from a messenger's server, at an address it gave."""

from collections.abc import AsyncIterator

import aiohttp

from bridge.errors import Rejected, RetryLater

_PIECE = 64 << 10
#: Seconds to wait for a connection, then for each next piece of a file.
CONNECT = 10
STALL = 30


async def pieces(http: aiohttp.ClientSession, url: str, redirects: int = 10) -> AsyncIterator[bytes]:
    """Read what lies at an address. Raises Rejected with a phrase code, RetryLater; neither tells the address."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=STALL)
    try:
        async with http.get(url, timeout=timeout, max_redirects=redirects) as answer:
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
