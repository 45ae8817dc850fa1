"""Faults on order: which call or update goes wrong, how often and how."""

from bots.emulators.faults import DOWNLOAD as DOWNLOAD
from bots.emulators.faults import Fault as Fault
from bots.emulators.faults import Faults
from bots.emulators.telegram.errors import BotApiError, bad_request, forbidden, too_many_requests

ANSWERS = ("429", "403", "400", "500", "502html", "empty", "reset", "hang", "applied_lost")
CHANGES = ("migrate", "topic_deleted", "file_too_big")
UPDATES = ("duplicate_update", "reorder_updates", "bad_update")
KINDS = ANSWERS + CHANGES + UPDATES
UPLOADING = ("sendphoto", "senddocument", "sendvideo", "sendaudio", "sendvoice", "sendvideonote", "sendanimation")
QUIET = ("getupdates", DOWNLOAD)


def orders() -> Faults:
    """Return the book of faults of this emulator, empty."""
    return Faults(KINDS, _meant)


def _meant(fault: Fault, method: str) -> bool:
    """Tell whether an order that names no method is meant for this one."""
    # A counted fault is meant for somebody's call, not for the poll that happens to come first.
    if method in QUIET and fault.left is not None:
        return False
    return fault.kind != "file_too_big" or method == "getfile" or method in UPLOADING


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
