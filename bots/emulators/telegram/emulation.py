"""The running emulator as its verbs see it: the world, the clock's scale, faults, limits, journal, bots' lines."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bots.emulators import emulation
from bots.emulators.faults import Faults
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
class Emulation(emulation.Emulation):
    """Everything the verbs of the emulator share."""

    faults: Faults = field(default_factory=orders)
    limits: Limits = field(default_factory=Limits)
    world: World = field(default_factory=World)
    lines: dict[int, Line] = field(default_factory=dict)
    held: dict[tuple[int, str], Pending] = field(default_factory=dict)

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


@dataclass(slots=True)
class Call:
    """One call of a method by a bot."""

    emu: Emulation
    bot: BotAccount
    method: str
    params: Params
