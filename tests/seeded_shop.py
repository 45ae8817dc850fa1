"""A shop of the seeded demo, as tests open one: its house, its emulators, and what stands in them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bots.emulators.telegram import TelegramEmulator
from bots.emulators.telegram.world import Post
from bots.emulators.vk import VkEmulator
from bots.emulators.vk.dialog import Dialog
from bots.web import history
from bridge.clock import SystemClock
from bridge.model.articles import Library
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.ids import OperatorId
from bridge.model.messages import AuthorKind, Message
from bridge.model.operators import Operator, Role
from configs.settings import DEMO_FILE, load
from kb_matcher import KbMatcher
from kb_matcher.files import read_articles, read_labels
from mostik_house import House, open_house
from mostik_past import Emulators
from mostik_seed import STORIES, seed

TOKEN = "7000000001:AAtests-only-token-of-35-characters"
VK_TOKEN = "vk1.a.tests-only-token"
SECRET = "tests-only-secret-of-the-widget"
COMMUNITY = 220_700_001
GROUP = -1001700000001
PEOPLE = (AuthorKind.CUSTOMER, AuthorKind.BOT, AuthorKind.OPERATOR)
STAFF = {"admin": Role.ADMIN, "elena": Role.OPERATOR, "mark": Role.OPERATOR}


class Shop:
    """A seeded shop: its house, its emulators, and everything that stands in its store."""

    def __init__(self, house: House, emulators: Emulators, language: str) -> None:
        self.house = house
        self.emulators = emulators
        self.emulator = emulators.telegram
        self.language = language

    async def seed(self) -> int:
        """Tell the stories; returns how many were not told before."""
        return await seed(self.house, self.emulators, self.language)

    async def of(self, place: int) -> Conversation:
        """The conversation of a line of the stories' file."""
        path = STORIES / f"dialogues.{self.language}.jsonl"
        name = json.loads(path.read_text("utf-8").splitlines()[place])["name"]
        return next(row for row in await self.rows() if row.customer_name == name)

    async def rows(self) -> list[Conversation]:
        found, more = await self.house.bridge.store.conversations.page(ConversationFilters(), None, 100)
        assert more is None
        return sorted(found, key=lambda row: row.number)

    async def lines(self, row: Conversation) -> list[Message]:
        return await self.house.bridge.store.messages.page(row.id, 0, None, 200)

    async def phone(self, row: Conversation) -> list[str]:
        """What stands before the customer: a message each, an album as one."""
        if row.channel == "vk":
            return [post.text for post in self.dialog(row).posts]
        if row.channel == "site":
            stretch = await history.newest(self.house.bridge, row.id, 100)
            shown = [line for line in stretch.shown if line.kind != "press" and line.author.kind in PEOPLE]
            return [line.text for line in shown]
        return [str(post.body.get("text") or post.body.get("caption") or "") for post in self.posts(row)]

    def dialog(self, row: Conversation) -> Dialog:
        """The dialog of a customer in VK."""
        found = self.emulators.vk.emulation.world.dialog(COMMUNITY, int(row.chat))
        assert found is not None
        return found

    def posts(self, row: Conversation) -> list[Post]:
        """The messages of a Telegram chat, of an album the first."""
        chat = self.emulator.emulation.world.private(int(TOKEN.split(":")[0]), int(row.chat))
        assert chat is not None
        albums: set[str] = set()
        found = []
        for post in chat.posts:
            album = str(post.body.get("media_group_id") or post.id)
            if album not in albums:
                found.append(post)
            albums.add(album)
        return found


@asynccontextmanager
async def open_shop(folder: Path, language: str, url: str = "http://127.0.0.1:9") -> AsyncIterator[Shop]:
    """Open a shop that was not seeded yet; `url` is where its emulators will be served, by their names."""
    emulator = TelegramEmulator(
        {TOKEN: {"name": "Кедр"}}, [{"id": GROUP, "title": "Кедр", "forum": True, "members": []}], folder / "world.json"
    )
    vk = VkEmulator({VK_TOKEN: {"id": COMMUNITY, "name": "Кедр"}}, folder / "vk.json")
    overrides = {
        "store": {"url": f"sqlite:///{folder / 'mostik.sqlite3'}"},
        "bot": {"language": language},
        "bots": {
            "telegram": {"token": TOKEN, "api_base": f"{url}/telegram", "staff_group": {"chat": GROUP}},
            "vk": {"token": VK_TOKEN, "group_id": COMMUNITY, "api_base": f"{url}/vk"},
            "site": {"secret": SECRET},
            "custom": {"secret": "nobody-is-called", "url": "http://127.0.0.1:9/"},
        },
    }
    knowledge = DEMO_FILE.parent / "knowledge" / language
    library = Library(
        tuple(read_articles(knowledge / "articles.jsonl")), tuple(read_labels(knowledge / "labels.jsonl"))
    )
    settings = load(DEMO_FILE, {}, overrides)
    matcher = await KbMatcher.build(library)
    async with open_house(settings, url, migrates=True, matcher=matcher) as house:
        store, now = house.bridge.store, SystemClock().now()
        for article in library.articles:
            await store.articles.put(article)
        for name, role in STAFF.items():
            await store.staff.add(Operator(OperatorId(name), f"{name}@kedr.example", name.title(), role, "-", now))
        yield Shop(house, Emulators(emulator, vk), language)
