"""`mostik run`: one process of an installation, or a check of everything it would need."""

import argparse
import asyncio
import gc
import ipaddress
import json
import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from bridge.phrases import Phrases
from configs.faults import SettingsError
from configs.phrases import load_phrases
from configs.settings import DEFAULT_FILE, Settings, load, masked
from configs.sources import PREFIX
from mostik_calls import smtp
from mostik_house import House, channel_faults, door, open_house, open_store, web_app, work
from storage.connect import check_bus

#: Connections that wait to be taken: a messenger delivers in bursts.
BACKLOG = 1024
#: New objects between two looks of the garbage collector. A message makes thousands that need no collector to go, and
#: at Python's 700 a fifth of the processor went into looking at them (docs/performance.md).
COLLECT_AFTER = 20_000


async def run(arguments: argparse.Namespace) -> int:
    """Serve until ended by SIGTERM or SIGINT; --check only looks."""
    _require_settings(arguments.config)
    settings = load(arguments.config, os.environ)
    faults = channel_faults(settings.bots) + _address_faults(settings)
    if arguments.check:
        return await check(settings, faults)
    if faults:
        raise SettingsError(faults)
    log_as(settings)
    listener = listen(settings.panel.host, settings.panel.port)
    public_url = settings.panel.public_url or f"http://{settings.panel.host}:{listener.getsockname()[1]}"
    async with open_house(settings, public_url) as house:
        with stopping() as stopped:
            await serve(
                house,
                web_app(house, public_url, arguments.role),
                listener,
                stopped,
                arguments.role,
                _Ready(arguments, public_url),
            )
    return 0


def _require_settings(named: Path | None) -> None:
    """Refuse to start from nothing: a Mostik without a channel serves nobody. Raises ValueError."""
    by_environment = any(name.startswith(PREFIX) and "__" in name for name in os.environ)
    if named is None and not DEFAULT_FILE.exists() and not by_environment:
        raise ValueError(f"no {DEFAULT_FILE} in this folder: `mostik init` makes one, --config names another")


def _address_faults(settings: Settings) -> list[tuple[str, str]]:
    """Return the channels whose messenger is to call us and has no address it would take."""
    called = [name for name, table in settings.bots.items() if table.get("mode") in ("webhook", "callback")]
    # A server of one's own, which an emulated messenger is, calls whatever it is told to.
    public = [name for name in called if not str(settings.bots[name].get("api_base", "")).startswith("http://")]
    known = settings.panel.public_url.startswith("https://")
    return [] if known else [(f"bots.{name}.mode", "needs panel.public_url with https") for name in public]


class _Ready:
    """Says, once, that everything answers."""

    def __init__(self, arguments: argparse.Namespace, public_url: str) -> None:
        self._file: Path | None = arguments.ready_file
        self._url = public_url

    async def __call__(self) -> None:
        print(f"Mostik runs: {self._url}", flush=True)
        if self._file is not None:
            write_whole(self._file, {"panel": self._url, "api": f"{self._url}/api/v1"})


async def serve(
    house: House, app: web.Application, listener: socket.socket, stopped: asyncio.Event, role: str, ready: Any
) -> None:
    """Serve the web and work, each as far as the role says, until stopped."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    working = asyncio.create_task(work(house, role), name="work")
    try:
        await web.SockSite(runner, listener, backlog=BACKLOG).start()
        _settle_memory()
        await ready()
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
    finally:
        # Doors first: what comes in from now on is repeated by the messengers; then the hands at work.
        await runner.cleanup()
        working.cancel()
        results = await asyncio.gather(working, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]


def _settle_memory() -> None:
    """Take what was built at the start out of the garbage collector's sight: it stays as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


def is_loopback(host: str) -> bool:
    """Tell whether an address or name is this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is opened: its number is part of addresses. Raises OSError in one line."""
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = infos[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as fault:
        raise OSError(f"cannot listen on {host}:{port}: {fault.strerror or fault}") from None
    return listener


@contextmanager
def stopping() -> Iterator[asyncio.Event]:
    """Turn SIGTERM and SIGINT into an event."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    try:
        yield stopped
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def write_whole(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file beside its place and rename it in, so that nobody reads half of it; only the owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(content, out, ensure_ascii=False, indent=2)
    beside.replace(path)


def log_as(settings: Settings) -> None:
    """Log as the settings say: lines for people, or JSON for machines."""
    handler = logging.StreamHandler()
    if settings.log.format == "json":
        handler.setFormatter(_Json())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=settings.log.level.upper(), handlers=[handler], force=True)


class _Json(logging.Formatter):
    """One JSON object a line; `extra` fields come along."""

    _USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{key: str(value) for key, value in record.__dict__.items() if key not in self._USUAL},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


async def check(settings: Settings, faults: list[tuple[str, str]]) -> int:
    """Print every setting masked with its verdict, and try store and tokens; returns the exit code."""
    verdicts = dict(faults)
    shown = {key for key, _ in masked(settings)}
    for key, value in masked(settings):
        text = value or '""'
        print(f"{'FAIL' if key in verdicts else 'ok  '}  {key} = {text}" + _because(verdicts.get(key)))
    for key, fault in faults:
        if key not in shown:
            print(f"FAIL  {key}{_because(fault)}")
    broken = {key.split(".")[1] for key, _ in faults}
    good = not faults
    good = await _tried("store", _try_store(settings.store.url)) and good
    if settings.bus.url:
        good = await _tried("bus", check_bus(settings.bus.url)) and good
    mail = smtp(settings)
    if mail is not None:
        good = await _tried("mail", mail.check()) and good
    for name, table in settings.bots.items():
        if name not in broken:
            good = await _tried(f"bots.{name}", _try_channel(name, dict(table))) and good
    return 0 if good else 1


def _because(fault: str | None) -> str:
    return f"  ({fault})" if fault else ""


async def _tried(what: str, trial: Any) -> bool:
    try:
        print(f"ok    {what}: {await trial}")
    except Exception as fault:
        print(f"FAIL  {what}: {_in_words(fault)}")
        return False
    return True


def _in_words(fault: Exception) -> str:
    """Return a fault as people read it: many tell a reason's code."""
    return Phrases(load_phrases(), "en").reason("en", str(fault))


async def _try_store(url: str) -> str:
    from bridge.clock import SystemClock
    from bridge.errors import StoreDown

    if _is_unmade(url):
        raise StoreDown("there is no such file yet: `mostik init` or `mostik migrate` makes it")
    async with open_store(url, SystemClock()) as (_, store):
        await store.ping()
    return "answers and writes"


def _is_unmade(url: str) -> bool:
    """Tell whether a store is a file nobody made yet: to look is not to make one."""
    return url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists()


async def _try_channel(name: str, table: dict[str, Any]) -> str:
    channel = door(str(table["kind"])).open(name, table, "http://127.0.0.1")
    return str(await channel.check())
