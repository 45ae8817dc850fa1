"""The chat's button on a shop's page: what it weighs, and whether the page feels it."""

import statistics
from typing import Any

from playwright.async_api import Browser, Page, Route

from benchmarks.panel.opening import Panel
from benchmarks.panel.scene import WINDOW

CHANNEL = "site"
CONFIG = f'[bots.{CHANNEL}]\nkind = "web"\nsessions_per_minute = 600\n'
#: A page of a shop; what is largest in it is drawn by a sheet and a text, as on most.
HOST = """<!doctype html><html lang="ru"><meta charset="utf-8"><title>Магазин</title>
<style>body{font:16px/1.5 sans-serif;margin:40px auto;max-width:60em}h1{font-size:64px}li{padding:8px}</style>
<h1>Чайники и кружки для дома и дачи</h1><ul>%s</ul>%s</html>"""
GOODS = "".join(f"<li>Чайник № {number}, эмалированный, два литра</li>" for number in range(200))
#: What was painted last and largest, and how far things were shifted, once the page rests.
FELT = """() => new Promise((resolve) => {
  const felt = {lcp: 0, shift: 0};
  const told = (list) => {
    for (const one of list.getEntries()) {
      if (one.entryType === 'layout-shift') felt.shift += one.value;
      else felt.lcp = one.startTime;
    }
  };
  const watch = (type) => new PerformanceObserver(told).observe({type, buffered: true});
  for (const type of ['largest-contentful-paint', 'layout-shift']) watch(type);
  const until = () => felt.lcp ? resolve(felt) : requestAnimationFrame(until);
  setTimeout(until, 300);
})"""


async def measure(browser: Browser, shop: Panel, loads: int) -> dict[str, float]:
    """Return the widget's figures: KB, requests, the host's largest paint over that without it, its shift."""
    tag = f'<script async src="{shop.base}/widget/{CHANNEL}/loader.js"></script>'
    felt: dict[bool, list[dict[str, float]]] = {True: [], False: []}
    for number in range(loads * 2):
        with_it = number % 2 == (number // 2) % 2
        page, asked = await _host(browser, shop, tag if with_it else "")
        felt[with_it].append(await page.evaluate(FELT))
        if with_it:
            await page.wait_for_load_state("networkidle")
            loader = [each for each in asked if "/widget/" in each.url]
            requests, weight = len(loader), sum([(await each.sizes())["responseBodySize"] for each in loader])
            asked.clear()
            await page.evaluate("Mostik('open')")
            await page.frame_locator("iframe").locator("#scroll").wait_for(state="attached")
            await page.wait_for_load_state("networkidle")
            frame = [
                each for each in asked if "/widget/" in each.url and each.resource_type not in ("font", "websocket")
            ]
            opened = sum([(await each.sizes())["responseBodySize"] for each in frame])
        await page.context.close()
    lcp = {with_it: statistics.median(each["lcp"] for each in rows) for with_it, rows in felt.items()}
    print(
        f"widget: largest paint {lcp[True]:.0f} ms beside {lcp[False]:.0f}; {len(frame)} requests of the opened frame"
    )
    return {
        "widget_loader_kb": weight / 1024,
        "widget_requests": requests,
        "widget_lcp_ratio": lcp[True] / lcp[False],
        "widget_shift": max(each["shift"] for each in felt[True]),
        "widget_frame_kb": opened / 1024,
    }


async def _host(browser: Browser, shop: Panel, tag: str) -> tuple[Page, list[Any]]:
    context = await browser.new_context(**WINDOW)
    page = await context.new_page()
    asked: list[Any] = []
    page.on("requestfinished", lambda request: asked.append(request))

    async def answer(route: Route) -> None:
        await route.fulfill(body=HOST % (GOODS, tag), content_type="text/html; charset=utf-8")

    await page.route("**/a-shop", answer)
    await page.goto(f"{shop.base}/a-shop", wait_until="load")
    return page, asked
