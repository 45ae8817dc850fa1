"""What a past is told with: a hall whose clock stands there, and the messengers that had it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bots.emulators.site import SiteHistory
from bots.emulators.telegram import TelegramEmulator
from bots.emulators.telegram.history import TelegramHistory
from bots.emulators.vk import VkEmulator
from bots.emulators.vk.history import VkHistory
from bots.web.settings import WebSettings
from bridge.context import Bridge, Memory
from bridge.delivery.outbox import Outbox
from bridge.feed import Feed
from bridge.model.inbound import Sender
from bridge.model.operators import Operator
from bridge.ports.channels import Channel, Channels
from mostik_house import House
from storage.bus_memory import MemoryBus
from storage.repositories import Repositories


class PastClock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Past(Channel, Protocol):
    """A channel that only sends, and whose customers do what they are told."""

    def open_account(self, sender: Sender) -> None:
        """See that a customer has an account where there are such; what is there is left as it is."""

    async def known_as(self, sender: Sender) -> Sender:
        """Return a customer as the channel's door names him; his id is his chat's."""

    async def says(self, sender: Sender, words: dict[str, Any]) -> tuple[str, ...]:
        """Have a customer write, in the words of the emulators' control APIs; returns the ids of his messages."""

    def blocks(self, sender: Sender) -> str:
        """Have a customer shut the door; returns what the channel calls that."""

    async def reads(self, sender: Sender, word: str) -> None:
        """Show a customer that he was read up to a word of his."""


@dataclass(frozen=True, slots=True)
class Emulators:
    """The messengers a demo plays."""

    telegram: TelegramEmulator
    vk: VkEmulator


@dataclass(frozen=True, slots=True)
class Telling:
    """What a story is told with."""

    bridge: Bridge
    clock: PastClock
    channels: Mapping[str, Past]
    outbox: Outbox
    staff: dict[str, Operator]


def telling(house: House, emulators: Emulators, staff: dict[str, Operator]) -> Telling:
    """Return a hall of its own over the house's store, with the channels of the demo's settings."""
    clock, tables = PastClock(house.bridge.clock.now()), house.settings.bots
    table = tables["telegram"]
    group, open_at = int(table["staff_group"]["chat"]), str(table["staff_group"].get("open_at", "handoff"))
    site = SiteHistory("site", WebSettings.model_validate(dict(tables["site"])))
    channels: dict[str, Past] = {
        "telegram": TelegramHistory(
            "telegram", emulators.telegram.emulation, str(table["token"]), clock, group, open_at
        ),
        "vk": VkHistory("vk", emulators.vk.emulation, str(tables["vk"]["token"]), clock),
        "site": site,
    }
    store, bus = Repositories(house.documents, clock), MemoryBus()
    bridge = replace(
        house.bridge,
        store=store,
        bus=bus,
        clock=clock,
        channels=Channels({channel.name: channel for channel in channels.values()}),
        feed=Feed(store, bus, clock),
        memory=Memory(),
    )
    site.open(bridge)
    return Telling(bridge, clock, channels, Outbox(bridge), staff)
