"""Our calls to the program, told apart by what its answer means."""

import re
import time
from collections.abc import Mapping
from typing import Any

from bots.calls import Caller, pause
from bots.custom.settings import CustomSettings
from bridge.errors import BridgeError, Rejected, RetryLater, Unreachable

#: So long nothing is tried again when the address itself does not work: nobody is there, it moved, it knows us not.
ASTRAY = 30.0
_ID = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


class Webhook:
    """One address, and the connections to it."""

    def __init__(self, settings: CustomSettings) -> None:
        self._settings = settings
        self._caller = Caller(inside=True)  # whoever writes the settings may name any address

    async def call(self, kind: str, id: str, at: str, data: Mapping[str, Any]) -> str:
        """Deliver an event; returns the program's own id of it, empty when it tells none.

        Repeating a call is harmless, for it carries the same id; so whatever leaves its outcome open is RetryLater.
        Raises RetryLater, Rejected, Unreachable.
        """
        event = {"id": id, "type": kind, "at": at, "data": data}
        secret = self._settings.secret.get_secret_value()
        answered = await self._caller.post(self._settings.url, secret, event, self._settings.timeout)
        if answered.status // 100 != 2:
            raise refusal(answered.status, answered.headers, answered.said, time.time())
        return _id_of(answered.said)

    async def close(self) -> None:
        """Give up the connections."""
        await self._caller.close()


def refusal(status: int, headers: Mapping[str, str], said: Mapping[str, Any], now: float) -> BridgeError:
    """Return what an answer that is no 2xx means.

    404, redirects and 401 say that the address or the secret is wrong, or that a proxy stands there alone: the shop
    mends that, and no word is lost meanwhile. 410 says that this customer is gone. Other 4xx are final.
    """
    if status == 429:
        return RetryLater(pause(headers, now) or 5.0, "flood")
    if status in (408, 425) or status >= 500:
        return RetryLater(max(2.0, pause(headers, now)), "server")
    if status // 100 == 3 or status in (401, 404, 407):
        return RetryLater(ASTRAY, "webhook_secret" if status == 401 else "webhook_astray")
    if status == 410:
        return Unreachable("customer_gone")
    words = said.get("detail")
    # What the program says goes before people of the desk: one line, not long.
    line = " ".join(words.split())[:200] if isinstance(words, str) else ""
    return Rejected(line if line.isprintable() and line else "webhook_refused")


def _id_of(said: Mapping[str, Any]) -> str:
    found = said.get("external_id")
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    return text if _ID.fullmatch(text) else ""
