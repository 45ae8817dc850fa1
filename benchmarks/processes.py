"""Processes of a benchmark: started in the checkout, seen to answer, ended with it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Seconds a process may take to answer.
PATIENCE = 120.0
_PR_SET_PDEATHSIG = 1
_TICKS = os.sysconf("SC_CLK_TCK")


class Child:
    """One process; its output goes to a log."""

    def __init__(self, *command: str, log: Path) -> None:
        self._log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, *command], stdout=out, stderr=out, cwd=ROOT, preexec_fn=_die_with_parent
            )

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for a fact. Raises SystemExit when the process ends before it, or it takes too long."""
        until = time.monotonic() + PATIENCE
        while not true():
            if self._process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{self._process.args!r} does not answer:\n{self._log.read_text()[-4000:]}")
            time.sleep(0.05)

    def cpu(self) -> float:
        """Return the seconds of a processor it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def rss_mb(self) -> float:
        """Return its resident memory in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def end(self) -> None:
        """End it and wait until it is gone."""
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _die_with_parent() -> None:
    # Also when the benchmark itself is killed: nobody is left to end its children then.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> Callable[[], bool]:
    """Return a question: does somebody answer there with 200?"""

    def look() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return look


def command(*arguments: str) -> None:
    """Run a command to its end. Raises CalledProcessError."""
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


def printed(*arguments: str) -> str:
    """Run a command to its end and return what it printed. Raises CalledProcessError."""
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, cwd=ROOT).stdout


def listens(port: int) -> Callable[[], bool]:
    """Return a question: does somebody listen at a port of this machine?"""

    def look() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return look
