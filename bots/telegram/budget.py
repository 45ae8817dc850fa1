"""The send budget: so many messages a second over all chats, so many a minute in the staff group, by priority.

Figures are Telegram's published and observed ones: about 30 a second per bot, 20 a minute per group, where edits and
new topics count like messages.
"""

import time
from collections.abc import Callable, Iterator

#: Turns in the group's bucket that each kind leaves for more urgent ones: what a customer said is never held up by
#: an icon. Marks are reactions, which Telegram counts apart.
RESERVE = {"topic": 0, "text": 0, "notice": 1, "suggestion": 4, "card": 5, "icon": 7}
#: Sends to one chat, the group too, in a row before they are spaced a second apart.
CHAT_BURST = 3


class Bucket:
    """Turns that grow back evenly."""

    def __init__(self, size: float, per_second: float, now: float) -> None:
        self._size = size
        self._rate = per_second
        self._turns = size
        self._at = now

    def turn(self, now: float, reserve: float = 0) -> float:
        """Take a turn and return 0, or return the seconds until one is there beyond the reserve."""
        self._turns = min(self._size, self._turns + (now - self._at) * self._rate)
        self._at = now
        missing = 1 + reserve - self._turns
        if missing > 1e-9:
            return missing / self._rate
        self._turns -= 1
        return 0.0

    def full(self, now: float) -> bool:
        """Tell whether nothing was taken lately."""
        return self._turns + (now - self._at) * self._rate >= self._size

    def give_back(self) -> None:
        """Return a turn that was not used after all."""
        self._turns = min(self._size, self._turns + 1)


class SendBudget:
    """Turns of one bot."""

    def __init__(
        self, per_second: int, group: str, per_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        now = clock()
        self._all = Bucket(per_second, per_second, now) if per_second else None
        self._group = group
        self._desk = Bucket(per_minute, per_minute / 60, now)
        self._chats: dict[str, Bucket] = {}
        self._paused: dict[str, float] = {}

    def turn(self, chat: str, kind: str) -> float:
        """Take a turn for a chat and return 0, or return the seconds to wait."""
        now = self._clock()
        pause = self._paused.get(chat, 0.0) - now
        if pause > 0:
            return pause
        self._paused.pop(chat, None)
        if kind == "mark":
            return 0.0
        taken: list[Bucket] = []
        for bucket, reserve in self._buckets(chat, kind, now):
            wait = bucket.turn(now, reserve)
            if wait:
                for other in taken:
                    other.give_back()
                return wait
            taken.append(bucket)
        return 0.0

    def _buckets(self, chat: str, kind: str, now: float) -> Iterator[tuple[Bucket, float]]:
        """Yield every bucket a send draws from, with what it must leave in it."""
        if self._all is not None:
            yield self._all, 0
            yield self._chat(chat, now), 0
        if chat == self._group:
            yield self._desk, RESERVE[kind]

    def unturn(self, chat: str, seconds: float) -> None:
        """Pause a chat as long as Telegram asked for."""
        self._paused[chat] = self._clock() + seconds

    def _chat(self, chat: str, now: float) -> Bucket:
        if len(self._chats) > 10_000:
            self._chats = {name: bucket for name, bucket in self._chats.items() if not bucket.full(now)}
        bucket = self._chats.get(chat)
        if bucket is None:
            bucket = self._chats[chat] = Bucket(CHAT_BURST, 1.0, now)
        return bucket
