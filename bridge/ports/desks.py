"""What some staff groups are able to do beside bridge.ports.channels.DeskChannel, asked by isinstance."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable


@runtime_checkable
class MovingDesk(Protocol):
    """A desk whose groups may get new ids from the messenger."""

    @property
    def moves(self) -> Mapping[str, str]:
        """Old id -> new id of groups that were upgraded."""

    def adopt(self, moves: Mapping[str, str]) -> None:
        """Take over what another life, or another process, found out."""


@runtime_checkable
class ForgettingDesk(Protocol):
    """A desk whose messenger can delete a topic with everything that stands in it."""

    async def forget(self, group: str, topic: str) -> None:
        """Delete a topic; nothing happens when it is gone. Raises as Channel.send."""


@runtime_checkable
class CommandedDesk(Protocol):
    """A desk that shows its people the commands there are."""

    async def offer(self, commands: Sequence[tuple[str, str]]) -> None:
        """Have the messenger list commands (name, what it does) in the groups. Raises as Channel.send."""
