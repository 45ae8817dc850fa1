"""What unit tests of several rooms share."""

import pytest

from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()
