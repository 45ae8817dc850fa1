"""A lane: the unit of claiming, one ordered queue per chat and direction."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bridge.model.ids import LaneId

#: Due time of a lane with nothing to do: never null, so that an index over it stays simple.
IDLE = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lane:
    """`due` is when somebody may claim it: work is waiting, a retry ripens, or a holder's lease has run out.

    While it is held, `due` is the end of the lease; an insert then sets `again`, and the holder looks once more.
    """

    id: LaneId
    direction: str  # in | out
    due: datetime
    holder: str = ""
    again: bool = False
    version: int = 0


def in_lane(channel: str, chat: str) -> LaneId:
    """Name the lane of what comes from a chat."""
    return LaneId(f"in:{channel}:{chat}")


def out_lane(channel: str, chat: str) -> LaneId:
    """Name the lane of what goes to a chat."""
    return LaneId(f"out:{channel}:{chat}")
