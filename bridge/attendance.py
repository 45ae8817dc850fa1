"""Is somebody at the desk: one time in the store, renewed by whoever serves a person of the desk who may reply."""

from datetime import UTC, datetime, timedelta

from bridge.context import Bridge

#: Who was there within this time is there: a page that is reloaded, a line that breaks, do not empty the desk.
KEPT = timedelta(minutes=2)
#: How often a process writes it down at most.
AGAIN = timedelta(seconds=30)
_KEY = "desk:attended"
#: The hint that somebody was noted.
SUBJECT = "attendance"


async def note(bridge: Bridge) -> None:
    """Note that a person of the desk is there now; a call too many costs nothing. Raises StoreDown."""
    now = bridge.clock.now()
    noted = bridge.memory.attended
    if noted and timedelta(0) <= now - noted[0] < AGAIN:
        return
    noted[:] = [now]
    await bridge.store.journal.put_value(_KEY, {"at": now.timestamp()}, now + KEPT)
    await bridge.bus.publish(SUBJECT, {})


async def attended(bridge: Bridge) -> bool:
    """Tell whether anybody of the desk was there in the last minutes. Raises StoreDown."""
    found = await bridge.store.journal.value(_KEY)
    return found is not None and bridge.clock.now() - datetime.fromtimestamp(found["at"], UTC) < KEPT
