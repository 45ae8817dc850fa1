"""Our calls to addresses that people named: signed anew each time, never redirected, little of the answer read."""

import email.utils
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bots.internet import Internal, PublicResolver, address_fault, leads_out
from bridge.errors import Rejected, RetryLater
from bridge.ports.webhooks import Answer, WebhookDoor
from bridge.signatures import HEADER, signature

#: Bytes of an answer that are read: it says an id, or why it refused.
ANSWER = 64 * 1024
#: A pause asked of us is kept, but no longer than this, seconds.
LONGEST_PAUSE = 3600.0
#: Seconds to wait for an answer where no setting says otherwise.
PATIENCE = 10.0
#: Connections to all webhooks at once.
CONNECTIONS = 50


@dataclass(frozen=True, slots=True)
class Answered:
    """What a program answered: `said` is the JSON object of its body, empty when it is none."""

    status: int
    headers: Mapping[str, str]
    said: Mapping[str, Any]


class Caller:
    """Connections for signed calls; unless `inside`, names and addresses that lead into a network are refused."""

    def __init__(self, inside: bool) -> None:
        self._inside = inside
        self._http: aiohttp.ClientSession | None = None

    async def post(self, url: str, secret: str, event: Mapping[str, Any], timeout: float) -> Answered:
        """Deliver an event. Raises RetryLater("network") without an answer, Rejected("address_not_allowed")."""
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        made = signature(secret, body, int(time.time()))
        headers = {"Content-Type": "application/json", HEADER: made, "User-Agent": "Mostik"}
        headers["Accept-Encoding"] = "identity"  # what is packed is not unpacked: little can become much
        if not self._inside and not leads_out(url):
            raise Rejected("address_not_allowed")
        try:
            async with self._session().post(
                url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(total=timeout), allow_redirects=False
            ) as answer:
                return Answered(answer.status, answer.headers, _read(await _start_of(answer.content)))
        except aiohttp.ClientConnectorError as fault:
            if isinstance(fault.os_error, Internal):
                raise Rejected("address_not_allowed") from None
            raise RetryLater(1, "network") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise RetryLater(1, "network") from None

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None or self._http.closed:
            resolver = None if self._inside else PublicResolver()
            connector = aiohttp.TCPConnector(resolver=resolver, limit=CONNECTIONS)
            cookies = aiohttp.DummyCookieJar()
            self._http = aiohttp.ClientSession(connector=connector, cookie_jar=cookies, auto_decompress=False)
        return self._http

    async def close(self) -> None:
        """Give up the connections."""
        if self._http is not None:
            await self._http.close()


class WebhookCaller:
    """The door of webhooks that administrators registered."""

    def __init__(self, inside: bool) -> None:
        self._inside = inside
        self._caller = Caller(inside)

    def refusal(self, url: str) -> str | None:
        """Return a code of why an address cannot be called, as far as its spelling tells; None: it may be."""
        fault = address_fault(url)
        return fault or (None if self._inside or leads_out(url) else "address_not_allowed")

    async def call(self, url: str, secret: str, event: Mapping[str, Any]) -> Answer:
        """Call an address with a signed event; only a 2xx is a success."""
        try:
            answered = await self._caller.post(url, secret, event, PATIENCE)
        except (RetryLater, Rejected) as fault:
            return Answer(0, fault.reason)
        if answered.status // 100 == 2:
            return Answer(answered.status)
        return Answer(answered.status, "refused", pause(answered.headers, time.time()))

    async def close(self) -> None:
        """Give up the connections."""
        await self._caller.close()


def pause(headers: Mapping[str, str], now: float) -> float:
    """Return the seconds of a Retry-After, which may be a number or a date; 0 without one."""
    given = headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdigit():
        return min(float(given[:9]), LONGEST_PAUSE)
    try:
        return min(max(email.utils.parsedate_to_datetime(given).timestamp() - now, 0.0), LONGEST_PAUSE)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0


async def _start_of(content: aiohttp.StreamReader) -> bytes:
    found = bytearray()
    async for piece in content.iter_any():
        found += piece
        if len(found) >= ANSWER:
            break
    return bytes(found[:ANSWER])


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


_: type[WebhookDoor] = WebhookCaller
