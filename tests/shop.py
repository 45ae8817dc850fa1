"""A whole shop in one event loop: real aiogram, the emulated Telegram on a port of its own, SQLite, the real server.

What tests of dialogues and of the browser share; their conftest files make fixtures of it.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiogram.client.session import aiohttp as aiogram_session

from bots.emulators.telegram import TelegramEmulator
from bridge.context import Bridge
from bridge.model.articles import Library
from configs.settings import load
from kb_matcher import KbMatcher
from kb_matcher.files import read_articles, read_labels
from mostik_house import House, open_house, web_app, work
from tests.ports import free_port
from tests.serving import PATIENCE as PATIENCE
from tests.serving import serving, until
from tests.shop_store import PASSWORD as PASSWORD
from tests.shop_store import PEOPLE, STAFF, fill, lay, new_file
from tests.shop_store import password_hash as password_hash

KNOWLEDGE = Path(__file__).parents[1] / "configs" / "knowledge" / "ru"
TOKEN = "7000000001:AAtests-only-token-of-35-characters"
GROUP = -1001700000001
#: Telegram's own pace, for those whose subject it is: other shops do not wait for turns of ours.
PACED: dict[str, Any] = {"per_second": 30, "staff_group": {"chat": GROUP}}

# For every bot aiogram reads all authorities of the world, tens of milliseconds; ours speak plain HTTP anyway.
vars(aiogram_session)["ssl"] = SimpleNamespace(create_default_context=cache(ssl.create_default_context))


@dataclass
class Phone:
    """A customer with Telegram on the phone."""

    shop: "Shop"
    id: int
    name: str

    async def say(self, text: str, **more: Any) -> int:
        return (await self.shop.ctl("POST", "/user/say", {"user": self.id, "text": text, **more}))["message_id"]

    async def press(self, message: dict[str, Any], label: str) -> None:
        data = next(b["data"] for row in message["buttons"] for b in row if b["text"] == label)
        await self.shop.ctl("POST", "/user/press", {"user": self.id, "message_id": message["message_id"], "data": data})

    async def sees(self) -> list[dict[str, Any]]:
        return (await self.shop.ctl("GET", f"/chat/{self.id}/messages"))["items"]

    async def heard(self) -> list[str]:
        """Texts that came from the shop, in order."""
        return [m["text"] for m in await self.sees() if m["from"]["is_bot"]]

    async def gets(self, part: str) -> dict[str, Any]:
        async def got() -> dict[str, Any] | None:
            return next((m for m in await self.sees() if m["from"]["is_bot"] and part in (m["text"] or "")), None)

        return await until(got, part)


@dataclass
class Shop:
    """Everything a dialogue touches."""

    house: House
    emulator: TelegramEmulator
    http: aiohttp.ClientSession
    url: str
    telegram: str
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def bridge(self) -> Bridge:
        return self.house.bridge

    async def ctl(self, method: str, path: str, body: Any = None) -> Any:
        async with self.http.request(method, f"{self.telegram}/ctl{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return json.loads(await answer.text() or "{}")

    async def api(self, method: str, path: str, body: Any = None, who: str = "elena", status: int | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        async with self.http.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == status if status else answer.status < 300, (answer.status, text)
            return json.loads(text) if text else None

    async def phone(self, name: str = "Анна Ковалёва") -> Phone:
        user = (await self.ctl("POST", "/user", {"name": name, "lang": "ru"}))["user"]
        return Phone(self, user["id"], name)

    async def caller(self, name: str = "Анна Ковалёва") -> Phone:
        """Return a customer who asked for a person and waits."""
        phone = await self.phone(name)
        await phone.say("позовите человека")
        await self.stage(phone, "waiting")
        return phone

    async def sent_to(self, phone: Phone) -> list[str]:
        """Return every text a bot ever tried to send to a chat, whatever came of it."""
        calls = (await self.ctl("GET", "/calls"))["items"]
        return [str(call["params"]["text"]) for call in calls if self._says(call, phone)]

    @staticmethod
    def _says(call: dict[str, Any], phone: Phone) -> bool:
        return str(call["params"].get("chat_id")) == str(phone.id) and "text" in call["params"]

    async def conversation(self, phone: Phone) -> dict[str, Any]:
        async def found() -> dict[str, Any] | None:
            items = (await self.api("GET", f"/conversations?external_id={phone.id}"))["items"]
            return items[0] if items else None

        return await until(found)

    async def history(self, phone: Phone) -> list[dict[str, Any]]:
        conversation = await self.conversation(phone)
        return (await self.api("GET", f"/conversations/{conversation['id']}/messages?limit=200"))["items"]

    async def stage(self, phone: Phone, stage: str) -> dict[str, Any]:
        async def reached() -> dict[str, Any] | None:
            conversation = await self.conversation(phone)
            return conversation if conversation["stage"] == stage else None

        return await until(reached, stage)

    async def topic(self, phone: Phone) -> int:
        async def made() -> int | None:
            topics = (await self.ctl("GET", f"/topics?group={GROUP}"))["items"]
            return next((t["topic"] for t in topics if t["name"].startswith(phone.name)), None)

        return await until(made, "topic")

    async def in_topic(self, topic: int) -> list[dict[str, Any]]:
        return (await self.ctl("GET", f"/chat/{GROUP}/messages?topic={topic}"))["items"]

    async def topic_shows(self, topic: int, part: str) -> dict[str, Any]:
        async def shown() -> dict[str, Any] | None:
            return next((m for m in await self.in_topic(topic) if part in (m["text"] or "")), None)

        return await until(shown, part)

    async def staff_says(self, who: str, topic: int, text: str, **more: Any) -> int:
        body = {"operator": STAFF[who][1], "group": GROUP, "topic": topic, "text": text, **more}
        return (await self.ctl("POST", "/operator/say", body))["message_id"]

    async def staff_presses(self, who: str, topic: int, message: dict[str, Any], label: str) -> None:
        data = next(b["data"] for row in message["buttons"] for b in row if label in b["text"])
        body = {"operator": STAFF[who][1], "group": GROUP, "topic": topic, "message_id": message["message_id"]}
        await self.ctl("POST", "/operator/press", {**body, "data": data})

    async def quiet(self) -> None:
        """Wait until nothing waits in inbox and outbox."""

        async def nothing() -> bool:
            store = self.bridge.store
            lost = await store.updates.lost(self.bridge.clock.now(), 1)
            stuck = await store.messages.stuck(("queued", "sending", "retrying"), 1)
            return not lost and not stuck

        await until(nothing, "quiet")


@cache
def sample_library() -> Library:
    """Return the sample base, with labels."""
    return Library(tuple(read_articles(KNOWLEDGE / "articles.jsonl")), tuple(read_labels(KNOWLEDGE / "labels.jsonl")))


@cache
def sample_matcher() -> KbMatcher:
    """Return one index for all tests of a run: building it takes seconds. Not to be called inside a loop."""
    return asyncio.run(KbMatcher.build(sample_library()))


@asynccontextmanager
async def open_shop(
    folder: Path,
    library: Library,
    matcher: KbMatcher,
    telegram: dict[str, Any] | None = None,
    bot: Any = None,
    site: dict[str, Any] | None = None,
    files: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
    world: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
) -> AsyncIterator[Shop]:
    """Open a shop on a folder; `telegram` adds to the bot's table, `bot` to the bot's behaviour.

    With `site` there is a widget too, of these settings; `files` are the settings of files, `more` further channels,
    `settings` further sections. `world`: a snapshot of the Telegram this shop finds, from an earlier one.
    """
    own = KbMatcher(matcher.engine, (None, None, None))  # what one shop's editor changes is no other shop's
    emulator = TelegramEmulator(
        {TOKEN: {"name": "Кедр", "username": "kedr_help_bot"}},
        [{"id": GROUP, "title": "Кедр", "forum": True, "members": [{"id": i, "name": n} for n, i in STAFF.values()]}],
    )
    port = free_port()
    async with serving(emulator.app(), free_port()) as base:
        await _resume(base, world)
        url = f"http://127.0.0.1:{port}"
        bots = {"telegram": _table(base) | (telegram or {})} | _website(site) | (more or {})
        overrides = _overrides(folder, bots, bot, files, settings)
        laid = lay(overrides["store"]["url"], await new_file(library))
        async with (
            open_house(load(None, {}, overrides), url, migrates=True, matcher=own) as house,
            aiohttp.ClientSession() as http,
        ):
            if not laid:
                await fill(house.bridge.store, library)
            async with serving(web_app(house, url), port):
                working = asyncio.create_task(work(house))
                shop = Shop(house, emulator, http, url, base, {name: f"token-of-{name}" for name in PEOPLE})
                try:
                    await until(lambda: _connected(shop))
                    yield shop
                finally:
                    working.cancel()
                    await asyncio.gather(working, return_exceptions=True)


def _table(base: str) -> dict[str, Any]:
    group = {"chat": GROUP, "per_minute": 1200}
    return {"token": TOKEN, "api_base": base, "mode": "webhook", "staff_group": group, "per_second": 0}


def _website(site: dict[str, Any] | None) -> dict[str, Any]:
    return {} if site is None else {"site": {"kind": "web", **site}}


async def _resume(base: str, world: dict[str, Any] | None) -> None:
    if world is None:
        return
    # Nobody listens where the webhook was; what came after the snapshot was taken has the next numbers already.
    bots = [{**bot, "webhook": None, "next_update": bot["next_update"] + 1000} for bot in world["bots"]]
    async with (
        aiohttp.ClientSession() as http,
        http.put(f"{base}/ctl/snapshot", json={**world, "bots": bots}) as answer,
    ):
        assert answer.status == 200, await answer.text()


def _overrides(folder: Path, bots: Any, bot: Any, files: Any, settings: Any) -> dict[str, Any]:
    return {
        "store": {"url": f"sqlite:///{folder / 'mostik.sqlite3'}"},
        # Parts of an album are one message also where the machine is busy.
        "bot": {"burst_seconds": 0.1, "album_seconds": 2.0, **(bot or {})},
        "shop": {"name": "Кедр и Ко"},
        "panel": {"undo_seconds": 0.0},
        "files": files or {},
        "bots": bots,
        **(settings or {}),
    }


async def _connected(shop: Shop) -> bool:
    states = [channel.state.state for channel in shop.bridge.channels.by_name.values()]
    if "starting" in states:
        return False
    bot = f"{shop.telegram}/bot{TOKEN}/getWebhookInfo"
    if shop.house.settings.bots["telegram"]["mode"] == "polling" or "broken" in states:
        return True
    async with shop.http.get(bot) as answer:
        return bool((await answer.json())["result"]["url"])
