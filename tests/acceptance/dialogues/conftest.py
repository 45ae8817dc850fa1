"""Dialogues: each is played in a shop of its own (tests/shop.py)."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests import shop as shops
from tests.community import Community, open_community
from tests.custom import Program, program
from tests.widget import SECRET, Visitor


@pytest.fixture(scope="session")
def library() -> Library:
    """The sample base, with labels."""
    return shops.sample_library()


@pytest.fixture(scope="session")
def matcher() -> KbMatcher:
    """One index for all dialogues."""
    return shops.sample_matcher()


@pytest.fixture
async def shop(tmp_path: Path, library: Library, matcher: KbMatcher) -> AsyncIterator[shops.Shop]:
    async with shops.open_shop(tmp_path, library, matcher) as opened:
        yield opened


@pytest.fixture
async def paced(tmp_path: Path, library: Library, matcher: KbMatcher) -> AsyncIterator[shops.Shop]:
    """A shop that keeps to the pace Telegram allows."""
    async with shops.open_shop(tmp_path, library, matcher, shops.PACED) as opened:
        yield opened


@pytest.fixture
async def site(tmp_path: Path, library: Library, matcher: KbMatcher) -> AsyncIterator[shops.Shop]:
    """A shop with a widget on its pages."""
    async with shops.open_shop(tmp_path, library, matcher, site={"secret": SECRET}) as opened:
        yield opened


@pytest.fixture
async def community() -> AsyncIterator[Community]:
    """A community in an emulated VK, which outlives shops."""
    async with open_community() as opened:
        yield opened


@pytest.fixture
async def vk_shop(
    tmp_path: Path, library: Library, matcher: KbMatcher, community: Community
) -> AsyncIterator[shops.Shop]:
    """A shop with that community, by the Callback API."""
    async with shops.open_shop(tmp_path, library, matcher, more={"vk": community.table}) as opened:
        yield opened


@pytest.fixture
async def visit(site: shops.Shop) -> AsyncIterator[Callable[[], Visitor]]:
    """Make a visitor of the shop's page."""
    visitors: list[Visitor] = []

    def make() -> Visitor:
        visitors.append(Visitor(site))
        return visitors[-1]

    yield make
    for visitor in visitors:
        await visitor.leave()


@pytest.fixture
def open_shop() -> Any:
    """Open a shop with settings of the test's own."""
    return shops.open_shop


@pytest.fixture
def until() -> Any:
    """Await a fact."""
    return shops.until


@pytest.fixture
def article(library: Library) -> Any:
    """An article whose wordings are answered for sure."""
    return library.articles[0]


@pytest.fixture
async def own(tmp_path: Path, library: Library, matcher: KbMatcher) -> AsyncIterator[Program]:
    """A program of the shop's own, at the custom channel of a shop."""
    async with program() as made, shops.open_shop(tmp_path, library, matcher, more={"custom": made.table()}) as shop:
        made.shop = shop
        yield made
