"""What tests of every folder may ask for: databases on a MongoDB wire server."""

import contextlib
import gc
import importlib
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bots.telegram_models import defer
from tests.mongo_server import GIVEN, PYTHON, Dropping, MongoServer, database_of

# Some tests import aiogram before the bridge does: without it, each worker builds for seconds what no test asks for.
defer()

# How long an example takes says how busy the machine is, nothing of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Collect without searching for garbage, for all of it is kept: a third of the time went there."""
    gc.disable()
    try:
        _read_a_share(session)
        return (yield)
    finally:
        gc.enable()


def _read_a_share(session: pytest.Session) -> None:
    """Have each worker of a whole run read a share of the files first: what it rewrites, the others find done."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "")[2:]
    whole = [Path(each).resolve() for each in session.config.args] == [Path(__file__).resolve().parent]
    if not whole or not number or sys.dont_write_bytecode:
        return
    root, workers = Path(__file__).parents[1], int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for path in sorted(Path(__file__).parent.rglob("test_*.py"))[int(number) :: workers]:
        # What does not load says so when it is collected.
        with contextlib.suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))


#: Files whose tests take longest, whatever their number: who begins with them has no long way left at the end.
LONGEST = (
    *("browser/test_accessibility.py", "chaos/test_chaos.py", "property/test_deaths.py", "chaos/test_installation.py"),
    *("chaos/test_faults.py", "acceptance/dialogues/test_staff_budget.py", "acceptance/commands/test_wheel.py"),
    *("acceptance/commands/test_demo_vk.py", "acceptance/telegram/test_telegram_models.py"),
    *("browser/test_widget_story.py", "browser/test_desk_long.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mix the files of all folders, the longest first, for a run of several workers, each of which takes the next file.

    One folder's tests compute, another's wait for clocks and servers: side by side they share the machine, one folder
    after the other they first leave it idle and then fight for it.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    here = Path(__file__).parent
    folders: dict[Path, Counter[Path]] = defaultdict(Counter)
    for item in items:
        folders[item.path.parent][item.path] += 1
    places: dict[Path, float] = {}
    for files in folders.values():
        done = 0
        for path, tests in files.most_common():
            places[path] = done / files.total()
            done += tests
    for place, name in enumerate(LONGEST, -len(LONGEST)):
        assert (here / name).exists(), f"no such file any more: {name}"
        places[here / name] = place
    items.sort(key=lambda item: (places[item.path], item.path))


def pytest_collection_finish() -> None:
    """Keep what was collected, half a million objects, out of every later search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def mongo_server() -> Iterator[MongoServer]:
    """The wire server, started once and ended with the tests; without Python 3.13 there is none."""
    if not PYTHON.exists():
        absent = "no MongoDB wire server: scripts/mongo.sh makes .venv-mongo and needs Python 3.13"
        if os.environ.get("CI") == "true":
            pytest.fail(absent)
        pytest.skip(absent)
    server = MongoServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def dropping() -> Iterator[Dropping]:
    """What removes the databases of tests."""
    dropping = Dropping()
    yield dropping
    dropping.close()


@pytest.fixture
def mongo_url(mongo_server: MongoServer, dropping: Dropping) -> Iterator[str]:
    """The address of a fresh database on the wire server, which is slow; it is dropped afterwards."""
    url = database_of(f"{mongo_server.url}?timeoutMS=120000")
    yield url
    dropping.drop(url)


@pytest.fixture
def given_mongo_url(dropping: Dropping) -> Iterator[str]:
    """The address of a fresh database on the server of MOSTIK_TEST_MONGO; it is dropped afterwards."""
    url = database_of(GIVEN)
    yield url
    dropping.drop(url)


@pytest.fixture
def absent_server() -> Iterator[None]:
    """For tests of servers that are away, with the warning `unclosed` ignored.

    The driver leaves the socket of a connection it is just trying to make, when it is closed, to the garbage collector.
    """
    yield
    gc.collect()
