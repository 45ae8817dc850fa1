"""A code that was sent into another chat of its owner: once it is of no use, its digits leave the line they stand in.

The desk is shown none from the beginning (bridge.staff.mirror); the line keeps it while the messenger may still be
told of it, or the owner looks for it. Which line it is stands in a small value until it is done.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge.changes.rewording import show_in_row
from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.model.ids import MessageId
from bridge.people import codes

#: The value outlives its code by this, so that it is met before it is forgotten.
MARGIN = timedelta(hours=1)
#: Lines veiled in one round.
PORTION = 200
_KEY = "veil:"


async def later(bridge: Bridge, id: MessageId, until: datetime) -> None:
    """Write down that a line holds a code that is good until a time. Raises StoreDown."""
    await bridge.store.journal.put_value(f"{_KEY}{id}", {"until": until.isoformat()}, until + MARGIN)


async def veil(bridge: Bridge, id: MessageId) -> None:
    """Take a code's digits out of its line and of the row that shows it; again, nothing changes. Raises StoreDown."""
    row = await bridge.store.messages.find(id)
    while row is not None and (text := codes.veiled(row.text)) != row.text:
        try:
            row = await bridge.store.messages.replace(replace(row, text=text))
        except Conflict:
            row = await bridge.store.messages.find(id)
    if row is not None:
        await show_in_row(bridge, row)
        await bridge.feed.tell_message(row)
    await bridge.store.journal.put_value(f"{_KEY}{id}", {}, bridge.clock.now() - MARGIN)


async def past(bridge: Bridge) -> int:
    """Veil codes whose time is over; returns how many. Raises StoreDown."""
    if not bridge.asks.chat_codes:
        return 0
    now = bridge.clock.now()
    due = await bridge.store.journal.expiring(_KEY, now, now + MARGIN, PORTION)
    for key in due:
        await veil(bridge, MessageId(key.removeprefix(_KEY)))
    return len(due)
