"""The MongoDB wire server of the tests, as a process: started once, a fresh database for each who asks."""

import os
import signal
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pymongo

ROOT = Path(__file__).resolve().parents[1]
#: What scripts/mongo.sh makes.
PYTHON = ROOT / ".venv-mongo" / "bin" / "python"
#: A server of one's own choice: the contract suites run on it as well.
GIVEN = os.environ.get("MOSTIK_TEST_MONGO", "")


class MongoServer:
    """One wire server; `url` is its address without a database. `user`: (name, password) it asks for."""

    def __init__(self, port: int = 0, user: tuple[str, ...] = ()) -> None:
        self._process = subprocess.Popen(
            [PYTHON, ROOT / "tests" / "mongo_wire.py", str(port), *user],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        told = self._process.stdout.readline().strip()
        if not told:
            self.stop()
            raise OSError("the MongoDB wire server does not start")
        self.port = int(told)
        self.url = f"mongodb://127.0.0.1:{self.port}/"

    def freeze(self, frozen: bool) -> None:
        """Let it stand still with its connections open, or go on."""
        self._process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def stop(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def database_of(server: str) -> str:
    """Return the address of a database nobody has used on a server."""
    base, mark, query = server.partition("?")
    host = base.partition("://")[2].partition("/")[0]
    return f"{base.partition('://')[0]}://{host}/mostik_test_{uuid.uuid4().hex[:12]}{mark}{query}"


class Dropping:
    """Removes databases, over one client for all of them."""

    def __init__(self) -> None:
        self._clients: dict[str, pymongo.MongoClient[dict[str, Any]]] = {}

    def drop(self, url: str) -> None:
        """Remove the database of an address with everything in it."""
        server, _, database = url.partition("?")[0].rpartition("/")
        if server not in self._clients:
            self._clients[server] = pymongo.MongoClient(url, serverSelectionTimeoutMS=5000)
        self._clients[server].drop_database(database)

    def close(self) -> None:
        """Disconnect."""
        for client in self._clients.values():
            client.close()
