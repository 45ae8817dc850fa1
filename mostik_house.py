"""The composition root: opens the rooms in order, hands each what it needs, closes them in reverse."""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from aiohttp import web

from bots.calls import WebhookCaller
from bridge import timers
from bridge.clock import SystemClock
from bridge.context import Bridge
from bridge.delivery.inbox import Inbox
from bridge.delivery.lanes import LaneWorkers
from bridge.delivery.leases import Lease
from bridge.delivery.outbox import Outbox
from bridge.delivery.sharing import ClosingChannel, Installation, LineChannel
from bridge.errors import BridgeError, ChannelBroken, Rejected, StoreDown, Unreadable
from bridge.feed import Feed
from bridge.library.index import taught, watch
from bridge.model.ids import ChannelName
from bridge.model.inbound import Inbound, Update
from bridge.phrases import Phrases
from bridge.ports import BotSettings, Clock, Files, Matcher
from bridge.ports.channels import Accept, Channel, Channels, ChannelState, Outgoing, Receipt
from bridge.staff import tending
from configs.customers import rules
from configs.phrases import load_phrases
from configs.settings import Settings
from mostik_calls import calls, hang_up
from mostik_roles import ROLES, hear_states, learn, open_bus, tell_programs, tell_states
from storage.connect import documents_of, files_of
from storage.documents import Documents
from storage.migrations import migrate, require_current
from storage.repositories import Repositories
from storage.schema import ALL

log = logging.getLogger("mostik")

#: Lanes handled at once, per direction: they wait for the store and for messengers, not for the processor.
INBOX_WORKERS = 32
OUTBOX_WORKERS = 64


@dataclass(frozen=True, slots=True)
class House:
    """Everything that is open."""

    settings: Settings
    documents: Documents
    bridge: Bridge
    inbox: Inbox
    outbox: Outbox


@runtime_checkable
class RoutedChannel(Protocol):
    """A channel the street calls at addresses of its own."""

    def routes(self, bridge: Bridge) -> list[web.RouteDef]:
        """Return them; they are put on the one server."""


class BrokenChannel:
    """An account that could not even be opened: it stands in the list with its reason, the rest of the house runs."""

    def __init__(self, name: str, kind: str, reason: str) -> None:
        self.name = ChannelName(name)
        self.kind = kind
        self.state = ChannelState("broken", reason)

    async def run(self, accept: Accept) -> None:
        """Stay broken until the settings are mended and the house starts anew."""
        await asyncio.Event().wait()

    def parse(self, update: Update) -> Sequence[Inbound]:
        """Nothing can be read by an account that was never opened."""
        raise Unreadable("the channel could not be opened")

    async def send(self, message: Outgoing) -> Receipt:
        """Nothing can be sent; the outbox asks the state first and waits."""
        raise Rejected("channel_broken")


def door(kind: str) -> Any:
    """Return the module of a messenger, bots/<kind>. Raises ValueError when there is none."""
    if not kind.isidentifier():
        raise ValueError(f"no messenger is called {kind!r}")
    try:
        module = importlib.import_module(f"bots.{kind}")
    except ModuleNotFoundError as error:
        if error.name != f"bots.{kind}":
            raise
        raise ValueError(f"no messenger is called {kind!r}") from None
    if not hasattr(module, "open"):
        raise ValueError(f"no messenger is called {kind!r}")
    return module


