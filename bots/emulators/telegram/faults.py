"""Faults on order: which call or update goes wrong, how often and how."""

from bots.emulators.faults import DOWNLOAD as DOWNLOAD
from bots.emulators.faults import Fault as Fault
from bots.emulators.faults import Faults
from bots.emulators.telegram.errors import BotApiError, bad_request, forbidden, too_many_requests

REFUSING = ("429", "403", "400", "401", "404", "409", "500")
#: Answers that come after the call was done: the line breaks, the body ends halfway, or it takes its time.
LATE = ("applied_lost", "half_body", "delay_after")
ANSWERS = (*REFUSING, "500_bare", "200_refused", "wrong_type", "502html", "empty", "reset", "hang", "delay", *LATE)
CHANGES = ("migrate", "not_a_forum", "no_rights", "topic_deleted", "topic_closed", "file_too_big", "wrong_file")
DELIVERIES = ("no_secret", "wrong_secret")
DOWNLOADS = ("expired_link", "truncated")
UPDATES = (
    *("duplicate_update", "reorder_updates", "delay_update", "id_jump"),
    *("bad_update", "unknown_kind", "missing_field"),
)
KINDS = ANSWERS + CHANGES + UPDATES + DELIVERIES + DOWNLOADS
UPLOADING = ("sendphoto", "senddocument", "sendvideo", "sendaudio", "sendvoice", "sendvideonote", "sendanimation")
QUIET = ("getupdates", DOWNLOAD)


WORDS = {
    "401": "Unauthorized",
    "404": "Not Found",
    "409": "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
}


def orders() -> Faults:
    """Return the book of faults of this emulator, empty."""
    return Faults(KINDS, _meant)


def _meant(fault: Fault, method: str) -> bool:
    """Tell whether an order that names no method is meant for this one."""
    # A counted fault is meant for somebody's call, not for the poll that happens to come first.
    if method in QUIET and fault.left is not None:
        return False
    if fault.kind in DOWNLOADS:
        return method == DOWNLOAD
    if fault.kind == "wrong_file":
        return method in UPLOADING or method == "sendmediagroup"
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
    elif fault.kind in WORDS:
        error = BotApiError(int(fault.kind), WORDS[fault.kind])
    else:
        error = BotApiError(500, "Internal Server Error")
    if fault.description:
        error.description = fault.description
    return error
