"""What was asked of the server and how it went: the calls, their counts, and the delays people feel."""

from collections import Counter, deque
from collections.abc import Sequence

from bots.emulators.control import Json

CALLS_KEPT = 20_000
SPANS_KEPT = 20_000


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return a percentile of seconds in milliseconds, None without values."""
    if not values:
        return None
    ordered = sorted(values)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)


class Journal:
    """The last calls (20,000 kept) and running figures since the last reset."""

    def __init__(self) -> None:
        self.n = 0
        self.calls: deque[Json] = deque(maxlen=CALLS_KEPT)
        self.methods: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.updates = 0
        self.delivered = 0
        self.webhook_failures = 0
        self.expired = 0
        self.arrivals: deque[float] = deque(maxlen=SPANS_KEPT)
        self.replies: deque[float] = deque(maxlen=SPANS_KEPT)

    def record(self, bot: int, method: str, params: Json, at: float) -> Json:
        """Note a call when it comes in; its status is filled in by `settle`."""
        self.n += 1
        call = {"n": self.n, "at": at, "bot": bot, "method": method, "params": params, "status": None}
        self.calls.append(call)
        self.methods[method] += 1
        return call

    def settle(self, call: Json, status: int | str) -> None:
        """Note how a call ended: an HTTP status, or the name of the fault that left it without one."""
        call["status"] = status
        self.statuses[str(status)] += 1

    def since(self, n: int) -> list[Json]:
        """Return the calls after number n, oldest first."""
        fresh = []
        for call in reversed(self.calls):
            if call["n"] <= n:
                break
            fresh.append(call)
        return fresh[::-1]

    def figures(self) -> Json:
        """Return the counts, and p50 and p99 in milliseconds from a person's word to its arrival and to a reply."""
        return {
            "calls": self.n,
            "methods": dict(self.methods),
            "statuses": dict(self.statuses),
            "faults": dict(self.faults),
            "rate_limited": self.statuses["429"] + self.statuses["vk_6"],
            "updates": self.updates,
            "delivered": self.delivered,
            "expired": self.expired,
            "webhook_failures": self.webhook_failures,
            "arrival_p50_ms": percentile(self.arrivals, 0.5),
            "arrival_p99_ms": percentile(self.arrivals, 0.99),
            "reply_p50_ms": percentile(self.replies, 0.5),
            "reply_p99_ms": percentile(self.replies, 0.99),
        }
