"""`make bench`: the figures that exist, as a table and as build/bench.json. What is not measured is absent."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "bench.json"
#: Starts of each kind, taken in turn so that a busy moment meets both.
STARTS = 15
#: Seconds the demo may take to answer.
PATIENCE = 120


def seconds(*command: str) -> float:
    """Return how long a command takes as a whole process."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - started


def help_start_ratio() -> float:
    """`mostik --help` over `python -c pass`, medians of one run."""
    pairs = [(seconds("-m", "mostik", "--help"), seconds("-c", "pass")) for _ in range(STARTS)]
    return statistics.median(pair[0] for pair in pairs) / statistics.median(pair[1] for pair in pairs)


def demo_rss_mb() -> float:
    """Resident memory of a demo that has just said that everything answers, in MB (Linux)."""
    with tempfile.TemporaryDirectory(prefix="mostik-bench-") as folder:
        ready = Path(folder) / "ready.json"
        command = [sys.executable, "-m", "mostik", "demo", "--port", "0", "--data", folder, "--ready-file", str(ready)]
        demo = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
        try:
            until = time.monotonic() + PATIENCE
            while not ready.exists():
                if demo.poll() is not None or time.monotonic() > until:
                    raise SystemExit("the demo did not start")
                time.sleep(0.1)
            status = Path(f"/proc/{demo.pid}/status").read_text(encoding="ascii")
            return int(status.split("VmRSS:")[1].split()[0]) / 1024
        finally:
            demo.terminate()
            demo.wait(30)


def main() -> None:
    """Measure, print, and write."""
    figures = {"help_start_ratio": round(help_start_ratio(), 2), "demo_rss_mb": round(demo_rss_mb(), 1)}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    width = max(map(len, figures))
    for name, figure in figures.items():
        print(f"{name:<{width}}  {figure}")


if __name__ == "__main__":
    main()
