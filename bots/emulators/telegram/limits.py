"""The send budget of the Bot API; off until somebody asks for it.

The figures are those of Telegram's FAQ for bots (about 30 messages a second over all chats, 1 a second in one chat
with short bursts, 20 a minute in one group); exact values are unpublished.
"""

import math
from dataclasses import dataclass

from bots.emulators.telegram.errors import too_many_requests

SPENDING = ("send", "edit", "copy", "forward")
FREE = ("sendchataction", "sendmessagedraft", "editforumtopic", "editgeneralforumtopic")


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at a steady rate (a second) up to a size."""

    size: float
    rate: float
    level: float
    at: float

    def lacks(self, cost: float, moment: float) -> float:
        """Return the seconds until the cost can be paid, 0 when it can be now."""
        self.level = min(self.size, self.level + (moment - self.at) * self.rate)
        self.at = moment
        missing = min(cost, self.size) - self.level
        return 0.0 if missing <= 1e-9 else missing / self.rate

    def pay(self, cost: float) -> None:
        """Take the cost out; a cost above the size leaves a debt."""
        self.level -= cost


class Limits:
    """Token buckets per bot, chat and group; sendChatAction has its own (20 in 5 s, 40 in 30 s for a chat)."""

    def __init__(self) -> None:
        self.on = False
        self._buckets: dict[tuple[str, int, int], Bucket] = {}

    def clear(self) -> None:
        """Forget what was spent."""
        self._buckets.clear()

    def spend(self, bot: int, method: str, chat: int, count: int, moment: float, scale: float = 1.0) -> None:
        """Pay for a call; raises BotApiError 429 with whole seconds to wait.

        `moment` is a monotonic time of the emulated day, which runs `scale` times faster than the caller's.
        """
        if not self.on:
            return
        if method == "sendchataction":
            wanted = [("action5", 20.0, 4.0, 1), ("action30", 40.0, 40 / 30, 1)]
        elif method == "createforumtopic" or (method.startswith(SPENDING) and method not in FREE):
            wanted = [("bot", 30.0, 30.0, count), ("chat", 4.0, 1.0, count)]
            if chat < 0:
                wanted.append(("group", 20.0, 20 / 60, count))
        else:
            return
        found = []
        for name, size, rate, cost in wanted:
            key = (name, bot, 0 if name == "bot" else chat)
            bucket = self._buckets.setdefault(key, Bucket(size, rate, size, moment))
            found.append((bucket, cost))
        wait = max(bucket.lacks(cost, moment) for bucket, cost in found)
        if wait > 0:
            raise too_many_requests(math.ceil(wait / scale))
        for bucket, cost in found:
            bucket.pay(cost)