def channel_faults(bots: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the faults of all [bots.…] tables as (key, fault in words)."""
    faults: list[tuple[str, str]] = []
    for name, table in bots.items():
        try:
            found = door(str(table["kind"])).check(table)
        except ValueError as error:
            found = [("kind", str(error))]
        faults += [(f"bots.{name}.{key}", fault) for key, fault in found]
    return faults


def open_channels(
    bots: Mapping[str, Mapping[str, Any]],
    public_url: str,
    given: Callable[[str], Installation] = lambda name: Installation(),
) -> Channels:
    """Open every account of the settings with what it is given; one that cannot be opened is broken, others are not."""
    channels = Channels()
    for name, table in bots.items():
        channel: Channel
        try:
            channel = door(str(table["kind"])).open(name, table, public_url, given(name))
        except ChannelBroken as fault:
            channel = BrokenChannel(name, str(table["kind"]), str(fault))
        channels.by_name[ChannelName(name)] = channel
    return channels


@asynccontextmanager
async def open_store(url: str, clock: Clock, migrates: bool = False) -> AsyncIterator[tuple[Documents, Repositories]]:
    """Open a store at the current schema. Raises StoreDown, and storage.migrations' errors for another schema."""
    if url.startswith("sqlite:///"):
        _make_folder(Path(url.removeprefix("sqlite:///")).parent)
    documents = documents_of(url)
    await documents.open(ALL)
    try:
        if migrates:
            await migrate(documents)
        await require_current(documents)
        yield documents, Repositories(documents, clock)
    finally:
        await documents.close()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreDown(f"store.url: {folder}: {fault.strerror}") from None


@asynccontextmanager
async def open_house(
    settings: Settings,
    public_url: str,
    *,
    migrates: bool = False,
    clock: Clock | None = None,
    matcher: Matcher | None = None,
) -> AsyncIterator[House]:
    """Open store, matcher, channels and hall; nothing runs yet."""
    clock = clock or SystemClock()
    async with (
        open_store(settings.store.url, clock, migrates) as (documents, store),
        open_bus(settings.bus.url, store) as (bus, quota),
    ):

        def given(name: str) -> Installation:
            sole = Lease(store, bus, clock, f"receive:{name}")
            return Installation(sole, quota, bus, store.journal, settings.panel.proxies)

        caller = WebhookCaller(settings.webhooks.private)
        bridge = Bridge(
            store=store,
            bus=bus,
            clock=clock,
            matcher=matcher or await _matcher(store, settings),
            files=_files(settings, documents),
            phrases=Phrases(load_phrases(), settings.bot.language),
            settings=BotSettings(**settings.bot.model_dump()),
            channels=open_channels(settings.bots, public_url, given),
            feed=Feed(store, bus, clock),
            shop=settings.shop.name,
            caller=caller,
            rules=rules(settings.customers, settings.retention),
            work=settings.staff.rules(),
            **calls(settings),
        )
        try:
            yield House(settings, documents, bridge, Inbox(bridge), Outbox(bridge))
        finally:
            await hang_up(bridge)


def _files(settings: Settings, documents: Documents) -> Files:
    folder = Path(settings.files.folder) if settings.files.folder else None
    return files_of(settings.store.url, settings.files.max_mb << 20, folder, documents)


async def _matcher(store: Repositories, settings: Settings) -> Matcher:
    from kb_matcher import KbMatcher

    bot = settings.bot
    return await KbMatcher.open(
        await taught(store, SystemClock().now()),
        answer=bot.answer,
        offer=bot.offer,
        suggest=bot.suggest,
        folder=_shelf(settings),
    )


def _shelf(settings: Settings) -> Path | None:
    """Where processes of one machine share the matcher: beside the SQLite store, else with the files; None: nowhere."""
    if settings.store.url.startswith("sqlite:///"):
        return Path(settings.store.url.removeprefix("sqlite:///") + ".matcher")
    return Path(settings.files.folder) / ".matcher" if settings.files.folder else None


def web_app(house: House, public_url: str, role: str = "all") -> web.Application:
    """Return the one server: the panel, and the routes of every channel that has some, as far as the role says."""
    from operator_panel.app import health, panel
    from operator_panel.options import PanelOptions

    app = web.Application(client_max_size=1 << 20)
    desk = house.settings.panel
    options = PanelOptions(public_url, house.bridge.settings.language, desk.proxies, desk.undo_seconds)
    (panel if ROLES[role].panel else health)(app, house.bridge, options)
    if ROLES[role].doors:
        for channel in house.bridge.channels.by_name.values():
            _mount(app, channel, house)
    return app


def _mount(app: web.Application, channel: Channel, house: House) -> None:
    """Put a channel's routes on the server, if it has some; one that keeps lines open is told when the server stops."""
    if isinstance(channel, RoutedChannel):
        app.add_routes(channel.routes(house.bridge))
    if isinstance(channel, LineChannel):
        leave = channel.hang_up

        async def stop(_: web.Application) -> None:
            leave()

        app.on_shutdown.append(stop)


async def work(house: House, role: str = "all") -> None:
    """Run channels, lanes, timers and feed until cancelled; channels end last, so that what is being sent goes out."""
    bridge = house.bridge
    channels = [each for each in bridge.channels.by_name.values() if not isinstance(each, BrokenChannel)]
    async with _sending(channels), asyncio.TaskGroup() as outer, asyncio.TaskGroup() as inner:
        if ROLES[role].doors:
            for channel in channels:
                outer.create_task(_supervised(house, channel), name=f"channel {channel.name}")
        states = tell_states if ROLES[role].doors else hear_states
        inner.create_task(states(bridge, channels), name="states")
        inner.create_task(bridge.feed.run(), name="feed")
        inner.create_task(watch(bridge), name="library")
        if ROLES[role].worker:
            inner.create_task(LaneWorkers(bridge, "in", house.inbox.handle, INBOX_WORKERS).run(), name="inbox")
            inner.create_task(LaneWorkers(bridge, "out", house.outbox.handle, OUTBOX_WORKERS).run(), name="outbox")
            inner.create_task(timers.run(bridge), name="timers")
            tell_programs(bridge, inner)
            learn(bridge, inner)
        if ROLES[role].worker or ROLES[role].doors:
            inner.create_task(tending.run(bridge), name="tending")


@asynccontextmanager
async def _sending(channels: Sequence[Channel]) -> AsyncIterator[None]:
    """Close at last what channels opened to send, in a process that does not run them too."""
    try:
        yield
    finally:
        for channel in channels:
            if isinstance(channel, ClosingChannel):
                await channel.close()


async def _supervised(house: House, channel: Channel) -> None:
    """Keep one account running: its faults are its own."""
    while True:
        try:
            await channel.run(house.inbox.accept)
            return
        except BridgeError as fault:
            log.error("channel %s stopped: %s", channel.name, fault)
        except Exception:
            log.exception("channel %s broke in an unforeseen way", channel.name)
        await asyncio.sleep(5)


_: type[Channel] = BrokenChannel
