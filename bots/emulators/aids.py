"""What every control API offers beside its people: faults to order, calls to look at, changes to wait for, a clock."""

from bots.emulators.control import ControlError, Json, iso, number
from bots.emulators.emulation import Emulation

MAX_WAIT = 600.0


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
