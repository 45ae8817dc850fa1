"""Telegram's street: real aiogram and the emulated Bot API."""

from contextlib import asynccontextmanager
from pathlib import Path

from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests.shop import open_shop
from tests.streets.people import Opened
from tests.streets.phones import PhoneStreet


@asynccontextmanager
async def street(folder: Path, library: Library, matcher: KbMatcher) -> Opened:
    """Open a shop with a bot."""
    can = frozenset({"reply", "edit", "react", "block", "pause", "photo caption"})
    async with open_shop(folder, library, matcher) as shop:
        yield PhoneStreet(shop, "telegram", can, base=shop.telegram, paused=("sendMessage", "429"))
