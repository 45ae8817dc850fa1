"""The inbox in a browser beside the same page without its scripts: the budgets of what people wait for, as ratios.

`python -m benchmarks.panel.page [--seconds N] [--events N] [--loads N]` measures them alone, shorter.
"""

import argparse
import asyncio
import contextlib
import gzip
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import brotli
from playwright.async_api import Page, async_playwright

from benchmarks.panel import budgets, crowd, widget
from benchmarks.panel.history import CHANNEL, Past
from benchmarks.panel.opening import BUILD, Panel, log_in, panel
from benchmarks.panel.scene import Scene, browser_of, weight

#: Words a second of the busy and the calm stretch, slowing down of the processor.
BUSY, CALM, SLOWED = 50, 5, 4
#: Seconds at both ends of the busy stretch whose rows are compared: has the page fallen behind?
ENDS = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """How much: loads of each page in turn, conversations opened, letters typed, seconds of a stretch, words in all."""

    loads: int = 9
    opened: int = 20
    typed: int = 60
    seconds: int = 60
    events: int = 10_000


def measure(trial: Trial = Trial()) -> dict[str, float]:
    """Return ratios of the inbox's page over the plain one, of itself busy over itself fresh, and the widget's."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder, ExitStack() as stack:
        channel = f'[bots.{CHANNEL}]\nkind = "custom"\nsecret = "{crowd.SECRET}"\nurl = "http://127.0.0.1:9/nowhere"\n'
        more = f"[bot]\nburst_seconds = 0\n{channel}{widget.CONFIG}"
        # As many that wait already as are opened here: those who speak stand below them, and all of them are drawn.
        shop = panel(stack, Path(folder), "page", Past(200, 33, 60), more)
        figures = asyncio.run(_measured(shop, trial))
    budgets.verdicts(figures)
    return figures


async def _measured(shop: Panel, trial: Trial) -> dict[str, float]:
    async with async_playwright() as player, aiohttp.ClientSession() as session:
        browser = await browser_of(player)
        pairs = [each.partition("=")[::2] for each in (await log_in(session, shop)).split("; ")]
        cookies = [{"name": name, "value": value, "url": shop.base} for name, value in pairs]
        headers = {"Authorization": f"Bearer {shop.token}"}
        async with session.get(f"{shop.base}/api/v1/conversations?limit=1", headers=headers) as answer:
            first = (await answer.json())["items"][0]["id"]
        await crowd.meet(shop)
        scene = Scene(browser, shop, cookies, f"/inbox/all/{first}")
        await scene.draw_plain()
        figures = await _bytes(scene)
        figures |= await _loads(scene, trial)
        figures |= await widget.measure(browser, shop, trial.loads)
        figures |= await _while_open(scene, trial, figures.pop("complete_ms"))
        figures |= await _slowed(scene, trial)
        await browser.close()
        return figures


async def _bytes(scene: Scene) -> dict[str, float]:
    """First load as it is packed, of both pages; the plain one's document packed as ours is."""
    ours = await scene.sizes()
    beside = len(brotli.compress(scene.plain.encode(), quality=5))
    plain = beside + ours["stylesheet"] + ours["icons"]
    whole = sum(ours.values()) - ours["font"] - ours["answers"]
    print("bytes", ours, f"plain {plain} (its document {beside}, by gzip {len(gzip.compress(scene.plain.encode()))})")
    return {
        "page_bytes_ratio": whole / plain,
        "page_bytes_kb": whole / 1024,
        "page_script_kb": ours["script"] / 1024,
        "page_sheet_kb": ours["stylesheet"] / 1024,
        "page_font_kb": ours["font"] / 1024,
    }


