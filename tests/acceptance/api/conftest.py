"""A desk as it really is: hall, cellar and library for real; only the messenger is one that records."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from bots.calls import WebhookCaller
from bridge.clock import SystemClock
from bridge.context import Bridge
from bridge.errors import Rejected
from bridge.feed import Feed
from bridge.model.articles import Article, Library
from bridge.model.conversations import Conversation
from bridge.model.files import Attachment, Remote
from bridge.model.ids import ArticleId, ChannelName, ChatId, ConversationId, OperatorId
from bridge.model.inbound import Said, Sender
from bridge.model.operators import ApiToken, Operator, Role
from bridge.phrases import Phrases
from bridge.ports import BotSettings
from bridge.ports.channels import Accept, Channels, ChannelState, Outgoing, Receipt
from bridge.receive import receive
from configs.phrases import load_phrases
from kb_matcher.matcher import KbMatcher
from operator_panel.access import new_session
from operator_panel.app import panel
from operator_panel.office import Office
from operator_panel.options import PanelOptions
from operator_panel.passwords import hash_password, new_token
from storage.bus_memory import MemoryBus
from storage.documents import Documents
from storage.files_memory import MemoryFiles
from storage.memory import MemoryDocuments
from storage.repositories import Repositories
from storage.schema import ALL

PHRASES = Phrases(load_phrases())
PASSWORD = "correct horse battery"
HASH = hash_password(PASSWORD)
ARTICLES = (
    Article(
        ArticleId("delivery"),
        "Сколько идёт доставка",
        "Доставка по Москве занимает один день, по России до семи дней.",
        ("сколько идёт доставка", "когда привезут заказ", "срок доставки"),
    ),
    Article(
        ArticleId("return"),
        "Как вернуть товар",
        "Верните товар в течение 14 дней.",
        ("как вернуть товар", "хочу оформить возврат"),
    ),
)


class ShiftedClock(SystemClock):
    """The machine's clock, moved on by a test."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return super().now() + self.shift


#: The largest file the messenger takes from us, bytes.
CARRIED = 500_000


@dataclass
class RecordingChannel:
    """A messenger that takes everything and remembers it."""

    name: ChannelName = field(default_factory=lambda: ChannelName("telegram"))
    kind: str = "telegram"
    state: ChannelState = field(default_factory=lambda: ChannelState("ok"))
    sent: list[Outgoing] = field(default_factory=list)
    held: dict[str, bytes] = field(default_factory=dict)  # files customers sent, by Remote.ref

    async def run(self, accept: Accept) -> None:
        await asyncio.Event().wait()

    def parse(self, update: Any) -> list[Any]:
        return []

    async def send(self, message: Outgoing) -> Receipt:
        self.sent.append(message)
        return Receipt(f"tg-{len(self.sent)}")

    def carries(self, attachment: Attachment) -> str | None:
        return "file_too_big" if attachment.size > CARRIED else None

    async def fetch(self, remote: Remote) -> AsyncIterator[bytes]:
        if remote.ref not in self.held:
            raise Rejected("file_unavailable")
        yield self.held[remote.ref]


@dataclass
class House:
    """Everything a test of the API looks at."""

    bridge: Bridge
    channel: RecordingChannel
    clock: ShiftedClock
    client: TestClient[Any, Any]
    staff: dict[str, Operator]
    tokens: dict[str, str]
    office: Office
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def says(
        self, text: str, chat: str = "100", name: str = "Игорь Белов", files: tuple[Remote, ...] = ()
    ) -> Conversation:
        """A customer writes; returns the conversation."""
        said = Said(
            ChannelName("telegram"),
            ChatId(chat),
            f"m{next(self.numbers)}",
            Sender(chat, name, "igor"),
            text,
            self.clock.now(),
            files[0].kind if files else "text",
            files=files,
        )
        received = await receive(self.bridge, said)
        return await self.bridge.store.conversations.get(received.conversation)

    async def call(
        self, method: str, path: str, who: str | None = "anna", *, headers: dict[str, str] | None = None, **more: Any
    ) -> ClientResponse:
        """Call the API with somebody's token (None: without)."""
        proof = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return await self.client.request(method, f"/api/v1{path}", headers=proof | (headers or {}), **more)

    async def get(self, path: str, who: str | None = "anna", status: int = 200, **more: Any) -> Any:
        """GET, checked for its status; returns the JSON."""
        return await checked(await self.call("GET", path, who, **more), status)

    async def post(self, path: str, body: Any = None, who: str | None = "anna", status: int = 200, **more: Any) -> Any:
        """POST, checked for its status; returns the JSON."""
        return await checked(await self.call("POST", path, who, json=body, **more), status)

    async def patch(self, path: str, body: Any, who: str | None = "anna", status: int = 200, **more: Any) -> Any:
        """PATCH, checked for its status; returns the JSON."""
        return await checked(await self.call("PATCH", path, who, json=body, **more), status)


