"""A blank Chromium page with the modules of the inbox in it: no server, no network."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, sync_playwright

from operator_panel.options import HERE
from operator_panel.static import Statics

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SITE = "http://panel.test"
MAKERS = Path(__file__).with_name("makers.js")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; without one the test is skipped, and says so."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: what runs in the browser was NOT tested")
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
