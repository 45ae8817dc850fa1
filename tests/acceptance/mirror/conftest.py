"""One shop with a staff group that may post as fast as it likes: what is compared is what it shows, not how soon."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import shop as shops


@pytest.fixture(scope="session")
def library() -> shops.Library:
    """The sample base, with labels."""
    return shops.sample_library()


@pytest.fixture(scope="session")
def matcher() -> shops.KbMatcher:
    """One index."""
    return shops.sample_matcher()


@pytest.fixture
async def shop(tmp_path: Path, library: shops.Library, matcher: shops.KbMatcher) -> AsyncIterator[shops.Shop]:
    group = {"chat": shops.GROUP, "per_minute": 1200}
    async with shops.open_shop(
        tmp_path, library, matcher, telegram={"staff_group": group, "per_second": 0}, bot={"burst_seconds": 0}
    ) as opened:
        yield opened
