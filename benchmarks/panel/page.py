"""The inbox in a browser beside the same page without its scripts: the budgets of what people wait for, as ratios."""

import asyncio
import contextlib
import gzip
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, CDPSession, Page, Route, async_playwright

from benchmarks.panel import crowd
from benchmarks.panel.history import CHANNEL, Past
from benchmarks.panel.opening import BUILD, Panel, log_in, panel

SCRIPT = Path(__file__).with_name("page.js")
#: Loads of each page, taken in turn; conversations that are opened; letters typed; events of the leak's test.
LOADS, OPENED, TYPED, EVENTS = 9, 20, 60, 10_000
#: Seconds of each stretch of events, words a second of the busy and the calm one, slowing down of the processor.
STRETCH, BUSY, CALM, SLOWED = 60, 50, 5, 4
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
#: Scripts in all their forms: what is left is the page as a server would have drawn it.
SCRIPTS = re.compile(r"<script\b.*?</script>|<link[^>]+modulepreload[^>]*>", re.S)


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
        context = await self.browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
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


def measure() -> dict[str, float]:
    """Return ratios of the inbox's page over the plain one, and of itself busy over itself fresh."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder, ExitStack() as stack:
        channel = f'[bots.{CHANNEL}]\nkind = "custom"\nsecret = "{crowd.SECRET}"\nurl = "http://127.0.0.1:9/nowhere"\n'
        shop = panel(stack, Path(folder), "page", Past(200, 160, 60), f"[bot]\nburst_seconds = 0\n{channel}")
        return asyncio.run(_measured(shop))


async def _measured(shop: Panel) -> dict[str, float]:
    async with async_playwright() as player, aiohttp.ClientSession() as session:
        where = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = await player.chromium.launch(executable_path=where, args=FLAGS)
        pairs = [each.partition("=")[::2] for each in (await log_in(session, shop)).split("; ")]
        cookies = [{"name": name, "value": value, "url": shop.base} for name, value in pairs]
        headers = {"Authorization": f"Bearer {shop.token}"}
        async with session.get(f"{shop.base}/api/v1/conversations?limit=1", headers=headers) as answer:
            first = (await answer.json())["items"][0]["id"]
        await crowd.meet(shop)
        scene = Scene(browser, shop, cookies, f"/inbox/all/{first}")
        async with scene.page() as (page, _):
            await page.wait_for_load_state("networkidle")
            scene.plain = SCRIPTS.sub("", await page.content())
        figures = await _loads(scene)
        figures |= await _while_open(scene, figures.pop("complete_ms"))
        figures |= await _slowed(scene)
        await browser.close()
        return figures


async def _loads(scene: Scene) -> dict[str, float]:
    """First paint, usable, bytes and memory, of both pages in turn."""
    ours: list[dict[str, float]] = []
    plain: list[dict[str, float]] = []
    for number in range(LOADS * 2):
        is_plain = number % 2 == (number // 2) % 2
        async with scene.page(plain=is_plain) as (page, wire):
            found = await page.evaluate(
                "() => ({fcp: performance.getEntriesByName('first-contentful-paint')[0].startTime,"
                " load: performance.getEntriesByType('navigation')[0].loadEventEnd, ready: told.ready})"
            )
            (plain if is_plain else ours).append(found | await weight(wire))
    bytes_ours = await _bytes(scene)
    bytes_plain = len(gzip.compress(scene.plain.encode())) + bytes_ours["stylesheet"] + bytes_ours["icons"]
    whole = sum(bytes_ours.values()) - bytes_ours["font"]

    def middle(rows: list[dict[str, float]], what: str) -> float:
        return statistics.median(row[what] for row in rows)

    for name, rows in (("inbox", ours), ("plain", plain)):
        print(name, {what: round(middle(rows, what), 1) for what in rows[0]})
    print("bytes", bytes_ours, "plain", bytes_plain)
    return {
        "page_paint_ratio": middle(ours, "fcp") / middle(plain, "fcp"),
        "page_usable_ratio": middle(ours, "ready") / middle(plain, "load"),
        "page_bytes_ratio": whole / bytes_plain,
        "page_bytes_kb": whole / 1024,
        "page_heap_ratio": middle(ours, "heap") / middle(plain, "heap"),
        "complete_ms": middle(plain, "load"),
    }


async def weight(wire: CDPSession) -> dict[str, float]:
    """Return what a page weighs once its garbage is gone: heap in MB, nodes."""
    await wire.send("Performance.enable")
    for _ in range(3):
        await wire.send("HeapProfiler.collectGarbage")
    found = {row["name"]: row["value"] for row in (await wire.send("Performance.getMetrics"))["metrics"]}
    return {"heap": found["JSHeapUsedSize"] / 2**20, "nodes": found["Nodes"]}


async def _bytes(scene: Scene) -> dict[str, float]:
    """Return bytes over the wire of a first load by kind, as they were packed."""
    found: dict[str, float] = {"document": 0, "script": 0, "stylesheet": 0, "font": 0, "icons": 0}
    context = await scene.browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
    await context.add_cookies(scene.cookies)
    page = await context.new_page()
    sizes: list[tuple[str, Any]] = []
    page.on("requestfinished", lambda request: sizes.append((request.resource_type, request)))
    await page.goto(scene.shop.base + scene.path)
    await page.locator("html[data-ready='true']").wait_for(state="attached")
    await page.wait_for_load_state("networkidle")
    for kind, request in sizes:
        kind = "icons" if ".svg" in request.url else kind
        found[kind] = found.get(kind, 0) + (await request.sizes())["responseBodySize"]
    await context.close()
    return found


async def _while_open(scene: Scene, complete: float) -> dict[str, float]:
    """One page that stays open: conversations opened, words that come, letters typed meanwhile, and what it keeps."""
    async with scene.page() as (page, wire):
        frame = statistics.median(await page.evaluate("frames60()"))
        took = [await page.evaluate(f"openRow({number + 1})") for number in range(OPENED)]
        fresh = await weight(wire)
        calm = await _stretch(scene, page, CALM)
        typing = asyncio.create_task(_type(page))
        busy = await _stretch(scene, page, BUSY)
        keys = await typing
        await _pour(scene.shop, EVENTS - STRETCH * (BUSY + CALM))
        await page.wait_for_timeout(3000)
        after = await weight(wire)
    print(f"frame {frame:.1f} ms; opened {took}; fresh {fresh}, after {EVENTS} words {after}")
    return {
        "page_open_ratio": _p95(took) / complete,
        "page_event_frames_busy": _p95(busy) / frame,
        "page_event_frames_calm": _p95(calm) / frame,
        "page_key_frames": _p95(keys) / frame,
        "page_heap_growth": after["heap"] / fresh["heap"],
        "page_nodes_growth": after["nodes"] / fresh["nodes"],
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


async def _stretch(scene: Scene, page: Page, rate: int) -> list[float]:
    """Let words come for a while; return ms from the frame that brought each to the row that showed it."""
    await page.evaluate("told.drawn = []")
    await crowd.speak(scene.shop, STRETCH, rate)
    drawn: list[float] = await page.evaluate("told.drawn")
    if len(drawn) < STRETCH:
        raise SystemExit(f"of {STRETCH * rate} words only {len(drawn)} were seen on the page")
    return drawn


async def _type(page: Page) -> list[float]:
    """Type into the composer while words come; return ms from key to letter."""
    await page.evaluate("told.keys = []")
    await page.locator("#composer-text").focus()
    for _ in range(TYPED):
        await page.keyboard.press("KeyA")
        await asyncio.sleep(STRETCH * 0.8 / TYPED)
    keys: list[float] = await page.evaluate("told.keys")
    return keys


async def _pour(shop: Panel, words: int) -> None:
    """Let so many words come as fast as they are taken, forty at a time."""
    async with aiohttp.ClientSession() as session:
        numbers = iter(range(words))

        async def speak(who: int) -> None:
            for number in numbers:
                await crowd.say(session, shop, who, f"t={time.monotonic_ns()} слово", f"pour-{number}")

        await asyncio.gather(*(speak(who) for who in range(40)))


async def _slowed(scene: Scene) -> dict[str, float]:
    """Share of a minute in which a slowed page was busy for long at fifty words a second, above an idle plain one."""
    shares = []
    for plain in (True, False):
        async with scene.page(plain=plain) as (page, wire):
            await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            await page.evaluate("told.long = 0")
            if plain:
                await page.wait_for_timeout(STRETCH * 1000 / 4)
                shares.append(await page.evaluate("told.long") / (STRETCH * 250))
            else:
                await crowd.speak(scene.shop, STRETCH, BUSY)
                shares.append(await page.evaluate("told.long") / (STRETCH * 1000))
    return {"page_long_tasks_share": shares[1] - shares[0]}


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        for figure, value in measure().items():
            print(f"{figure:28} {value:.3g}")
