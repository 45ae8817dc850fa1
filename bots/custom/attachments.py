"""Files of a custom channel: fetched from addresses the settings allow, handed out under signed addresses of ours."""

import hmac
import ipaddress
import mimetypes
import socket
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bots.custom.settings import CustomSettings, origin_of
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
#: IPv6 that carries an IPv4 address inside, RFC 6052: what it leads to is told by the inner one.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class _Internal(OSError):
    """A name that leads into a network of ours."""


def is_public(address: str) -> bool:
    """Tell whether an IP address lies in the open internet: no loopback, private, link-local or reserved one."""
    try:
        read: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(read, ipaddress.IPv6Address):
        if read.sixtofour is not None or read.teredo is not None:
            return False
        inner = read.ipv4_mapped
        if inner is None and read in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(read) & 0xFFFFFFFF)
        read = inner or read
    return read.is_global and not read.is_multicast and not read.is_reserved


def address_fault(url: str) -> str | None:
    """Return the code of why a text is no http(s) address, None when it is one."""
    try:
        origin_of(url)
    except ValueError:
        return "no_address"
    return None if url.isprintable() and " " not in url else "no_address"


def is_allowed(settings: CustomSettings, url: str) -> bool:
    """Tell whether a file may be fetched from an address, as far as its spelling tells.

    Origins that the settings name may lie anywhere; without any, the address must be a public one, which for a name is
    known only when it is resolved.
    """
    if settings.file_origins:
        return origin_of(url) in settings.file_origins
    # The host as aiohttp calls it: other spellings of figures and dots are told by no resolver.
    host = (URL(url).raw_host or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        # Also in the spellings that only the system reads: 127.1, 0x7f000001, 2130706433.
        return is_public(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        return ":" not in host or is_public(host)


def kind_of(url: str, name: str, mime: str) -> str:
    """Guess what a file is from what is said of it; what it is in truth, its bytes say later."""
    said = mime or mimetypes.guess_type(name or PurePosixPath(urlsplit(url).path).name)[0] or ""
    return {"image": "photo", "audio": "audio", "video": "video"}.get(said.partition("/")[0], "document")


def name_of(url: str) -> str:
    """Return the name that stands at the end of an address."""
    return unquote(PurePosixPath(urlsplit(url).path).name)[:255]


class PublicResolver(AbstractResolver):
    """Names as the system knows them, without those that lead inside: the checked address is the one connected to."""

    def __init__(self) -> None:
        self._system = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve a name. Raises OSError when it is unknown or leads inside."""
        found = await self._system.resolve(host, port, family)
        public = [each for each in found if is_public(each["host"])]
        if not public:
            raise _Internal("the name leads to an internal address")
        return public

    async def close(self) -> None:
        """Nothing is held."""


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
        if isinstance(error.os_error, _Internal):
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
