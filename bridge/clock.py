"""The clock of real life."""

import asyncio
from datetime import UTC, datetime

from bridge.ports import Clock


class SystemClock:
    """Time of this machine."""

    def now(self) -> datetime:
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0))


_: type[Clock] = SystemClock
