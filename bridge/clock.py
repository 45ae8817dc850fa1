"""The clock of real life."""

import asyncio
import time
from datetime import UTC, datetime

from bridge.ports import Clock


class SystemClock:
    """Time of this machine."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0))


_: type[Clock] = SystemClock
