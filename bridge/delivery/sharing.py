"""What the processes of one installation share in a channel: who may receive, and how much may be sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from bridge.delivery.quota import LocalQuota, Quota
from bridge.ports import Bus
from bridge.ports.stores import Journal

Work = Callable[[], Awaitable[None]]


class Sole(Protocol):
    """A way to do work that only one process of an installation may do at a time."""

    async def __call__(self, work: Work) -> None:
        """Wait until it may be done, then do it; when it has to stop it is cancelled, and begun again when it may."""


async def at_once(work: Work) -> None:
    """Do the work: there is no other process."""
    await work()


@dataclass(frozen=True, slots=True)
class Installation:
    """What an installation gives a channel at its making; a channel that is given nothing is alone.

    `sole`: how one process receives alone; `quota`: what all of them draw their sends from; `bus`: where a channel
    tells itself something in other processes; `journal`: where it keeps small values, how far it has read, say;
    `proxies`: how many reverse proxies of ours stand in front of the server.
    """

    sole: Sole = at_once
    quota: Quota = field(default_factory=LocalQuota)
    bus: Bus | None = None
    journal: Journal | None = None
    proxies: int = 0


@runtime_checkable
class LineChannel(Protocol):
    """A channel that keeps lines to its customers open."""

    def hang_up(self) -> None:
        """End them: the server stops."""


@runtime_checkable
class ClosingChannel(Protocol):
    """A channel that opens something to send, also where it does not run."""

    async def close(self) -> None:
        """Give it up; nothing is sent after it."""
