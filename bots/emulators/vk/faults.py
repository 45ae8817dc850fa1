"""The faults of the emulated VK: which kinds there are, and how a call ends that one of them hits."""

from bots.emulators.faults import DOWNLOAD, Fault, Faults
from bots.emulators.vk.errors import WORDS, VkError, of_code

CODES = tuple(f"vk_{code}" for code in WORDS)
HTTP = {"429": 429, "403": 403, "400": 400, "500": 500}
#: Answers that come after the call was done: the line breaks, the body ends halfway, or it takes its time.
LATE = ("applied_lost", "half_body", "delay_after", "slow_answer")
ANSWERS = (*HTTP, "502html", "200html", "empty", "wrong_type", "reset", "hang", "delay", *LATE, *CODES)
UPDATES = (
    *("duplicate_update", "reorder_updates", "delay_update", "bad_update", "unknown_kind", "missing_field"),
    *("old_shape", "drop_secret", "no_secret", "wrong_secret"),
)
DOWNLOADS = ("expired_link", "truncated")
LONGPOLL = ("longpoll_failed",)
SETUP = ("confirmation_changed",)
HASHES = ("wrong_hash",)
KINDS = ANSWERS + UPDATES + DOWNLOADS + LONGPOLL + SETUP + HASHES
#: Faults reach the two doors that are no methods by these names.
POLL, UPLOAD = "longpoll", "upload"
QUIET = (POLL, UPLOAD, DOWNLOAD)


def orders() -> Faults:
    """Return the book of faults of this emulator, empty."""
    return Faults(KINDS, _meant)


def _meant(fault: Fault, method: str) -> bool:
    """Tell whether an order that names no method is meant for this one."""
    # A counted fault is meant for somebody's call, not for the poll that happens to come first.
    return not (method in QUIET and fault.left is not None and fault.kind in ANSWERS)


def refusal(fault: Fault) -> VkError | None:
    """Return the error answer of a fault that is one, None for those of the line."""
    return of_code(int(fault.kind.removeprefix("vk_"))) if fault.kind.startswith("vk_") else None
