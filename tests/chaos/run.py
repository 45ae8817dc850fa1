"""The long fault runs: `mostik run` is killed while customers write; a table, and build/chaos.json.

Exit code 1 when anything was lost, doubled beyond what says `unknown`, or disordered, or when a process did what it
should not.
"""

import argparse
import asyncio
import contextlib
import json
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.chaos.course import Course, Plan, drive  # noqa: E402 - started as a script, the root is not on the path
from tests.chaos.processes import Ended  # noqa: E402 - the same

#: What is added up over the modes; the rest of a course is told by mode.
COUNTS = (
    *("messages", "answers", "merged", "kills", "lost", "doubled", "disordered"),
    *("unknown", "unknown_arrived", "cancelled", "retried"),
)
MODES = ("webhook", "polling")
FAULTS_SHOWN = 20


def options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000, help="words said, in each mode (default: 2000)")
    parser.add_argument("--customers", type=int, default=50)
    parser.add_argument("--kills", type=int, default=20, help="kill -9 in each mode (default: 20)")
    parser.add_argument("--mode", choices=(*MODES, "both"), default="both")
    parser.add_argument("--rate", type=float, default=12.0, help="words a second (default: 12)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep stores and logs in this folder")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "chaos.json")
    return parser.parse_args(arguments)


async def run(chosen: argparse.Namespace) -> int:
    """Do the runs and report; returns the exit code."""
    modes = MODES if chosen.mode == "both" else (chosen.mode,)
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="mostik-chaos-"))
    courses: dict[str, Course] = {}
    good = False
    try:
        for mode in modes:
            place = folder / mode
            if place.exists():
                raise Ended(f"{place} is there already")
            place.mkdir(parents=True)
            plan = Plan(
                chosen.messages, chosen.customers, chosen.kills, mode, chosen.seed, chosen.rate, place.resolve()
            )
            courses[mode] = await drive(plan)
        good = all(course.verdict.clean for course in courses.values())
    except* Ended as faults:
        for fault in faults.exceptions:
            print(f"chaos: {fault}", file=sys.stderr)
    finally:
        if chosen.keep is None and good:
            shutil.rmtree(folder)
        else:
            print(f"stores and logs: {folder}", file=sys.stderr)
    if courses:
        report(courses, chosen.out)
    return 0 if good else 1


def figures(course: Course) -> dict[str, Any]:
    """Return a course as it stands in the report."""
    told: dict[str, Any] = {name: getattr(course.verdict, name) for name in COUNTS if name != "kills"}
    mean = sum(course.to_ready) / len(course.to_ready) if course.to_ready else 0.0
    return told | {"kills": course.kills, "seconds": round(course.seconds, 1), "ready_mean_seconds": round(mean, 2)}


def report(courses: dict[str, Course], out: Path) -> None:
    """Print the table and write the file."""
    by_mode = {mode: figures(course) for mode, course in courses.items()}
    kills = [seconds for course in courses.values() for seconds in course.to_ready]
    total: dict[str, Any] = {name: sum(row[name] for row in by_mode.values()) for name in COUNTS}
    total["seconds"] = round(sum(row["seconds"] for row in by_mode.values()), 1)
    total["ready_mean_seconds"] = round(sum(kills) / len(kills), 2) if kills else 0.0
    columns = by_mode | ({"total": total} if len(by_mode) > 1 else {})
    print(f"{'':20}" + "".join(f"{name:>12}" for name in columns))
    for name in total:
        print(f"{name:20}" + "".join(f"{column[name]:>12}" for column in columns.values()))
    for mode, course in courses.items():
        for fault in course.verdict.faults[:FAULTS_SHOWN]:
            print(f"{mode}: {fault}", file=sys.stderr)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(total | {"modes": by_mode}, indent=2) + "\n", encoding="utf-8")


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
