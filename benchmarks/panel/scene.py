"""A browser in front of a panel: windows on the inbox, and on the same page without its scripts."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, Playwright, Route

from benchmarks.panel.opening import Panel

SCRIPT = Path(__file__).with_name("page.js")
WINDOW: Any = {"viewport": {"width": 1440, "height": 900}, "locale": "ru-RU"}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
#: Scripts in all their forms: what is left is the page as a server would have drawn it.
SCRIPTS = re.compile(r"<script\b.*?</script>|<link[^>]+modulepreload[^>]*>", re.S)


async def browser_of(player: Playwright) -> Browser:
    """Start the machine's own Chromium."""
    where = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return await player.chromium.launch(executable_path=where, args=FLAGS)


@dataclass
class Scene:
    """A browser, a panel with sixty words a conversation, and the page to compare with."""

    browser: Browser
    shop: Panel
    cookies: list[Any]
    path: str
    plain: str = ""

    @asynccontextmanager
    async def page(self, *, plain: bool = False) -> AsyncIterator[tuple[Page, CDPSession]]:
        """Open a window of its own on the inbox with a conversation, or on the plain page, seen loaded."""
        context = await self.browser.new_context(**WINDOW)
        try:
            await context.add_cookies(self.cookies)
            await context.add_init_script(path=SCRIPT)
            page = await context.new_page()
            if plain:
                await page.route(f"**{self.path}", self._answer)
            wire = await context.new_cdp_session(page)
            await wire.send("Network.enable")
            await page.goto(self.shop.base + self.path, wait_until="load")
            if not plain:
                await page.locator("html[data-ready='true']").wait_for(state="attached")
            yield page, wire
        finally:
            await context.close()

    async def _answer(self, route: Route) -> None:
        await route.fulfill(body=self.plain, content_type="text/html; charset=utf-8")

    async def draw_plain(self) -> None:
        """Keep what the page shows once it rests, without its scripts."""
        async with self.page() as (page, _):
            await page.wait_for_load_state("networkidle")
            self.plain = SCRIPTS.sub("", await page.content())

    async def sizes(self) -> dict[str, float]:
        """Return bytes over the wire of a first load by kind, as they were packed, all that comes by itself in it."""
        found = dict.fromkeys(("document", "script", "stylesheet", "font", "icons", "words", "answers"), 0.0)
        context = await self.browser.new_context(**WINDOW)
        await context.add_cookies(self.cookies)
        page = await context.new_page()
        asked: list[Any] = []
        page.on("requestfinished", lambda request: asked.append(request))
        await page.goto(self.shop.base + self.path)
        await page.locator("html[data-ready='true']").wait_for(state="attached")
        await page.wait_for_load_state("networkidle")
        for request in asked:
            kind = request.resource_type
            if "/static/" not in request.url and kind != "document":
                kind = "answers"
            elif ".svg" in request.url:
                kind = "icons"
            elif kind == "fetch":
                kind = "words"
            found[kind] = found.get(kind, 0) + (await request.sizes())["responseBodySize"]
        await context.close()
        return found


async def weight(wire: CDPSession) -> dict[str, float]:
    """Return what a page weighs once its garbage is gone: heap in MB, nodes."""
    await wire.send("Performance.enable")
    for _ in range(3):
        await wire.send("HeapProfiler.collectGarbage")
    found = {row["name"]: row["value"] for row in (await wire.send("Performance.getMetrics"))["metrics"]}
    return {"heap": found["JSHeapUsedSize"] / 2**20, "nodes": found["Nodes"]}
