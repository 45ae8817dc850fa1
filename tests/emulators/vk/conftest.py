"""Fixtures of the emulated VK."""

from collections.abc import AsyncIterator

import pytest

from tests.vk_stand import Receiver, Stand, open_receiver, open_stand


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    """Two communities, the first one with Long Poll and all its events on."""
    async with open_stand() as made:
        yield made


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A callback server's other end."""
    async with open_receiver() as made:
        yield made
