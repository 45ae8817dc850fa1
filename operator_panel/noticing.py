"""Notices over the live lines: each line is told of what its own person is told of."""

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.context import Bridge
from bridge.errors import BridgeError
from bridge.model.ids import OperatorId
from bridge.model.notices import EVERYBODY, Notice, Way
from bridge.model.operators import Operator
from bridge.notices import telling, whom
from bridge.notices.people import people
from operator_panel.api import notice_shapes
from operator_panel.backlog import Frame
from operator_panel.wire import encode

if TYPE_CHECKING:
    from operator_panel.lines import Line, Lines


async def hear_notices(bridge: Bridge, lines: "Lines") -> None:
    """Tell the lines of people of their notices, and that some are read, until cancelled."""
    async with bridge.bus.subscribe(telling.SUBJECT) as hints:
        async for hint in hints:
            with suppress(BridgeError):  # the page asks again when it is opened
                await _tell(bridge, lines.open(), OperatorId(hint["operator"]), hint["id"])


async def _tell(bridge: Bridge, open_lines: list["Line"], who: OperatorId, id: str) -> None:
    mine = [line for line in open_lines if line.hears and who in (EVERYBODY, line.operator)]
    if not mine:
        return
    row = await bridge.store.notices.find(id) if id else None
    known = await people(bridge)
    for operator in dict.fromkeys(line.operator for line in mine):
        person = known.get(operator)
        if person is None:
            continue
        told = await _own(bridge, person, row) if row is not None else None
        if row is not None and told is None:
            continue
        item = notice_shapes.shown(told).model_dump(mode="json") if told is not None else None
        frame = encode("notices", unread=await telling.count(bridge, person), item=item)
        for line in [line for line in mine if line.operator == operator]:
            line.put(Frame(frame, None if item else "notices"))


async def _own(bridge: Bridge, person: Operator, row: Notice) -> Notice | None:
    """Return a notice as a person is told it live: of what falls to all, by his own ways."""
    if not await telling.visible(bridge, person, [row]):
        return None
    if row.operator != EVERYBODY:
        return row if {Way.PANEL, Way.BROWSER} & set(row.ways) else None
    (about,) = await bridge.store.conversations.many([row.conversation] if row.conversation else [])
    return replace(row, ways=whom.falls(person, row.kind, about))
