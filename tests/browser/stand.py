"""The playground opened in a browser: a fresh emulator, and a bot of a few lines that speaks the raw Bot API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, TCPConnector, web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from bots.emulators.playground import Customer, Login, PlaygroundOptions, StaffMember, routes
from bots.emulators.telegram import TelegramEmulator

TOKEN = "4200001:" + "A" * 35
GROUP = -1_001_234_500_001
STAFF = [{"id": 5001, "name": "Olga Petrova"}, {"id": 5002, "name": "Ivan"}]

expect.set_options(timeout=15_000)


@dataclass
class TinyBot:
    """Answers every question with two buttons, opens a topic when a human is called, carries words both ways."""

    base: str
    client: ClientSession
    topics: dict[int, int] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, method: str, **params: Any) -> Any:
        """Call a method until it works."""
        while True:
            async with self.client.post(f"{self.base}/bot{TOKEN}/{method}", json=params) as answer:
                body = await answer.json()
            if body["ok"]:
                return body["result"]

    async def run(self) -> None:
        """Poll for ever."""
        offset = 0
        await self.call("getMe")  # an emulator's first answer takes seconds: it reads the Bot API's methods
        self.ready.set()
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    await self.pressed(update["callback_query"])
                elif "message" in update:
                    await self.said(update["message"])

    async def said(self, message: dict[str, Any]) -> None:
        """Answer a customer; carry an operator's words to the customer of the topic."""
        topic = message.get("message_thread_id")
        if message["chat"]["type"] == "private":
            keys = [[{"text": "Thanks", "callback_data": "yes"}], [{"text": "Call a human", "callback_data": "human"}]]
            text = f"An answer to: {message.get('text', '')}"
            await self.call(
                "sendMessage", chat_id=message["chat"]["id"], text=text, reply_markup={"inline_keyboard": keys}
            )
        elif topic in self.topics and not message["from"]["is_bot"] and "text" in message:
            await self.call("sendMessage", chat_id=self.topics[topic], text=message["text"])

    async def pressed(self, query: dict[str, Any]) -> None:
        """Open a topic with a card whose button closes it, or close it."""
        words = {"yes": "Glad to hear", "human": "Coming", "close": "Closed"}[query["data"]]
        await self.call("answerCallbackQuery", callback_query_id=query["id"], text=words)
        if query["data"] == "human":
            topic = (await self.call("createForumTopic", chat_id=GROUP, name="Anna"))["message_thread_id"]
            self.topics[topic] = query["from"]["id"]
            keys = [[{"text": "Close", "callback_data": "close"}]]
            await self.call(
                "sendMessage",
                chat_id=GROUP,
                message_thread_id=topic,
                text="A card",
                reply_markup={"inline_keyboard": keys},
            )
        elif query["data"] == "close":
            await self.call("closeForumTopic", chat_id=GROUP, message_thread_id=query["message"]["message_thread_id"])


@dataclass
class Stand:
    """The open page, where it is, and the control API behind it; `faults` is what the browser complained of."""

    page: Page
    url: str
    base: str
    client: ClientSession
    faults: list[str] = field(default_factory=list)

    async def ctl(self, path: str, method: str = "GET") -> Any:
        """Ask the control API."""
        async with self.client.request(method, f"{self.base}/ctl{path}") as answer:
            return await answer.json()

    def phone(self, slot: int = 0) -> Any:
        """One of the two phones."""
        return self.page.get_by_test_id("phone").nth(slot)

    async def told(self, done: int) -> None:
        """Wait until the story says that so many of its five steps, the first ones, are done."""
        steps = self.page.get_by_test_id("story-step")
        await expect(steps).to_have_count(5)
        for place in range(5):
            await expect(steps.nth(place)).to_have_attribute("data-done", "true" if place < done else "false")

    async def ask(self, text: str, slot: int = 0) -> None:
        """Write on a phone and send with Enter."""
        await self.phone(slot).get_by_test_id("phone-input").fill(text)
        await self.phone(slot).get_by_test_id("phone-input").press("Enter")


@asynccontextmanager
async def open_stand(browser: Browser, **more: Any) -> AsyncIterator[Stand]:
    """Open a page on a fresh emulator with a bot that polls it; `more` are further options of the playground.

    The browser is the one all tests share, the page has a context of its own.
    """
    emulator = TelegramEmulator({TOKEN: {"name": "Cedar"}}, [{"id": GROUP, "title": "Staff", "members": STAFF}])
    telegram, site = TestServer(emulator.app()), web.Application()
    await telegram.start_server(shutdown_timeout=0.2)
    base = str(telegram.make_url("")).rstrip("/")
    site.add_routes(
        routes(
            PlaygroundOptions(
                telegram_base=base,
                group=GROUP,
                operators=[StaffMember(str(one["name"]), int(str(one["id"]))) for one in STAFF],
                customers=[Customer("Anna Sidorova", "anna"), Customer("Boris Orlov")],
                panel_url="http://127.0.0.1:1/panel",
                shop="Cedar",
                language="en",
                logins=[Login("Olga Petrova", "olga@demo.example", "a-password")],
                **more,
            )
        )
    )
    server = TestServer(site)
    await server.start_server(shutdown_timeout=0.2)
    async with ClientSession(connector=TCPConnector(force_close=True)) as client:
        bot = TinyBot(base, client)
        polling = asyncio.create_task(bot.run())
        await bot.ready.wait()
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        page = await context.new_page()
        made = Stand(page, str(server.make_url("/playground")), base, client)
        page.on("console", lambda line: made.faults.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: made.faults.append(str(error)))
        await page.goto(made.url)
        await page.wait_for_selector("html[data-ready=true]")
        yield made
        await context.close()
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    await server.close()
    await telegram.close()
