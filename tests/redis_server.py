"""The Redis server of the tests, as a process on a socket of its own; each who asks gets a fresh prefix."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

#: A start on a machine that does much else, seconds.
START_SECONDS = 60.0


class RedisServer:
    """One server that keeps nothing on disk; `url` stays the same over restarts."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{folder / 'redis.sock'}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [
                *(self._program, "--port", "0", "--unixsocket", "redis.sock"),
                *("--save", "", "--appendonly", "no", "--loglevel", "warning"),
            ],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        end = time.monotonic() + START_SECONDS
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    assert self._process.poll() is None, "the Redis server does not start"
                    assert time.monotonic() < end, "the Redis server does not answer"
                    time.sleep(0.02)

    def kill(self) -> None:
        """End it at once; nothing happens when it is not there."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let it hold its connections and answer nothing meanwhile."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGCONT)


def fresh_prefix() -> str:
    """Return a prefix nobody has used."""
    return f"mostik:{uuid.uuid4().hex[:12]}"


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Run a server; without its program the test is skipped (scripts/test.sh says so aloud, and CI fails there)."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("no Redis server on this machine")
    # Not below pytest's folder: the path of a socket may have about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="mostik-redis-") as folder:
        server = RedisServer(program, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()
