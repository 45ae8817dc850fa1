"""A state file that outlives the process: written whole and renamed, soon after a change, whole at the end.

Bytes of files lie beside it, in a folder `<state>.files`.
"""

import asyncio
import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from bots.emulators.control import Json

MIN_PAUSE = 0.25
PAUSE_FACTOR = 20
#: The state, and the bytes of all files by their names.
State = tuple[Json, Mapping[str, bytes]]


class StateFile(ABC):
    """Keeps a state file up to date."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path.with_name(path.name + ".files")
        self._wanted = asyncio.Event()
        self._written: set[str] = set()
        self._writing = threading.Lock()
        self._taken = 0
        self._kept = 0

    @abstractmethod
    def take_over(self, data: Json) -> None:
        """Let the emulator stand as the file says; without `clean`, written before a crash, ids jump ahead."""

    @abstractmethod
    def taken(self) -> State:
        """Return how the emulator stands."""

    def load(self) -> None:
        """Take over what the file holds, if there is one; raises ValueError for a file that is none of ours."""
        if not self.path.exists():
            return
        try:
            self.take_over(json.loads(self.path.read_bytes()))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"{self.path} holds no state of this emulator: {error!r}") from None

    def changed(self) -> None:
        """Ask for a save."""
        self._wanted.set()

    async def follow(self) -> None:
        """Save after changes for ever; a slow save makes the next one wait longer."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            started = time.monotonic()
            await self.save(clean=False)
            await asyncio.sleep(max(MIN_PAUSE, PAUSE_FACTOR * (time.monotonic() - started)))

    async def save(self, clean: bool) -> None:
        """Write the state, and the files it has not written yet; `clean` says that nothing can follow."""
        state, files = self.taken()
        text = json.dumps(state | {"clean": clean}, separators=(",", ":"))
        fresh = {name: content for name, content in files.items() if name not in self._written}
        self._taken += 1
        await asyncio.to_thread(self._write, self._taken, text, fresh)
        self._written.update(fresh)

    def _write(self, number: int, text: str, fresh: dict[str, bytes]) -> None:
        # A save that was given up goes on in its thread; it must not overtake the last one.
        with self._writing:
            if number > self._kept:
                self._kept = number
                self._replace(text, fresh)

    def _replace(self, text: str, fresh: dict[str, bytes]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            self.folder.mkdir(exist_ok=True)
        for name, content in fresh.items():
            replace(self.folder / name, content)
        replace(self.path, text.encode())


def content_of(folder: Path | None, name: str) -> bytes:
    """Return the bytes kept beside a state file under a name, none when they are gone."""
    path = folder / name if folder is not None else None
    return path.read_bytes() if path is not None and path.exists() else b""


def replace(path: Path, content: bytes) -> None:
    """Write a file whole: under another name first, then renamed into place."""
    partial = path.with_name(path.name + ".partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial.write_bytes(content)
    partial.replace(path)
