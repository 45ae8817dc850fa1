"""What the inbox weighs as it comes over the wire: budgets of what people wait for.

Counted are the bytes of answers, packed as the browser takes them, apart from the API's: all that comes by itself until
the network rests. "script" is the one script there is when the page stands (`data-ready`), "parts" are the scripts that
follow by themselves: what is beside the conversation. What comes only when somebody does something has no common limit,
but each such script has its own, tried in tests/unit/operator_panel/test_late_words.py.
"""

from collections import defaultdict
from typing import Any

import pytest
from playwright.async_api import Request, expect

from operator_panel.joining import shared_names
from operator_panel.options import HERE
from operator_panel.static import Statics

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KB = 1024
#: Bytes of the first load by the kind of resource; fonts of one language. Script and parts have a limit in common.
LIMITS = {"script": 40 * KB, "parts": 9 * KB, "stylesheet": 14 * KB, "font": 120 * KB}
SCRIPTS = 45 * KB
#: All of it but the fonts; and how many times more than the same page without its scripts.
WHOLE, RATIO = 75 * KB, 4.0
#: What stands beside the modules in the joined script.
NAMES = sorted(shared_names(Statics(HERE / "static"), "js/inbox/main.js"))


#: A machine that takes ten seconds for the page is no reason for the bell to come, nor is a pointer that lies where the
#: page is drawn under it: what comes then is not weighed.
NO_BELL = """
    const later = setTimeout, listen = addEventListener;
    setTimeout = (run, ms, ...rest) => later(run, ms === 10_000 ? 1e9 : ms, ...rest);
    addEventListener = (type, ...rest) => type === 'pointermove' || listen(type, ...rest);
"""


async def _first_load(seat: Any, address: str) -> tuple[Any, list[Request]]:
    """Return who opened a page for the first time, with what was asked for; who is told something then does so anew."""
    for _ in range(3):
        elena = await seat("elena", None)
        await elena.log_in()
        await elena.page.add_init_script(NO_BELL)
        asked: list[Request] = []
        elena.page.on("requestfinished", lambda request, asked=asked: asked.append(request))
        await elena.open(address)
        await expect(elena.said("треснула")).to_be_visible()
        await elena.page.wait_for_load_state("networkidle")
        if not any("/bell." in each.url for each in asked):
            break
    return elena, asked


async def test_the_first_load_is_light_and_rare_parts_come_when_they_are_needed(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    await shop.ctl("POST", "/user/say", {"user": anna.id, "photo": "кружка", "caption": "треснула"})
    for number in range(30):
        await shop.caller(f"Клиент {number}")
    case = await shop.conversation(anna)
    elena, asked = await _first_load(seat, f"/inbox/mine/{case['id']}")
    weights: dict[str, int] = defaultdict(int)
    for request in asked:
        kind = "icons" if ".svg" in request.url else request.resource_type
        kind = "parts" if kind == "script" and ".late." in request.url else kind
        if "/api/" not in request.url:
            weights[kind] += (await request.sizes())["responseBodySize"]
    for kind, limit in LIMITS.items():
        assert 0 < weights[kind] <= limit, (kind, dict(weights))
    whole, scripts = sum(weights.values()) - weights["font"], weights["script"] + weights["parts"]
    assert scripts <= SCRIPTS, dict(weights)
    assert whole <= WHOLE, dict(weights)
    assert whole <= RATIO * (whole - scripts), dict(weights)
    urls = [each.url for each in asked if each.resource_type == "script" and ".late." not in each.url]
    assert len(urls) == 1, urls
    sheets = [each.url for each in asked if each.resource_type == "stylesheet" and ".late." not in each.url]
    assert len(sheets) == 2, sheets
    # Names that stand beside their module must not hide the browser's own from the others.
    hidden = await elena.page.evaluate(
        "(names) => names.filter((name) => name in window && !document.getElementById(name))", NAMES
    )
    assert hidden == []

    sheets.clear()
    elena.page.on("request", lambda request: sheets.append(request.url) if ".late.css" in request.url else None)
    async with elena.page.expect_request("**/lightbox.late.js"):
        await elena.said("треснула").get_by_role("button", name="Открыть").click()
    await expect(elena.page.get_by_role("dialog", name="Просмотр фото").locator("img")).to_be_visible()
    assert len(sheets) == 1
