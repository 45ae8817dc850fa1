"""The send budget: so many calls a second with one key, words before all else.

VK allows a community's key 20 calls a second (https://dev.vk.com/ru/api/api-requests); beyond that it answers error 6.
"""

import asyncio
import hashlib

from bridge.delivery.quota import Draw, LocalQuota, Quota

#: Turns that may be taken at once: with `per_second` they stay below VK's window.
BURST = 2
#: Turns that side calls (typing, read marks) leave for words.
RESERVE = 0.5
#: How often a side call looks for a turn, and how long it waits between two looks at most, seconds.
LOOKS, PATIENCE = 3, 0.2


class SendBudget:
    """Turns of one key, drawn from `quota`: this process's own where no other is given."""

    def __init__(self, token: str, per_second: int, quota: Quota | None = None) -> None:
        self.quota = quota or LocalQuota()
        self._key = f"vk:{hashlib.sha256(token.encode()).hexdigest()[:16]}"
        self._per_second = per_second

    async def turn(self, chat: str) -> float:
        """Take a turn for a chat and return 0, or return the seconds to wait."""
        return await self.quota.take(f"{self._key}:{chat}", self._draws(0))

    async def unturn(self, chat: str, seconds: float) -> None:
        """Pause a chat as long as VK means."""
        await self.quota.pause(f"{self._key}:{chat}", seconds)

    async def spare(self) -> bool:
        """Take a turn nobody needs for words, looking a few times for one; False: there is none."""
        for _ in range(LOOKS):
            wait = await self.quota.take(f"{self._key}:aside", self._draws(RESERVE))
            if not wait:
                return True
            await asyncio.sleep(min(wait, PATIENCE))
        return False

    async def wait(self) -> None:
        """Wait for a turn: a call that belongs to a word, a file's or a further part's."""
        while True:
            wait = await self.quota.take(f"{self._key}:parts", self._draws(0))
            if not wait:
                return
            await asyncio.sleep(wait)

    def _draws(self, reserve: float) -> tuple[Draw, ...]:
        if not self._per_second:
            return ()
        return (Draw(f"{self._key}:all", BURST, self._per_second, reserve),)
