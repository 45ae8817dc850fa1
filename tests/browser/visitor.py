"""A visitor of the shop's page: a browser of his own, the widget in it, and what the browser complained of."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops
from playwright.async_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

from tests.browser.desk import WIDE
from tests.browser.recorder import Recorder
from tests.shop import Shop, until

#: Levels of 255 by which a gradient drawn anew may differ from itself: measured 1, the browser's dithering of tiles.
DITHER = 2
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}


@dataclass
class Visitor(Recorder):
    """One browser context with the page in it; `tolerated` are complaints the test provokes on purpose."""

    shop: Shop
    url: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=list)

    @classmethod
    async def come(cls, browser: Browser, shop: Shop, url: str, **options: Any) -> "Visitor":
        """Open a fresh context; no page is looked at yet."""
        usual = {"locale": "ru-RU", "timezone_id": "Europe/Moscow", "viewport": WIDE}
        context = await browser.new_context(**{**usual, **options})
        visitor = cls(shop, url, context, await context.new_page())
        await visitor.record()
        return visitor

    @property
    def launcher(self) -> Locator:
        """The round button in the corner."""
        return self.page.get_by_test_id("widget-launcher")

    @property
    def frame(self) -> FrameLocator:
        """The inside of the widget."""
        return self.page.frame_locator('[data-testid="widget-frame"]')

    async def look(self, query: str = "") -> None:
        """Look at the shop's page."""
        await self.page.goto(self.url + query)
        await expect(self.launcher).to_be_visible()

    async def open(self) -> None:
        """Open the chat and wait for its line."""
        await self.launcher.click()
        await self.online()

    async def online(self) -> None:
        """Wait for the line."""
        await expect(self.frame.locator('html[data-state="online"]')).to_be_attached()

    @property
    def field(self) -> Locator:
        """Where words are written."""
        return self.frame.get_by_test_id("composer").get_by_role("textbox")

    async def say(self, text: str) -> None:
        """Write and send by the keyboard."""
        await self.field.fill(text)
        await self.field.press("Enter")

    def said(self, text: str, kind: str = "") -> Locator:
        """A message by a part of its words."""
        kinds = f'[data-kind="{kind}"]' if kind else ""
        return self.frame.locator(f'[data-testid="msg"]{kinds}').filter(has_text=text)

    @property
    def replies(self) -> Locator:
        """The buttons above the field."""
        return self.frame.get_by_test_id("quick-reply")

    def button(self, name: str) -> Locator:
        """A button of the frame by its accessible name."""
        return self.frame.get_by_role("button", name=name)

    async def words(self) -> list[str]:
        """Return what was said, from top to bottom."""
        said = self.frame.locator('[data-testid="msg"] .words')
        return await said.evaluate_all(
            "all => all.map(one => [...one.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('').trim())"
        )

    async def conversation(self) -> dict[str, Any]:
        """Return the newest conversation of the website, as operators see it."""

        async def found() -> dict[str, Any] | None:
            items = (await self.shop.api("GET", "/conversations?channel=site&limit=1"))["items"]
            return items[0] if items else None

        return await until(found)

    async def answer(self, text: str, who: str = "elena", **more: Any) -> None:
        """Let an operator answer."""
        where = (await self.conversation())["id"]
        await self.shop.api(
            "POST", f"/conversations/{where}/messages", {"text": text, "kind": "reply", **more}, who=who
        )

    async def focused(self) -> str:
        """Return the test id, the id or the label of what has the focus inside the frame."""
        return await self.frame.locator("html").evaluate(
            """() => { const one = document.activeElement;
                return one.dataset.testid || one.id || one.getAttribute('aria-label') || one.tagName; }"""
        )

    async def page_itself(self, **clip: Any) -> bytes:
        """Return how the page looks outside the widget, whose button is painted over and not pointed at."""
        await self.page.mouse.move(0, 0)
        return bytes(await self.page.screenshot(animations="disabled", mask=[self.launcher], **clip))

    async def looks(self, before: bytes, **clip: Any) -> None:
        """Wait until the page looks as before: a browser that is busy draws the last change a moment later."""

        async def same() -> bool:
            return alike(await self.page_itself(**clip), before)

        await until(same, "the page as before")

    async def shut(self) -> None:
        """Close it by Escape from the field: the focus goes back to the button, which then shows no ring for it."""
        await self.field.focus()
        await self.page.keyboard.press("Escape")
        await expect(self.page.get_by_test_id("widget-frame")).to_be_hidden()
        await expect(self.launcher).to_be_focused()
        await self.launcher.blur()

    async def leave(self, test: str, failed: bool) -> None:
        """Close the browser context; of a failed test keep pictures and the console."""
        if failed:
            await self.keep(test, "visitor")
        await self.context.close()


def alike(one: bytes, other: bytes) -> bool:
    """Tell whether two pictures are of one size and no channel of a pixel differs by more than the dithering."""
    images = [Image.open(BytesIO(each)).convert("RGB") for each in (one, other)]
    if images[0].size != images[1].size:
        return False
    return all(most <= DITHER for _, most in ImageChops.difference(images[0], images[1]).getextrema())
