"""Faults on order: which call or update goes wrong, how often and how."""

import random
import time
from dataclasses import dataclass, field

from bots.emulators.telegram.errors import BotApiError, ControlError, Json, bad_request, forbidden, too_many_requests

ANSWERS = ("429", "403", "400", "500", "502html", "empty", "reset", "hang", "applied_lost")
CHANGES = ("migrate", "topic_deleted", "file_too_big")
UPDATES = ("duplicate_update", "reorder_updates", "bad_update")
KINDS = ANSWERS + CHANGES + UPDATES
UPLOADING = ("sendphoto", "senddocument", "sendvideo", "sendaudio", "sendvoice", "sendvideonote", "sendanimation")
# A file is fetched by no method; faults reach that by this name.
DOWNLOAD = "download"
QUIET = ("getupdates", DOWNLOAD)


@dataclass(slots=True)
class Fault:
    """One order: it fits by method and chat, and ends after `left` hits or at `until` (monotonic seconds)."""

    kind: str
    method: str | None = None
    chat: int | None = None
    left: int | None = None
    until: float | None = None
    probability: float = 1.0
    retry_after: int = 1
    description: str | None = None
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
    """The orders in force, oldest first; the first that fits is the one that strikes."""

    orders: list[Fault] = field(default_factory=list)

    def order(self, body: Json) -> Fault:
        """Take an order; without count, seconds and probability it strikes once. Raises ControlError 400."""
        kind = str(body.get("fault", ""))
        if kind not in KINDS:
            raise ControlError(400, f"fault must be one of {', '.join(KINDS)}, not {kind!r}")
        fault = Fault(kind, retry_after=int(body["retry_after"] or 0) if "retry_after" in body else 1)
        if body.get("method"):
            fault.method = str(body["method"]).lower()
        try:
            fault.chat = int(body["chat"]) if body.get("chat") is not None else None
            fault.left = int(body["count"]) if body.get("count") is not None else None
            if body.get("seconds") is not None:
                fault.until = time.monotonic() + float(body["seconds"])
            if body.get("probability") is not None:
                fault.probability = float(body["probability"])
        except (TypeError, ValueError):
            raise ControlError(400, "chat, count, seconds and probability are numbers") from None
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
            if fault.kind not in kinds or not _fits(fault, method, chat):
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


def _fits(fault: Fault, method: str | None, chat: int | None) -> bool:
    if method is not None:
        if fault.method is None:
            # A counted fault is meant for somebody's call, not for the poll that happens to come first.
            if method in QUIET and fault.left is not None:
                return False
            if fault.kind == "file_too_big" and method != "getfile" and method not in UPLOADING:
                return False
        elif fault.method != method:
            return False
    return fault.chat is None or fault.chat == chat


def refusal(fault: Fault, chat: int | None) -> BotApiError:
    """Return the error answer of a fault that is one."""
    if fault.kind == "429":
        error = too_many_requests(fault.retry_after)
    elif fault.kind == "403":
        blocked = "bot was blocked by the user"
        error = forbidden(blocked if chat is None or chat > 0 else "bot was kicked from the supergroup chat")
    elif fault.kind == "400":
        error = bad_request("chat not found")
    else:
        error = BotApiError(500, "Internal Server Error")
    if fault.description:
        error.description = fault.description
    return error
