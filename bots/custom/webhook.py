"""Our calls to the program: signed anew each time, told apart by what its answer means."""

import email.utils
import json
import re
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from bots.custom.settings import CustomSettings
from bridge.errors import BridgeError, Rejected, RetryLater, Unreachable
from bridge.signatures import HEADER, signature

#: Bytes of an answer that are read: it says an id, or why it refused.
ANSWER = 64 * 1024
#: A pause asked of us is kept, but no longer than this, seconds.
LONGEST_PAUSE = 3600.0
#: So long nothing is tried again when the address itself does not work: nobody is there, it moved, it knows us not.
ASTRAY = 30.0
_ID = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


class Webhook:
    """One address, and the connections to it."""

    def __init__(self, settings: CustomSettings) -> None:
        self._settings = settings
        self._http: aiohttp.ClientSession | None = None

    async def call(self, kind: str, id: str, at: str, data: Mapping[str, Any]) -> str:
        """Deliver an event; returns the program's own id of it, empty when it tells none.

        Repeating a call is harmless, for it carries the same id; so whatever leaves its outcome open is RetryLater.
        Raises RetryLater, Rejected, Unreachable.
        """
        event = {"id": id, "type": kind, "at": at, "data": data}
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        made = signature(self._settings.secret.get_secret_value(), body, int(time.time()))
        headers = {"Content-Type": "application/json", HEADER: made, "User-Agent": "Mostik"}
        timeout = aiohttp.ClientTimeout(total=self._settings.timeout)
        try:
            async with self._session().post(
                self._settings.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                said = _read(await _start_of(answer.content))
                if answer.status // 100 != 2:
                    raise refusal(answer.status, answer.headers, said, time.time())
                return _id_of(said)
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise RetryLater(1, "network") from None

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None or self._http.closed:
            self._http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._http

    async def close(self) -> None:
        """Give up the connections."""
        if self._http is not None:
            await self._http.close()


async def _start_of(content: aiohttp.StreamReader) -> bytes:
    found = bytearray()
    async for piece in content.iter_any():
        found += piece
        if len(found) >= ANSWER:
            break
    return bytes(found[:ANSWER])


def refusal(status: int, headers: Mapping[str, str], said: Mapping[str, Any], now: float) -> BridgeError:
    """Return what an answer that is no 2xx means.

    404, redirects and 401 say that the address or the secret is wrong, or that a proxy stands there alone: the shop
    mends that, and no word is lost meanwhile. 410 says that this customer is gone. Other 4xx are final.
    """
    if status == 429:
        return RetryLater(_pause(headers, now) or 5.0, "flood")
    if status in (408, 425) or status >= 500:
        return RetryLater(max(2.0, _pause(headers, now)), "server")
    if status // 100 == 3 or status in (401, 404, 407):
        return RetryLater(ASTRAY, "webhook_secret" if status == 401 else "webhook_astray")
    if status == 410:
        return Unreachable("customer_gone")
    words = said.get("detail")
    # What the program says goes before people of the desk: one line, not long.
    line = " ".join(words.split())[:200] if isinstance(words, str) else ""
    return Rejected(line if line.isprintable() and line else "webhook_refused")


def _pause(headers: Mapping[str, str], now: float) -> float:
    """Return the seconds of a Retry-After, which may be a number or a date; 0 without one."""
    given = headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdigit():
        return min(float(given[:9]), LONGEST_PAUSE)
    try:
        return min(max(email.utils.parsedate_to_datetime(given).timestamp() - now, 0.0), LONGEST_PAUSE)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _id_of(said: Mapping[str, Any]) -> str:
    found = said.get("external_id")
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    return text if _ID.fullmatch(text) else ""
