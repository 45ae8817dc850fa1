"""What every control API offers beside its people: faults to order, calls to look at, changes to wait for, a clock."""

import time
from collections.abc import Callable, Container
from typing import TypeVar

from bots.emulators.control import ControlError, Json, Row, iso, number
from bots.emulators.emulation import Emulation

W = TypeVar("W")
MAX_WAIT = 600.0
DEFAULT_WAIT = 10.0
#: First and last name of an account, 64 characters each (https://core.telegram.org/bots/api#user).
MAX_NAME = 129


def order_fault(emu: Emulation, body: Json) -> Json:
    """Order a fault: {fault, method?, chat?, count?|seconds?|probability?, retry_after?, code?, delay?}."""
    return emu.faults.order(body).as_json()


def list_faults(emu: Emulation, query: Json) -> Json:
    """Return the faults in force."""
    return {"items": [fault.as_json() for fault in emu.faults.orders]}


def clear_faults(emu: Emulation, body: Json) -> Json:
    """Take all faults back; calls that hang go on hanging."""
    emu.faults.orders.clear()
    return {"items": []}


def set_clock(emu: Emulation, body: Json) -> Json:
    """Make retries, expiry and the budget `scale` times faster."""
    scale = body.get("scale")
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0.001 <= scale <= 1e6:
        raise ControlError(400, "scale is a number from 0.001 to 1000000")
    emu.scale = float(scale)
    emu.limits.clear()  # what was spent was dated by the other clock
    return {"scale": emu.scale}


def calls(emu: Emulation, query: Json) -> Json:
    """Return the calls after number `since`: {n, at, bot, method, params, status}; filters: method, limit.

    `bot` is the id of the bot or community; `status` is the HTTP status, VK's error as vk_<code>, or the fault that
    left the call without an answer.
    """
    since = int(number(query, "since", 0) or 0)
    wanted = str(query.get("method") or "").lower()
    found = [call for call in emu.journal.since(since) if not wanted or call["method"].lower() == wanted]
    limit = number(query, "limit")
    if limit is not None:
        found = found[: int(limit)]
    return {"items": [{**call, "at": iso(call["at"])} for call in found]}


async def changes(emu: Emulation, query: Json) -> Json:
    """Return which chats changed after `since`, waiting up to `timeout` seconds for the first: {seq, chats}."""
    since = int(number(query, "since", 0) or 0)
    seconds = min(MAX_WAIT, number(query, "timeout", 25.0) or 0.0)
    if since > emu.changes.seq:
        # The emulator was restarted: the watcher's number is from another life.
        since = 0
    if emu.changes.seq <= since and seconds > 0:
        await emu.changes.wait(None, seconds)
    return {"seq": emu.changes.seq, "chats": emu.changes.since(since)}


def set_limits(emu: Emulation, body: Json) -> Json:
    """Turn the budget on or off: {on}."""
    if not isinstance(body.get("on"), bool):
        raise ControlError(400, "on is true or false")
    emu.limits.on = body["on"]
    emu.limits.clear()
    return {"on": emu.limits.on}


def snapshot(load: Callable[[Json], W], body: Json) -> W:
    """Return the world of a snapshot. Raises ControlError 400."""
    try:
        return load(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ControlError(400, f"this is no snapshot: {error!r}") from None


def newcomer(body: Json, taken: Container[int], below: int | None = None) -> tuple[str, int | None]:
    """Return the name of a new account, and the id it wants. Raises ControlError 400 or 409."""
    name, wanted = str(body.get("name") or "").strip(), body.get("id")
    if not 0 < len(name) <= MAX_NAME:
        raise ControlError(400, f"a user has a name of at most {MAX_NAME} characters")
    if wanted is None:
        return name, None
    if not isinstance(wanted, int) or wanted <= 0 or (below is not None and wanted >= below):
        raise ControlError(400, f"a user's id is a positive number{f' below {below}' if below is not None else ''}")
    if wanted in taken:
        raise ControlError(409, f"the id {wanted} is taken")
    return name, wanted


async def wait(emu: Emulation, query: Json, look: Callable[[str, bool], tuple[int, list[Json]]]) -> Json:
    """Wait until a message with some words stands in a chat: ?chat=&contains=&timeout=&from_bot=.

    `look` gets the words and whether a bot shall have said them, and returns the chat that may change and all messages
    that fit. Returns {"items": [...]}; raises ControlError 408 when the time (seconds, default 10) is over.
    """
    seconds = min(MAX_WAIT, number(query, "timeout", DEFAULT_WAIT) or 0.0)
    until = time.monotonic() + seconds
    contains = str(query.get("contains") or "")
    by_bot = str(query.get("from_bot") or "").lower() in ("1", "true", "yes")
    while True:
        chat, found = look(contains, by_bot)
        if found:
            return {"items": found}
        left = until - time.monotonic()
        if left <= 0 or emu.closing:
            raise ControlError(408, f"nothing with {contains!r} in chat {query.get('chat')} within {seconds:g} s")
        await emu.changes.wait(chat, left)


#: The rows of every control API's table.
ROWS: tuple[Row[Emulation], ...] = (
    ("GET", "/changes", changes),
    ("GET", "/calls", calls),
    ("POST", "/faults", order_fault),
    ("GET", "/faults", list_faults),
    ("DELETE", "/faults", clear_faults),
    ("POST", "/clock", set_clock),
)
