"""Processes of the product that a run starts, kills and ends: none of them outlives the run."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: A start on a machine that does much else, seconds.
START_SECONDS = 180.0
#: A graceful end, seconds.
STOP_SECONDS = 60.0
LOG_TAIL = 4000
_PR_SET_PDEATHSIG = 1


class Ended(Exception):
    """A process ended by itself or refused; the text holds the end of its log."""


class Process:
    """One process with a group of its own; its output is appended to a log."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path) -> None:
        self.name = name
        self.log = log
        self._arguments = [sys.executable, "-m", "mostik", *arguments]
        self._process: asyncio.subprocess.Process | None = None

    @property
    def runs(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it; its output joins the log."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._arguments,
                stdout=log,
                stderr=log,
                stdin=asyncio.subprocess.DEVNULL,
                cwd=self.log.parent,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    async def kill(self) -> None:
        """kill -9 of the whole group; nothing happens when it is gone."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        """End it with SIGTERM. Raises Ended when it does not end well and in time."""
        assert self._process is not None
        if self.runs:
            self._process.terminate()
        try:
            code = await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            raise Ended(f"{self.name} did not end within {STOP_SECONDS:g} s\n{self.tail()}") from None
        if code != 0:
            raise Ended(f"{self.name} ended with {code}\n{self.tail()}")

    async def finish(self) -> None:
        """Wait until a command is done. Raises Ended when it fails."""
        assert self._process is not None
        if await asyncio.wait_for(self._process.wait(), START_SECONDS) != 0:
            raise Ended(f"{self.name} failed\n{self.tail()}")

    def must_run(self) -> None:
        """Raise Ended when it ended by itself."""
        if not self.runs:
            raise Ended(f"{self.name} ended by itself\n{self.tail()}")

    def tail(self) -> str:
        """Return the end of the log."""
        if not self.log.exists():
            return ""
        return self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:]


def _die_with_parent() -> None:
    # Also when the run itself is killed with -9: nobody is left to end its children then.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
