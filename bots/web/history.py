"""Reading a conversation as its visitor may see it: in order, without gaps, never past a word still on its way."""

from dataclasses import dataclass

from bots.web.shapes import is_shown, waits
from bridge.context import Bridge
from bridge.model.ids import ConversationId
from bridge.model.messages import Message

#: Rows read at once.
PORTION = 100


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines to show, and the seq up to which nothing is left to read; `more`: another stretch is there already."""

    shown: list[Message]
    seq: int
    more: bool = False


async def after(bridge: Bridge, id: ConversationId, seq: int) -> Stretch:
    """Read on from a seq, up to the first word whose sending is not decided."""
    rows = await bridge.store.messages.page(id, seq, None, PORTION)
    shown: list[Message] = []
    for row in rows:
        if row.seq != seq + 1 or waits(row):
            return Stretch(shown, seq)
        seq = row.seq
        if is_shown(row):
            shown.append(row)
    return Stretch(shown, seq, len(rows) == PORTION)


async def newest(bridge: Bridge, id: ConversationId, limit: int) -> Stretch:
    """Read the last lines; `more`: there are older ones."""
    rows = await bridge.store.messages.page(id, None, None, PORTION)
    cut = next((place for place, row in enumerate(rows) if waits(row)), len(rows))
    before = rows[cut].seq if cut < len(rows) else None
    shown, more = await _backwards(bridge, id, rows[:cut], limit)
    seq = before - 1 if before is not None else rows[-1].seq if rows else 0
    return Stretch(shown, seq, more)


async def before(bridge: Bridge, id: ConversationId, seq: int, limit: int) -> Stretch:
    """Read the last lines before a seq; `more`: there are older ones."""
    rows = await bridge.store.messages.page(id, None, seq, PORTION)
    shown, more = await _backwards(bridge, id, rows, limit)
    return Stretch(shown, seq - 1, more)


async def _backwards(bridge: Bridge, id: ConversationId, rows: list[Message], limit: int) -> tuple[list[Message], bool]:
    """Gather the last `limit` lines to show, reading on towards the beginning as long as too few were found."""
    shown = [row for row in rows if is_shown(row)]
    while len(shown) <= limit and rows and rows[0].seq > 1:
        rows = await bridge.store.messages.page(id, None, rows[0].seq, PORTION)
        shown = [*(row for row in rows if is_shown(row)), *shown]
    return shown[-limit:], len(shown) > limit