async def checked(response: ClientResponse, status: int) -> Any:
    """Return the JSON of an answer with the wished status; refusals must be proper problems."""
    text = await response.text()
    assert response.status == status, f"{response.status}: {text}"
    assert response.headers["Cache-Control"] == "no-store"
    if status == 204:
        assert text == ""
        return None
    value = await response.json(content_type=None)
    if status >= 400:
        assert response.content_type == "application/problem+json"
        assert value["status"] == status
        assert {"type", "title", "code", "detail"} <= set(value)
    else:
        assert response.content_type == "application/json"
    return value


def _operator(name: str, role: Role, clock: SystemClock) -> Operator:
    return Operator(OperatorId(name), f"{name}@example.com", name.capitalize(), role, HASH, clock.now())


async def _staffed(bridge: Bridge, clock: SystemClock) -> tuple[dict[str, Operator], dict[str, str]]:
    roles = {
        "anna": Role.OPERATOR,
        "mark": Role.OPERATOR,
        "boss": Role.ADMIN,
        "chief": Role.SUPERVISOR,
        "watcher": Role.OBSERVER,
        "writer": Role.EDITOR,
    }
    staff = {name: await bridge.store.staff.add(_operator(name, role, clock)) for name, role in roles.items()}
    tokens = {}
    for name, operator in staff.items():
        shown, id = new_token()
        await bridge.store.staff.add_token(ApiToken(id, operator.id, clock.now(), "test"))
        tokens[name] = shown
    return staff, tokens


@pytest.fixture
def documents() -> Documents:
    """The store; a module may bring another one."""
    return MemoryDocuments()


@pytest.fixture(scope="session")
def built() -> KbMatcher:
    """One index of the articles for all desks."""
    return asyncio.run(KbMatcher.build(Library(ARTICLES)))


@pytest.fixture
async def bridge(documents: Documents, built: KbMatcher) -> AsyncIterator[Bridge]:
    clock = ShiftedClock()
    await documents.open(ALL)
    store, bus = Repositories(documents, clock), MemoryBus()
    matcher = KbMatcher(built.engine, (None, None, None))  # what one desk changes is no other desk's
    hall = Bridge(
        store=store,
        bus=bus,
        clock=clock,
        matcher=matcher,
        files=MemoryFiles(1 << 20),
        phrases=PHRASES,
        settings=BotSettings(),
        channels=Channels({ChannelName("telegram"): RecordingChannel()}),
        feed=Feed(store, bus, clock),
        shop="Кедр и Ко",
        caller=WebhookCaller(inside=False),
    )
    for article in ARTICLES:
        await store.articles.put(article)
    running = asyncio.create_task(hall.feed.run())
    await asyncio.sleep(0)
    yield hall
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await documents.close()


Served = Callable[[web.Application], Awaitable[TestClient[Any, Any]]]


@pytest.fixture
async def house(bridge: Bridge, aiohttp_client: Served) -> House:
    app = web.Application()
    office = panel(app, bridge, PanelOptions())
    client = await aiohttp_client(app)
    staff, tokens = await _staffed(bridge, bridge.clock)
    channel = bridge.channels.by_name[ChannelName("telegram")]
    return House(bridge, channel, bridge.clock, client, staff, tokens, office)


async def waiting(house: House, text: str = "где мой заказ?", chat: str = "100") -> ConversationId:
    """A conversation that waits for somebody."""
    case = await house.says(text, chat)
    await checked(await house.call("POST", f"/conversations/{case.id}/release", json={"to": "queue"}), 200)
    return case.id


@pytest.fixture
async def session(house):
    """A session of Anna's and the cookie that opens it."""
    opened = new_session(house.staff["anna"], house.clock.now(), False, "test")
    await house.bridge.store.staff.open_session(opened.session)
    return opened
