"""On pages the channel's settings do not name there is no button, and the console says why."""

from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import expect

from tests.browser.visitor import Visitor
from tests.ports import free_port
from tests.shop import serving
from tests.widget import SECRET

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_page_that_may_not_show_it_gets_no_button_and_its_owner_a_hint(
    browser: Any, opens: Any, library: Any, matcher: Any
) -> None:
    port = free_port()
    allowed, other = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
    shop = await opens(library, matcher, None, None, {"secret": SECRET, "origins": [allowed]})

    async def page(_: web.Request) -> web.Response:
        script = f'<script src="{shop.url}/widget/site/loader.js"></script><script>Mostik("open")</script>'
        return web.Response(text=f"<!doctype html><title>shop</title><body>{script}", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    async with serving(app, port):
        anna = await Visitor.come(browser, shop, allowed)
        warned: list[str] = []
        anna.context.on("console", lambda line: warned.append(line.text) if line.type == "warning" else None)
        anna.context.on("weberror", lambda error: warned.append(str(error.error)))
        await anna.look()
        await anna.online()
        assert warned == []
        await anna.page.goto(other)
        await expect(anna.page.locator("mostik-widget")).to_have_count(0)
        assert [f'"{other}"' in line for line in warned] == [True], warned
        await anna.leave("origins", False)