async def _loads(scene: Scene, trial: Trial) -> dict[str, float]:
    """First paint, usable and memory, of both pages in turn."""
    ours: list[dict[str, float]] = []
    plain: list[dict[str, float]] = []
    for number in range(trial.loads * 2):
        is_plain = number % 2 == (number // 2) % 2
        async with scene.page(plain=is_plain) as (page, wire):
            found = await page.evaluate(
                "async () => ({fcp: await painted(),"
                " load: performance.getEntriesByType('navigation')[0].loadEventEnd, ready: told.ready})"
            )
            (plain if is_plain else ours).append(found | await weight(wire))

    def middle(rows: list[dict[str, float]], what: str) -> float:
        return statistics.median(row[what] for row in rows)

    for name, rows in (("inbox", ours), ("plain", plain)):
        print(name, {what: round(middle(rows, what), 1) for what in rows[0]})
    return {
        "page_paint_ratio": middle(ours, "fcp") / middle(plain, "fcp"),
        "page_usable_ratio": middle(ours, "ready") / middle(plain, "load"),
        "page_heap_ratio": middle(ours, "heap") / middle(plain, "heap"),
        "complete_ms": middle(plain, "load"),
    }


async def _while_open(scene: Scene, trial: Trial, complete: float) -> dict[str, float]:
    """One page that stays open: conversations opened, words that come, letters typed meanwhile, and what it keeps."""
    async with scene.page() as (page, wire):
        frame = statistics.median(await page.evaluate("frames60()"))
        took = [await page.evaluate(f"openRow({number + 1})") for number in range(trial.opened)]
        fresh = await weight(wire)
        calm = await _stretch(scene, page, CALM, trial.seconds // 3)
        typing = asyncio.create_task(_type(page, trial))
        busy = await _stretch(scene, page, BUSY, trial.seconds)
        keys = await typing
        await _pour(scene.shop, trial.events - trial.seconds * BUSY - trial.seconds // 3 * CALM)
        await page.wait_for_timeout(3000)
        after = await weight(wire)
    ends = [statistics.median(each) for each in (busy[: len(busy) // 6], busy[-len(busy) // 6 :])]
    print(f"frame {frame:.1f} ms; opened {[round(each) for each in took]}; keys p50 {statistics.median(keys):.1f} ms")
    print(f"fresh {fresh}, after {trial.events} words {after}; rows of the first and the last sixth {ends} ms")
    return {
        "page_open_ratio": _p95(took) / complete,
        "page_event_frames_busy": _p95(busy) / frame,
        "page_event_frames_calm": _p95(calm) / frame,
        "page_event_lag": ends[1] / ends[0],
        "page_key_frames": _p95(keys) / frame,
        "page_heap_growth": after["heap"] / fresh["heap"],
        "page_nodes_growth": after["nodes"] / fresh["nodes"],
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


async def _stretch(scene: Scene, page: Page, rate: int, seconds: int) -> list[float]:
    """Let words come for a while; return ms from the frame that brought each to the row that showed it."""
    await page.evaluate("told.drawn = []")
    await crowd.speak(scene.shop, seconds, rate)
    drawn: list[float] = await page.evaluate("told.drawn")
    if len(drawn) < seconds:
        raise SystemExit(f"of {seconds * rate} words only {len(drawn)} were seen on the page")
    return drawn


async def _type(page: Page, trial: Trial) -> list[float]:
    """Type into the composer while words come; return ms from key to letter."""
    await page.evaluate("told.keys = []")
    await page.locator("#composer-text").focus()
    for _ in range(trial.typed):
        await page.keyboard.press("KeyA")
        await asyncio.sleep(trial.seconds * 0.8 / trial.typed)
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


async def _slowed(scene: Scene, trial: Trial) -> dict[str, float]:
    """Share of the time a slowed page was busy for long at fifty words a second, above an idle plain one."""
    shares = []
    for plain in (True, False):
        async with scene.page(plain=plain) as (page, wire):
            await page.wait_for_load_state("networkidle")
            await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            await page.evaluate("told.long = 0")
            begun = time.monotonic()
            if plain:
                await page.wait_for_timeout(trial.seconds * 250)
            else:
                await crowd.speak(scene.shop, trial.seconds, BUSY)
            shares.append(await page.evaluate("told.long") / (time.monotonic() - begun) / 1000)
    print(f"long tasks at CPU x{SLOWED}: {shares[1]:.3f} of the time, idle plain page {shares[0]:.3f}")
    return {"page_long_tasks_share": shares[1] - shares[0]}


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    for each, usual in (("loads", 9), ("seconds", 60), ("events", 10_000)):
        options.add_argument(f"--{each}", type=int, default=usual)
    with contextlib.suppress(KeyboardInterrupt):
        for figure, value in measure(Trial(**vars(options.parse_args()))).items():
            print(f"{figure:28} {value:.3g}")
