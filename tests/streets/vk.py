"""VK's street: the real door over vk_api's transport and the emulated VK."""

from contextlib import asynccontextmanager
from pathlib import Path

from bots.emulators.vk import VkEmulator
from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests.shop import free_port, open_shop, serving
from tests.streets.people import Opened
from tests.streets.phones import PhoneStreet

TOKEN = "vk1.a." + "A" * 60
GROUP = 220_100_001


@asynccontextmanager
async def street(folder: Path, library: Library, matcher: KbMatcher) -> Opened:
    """Open a shop with a community."""
    can = frozenset({"reply", "edit", "react", "block", "pause"})
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    emulator = VkEmulator({TOKEN: {"id": GROUP, "name": "Кедр и Ко"}}, base=base)
    table = {"token": TOKEN, "group_id": GROUP, "api_base": base, "mode": "longpoll"}
    async with (
        serving(emulator.app(), port),
        open_shop(folder, library, matcher, more={"vk": {"kind": "vk", **table}}) as shop,
    ):
        yield PhoneStreet(shop, "vk", can, base=base, paused=("messages.send", "vk_9"))
