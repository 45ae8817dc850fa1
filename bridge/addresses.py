"""Where a request comes from: what trusted proxies saw, and whose turns are counted together. Pure."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit


def caller(forwarded: Iterable[str], proxies: int, remote: str | None) -> str:
    """Return who calls: behind `proxies` trusted proxies, what the outermost of them saw.

    `forwarded` are all X-Forwarded-For headers of the request in their order: some proxies lengthen the one there is,
    others add one of their own, and what the caller wrote himself stands before both.
    """
    hops = [hop.strip() for header in forwarded for hop in header.split(",") if hop.strip()]
    if 0 < proxies <= len(hops):
        return hops[-proxies]
    return remote or ""


def network(address: str) -> str:
    """Return whose an address is, for counting: of IPv6 the /64 that one customer of a provider has for himself."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((read, 64), strict=False))


def place_of(origin: str) -> str:
    """Return host and port of an Origin header in lower case, empty for what has none ("null") or cannot be read."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
