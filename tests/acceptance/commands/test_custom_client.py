"""The example client against a started house: both are processes, as an integrator has them."""

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port
from tests.shop import PATIENCE

HOUSE = Path(__file__).parents[3]


class Client:
    """The example client as a process: lines go in, what it prints is awaited."""

    def __init__(self, inbound: str, secret: str, port: int) -> None:
        command = [sys.executable, str(HOUSE / "examples" / "custom_client.py"), inbound, str(port)]
        environment = {**os.environ, "MOSTIK_SECRET": secret, "PYTHONIOENCODING": "utf-8"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, encoding="utf-8")
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))

    def say(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()

    def prints(self, part: str) -> str:
        """Return the next line that has this in it."""
        until = time.monotonic() + PATIENCE
        while True:
            line = self._lines.get(timeout=max(0.01, until - time.monotonic()))
            if part in line:
                return line

    def end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()  # no more to say
        try:
            assert self._process.wait(PATIENCE) == 0
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A demo whose custom channel calls a port that is free; yields its ready file."""
    ready, port = tmp_path / "ready.json", free_port()
    command = [sys.executable, "-m", "mostik", "demo", "--port", "0", "--data", str(tmp_path / "data")]
    environment = {**os.environ, "MOSTIK_BOTS__CUSTOM__URL": f"http://127.0.0.1:{port}/"}
    process = subprocess.Popen(
        [*command, "--ready-file", str(ready)], cwd=HOUSE, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + PATIENCE * 2
        while not ready.exists():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        yield {**json.loads(ready.read_text(encoding="utf-8")), "port": port}
    finally:
        process.terminate()
        process.wait(PATIENCE)


def call(demo: dict[str, Any], method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {demo['api_token']}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(demo["api"] + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


@pytest.mark.slow
def test_the_example_client_talks_both_ways(demo: dict[str, Any]) -> None:
    client = Client(demo["custom"]["inbound"], demo["custom"]["secret"], demo["port"])
    try:
        client.say("")
        assert "empty" in client.prints("refused ")
        client.say("позовите человека")
        said = re.fullmatch(r"said (\w+)", client.prints("said "))
        assert said
        assert "оператор" in client.prints("to c1:")
        (found,) = call(demo, "GET", "/conversations?channel=custom&external_id=c1")["items"]
        lines = call(demo, "GET", f"/conversations/{found['id']}/messages")["items"]
        assert (lines[0]["id"], lines[0]["text"]) == (said[1], "позовите человека")
        body = {"text": "Здравствуйте, это Ирина", "kind": "reply", "force": True}
        call(demo, "POST", f"/conversations/{found['id']}/messages", body)
        assert client.prints("это Ирина") == "to c1: Здравствуйте, это Ирина"
    finally:
        client.end()


def test_the_example_is_as_short_as_promised() -> None:
    assert len((HOUSE / "examples" / "custom_client.py").read_text(encoding="utf-8").splitlines()) <= 60
