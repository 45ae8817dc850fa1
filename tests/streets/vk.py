"""VK's street: the real door over vk_api's transport and the emulated VK."""

from contextlib import asynccontextmanager
from pathlib import Path

from bots.emulators.vk import VkEmulator
from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests.ports import free_port
from tests.shop import open_shop, serving
from tests.streets.people import LIMITS, Opened, Seen
from tests.streets.phones import PhonePerson, PhoneStreet

TOKEN = "vk1.a." + "A" * 60
GROUP = 220_100_001

KINDS = frozenset({"photo", "document", "voice", "video", "sticker", "location", "attachments"})


class VkPerson(PhonePerson):
    """Somebody with VK."""

    async def forward(self, whose: str, text: str) -> None:
        """Pass somebody's words on."""
        other = await self.street.person(whose)
        await self.do("say", text=text, forward_from=other.id)

    async def read(self, seen: Seen) -> None:
        """Read up to a message."""
        await self.do("read", message_id=int(seen.id))

    async def types(self) -> None:
        """Begin to write."""
        await self.do("typing")


class VkStreet(PhoneStreet):
    """A community's dialogs."""

    someone = VkPerson


@asynccontextmanager
async def street(folder: Path, library: Library, matcher: KbMatcher) -> Opened:
    """Open a shop with a community."""
    can = frozenset({"reply", "edit", "react", "read", "block", "pause"})
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    emulator = VkEmulator({TOKEN: {"id": GROUP, "name": "Кедр и Ко"}}, base=base)
    table = {"token": TOKEN, "group_id": GROUP, "api_base": base, "mode": "longpoll"}
    async with (
        serving(emulator.app(), port),
        open_shop(folder, library, matcher, files=LIMITS, more={"vk": {"kind": "vk", **table}}) as shop,
    ):
        yield VkStreet(shop, "vk", can, kinds=KINDS, base=base, paused=("messages.send", "500"))
