"""The long fault runs: `mostik run` is killed while customers write; a table, and build/chaos.json.

Exit code 1 when anything was lost, doubled beyond what says `unknown`, or disordered, or when a process did what it
should not.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.chaos.course import Course, Plan, drive  # noqa: E402 - started as a script, the root is not on the path
from tests.chaos.processes import Ended  # noqa: E402 - the same
from tests.mongo_server import MongoServer, database_of  # noqa: E402 - the same

#: What is added up over the modes; the rest of a course is told by mode.
COUNTS = (
    *("messages", "answers", "merged", "kills", "lost", "doubled", "disordered"),
    *("unknown", "unknown_arrived", "cancelled", "retried"),
)
MODES = ("webhook", "polling")
#: Words and kills in each mode by store: the MongoDB wire server is for small collections only.
SIZES = {"sqlite": (2000, 20), "mongo": (300, 4)}
FAULTS_SHOWN = 20


def options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=(*SIZES, "all"), default="all")
    parser.add_argument("--messages", type=int, help="words said, in each mode (default: sqlite 2000, mongo 300)")
    parser.add_argument("--customers", type=int, default=50)
    parser.add_argument("--kills", type=int, help="kill -9 in each mode (default: sqlite 20, mongo 4)")
    parser.add_argument("--mode", choices=(*MODES, "both"), default="both")
    parser.add_argument("--rate", type=float, default=12.0, help="words a second (default: 12)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep stores and logs in this folder")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "chaos.json")
    return parser.parse_args(arguments)


async def run(chosen: argparse.Namespace) -> int:
    """Do the runs and report; returns the exit code."""
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="mostik-chaos-"))
    courses: dict[str, dict[str, Course]] = {}
    good = False
    try:
        for store in stores(chosen):
            with server(store) as address:
                courses[store] = {}
                await modes(chosen, store, address, folder / store, courses[store])
        good = all(course.verdict.clean for by_mode in courses.values() for course in by_mode.values())
    except* Ended as faults:
        for fault in faults.exceptions:
            print(f"chaos: {fault}", file=sys.stderr)
    finally:
        if chosen.keep is None and good:
            shutil.rmtree(folder)
        else:
            print(f"stores and logs: {folder}", file=sys.stderr)
    report({store: by_mode for store, by_mode in courses.items() if by_mode}, chosen.out)
    return 0 if good else 1


def stores(chosen: argparse.Namespace) -> list[str]:
    """Return the stores to run on: a machine that cannot have MongoDB's leaves it out aloud. Raises Ended."""
    wanted = list(SIZES) if chosen.store == "all" else [chosen.store]
    if "mongo" in wanted and subprocess.run([ROOT / "scripts" / "mongo.sh"], check=False).returncode:
        if chosen.store == "mongo" or os.environ.get("CI") == "true":
            raise Ended("the run on MongoDB needs its wire server")
        print("chaos: the run on MongoDB is left out", file=sys.stderr)
        wanted.remove("mongo")
    return wanted


@contextlib.contextmanager
def server(store: str) -> Iterator[str]:
    """Have the server of a store; gives its address, an empty one for a store without a server."""
    if store != "mongo":
        yield ""
        return
    mongo = MongoServer()
    try:
        yield mongo.url
    finally:
        mongo.stop()


async def modes(chosen: argparse.Namespace, store: str, address: str, folder: Path, courses: dict[str, Course]) -> None:
    """Do the runs on one store, a course for each mode. Raises Ended."""
    messages, kills = SIZES[store]
    for mode in MODES if chosen.mode == "both" else (chosen.mode,):
        place = folder / mode
        if place.exists():
            raise Ended(f"{place} is there already")
        place.mkdir(parents=True)
        courses[mode] = await drive(
            Plan(
                messages=messages if chosen.messages is None else chosen.messages,
                customers=chosen.customers,
                kills=kills if chosen.kills is None else chosen.kills,
                mode=mode,
                seed=chosen.seed,
                rate=chosen.rate,
                folder=place.resolve(),
                store=database_of(address) if address else "",
            )
        )


def figures(course: Course) -> dict[str, Any]:
    """Return a course as it stands in the report."""
    told: dict[str, Any] = {name: getattr(course.verdict, name) for name in COUNTS if name != "kills"}
    mean = sum(course.to_ready) / len(course.to_ready) if course.to_ready else 0.0
    return told | {"kills": course.kills, "seconds": round(course.seconds, 1), "ready_mean_seconds": round(mean, 2)}


def report(courses: dict[str, dict[str, Course]], out: Path) -> None:
    """Print the tables and write the file: the figures of SQLite as they are, those of MongoDB under its name."""
    told: dict[str, Any] = {}
    for store, by_mode in courses.items():
        total = table(store, by_mode)
        told |= total if store == "sqlite" else {store: total}
    if told:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def table(store: str, courses: dict[str, Course]) -> dict[str, Any]:
    """Print the table of one store; returns its sums, with the figures of its modes."""
    by_mode = {mode: figures(course) for mode, course in courses.items()}
    kills = [seconds for course in courses.values() for seconds in course.to_ready]
    total: dict[str, Any] = {name: sum(row[name] for row in by_mode.values()) for name in COUNTS}
    total["seconds"] = round(sum(row["seconds"] for row in by_mode.values()), 1)
    total["ready_mean_seconds"] = round(sum(kills) / len(kills), 2) if kills else 0.0
    columns = by_mode | ({"total": total} if len(by_mode) > 1 else {})
    print(f"{store:20}" + "".join(f"{name:>12}" for name in columns))
    for name in total:
        print(f"{name:20}" + "".join(f"{column[name]:>12}" for column in columns.values()))
    for mode, course in courses.items():
        for fault in course.verdict.faults[:FAULTS_SHOWN]:
            print(f"{store}, {mode}: {fault}", file=sys.stderr)
    return total | {"modes": by_mode}


async def _main() -> int:
    task = asyncio.create_task(run(options(sys.argv[1:])))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        return await task
    return 1


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
