"""Telegram's street: real aiogram and the emulated Bot API."""

from contextlib import asynccontextmanager
from pathlib import Path

from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests.shop import open_shop
from tests.streets.people import LIMITS, Opened
from tests.streets.phones import PhonePerson, PhoneStreet

KINDS = frozenset(
    {"photo", "document", "voice", "audio", "video", "video_note", "animation", "sticker"}
    | {"contact", "location", "venue", "poll", "dice", "story"}
)


class TelegramPerson(PhonePerson):
    """Somebody with Telegram."""

    async def forward(self, whose: str, text: str) -> None:
        """Pass somebody's words on."""
        await self.do("say", text=text, forward_from=whose)


class TelegramStreet(PhoneStreet):
    """A bot's chats."""

    someone = TelegramPerson


@asynccontextmanager
async def street(folder: Path, library: Library, matcher: KbMatcher) -> Opened:
    """Open a shop with a bot."""
    can = frozenset({"reply", "edit", "react", "block", "pause"})
    async with open_shop(folder, library, matcher, files=LIMITS) as shop:
        yield TelegramStreet(shop, "telegram", can, kinds=KINDS, base=shop.telegram, paused=("sendMessage", "429"))
