"""The Telegram door at its emulator, without a hall (tests/telegram_door.py)."""

from collections.abc import AsyncIterator

import pytest

from tests import telegram_door


@pytest.fixture
async def street() -> AsyncIterator[telegram_door.Street]:
    async with telegram_door.street() as opened:
        yield opened
