"""Addresses in the open internet, told from those inside: what people name is called only where they may lead."""

import ipaddress
import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

#: IPv6 that carries an IPv4 address inside, RFC 6052: what it leads to is told by the inner one.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Internal(OSError):
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


def leads_out(url: str) -> bool:
    """Tell whether an address may lie in the open internet: what a name leads to is known only when it is resolved."""
    # The host as aiohttp calls it: other spellings of figures and dots are told by no resolver.
    host = (URL(url).raw_host or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        # Also in the spellings that only the system reads: 127.1, 0x7f000001, 2130706433.
        return is_public(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        return ":" not in host or is_public(host)


def origin_of(url: str) -> str:
    """Return scheme, host and port of an http(s) address in one spelling. Raises ValueError for any other.

    Read as aiohttp reads it before it calls: hosts have spellings that only become a number there.
    """
    read = URL(url)
    if read.scheme not in ("http", "https") or not read.raw_host or read.user is not None or read.password is not None:
        raise ValueError("no http address")
    return str(read.origin())


def address_fault(url: str) -> str | None:
    """Return the code of why a text is no http(s) address, None when it is one."""
    try:
        origin_of(url)
    except ValueError:
        return "no_address"
    return None if url.isprintable() and " " not in url else "no_address"


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
            raise Internal("the name leads to an internal address")
        return public

    async def close(self) -> None:
        """Nothing is held."""
