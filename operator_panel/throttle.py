"""Slows down guessing of passwords; in memory, bounded, per process."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_FREE = 5  # wrong tries before the first wait
_FIRST = 15.0  # seconds of the first wait, doubled by each further wrong try
_LONGEST = 900.0
_FORGET = timedelta(minutes=30)


@dataclass(slots=True)
class _Tries:
    wrong: int
    last: datetime
    until: datetime


@dataclass(slots=True)
class Throttle:
    """Counts wrong tries per key; the least recently tried key is forgotten when `room` is full."""

    room: int = 10_000
    free: int = _FREE
    _tries: OrderedDict[tuple[str, ...], _Tries] = field(default_factory=OrderedDict)

    def wait(self, key: tuple[str, ...], now: datetime) -> float:
        """Seconds this key has to wait; 0: may try."""
        tries = self._tries.get(key)
        if tries is None:
            return 0.0
        if now - tries.last > _FORGET:
            del self._tries[key]
            return 0.0
        return max(0.0, (tries.until - now).total_seconds())

    def wrong(self, key: tuple[str, ...], now: datetime) -> None:
        """Note a wrong try."""
        tries = self._tries.get(key)
        count = 1 if tries is None or now - tries.last > _FORGET else tries.wrong + 1
        over = count - self.free
        seconds = min(_LONGEST, _FIRST * 2 ** min(over, 10)) if over >= 0 else 0.0
        self._tries[key] = _Tries(count, now, now + timedelta(seconds=seconds))
        self._tries.move_to_end(key)
        while len(self._tries) > self.room:
            self._tries.popitem(last=False)

    def right(self, key: tuple[str, ...]) -> None:
        """Forget a key: the right password came."""
        self._tries.pop(key, None)
