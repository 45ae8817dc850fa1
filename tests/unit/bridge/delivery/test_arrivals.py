"""Updates in the messenger's order while several lanes, and repeated deliveries, are at it at once."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from bridge.context import Bridge
from bridge.delivery.arrivals import Arrivals
from bridge.model.ids import ChannelName, LaneId
from bridge.model.inbound import Update

NOW = datetime(2030, 1, 1, tzinfo=UTC)
NAME = ChannelName("shop")


class Rows:
    """A store that takes its time: meanwhile the update before is told to have been seen once more."""

    def __init__(self, reads: int) -> None:
        self.reads = reads
        self.arrivals: Arrivals | None = None

    async def waiting(self, lane: LaneId, limit: int) -> list[Update]:
        self.reads -= 1
        assert self.reads >= 0, "it reads again and again"
        row = Update(f"{NAME}:2", NAME, "2", lane, 2, "{}", NOW)
        assert self.arrivals is not None
        self.arrivals.see(f"{NAME}:1")
        return [row]

    async def known(self, channel: ChannelName, keys: list[str]) -> set[str]:
        return set(keys)


async def test_what_is_seen_again_while_the_rows_are_read_holds_nobody_up() -> None:
    rows = Rows(reads=2)
    bridge: Any = SimpleNamespace(
        store=SimpleNamespace(updates=rows),
        clock=SimpleNamespace(now=lambda: NOW),
        channels=SimpleNamespace(sequenced=lambda name: SimpleNamespace(before=lambda key: ["1"])),
    )
    rows.arrivals = Arrivals(cast(Bridge, bridge))
    # The first look may find that it came while it was reading; the second knows better, whoever sees it then.
    found, due = await rows.arrivals.waiting(LaneId("in:shop:1"))
    assert [row.key for row in found] == ["2"]
    assert due is None
