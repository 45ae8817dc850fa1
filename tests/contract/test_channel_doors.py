"""What every door keeps to: settings that name their faults, an account that starts, updates it cannot read."""

import contextlib
import importlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.errors import Unreadable
from bridge.model.files import Attachment
from bridge.model.ids import ChannelName, FileId, LaneId
from bridge.model.inbound import Inbound, Update
from bridge.ports.channels import Channel, FilesChannel
from tests.streets.table import STREETS

BOTS = Path(__file__).parents[2] / "bots"
TABLES = {kind: row.table for kind, row in STREETS.items()}


def doors() -> list[str]:
    """Every messenger there is: the modules of the room that open a channel."""
    found = [path.parent.name for path in BOTS.glob("*/__init__.py") if "def open(" in path.read_text("utf-8")]
    return sorted(found)


def test_every_door_is_tried() -> None:
    assert doors() == sorted(TABLES)


@pytest.fixture(params=sorted(TABLES))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def channel(kind: str) -> Channel:
    opened: Channel = importlib.import_module(f"bots.{kind}").open("shop", TABLES[kind], "https://desk.example/")
    return opened


def update(raw: str) -> Update:
    """Return a stored update of this body."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Update("shop:1", ChannelName("shop"), "1", LaneId("in:shop:1"), 1, raw, at)


def test_a_table_that_is_right_has_no_faults_and_a_wrong_key_is_named(kind: str) -> None:
    door = importlib.import_module(f"bots.{kind}")
    assert door.check(TABLES[kind]) == []
    assert door.check({**TABLES[kind], "colour_of_the_sky": 1}) == [("colour_of_the_sky", "is no known key")]


def test_secrets_stay_out_of_faults(kind: str) -> None:
    secret = next(name for name in ("token", "secret") if name in TABLES[kind])
    faults = importlib.import_module(f"bots.{kind}").check({**TABLES[kind], secret: ["hidden-words"]})
    assert faults
    assert "hidden-words" not in str(faults)


async def test_an_account_starts_under_its_own_name(channel: Channel, kind: str) -> None:
    assert (channel.name, channel.kind, channel.state.state) == ("shop", kind, "starting")


@pytest.mark.parametrize("raw", ["{}", '{"type": "say"}', '{"update_id": "x", "message": 5}'])
async def test_an_update_it_cannot_read_is_nothing_or_unreadable(channel: Channel, raw: str) -> None:
    facts: list[Inbound] = []
    with contextlib.suppress(Unreadable):
        facts = list(channel.parse(update(raw)))
    assert facts == []


async def test_files_are_carried_or_refused_with_a_reason(channel: Channel) -> None:
    if not isinstance(channel, FilesChannel):
        return
    small = Attachment(FileId("f"), "document", "a.pdf", "application/pdf", 1000)
    assert channel.carries(small) is None
    huge = channel.carries(Attachment(FileId("f"), "video", "a.mp4", "video/mp4", 10**10))
    assert huge is None or huge
