"""The running emulator as its verbs see it: the world, the clock's scale, faults, limits, journal, bots' lines."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from bots.emulators.changes import Changes
from bots.emulators.faults import Faults
from bots.emulators.journal import Journal
from bots.emulators.telegram.faults import orders
from bots.emulators.telegram.limits import Limits
from bots.emulators.telegram.params import Params
from bots.emulators.telegram.world import BotAccount, Chat, Pending, World


@dataclass(slots=True)
class Line:
    """How a bot is being served right now; nothing of it outlives the process."""

    poll: asyncio.Future[str] | None = None
    last_offset: int | None = None
    last_poll: float = 0.0
    next_conflict: float = 0.0
    last_webhook_set: float = 0.0
    lanes: dict[int, deque[Pending]] = field(default_factory=dict)
    tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))


@dataclass
class Emulation:
    """Everything the verbs of the emulator share; `scale` makes retries and expiry that many times faster."""

    world: World = field(default_factory=World)
    scale: float = 1.0
    open_tokens: bool = False
    running: bool = False
    closing: bool = False
    changes: Changes = field(default_factory=Changes)
    faults: Faults = field(default_factory=orders)
    limits: Limits = field(default_factory=Limits)
    journal: Journal = field(default_factory=Journal)
    lines: dict[int, Line] = field(default_factory=dict)
    held: dict[tuple[int, str], Pending] = field(default_factory=dict)
    said: dict[str, float] = field(default_factory=dict)
    actions: dict[str, tuple[str, float]] = field(default_factory=dict)
    session: aiohttp.ClientSession | None = None
    on_change: Callable[[], None] | None = None

    def line(self, bot_id: int) -> Line:
        """Return how a bot is served, made when it is new."""
        line = self.lines.get(bot_id)
        if line is None:
            line = self.lines[bot_id] = Line()
        return line

    def touch(self, chat: Chat) -> None:
        """Tell those who watch that a chat changed, and that the state is worth saving."""
        self.changes.touch(chat.id)
        self.dirty()

    def dirty(self) -> None:
        """Tell that the state is worth saving."""
        if self.on_change is not None:
            self.on_change()


@dataclass(slots=True)
class Call:
    """One call of a method by a bot."""

    emu: Emulation
    bot: BotAccount
    method: str
    params: Params
