"""The panel as a program of its own: what a browser finds when it is asked to install it."""

import json
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from operator_panel.options import HERE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

METAS = "[...document.querySelectorAll('[name=theme-color]')].map((one) => [one.content, one.media])"
#: What a test's own browser context is told beside: nothing is installed from there.
OF_THE_CONTEXT = {"in-incognito"}


async def test_a_browser_may_install_the_panel(shop: Any, seat: Any) -> None:
    elena = await seat("elena", "/inbox/all")
    devtools = await elena.context.new_cdp_session(elena.page)
    found = await devtools.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"] == f"{shop.url}/manifest.webmanifest"
    told = json.loads(found["data"])
    assert (told["name"], told["start_url"], told["scope"]) == ("Кедр и Ко", "/inbox", "/")
    assert told["display"] == "standalone"
    errors = (await devtools.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert {each["errorId"] for each in errors} <= OF_THE_CONTEXT
    for icon in told["icons"]:
        answer = await elena.context.request.get(icon["src"])
        assert answer.ok
        assert answer.headers["content-type"] == icon["type"]
    await elena.open(told["start_url"])
    await expect(elena.page).to_have_url(f"{shop.url}/inbox/mine")


async def test_strangers_read_the_manifest_too(shop: Any, seat: Any) -> None:
    nobody = await seat("elena", None)
    answer = await nobody.context.request.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    await nobody.page.goto("/login")
    devtools = await nobody.context.new_cdp_session(nobody.page)
    assert (await devtools.send("Page.getAppManifest"))["errors"] == []


async def test_the_frame_of_the_window_has_the_colour_of_the_theme(shop: Any, seat: Any) -> None:
    elena = await seat("elena")
    light, dark = "(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"
    assert await elena.page.evaluate(METAS) == [["#ffffff", light], ["#121817", dark]]
    for theme, colour in (("light", "#ffffff"), ("dark", "#121817")):
        await shop.api("PATCH", "/me", {"theme": theme})
        await elena.reload()
        assert await elena.page.evaluate(METAS) == [[colour, ""]]


async def test_pictures_have_the_sizes_they_are_said_to_have() -> None:
    sizes = {"icon-192": 192, "icon-512": 512, "touch-180": 180, "maskable-512": 512}
    for name, size in sizes.items():
        with Image.open(HERE / "static" / "img" / f"{name}.png") as picture:
            assert picture.size == (size, size)
            # A mask may take all but the inner four fifths, so there is ground to every edge.
            assert ("icon" in name) == (picture.convert("RGBA").getpixel((0, 0))[3] == 0)
