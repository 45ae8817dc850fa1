"""`make bench`: the figures that exist, as a table and as build/bench.json. What is not measured is absent."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import doors, growth, matcher, rush, startup, whole_way  # noqa: E402 - started as a script, the root is not on the path
from benchmarks.figures import MEANINGS  # noqa: E402 - the same
from benchmarks.panel import crowd, opening, page  # noqa: E402 - the same

#: What can be measured alone, in the order of a whole run.
PARTS: dict[str, Callable[[], dict[str, float]]] = {
    "startup": startup.measure,
    "whole_way": whole_way.measure,
    "doors": doors.measure,
    "rush": rush.measure,
    "matcher": matcher.measure,
    "opening": opening.measure,
    "crowd": crowd.measure,
    "page": page.measure,
    "growth": growth.measure,
}


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part alone (may be repeated)")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    return parser.parse_args()


def main() -> None:
    """Measure, print, and write."""
    chosen = options()
    figures: dict[str, float] = {}
    for name in chosen.only or PARTS:
        started = time.monotonic()
        print(f"{name} ...", flush=True)
        figures |= {figure: float(f"{value:.3g}") for figure, value in PARTS[name]().items()}
        print(f"{name} took {time.monotonic() - started:.0f} s", flush=True)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    width = max(map(len, figures))
    for figure, value in figures.items():
        print(f"{figure:<{width}}  {value:>8g}  {MEANINGS[figure]}")


if __name__ == "__main__":
    main()
