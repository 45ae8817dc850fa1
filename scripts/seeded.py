"""The demo that is pictured: seeded, of its own, in a temporary folder."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
#: How long a demo may take to start on a busy machine, seconds.
PATIENCE = 180.0
#: Whose conversations are shown, by language: the open one, the bot's, a closed one, one who blocked the bot.
SHOWN = {
    "ru": ("Анна Ковалёва", "Надежда Власова", "Кирилл Баранов", "Дарья Комарова"),
    "en": ("Anna Kovaleva", "Nadine Vale", "Cyril Barnes", "Daria Cole"),
}


@dataclass
class Demo:
    """A running demo and what its ready file says."""

    language: str
    ready: dict[str, Any]
    ids: dict[str, str] = field(default_factory=dict)
    incoming: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the panel is."""
        return str(self.ready["panel"])

    def address(self, view: str, place: int) -> str:
        """Return the address of a conversation of SHOWN."""
        return f"{self.url}/inbox/{view}/{self.ids[SHOWN[self.language][place]]}"


@contextmanager
def demo(language: str) -> Iterator[Demo]:
    """Run a seeded demo of its own in a temporary folder; it ends with the block, whatever happens."""
    with tempfile.TemporaryDirectory(prefix="mostik-screens-") as folder:
        ready, log = Path(folder) / "ready.json", Path(folder) / "log"
        command = [sys.executable, "-m", "mostik", "demo", "--seeded", "--port", "0", "--lang", language]
        command += ["--data", f"{folder}/data", "--ready-file", str(ready)]
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)  # noqa: S603 - our own program
        try:
            until = time.monotonic() + PATIENCE
            while not ready.exists():
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"the demo did not start:\n{log.read_text('utf-8')}")
                time.sleep(0.1)
            yield Demo(language, json.loads(ready.read_text("utf-8")))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
