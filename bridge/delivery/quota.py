"""How much may be sent in a time: turns that grow back evenly, for one process or, by the same port, for several."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

#: Buckets kept at most before those nothing was taken from lately are forgotten.
KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Draw:
    """Turns asked of the bucket `key`, which holds `size` of them and grows `per_second`; `reserve` stay in it.

    Of a `count` above the size the bucket must be full, and owes the rest.
    """

    key: str
    size: float
    per_second: float
    reserve: float = 0
    count: int = 1


class Quota(Protocol):
    """Turns of an installation, whoever of its processes takes them."""

    async def take(self, pause: str, draws: Sequence[Draw]) -> float:
        """Take the turns of every bucket and return 0, or take none and return the seconds to wait.

        Nothing is taken either while `pause` lasts. Never raises.
        """

    async def pause(self, key: str, seconds: float) -> None:
        """Give no turns under this key for so long. Never raises."""


class Bucket:
    """Turns that grow back evenly."""

    __slots__ = ("_at", "_rate", "_size", "_turns")

    def __init__(self, size: float, per_second: float, now: float) -> None:
        self._size = size
        self._rate = per_second
        self._turns = size
        self._at = now

    def wait(self, now: float, reserve: float = 0, count: int = 1) -> float:
        """Return the seconds until so many turns are there beyond the reserve, 0 when they are there now."""
        self._turns = min(self._size, self._turns + (now - self._at) * self._rate)
        self._at = now
        missing = min(count, self._size) + reserve - self._turns
        return missing / self._rate if missing > 1e-9 else 0.0

    def take(self, count: int = 1) -> None:
        """Take turns, be they there or not."""
        self._turns -= count

    def full(self, now: float) -> bool:
        """Tell whether nothing was taken lately."""
        return self._turns + (now - self._at) * self._rate >= self._size


class LocalQuota:
    """The turns of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}
        self._paused: dict[str, float] = {}

    async def take(self, pause: str, draws: Sequence[Draw]) -> float:
        """Take a turn of every bucket, or return the seconds to wait."""
        now = self._clock()
        left = self._paused.get(pause, 0.0) - now
        if left > 0:
            return left
        self._paused.pop(pause, None)
        buckets = [self._bucket(draw, now) for draw in draws]
        asked = list(zip(buckets, draws, strict=True))
        wait = max((bucket.wait(now, draw.reserve, draw.count) for bucket, draw in asked), default=0.0)
        if not wait:
            for bucket, draw in asked:
                bucket.take(draw.count)
        return wait

    async def pause(self, key: str, seconds: float) -> None:
        """Give no turns under this key for so long."""
        self._paused[key] = self._clock() + seconds

    def note(self, draws: Sequence[Draw]) -> None:
        """Count turns that were taken elsewhere, so that taking over from there begins where it stood."""
        now = self._clock()
        for draw in draws:
            bucket = self._bucket(draw, now)
            if not bucket.wait(now, 0, draw.count):
                bucket.take(draw.count)

    def _bucket(self, draw: Draw, now: float) -> Bucket:
        bucket = self._buckets.get(draw.key)
        if bucket is None:
            if len(self._buckets) > KEPT:
                self._buckets = {key: each for key, each in self._buckets.items() if not each.full(now)}
            bucket = self._buckets[draw.key] = Bucket(draw.size, draw.per_second, now)
        return bucket


_: type[Quota] = LocalQuota
