"""How long the command line takes to start, and what a demo that has just started weighs."""

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.processes import Child, command

#: Starts of each kind, taken in turn so that a busy moment meets both.
STARTS = 15


def measure() -> dict[str, float]:
    """Return help_start_ratio and demo_rss_mb."""
    return {"help_start_ratio": help_start_ratio(), "demo_rss_mb": demo_rss_mb()}


def help_start_ratio() -> float:
    """`mostik --help` over `python -c pass`, medians of one run."""
    pairs = [(_seconds("-m", "mostik", "--help"), _seconds("-c", "pass")) for _ in range(STARTS)]
    return statistics.median(pair[0] for pair in pairs) / statistics.median(pair[1] for pair in pairs)


def demo_rss_mb() -> float:
    """Resident memory of a demo that has just said that everything answers, in MB (Linux)."""
    with tempfile.TemporaryDirectory(prefix="mostik-bench-") as folder:
        ready = Path(folder) / "ready.json"
        arguments = ("-m", "mostik", "demo", "--port", "0", "--data", folder, "--ready-file", str(ready))
        demo = Child(*arguments, log=Path(folder) / "demo.log")
        try:
            demo.until(ready.exists)
            return demo.rss_mb()
        finally:
            demo.end()


def _seconds(*arguments: str) -> float:
    started = time.perf_counter()
    command(*arguments)
    return time.perf_counter() - started
