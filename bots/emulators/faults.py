"""Faults on order: which call, update or download goes wrong, how often and how."""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bots.emulators.control import ControlError, Json

#: A file is fetched by no method; faults reach that by this name.
DOWNLOAD = "download"
NUMBERS = (
    "chat, code and count are whole numbers, count from 1, retry_after from 0; seconds and delay are numbers from 0, "
    "probability is one from 0 to 1"
)


@dataclass(slots=True)
class Fault:
    """One order: it fits by method and chat, and ends after `left` hits or at `until` (monotonic seconds).

    `code` and `delay` (seconds) are details that some kinds know.
    """

    kind: str
    method: str | None = None
    chat: int | None = None
    left: int | None = None
    until: float | None = None
    probability: float = 1.0
    retry_after: int = 1
    description: str | None = None
    code: int | None = None
    delay: float = 1.0
    hits: int = 0

    def as_json(self) -> Json:
        """Return the order as the control API shows it."""
        shown: Json = {
            "fault": self.kind,
            "method": self.method,
            "chat": self.chat,
            "count": self.left,
            "hits": self.hits,
        }
        if self.until is not None:
            shown["seconds"] = round(max(0.0, self.until - time.monotonic()), 3)
        if self.probability < 1:
            shown["probability"] = self.probability
        return shown


@dataclass
class Faults:
    """The orders in force, oldest first; the first that fits is the one that strikes.

    `kinds` are those the emulator knows; `fits` tells whether one that names no method is meant for this one.
    """

    kinds: tuple[str, ...]
    fits: Callable[[Fault, str], bool]
    orders: list[Fault] = field(default_factory=list)

    def order(self, body: Json) -> Fault:
        """Take an order; without count, seconds and probability it strikes once. Raises ControlError 400."""
        kind = str(body.get("fault", ""))
        if kind not in self.kinds:
            raise ControlError(400, f"fault must be one of {', '.join(self.kinds)}, not {kind!r}")
        fault = Fault(kind)
        if body.get("method"):
            fault.method = str(body["method"]).lower()
        try:
            _read_numbers(fault, body)
        except (TypeError, ValueError):
            raise ControlError(400, NUMBERS) from None
        if fault.left is None and fault.until is None and body.get("probability") is None:
            fault.left = 1
        fault.description = body.get("description")
        self.orders.append(fault)
        return fault

    def strike(self, kinds: tuple[str, ...], method: str | None, chat: int | None) -> Fault | None:
        """Return the fault that hits a call (or an update, method None) and count the hit; None when all is well."""
        if not self.orders:
            return None
        moment = time.monotonic()
        for fault in list(self.orders):
            if fault.until is not None and moment >= fault.until:
                self.orders.remove(fault)
                continue
            if fault.kind not in kinds or not self._fits(fault, method, chat):
                continue
            if fault.probability < 1 and random.random() >= fault.probability:
                continue
            fault.hits += 1
            if fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    self.orders.remove(fault)
            return fault
        return None

    def _fits(self, fault: Fault, method: str | None, chat: int | None) -> bool:
        if method is not None:
            if fault.method is None:
                if not self.fits(fault, method):
                    return False
            elif fault.method != method:
                return False
        return fault.chat is None or fault.chat == chat


def _read_numbers(fault: Fault, body: Json) -> None:
    """Read how often a fault strikes, whom, and its details. Raises TypeError, ValueError."""
    fault.chat = _whole(body["chat"]) if body.get("chat") is not None else None
    fault.left = _whole(body["count"], 1) if body.get("count") is not None else None
    fault.code = _whole(body["code"]) if body.get("code") is not None else None
    fault.delay = _within(body.get("delay", fault.delay), 0.0)
    if "retry_after" in body:
        fault.retry_after = _whole(body["retry_after"] or 0, 0)
    if body.get("seconds") is not None:
        fault.until = time.monotonic() + _within(body["seconds"], 0.0)
    if body.get("probability") is not None:
        fault.probability = _within(body["probability"], 0.0, 1.0)


def _whole(given: object, least: int | None = None) -> int:
    number = int(_within(given, -math.inf if least is None else least))
    if number != float(str(given)):
        raise ValueError
    return number


def _within(given: object, least: float, most: float = math.inf) -> float:
    number = float(str(given))  # a word of a query is as good; True is neither
    if not least <= number <= most:
        raise ValueError
    return number
