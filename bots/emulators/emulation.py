"""A running emulator as its parts see it, whatever messenger it plays: clock, faults, limits, journal, who waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

from bots.emulators.changes import Changes
from bots.emulators.faults import Faults
from bots.emulators.journal import Journal


class Budget(Protocol):
    """What a messenger lets somebody send in a time."""

    on: bool

    def clear(self) -> None:
        """Forget what was spent."""


@dataclass
class Emulation:
    """What the verbs of every emulator share; `scale` makes retries and expiry that many times faster."""

    faults: Faults
    limits: Budget
    scale: float = 1.0
    open_tokens: bool = False
    running: bool = False
    closing: bool = False
    changes: Changes = field(default_factory=Changes)
    journal: Journal = field(default_factory=Journal)
    said: dict[str, float] = field(default_factory=dict)
    actions: dict[str, tuple[str, float]] = field(default_factory=dict)
    session: aiohttp.ClientSession | None = None
    on_change: Callable[[], None] | None = None

    def dirty(self) -> None:
        """Tell that the state is worth saving."""
        if self.on_change is not None:
            self.on_change()

    def calm(self) -> None:
        """Take faults, limits and the clock's scale back; forget what was called, and who waits for a reply."""
        self.faults.orders.clear()
        self.limits.on, self.scale = False, 1.0
        self.limits.clear()
        self.journal = Journal()
        self.said.clear()
        self.actions.clear()
