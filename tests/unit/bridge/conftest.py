"""A hall over the store in memory, with a street of customers and a staff group."""

import pytest

from tests.property.histories import World


@pytest.fixture
async def world() -> World:
    """A shop with a staff group."""
    shop = World()
    await shop.found()
    return shop


@pytest.fixture
async def no_group() -> World:
    """A shop without a staff group."""
    shop = World(group=False)
    await shop.found()
    return shop
