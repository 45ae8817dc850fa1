"""What the processes of one installation share in a channel: who may receive, and how much may be sent."""

from collections.abc import Awaitable, Callable
from typing import Protocol, runtime_checkable

from bridge.delivery.quota import Quota
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


@runtime_checkable
class SharingChannel(Protocol):
    """A channel whose messenger minds how many processes receive, or how much they send together."""

    def share(self, sole: Sole, quota: Quota) -> None:
        """Be told before it runs; a channel that is told nothing is alone."""


@runtime_checkable
class JoiningChannel(Protocol):
    """A channel that tells something to itself in other processes: those that serve visitors, those that decide."""

    def join(self, bus: Bus) -> None:
        """Be told before it runs."""


@runtime_checkable
class KeepingChannel(Protocol):
    """A channel that keeps small values of its own in the store: how far it has read, say."""

    def keep(self, journal: Journal) -> None:
        """Be told before it runs."""


@runtime_checkable
class ProxiedChannel(Protocol):
    """A channel that minds from which address somebody calls."""

    def behind(self, proxies: int) -> None:
        """Be told before it runs how many proxies of ours stand in front of the server."""


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
