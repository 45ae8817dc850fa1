"""An operator's place: a browser of his own with the panel in it, and what the browser complained of."""

import os
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Dialog, Locator, Page, expect

from operator_panel.access import COOKIE
from operator_panel.passwords import digest
from tests.browser.recorder import Recorder
from tests.shop import PASSWORD, Shop

#: Is every step recorded with the page as it stood?
TRACED = os.environ.get("MOSTIK_TEST_TRACE", "") == "1"
WIDE = {"width": 1440, "height": 900}


@dataclass
class Desk(Recorder):
    """One operator in one browser context; `tolerated` are complaints the test provokes on purpose.

    With MOSTIK_TEST_TRACE=1 a failed test also leaves Playwright's trace, which costs a sixth of the run.
    """

    shop: Shop
    who: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=list)

    @classmethod
    async def take(cls, browser: Browser, shop: Shop, who: str, **options: Any) -> "Desk":
        """Open a fresh context; nobody is logged in there."""
        usual = {"base_url": shop.url, "locale": "ru-RU", "timezone_id": "Europe/Moscow", "viewport": WIDE}
        context = await browser.new_context(**{**usual, **options})
        if TRACED:
            await context.tracing.start(snapshots=True, title=who)
        desk = cls(shop, who, context, await context.new_page())
        await desk.record()
        context.on("dialog", desk._asked)
        return desk

    async def _asked(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    @property
    def head(self) -> Locator:
        """The middle of the page: the open conversation with the buttons above it."""
        return self.page.get_by_role("main")

    async def session(self) -> str:
        """Return the id of this browser's session in the store."""
        cookies = await self.context.cookies()
        return digest(next(cookie["value"] for cookie in cookies if cookie["name"] == COOKIE))

    async def log_in(self) -> None:
        """Get a session by the login's own door, without drawing its page."""
        asks = {"Accept": "application/json"}
        csrf = (await (await self.context.request.get("/login", headers=asks)).json())["csrf"]
        form = {"email": f"{self.who}@kedr.example", "password": PASSWORD, "csrf": csrf, "remember": "1"}
        answer = await self.context.request.post("/login", headers=asks, form=form)
        assert answer.ok, await answer.text()

    async def open(self, address: str = "/inbox/mine") -> None:
        """Go to a page of the inbox and wait for its first picture and its live line."""
        await self.page.goto(address)
        await self.ready()

    async def ready(self) -> None:
        """Wait for the first picture."""
        await expect(self.page.locator("html[data-ready=true]")).to_be_attached()

    async def reload(self) -> None:
        """Look at the same address anew."""
        await self.page.reload()
        await self.ready()

    async def seq(self) -> str:
        """Return the cursor of the last event the page has drawn."""
        return await self.page.locator("html").get_attribute("data-seq") or ""

    def row(self, name: str) -> Locator:
        """A row of the list by the customer's name."""
        return self.page.get_by_test_id("conv-row").filter(has_text=name)

    async def names(self, state: str = "") -> list[str]:
        """Return the names in the list from top to bottom, of one section or of all."""
        rows = self.page.get_by_test_id("conv-row")
        if state:
            rows = self.page.locator(f'[data-testid="conv-row"][data-state="{state}"]')
        return await rows.locator(".row-name").all_inner_texts()

    async def pick(self, name: str) -> None:
        """Open a conversation by its row and wait until it can be answered."""
        await self.row(name).click()
        await expect(self.field).to_be_visible()

    def said(self, text: str, kind: str = "") -> Locator:
        """A message of the open conversation by a part of its words."""
        kinds = f'[data-kind="{kind}"]' if kind else ""
        return self.page.locator(f'[data-testid="msg"]{kinds}').filter(has_text=text)

    @property
    def field(self) -> Locator:
        """Where the answer is written."""
        return self.page.get_by_test_id("composer").get_by_role("textbox")

    def button(self, name: str) -> Locator:
        """A button by its accessible name, whole words of it."""
        return self.page.get_by_role("button", name=name)

    async def write(self, text: str) -> None:
        """Write a reply and send it by the keyboard."""
        await self.field.fill(text)
        await self.field.press("Control+Enter")

    async def note(self, text: str) -> None:
        """Write a note and save it, then go back to replies."""
        await self.page.get_by_role("tab", name="Заметка").click()
        await self.field.fill(text)
        await self.button("Сохранить заметку").click()
        await expect(self.field).to_have_value("")
        await self.page.get_by_role("tab", name="Ответ").click()

    async def menu(self, opener: Locator, item: str) -> None:
        """Open a menu and choose one of its items."""
        await opener.click()
        await self.page.get_by_role("menuitem", name=item, exact=True).click()

    @property
    def owner(self) -> Locator:
        """The button that says who is responsible, and opens the menu of owners."""
        return self.button("Ответственный:")

    @property
    def banner(self) -> Locator:
        """The bar about the line to the server."""
        return self.page.get_by_test_id("conn-banner")

    async def key(self, code: str, key: str, **modifiers: bool) -> None:
        """Press a key as a keyboard in the Russian layout does: the place of the key and the letter it makes."""
        await self.page.evaluate(
            """([code, key, modifiers]) => document.activeElement.dispatchEvent(
              new KeyboardEvent('keydown', {code, key, ...modifiers, bubbles: true, cancelable: true}))""",
            [code, key, modifiers],
        )

    async def leave(self, test: str, failed: bool) -> None:
        """Close the browser context; of a failed test keep pictures, the console and, if there is one, the trace."""
        stem = await self.keep(test, self.who) if failed else None
        if TRACED:
            # Without a place to go it is ended too, else its files stay behind.
            await self.context.tracing.stop(path=stem and stem.with_suffix(".zip"))
        await self.context.close()
