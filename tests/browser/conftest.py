"""Chromium, in two ways: a blank page with the modules of the inbox in it, and desks of a whole shop.

Without Chromium the tests are skipped, aloud; where CI is true they fail.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, async_playwright, expect
from playwright.sync_api import Route, sync_playwright

from bots.emulators.playground import Customer, PlaygroundOptions, StaffMember, routes
from bridge.model.articles import Library
from kb_matcher import KbMatcher
from operator_panel.options import HERE
from operator_panel.static import Statics
from tests import shop as shops
from tests.browser.chromium import FLAGS
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor
from tests.ports import free_port
from tests.widget import SECRET

#: The shell without windows draws and scripts like the whole browser and costs a fifth less of the run.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
SITE = "http://panel.test"
MAKERS = Path(__file__).with_name("makers.js")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; without one the test is skipped, and says so."""
    if CHROMIUM is None:
        said = "no Chromium on this machine: what runs in the browser was NOT tested"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    return CHROMIUM


def _answer(route: Route, statics: Statics, blank: str) -> None:
    path = route.request.url.removeprefix(SITE)
    if path == "/":
        route.fulfill(body=blank, content_type="text/html; charset=utf-8")
        return
    asset = statics.get(path.partition("/static/")[2].partition("/")[2])
    if asset is None:
        route.abort()
    else:
        route.fulfill(body=asset.body, content_type=asset.mime)


@pytest.fixture(scope="module")
def js(chromium: str) -> Iterator[Callable[[str], Any]]:
    """Runs statements in the page; what they return comes back."""
    statics = Statics(HERE / "static")
    script = f'<script type="module">{MAKERS.read_text("utf-8")}</script>'
    blank = f'<!doctype html><script type="importmap">{statics.import_map}</script>{script}'
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(timezone_id="Europe/Moscow", locale="ru-RU")
        page.route("**/*", lambda route: _answer(route, statics, blank))
        page.goto(f"{SITE}/")
        page.wait_for_selector("html[data-loaded]", state="attached")
        yield lambda body: page.evaluate(f"() => {{ {body} }}")
        browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all desks; each desk has a context of its own."""
    expect.set_options(timeout=15_000)
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        await opened.close()


@pytest.fixture(scope="session")
def library() -> Library:
    """The sample base, with labels."""
    return shops.sample_library()


@pytest.fixture(scope="session")
def matcher() -> KbMatcher:
    """One index for all shops."""
    return shops.sample_matcher()


Opens = Callable[..., Awaitable[shops.Shop]]
Seat = Callable[..., Awaitable[Desk]]
Visit = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(loop_scope="session")
async def opens(tmp_path: Path) -> AsyncIterator[Opens]:
    """Open a shop with a library, a matcher and settings of the test's own; it stays open until the desks are left."""
    async with AsyncExitStack() as stack:
        yield lambda *parts: stack.enter_async_context(shops.open_shop(tmp_path, *parts))


@pytest_asyncio.fixture(loop_scope="session")
async def shop(opens: Opens, library: Library, matcher: KbMatcher) -> shops.Shop:
    """A shop with the sample base, in the test's own event loop."""
    return await opens(library, matcher)


@pytest_asyncio.fixture(loop_scope="session")
async def seats(browser: Browser, opens: Opens, request: pytest.FixtureRequest) -> AsyncIterator[Seat]:
    """Seat an operator of a shop: `await seats(shop, "elena")`; at the end no desk may have complained."""
    taken: list[Desk] = []

    async def seat(shop: shops.Shop, who: str, address: str | None = "/inbox/mine", **options: Any) -> Desk:
        desk = await Desk.take(browser, shop, who, **options)
        taken.append(desk)
        if address is not None:
            await desk.log_in()
            await desk.open(address)
        return desk

    yield seat
    faults = [f"{desk.who}: {fault}" for desk in taken for fault in desk.faults]
    failed = bool(faults) or request.node.stash.get(FAILED, False)
    await asyncio.gather(*(desk.leave(request.node.name, failed) for desk in taken))
    assert not faults, "the browser complained:\n" + "\n".join(faults)


@pytest_asyncio.fixture(loop_scope="session")
async def seat(shop: shops.Shop, seats: Seat) -> Seat:
    """Seat an operator of the test's shop: `await seat("elena")`."""

    async def sit(who: str, address: str | None = "/inbox/mine", **options: Any) -> Desk:
        return await seats(shop, who, address, **options)

    return sit


@pytest_asyncio.fixture(loop_scope="session")
async def site(opens: Opens, library: Library, matcher: KbMatcher) -> shops.Shop:
    """A shop with a widget."""
    return await opens(library, matcher, None, None, {"secret": SECRET, "messages_per_minute": 600})


@pytest_asyncio.fixture(loop_scope="session")
async def visits(browser: Browser, site: shops.Shop, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """Bring a visitor to the shop's page, which lies on an origin of its own: `await visits()`.

    `widget` is where the page gets the widget from; at the end no browser may have complained.
    """
    come: list[Visitor] = []
    async with AsyncExitStack() as stack:

        async def visit(query: str | None = "", widget: str = site.url, **options: Any) -> Visitor:
            app = web.Application()
            app.add_routes(routes(shop_options(site, widget)))
            page = await stack.enter_async_context(shops.serving(app, free_port()))
            visitor = await Visitor.come(browser, site, f"{page}/playground/shop", **options)
            come.append(visitor)
            if query is not None:
                await visitor.look(query)
            return visitor

        yield visit
        faults = [fault for visitor in come for fault in visitor.faults]
        failed = bool(faults) or request.node.stash.get(FAILED, False)
        await asyncio.gather(*(visitor.leave(request.node.name, failed) for visitor in come))
    assert not faults, "the browser complained:\n" + "\n".join(faults)


def shop_options(shop: shops.Shop, widget: str) -> PlaygroundOptions:
    """Return what the sample shop's page is told."""
    return PlaygroundOptions(
        telegram_base=shop.telegram,
        group=shops.GROUP,
        operators=[StaffMember("Елена Соколова", 5002)],
        customers=[Customer("Анна Ковалёва"), Customer("Игорь Белов")],
        panel_url=shop.url,
        shop="Кедр и Ко",
        widget=f"{widget}/widget/site",
        widget_secret=SECRET,
    )


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Remember that a test failed: its desks keep their evidence."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report
