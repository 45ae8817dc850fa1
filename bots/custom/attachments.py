"""Files of a custom channel: fetched from addresses the settings allow, handed out under signed addresses of ours."""

import hmac
import mimetypes
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urljoin, urlsplit

import aiohttp

from bots.custom.settings import CustomSettings
from bots.internet import Internal, PublicResolver, address_fault, leads_out, origin_of
from bridge.errors import Rejected, RetryLater
from bridge.model.ids import FileId
from bridge.signatures import digest

#: How long an address of a file of ours is good, seconds: longer than a webhook is repeated.
HANDED_OUT = 7 * 24 * 3600
#: Begins the ref of a file that stood in a call and was refused; the phrase code of why follows.
REFUSED = "refused:"
#: Redirects that are followed, each of them checked like the first address.
HOPS = 3
_PIECE = 64 * 1024
_CONNECT = 10
_STALL = 30


def is_allowed(settings: CustomSettings, url: str) -> bool:
    """Tell whether a file may be fetched from an address, as far as its spelling tells.

    Origins that the settings name may lie anywhere; without any, the address must be a public one, which for a name is
    known only when it is resolved.
    """
    return origin_of(url) in settings.file_origins if settings.file_origins else leads_out(url)


def kind_of(url: str, name: str, mime: str) -> str:
    """Guess what a file is from what is said of it; what it is in truth, its bytes say later."""
    said = mime or mimetypes.guess_type(name or PurePosixPath(urlsplit(url).path).name)[0] or ""
    return {"image": "photo", "audio": "audio", "video": "video"}.get(said.partition("/")[0], "document")


def name_of(url: str) -> str:
    """Return the name that stands at the end of an address."""
    return unquote(PurePosixPath(urlsplit(url).path).name)[:255]


def session(settings: CustomSettings) -> aiohttp.ClientSession:
    """Return what files are fetched with; internal addresses can be reached only where origins are named."""
    resolver = None if settings.file_origins else PublicResolver()
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=resolver, limit=20),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=_STALL),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def fetch(http: aiohttp.ClientSession, settings: CustomSettings, url: str) -> AsyncIterator[bytes]:
    """Read a file by its address. Raises Rejected, RetryLater."""
    try:
        for _ in range(HOPS + 1):
            if address_fault(url) or not is_allowed(settings, url):
                raise Rejected("file_address")
            async with http.get(url, allow_redirects=False) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    url = urljoin(url, answer.headers.get("Location", ""))
                    continue
                if answer.status in (408, 425, 429) or answer.status >= 500:
                    raise RetryLater(2, "server")
                if answer.status != 200:
                    raise Rejected("file_unavailable")
                async for piece in answer.content.iter_chunked(_PIECE):
                    yield piece
                return
        raise Rejected("file_unavailable")
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, Internal):
            raise Rejected("file_address") from None
        raise RetryLater(1, "network") from None
    except aiohttp.InvalidURL:
        raise Rejected("file_address") from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise RetryLater(1, "network") from None


def handed_out(base: str, secret: str, file: FileId, now: float) -> str:
    """Return an address of a file of ours that is good for a week and names nobody."""
    expires = int(now) + HANDED_OUT
    return f"{base}/files/{quote(file, safe='')}?expires={expires}&v1={_proof(secret, file, expires)}"


def may_have(secret: str, file: str, expires: str, proof: str, now: float) -> bool:
    """Tell whether an address of a file was made by us and is still good."""
    if not (expires.isascii() and expires.isdigit()) or len(expires) > 15 or int(expires) < now:
        return False
    given = proof.encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, _proof(secret, file, int(expires)).encode())


def _proof(secret: str, file: str, expires: int) -> str:
    return digest(secret, f"file.{file}.{expires}".encode())
