"""The running emulator as its verbs see it: the world, the clock's scale, faults, limits, journal, who waits."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bots.emulators import emulation
from bots.emulators.faults import Faults
from bots.emulators.vk.community import Community, Event, Pending
from bots.emulators.vk.dialog import Dialog
from bots.emulators.vk.faults import orders
from bots.emulators.vk.limits import Limits
from bots.emulators.vk.params import Params
from bots.emulators.vk.world import World

#: Stands for the emulator's own address in everything stored: the address may change with every start.
BASE = "\ue000vk\ue000"
BASE_JSON = "\\ue000vk\\ue000"


@dataclass(slots=True)
class Line:
    """How a community is being served right now; nothing of it outlives the process."""

    polls: set[asyncio.Future[None]] = field(default_factory=set)
    shown: int = 0
    lanes: dict[tuple[int, int], deque[Pending]] = field(default_factory=dict)
    tasks: dict[tuple[int, int], asyncio.Task[None]] = field(default_factory=dict)
    retries: set[asyncio.Task[None]] = field(default_factory=set)
    back: dict[int, asyncio.Event] = field(default_factory=dict)
    held: dict[int, Event] = field(default_factory=dict)


@dataclass
class Emulation(emulation.Emulation):
    """Everything the verbs of the emulator share."""

    faults: Faults = field(default_factory=orders)
    limits: Limits = field(default_factory=Limits)
    world: World = field(default_factory=World)
    base: str = ""
    lines: dict[int, Line] = field(default_factory=dict)

    def line(self, group_id: int) -> Line:
        """Return how a community is served, made when it is new."""
        line = self.lines.get(group_id)
        if line is None:
            line = self.lines[group_id] = Line()
        return line

    def touch(self, dialog: Dialog) -> None:
        """Tell those who watch that a dialog changed, and that the state is worth saving."""
        self.changes.touch(dialog.user)
        self.dirty()


@dataclass(slots=True)
class Call:
    """One call of a method: by a community's token, or by its administrator's own."""

    emu: Emulation
    group: Community
    method: str
    params: Params
    by_admin: bool = False
