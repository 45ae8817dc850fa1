"""The small context every verb of the hall works in."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from bridge.model.asking import AskRules
from bridge.model.ids import ConversationId, CustomerId, LaneId
from bridge.model.operators import WorkRules
from bridge.model.records import CustomerRules
from bridge.phrases import Phrases
from bridge.ports import BotSettings, Bus, Clock, Files, Matcher
from bridge.ports.channels import Channels, DeskChannel
from bridge.ports.mail import MailDoor
from bridge.ports.programs import ShopProgram
from bridge.ports.stores import Store
from bridge.ports.webhooks import WebhookDoor

if TYPE_CHECKING:
    from bridge.changes.seen import Mark
    from bridge.feed import Feed
    from bridge.people.shop_data import ShopData

log = logging.getLogger("mostik.bridge")

#: Keys of entries this process knows to be written out; more than are ever under way at once.
KNOWN_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process may forget at any time: it saves work, it decides nothing."""

    locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    written: OrderedDict[str, None] = field(default_factory=OrderedDict)
    untidy: dict[ConversationId, datetime] = field(default_factory=dict)  # -> last written then
    bells: dict[str, Callable[[LaneId], None]] = field(default_factory=dict)  # this process's workers by direction
    troubles: dict[str, str] = field(default_factory=dict)  # staff group -> what it refuses, "": nothing
    offered: list[datetime] = field(default_factory=list)  # when the staff group's commands were looked at last
    moves: dict[str, str] = field(default_factory=dict)  # new ids of staff groups that are kept already
    library: list[str] = field(default_factory=list)  # stamp of the knowledge base the matcher was built from
    next_date: list[datetime] = field(default_factory=list)  # when the dates of an article begin or end next
    reading: "OrderedDict[ConversationId, Mark]" = field(default_factory=OrderedDict)  # shown to customers as read
    attended: list[datetime] = field(default_factory=list)  # when it was noted last that somebody is at the desk
    kept: dict[str, Any] = field(default_factory=dict)  # what was counted or looked at, by its name
    shop_data: "OrderedDict[CustomerId, ShopData]" = field(default_factory=OrderedDict)  # what the shop told of whom

    def lock(self, name: str) -> asyncio.Lock:
        """Return the lock of a name: those who meet here need not collide in the store."""
        lock = self.locks.get(name)
        if lock is None:
            lock = self.locks[name] = asyncio.Lock()
        return lock

    def remember(self, key: str) -> None:
        """Note that an entry's rows are all written."""
        self.written[key] = None
        while len(self.written) > KNOWN_ENTRIES:
            self.written.popitem(last=False)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Bridge:
    """Everything a verb may need; made once by mostik.py, handed to every verb as its first argument."""

    store: Store
    bus: Bus
    clock: Clock
    matcher: Matcher
    files: Files
    phrases: Phrases
    settings: BotSettings
    channels: Channels
    feed: "Feed"
    shop: str = "Mostik"
    panel: str = ""  # where people of the desk open it
    caller: WebhookDoor | None = None
    rules: CustomerRules = field(default_factory=CustomerRules)
    asks: AskRules = field(default_factory=AskRules)
    work: WorkRules = field(default_factory=WorkRules)
    mail: MailDoor | None = None
    program: ShopProgram | None = None
    memory: Memory = field(default_factory=Memory)

    @property
    def desk(self) -> DeskChannel | None:
        """The staff group, if one is connected."""
        return self.channels.desk()
