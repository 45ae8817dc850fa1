"""What the hall needs from the cellar to take work in order: the inbox's rows, and lanes to be claimed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bridge.model.ids import ChannelName, LaneId
from bridge.model.inbound import Update
from bridge.model.lanes import Lane


class Updates(Protocol):
    """The inbox: raw updates."""

    async def add(self, update: Update) -> bool:
        """Store it once; False: known already. Raises StoreDown."""

    async def waiting(self, lane: LaneId, limit: int) -> list[Update]:
        """Unsettled updates of a lane in order."""

    async def known(self, channel: ChannelName, keys: Sequence[str]) -> set[str]:
        """Of these keys, return those of which an update was ever stored."""

    async def settle(self, update: Update, state: str, reason: str | None = None) -> None:
        """Mark it done or dead; nothing happens when it is settled already."""

    async def lost(self, before: datetime, limit: int) -> list[Update]:
        """Unsettled updates received before a time: their lane's hint may have been lost."""


class Lanes(Protocol):
    """Claiming, by compare-and-swap."""

    async def pull(self, lane: LaneId, direction: str, due: datetime) -> None:
        """Make the lane due at that time at the latest."""

    async def claim(self, lane: LaneId, now: datetime, until: datetime, holder: str) -> Lane | None:
        """Take one lane if it is due; None: it is not, or somebody else was quicker."""

    async def take(self, lane: LaneId, direction: str, now: datetime, until: datetime, holder: str) -> Lane | None:
        """Take a lane into which something was just inserted, due or not, made when it is new.

        None: somebody holds it; he looks again before he lets go, as after `pull`.
        """

    async def claim_due(self, direction: str, now: datetime, until: datetime, holder: str, limit: int) -> list[Lane]:
        """Take lanes that are due, earliest first."""

    async def renew(self, lane: Lane, until: datetime) -> Lane | None:
        """Hold it longer; None: the lease was lost, stop at once."""

    async def release(self, lane: Lane, due: datetime) -> Lane | None:
        """Let go until `due`; a lane in return: something arrived meanwhile, it is still held, look at it again."""
