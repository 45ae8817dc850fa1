"""The shop's own program: asked by signed requests, as webhooks are; private addresses only where it is allowed."""

import time
from collections.abc import Mapping
from typing import Any

from bots.calls import Caller
from bridge.errors import Rejected, RetryLater
from bridge.ports.programs import Replied, ShopProgram


class SignedProgram:
    """A program at one address; redirects are not followed, and the address checked is the one connected to."""

    def __init__(self, url: str, secret: str, private: bool, minutes: float, timeout: float) -> None:
        self._url, self._secret, self._timeout = url, secret, timeout
        self._minutes = minutes
        self._caller = Caller(private)

    @property
    def minutes(self) -> float:
        return self._minutes

    async def ask(self, question: Mapping[str, Any]) -> Replied:
        """Ask; whatever goes wrong is in the reply."""
        asked = {**question, "at": int(time.time())}
        try:
            answered = await self._caller.post(self._url, self._secret, asked, self._timeout)
        except (RetryLater, Rejected) as fault:
            return Replied({}, fault.reason)
        if answered.status // 100 != 2:
            return Replied({}, "refused")
        return Replied(answered.said, "" if answered.said else "unreadable")

    async def close(self) -> None:
        """Give up the connections."""
        await self._caller.close()


_: type[ShopProgram] = SignedProgram
