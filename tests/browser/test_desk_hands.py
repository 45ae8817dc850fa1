"""What hands do beyond J and K: further keys, who stands first, panes that are moved, rows that are swiped."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.looks import faults
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANNA, BORIS, VERA = "Анна Ковалёва", "Борис Орлов", "Вера Лис"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def box(place: Locator) -> dict[str, float]:
    """Return where something stands on the page."""
    found = await place.bounding_box()
    assert found is not None
    return dict(found)


async def swipe(desk: Any, row: Locator, by: int) -> None:
    """Draw a row aside with one finger."""
    line = await desk.context.new_cdp_session(desk.page)
    at = await box(row)
    x, y = at["x"] + at["width"] - 40, at["y"] + at["height"] / 2
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        *(("touchMove", [{"x": x + by * part / 8, "y": y}]) for part in range(1, 9)),
        ("touchEnd", []),
    ):
        await line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


async def test_a_conversation_is_unread_again_on_every_device(shop: Any, seat: Any) -> None:
    anna = await shop.caller(ANNA)
    await shop.caller(BORIS)
    elena, other = await seat("elena"), await seat("elena")
    await elena.pick(ANNA)
    for desk in (elena, other):
        await expect(desk.row(ANNA)).to_have_attribute("data-unread", "0")
    await elena.page.keyboard.press("Escape")
    await elena.row(ANNA).focus()
    await elena.key("KeyM", "ь")
    for desk in (elena, other):
        await expect(desk.row(ANNA)).to_have_attribute("data-unread", "1")
    case = await shop.conversation(anna)
    assert (await shop.api("GET", f"/conversations/{case['id']}", who="elena"))["unread"] == 1

    # An open one is left: it would be read at once.
    await elena.pick(ANNA)
    await expect(other.row(ANNA)).to_have_attribute("data-unread", "0")
    await elena.menu(elena.page.get_by_test_id("more"), "Отметить непрочитанным")
    await expect(elena.field).to_be_hidden()
    await expect(other.row(ANNA)).to_have_attribute("data-unread", "1")
    await elena.reload()
    await expect(elena.row(ANNA)).to_have_attribute("data-unread", "1")


async def test_keys_lead_to_who_waits_longest_to_owners_and_to_other_pages(shop: Any, seat: Any) -> None:
    for name in (ANNA, BORIS):
        await shop.caller(name)
    elena = await seat("elena")
    # The first key of all counts, though what it does is still on its way.
    await elena.key("KeyU", "г")
    await expect(elena.head.get_by_role("heading", name=ANNA)).to_be_visible()
    await elena.key("KeyU", "г")
    await expect(elena.head.get_by_role("heading", name=BORIS)).to_be_visible()
    await elena.key("KeyA", "ф")
    await elena.page.get_by_role("menuitem", name="Марк").click()
    await expect(elena.owner).to_contain_text("Марк")
    await elena.key("KeyG", "п")
    await elena.key("KeyC", "с")
    await elena.page.wait_for_url("**/customers")
    await expect(elena.page.locator("html[data-ready=true]")).to_be_attached()
    await elena.key("KeyG", "п")
    await elena.key("KeyI", "ш")
    await elena.page.wait_for_url("**/inbox/**")


async def test_on_every_page_keys_are_those_somebody_chose_or_none(shop: Any, seat: Any) -> None:
    await shop.api("PUT", "/me/habits", {"keys": {"go": "q"}}, "elena")
    elena = await seat("elena")
    page, ready = elena.page, elena.page.locator("html[data-ready=true]")
    for place in ("/customers", "/kb", "/settings/me", "/tasks"):
        await page.goto(place)
        await expect(ready).to_be_attached()
        await elena.key("KeyG", "п")
        await elena.key("KeyI", "ш")
        await page.keyboard.press("?")
        sheet = page.get_by_test_id("keys").or_(page.locator("#keys"))
        await expect(sheet.locator('[data-keys="keys.go"] kbd').first).to_have_text("Q I")
        await page.keyboard.press("Escape")
        assert page.url.endswith(place) or "/kb/" in page.url
        await elena.key("KeyQ", "й")
        await elena.key("KeyI", "ш")
        await page.wait_for_url("**/inbox/**")
    await shop.api("PUT", "/me/habits", {"letters": False}, "elena")
    await page.goto("/tasks")
    await expect(ready).to_be_attached()
    await elena.key("KeyQ", "й")
    await elena.key("KeyI", "ш")
    await page.wait_for_timeout(300)
    assert page.url.endswith("/tasks")


async def test_who_wrote_last_stands_first_where_somebody_wants_it_so(shop: Any, seat: Any) -> None:
    people = [await shop.caller(name) for name in (ANNA, BORIS, VERA)]
    elena = await seat("elena", "/inbox/all")
    assert await elena.names() == [ANNA, BORIS, VERA]
    await elena.page.locator("#list .title").click()
    await elena.page.get_by_role("menuitemradio", name="Сначала кто написал последним").click()
    await until(lambda: _names(elena, [VERA, BORIS, ANNA]))
    await asyncio.sleep(1)  # Telegram tells whole seconds: of two words in one the later conversation's stands first
    await people[0].say("Вы тут?")
    await elena.page.mouse.move(900, 500)
    await until(lambda: _names(elena, [ANNA, VERA, BORIS]))
    await elena.reload()
    assert await elena.names() == [ANNA, VERA, BORIS]


async def _names(desk: Any, wanted: list[str]) -> bool:
    return await desk.names() == wanted


async def test_panes_are_moved_by_pointer_and_keys_and_stay_so(shop: Any, seat: Any) -> None:
    await shop.caller(ANNA)
    elena = await seat("elena")
    await elena.pick(ANNA)
    page = elena.page
    listed, edge = page.locator("#list"), page.get_by_test_id("edge-list")
    await expect(edge).to_be_visible()
    before = await box(listed)
    at = await box(edge)
    await page.mouse.move(at["x"] + 4, 300)
    await page.mouse.down()
    await page.mouse.move(at["x"] + 64, 300, steps=4)
    await page.mouse.up()
    await until(lambda: _wide(listed, before["width"] + 60))
    await page.keyboard.press("ArrowLeft")
    await until(lambda: _wide(listed, before["width"] + 44))
    await expect(edge).to_have_attribute("aria-valuenow", str(round(before["width"] + 44)))
    assert await faults(page) == []
    card = page.get_by_test_id("edge-context")
    async with page.expect_response("**/me/habits"):
        await card.focus()
        await page.keyboard.press("Home")
    await until(lambda: _wide(page.locator("#context"), 260))
    await elena.reload()
    await until(lambda: _wide(listed, before["width"] + 44))

    await elena.row(ANNA).focus()
    await elena.key("BracketLeft", "х")
    await expect(listed).to_be_hidden()
    await expect(page.locator("#thread")).to_be_focused()
    await page.get_by_test_id("edge-list").focus()
    await page.keyboard.press("Enter")
    await expect(listed).to_be_visible()
    await page.get_by_test_id("edge-list").dblclick()
    await until(lambda: _wide(listed, before["width"]))


async def test_wide_panes_leave_the_thread_its_place_in_a_narrower_window(shop: Any, seat: Any) -> None:
    await shop.caller(ANNA)
    await shop.api("PUT", "/me/habits", {"panes": {"list": 560, "context": 560}}, "elena")
    elena = await seat("elena", viewport={"width": 1300, "height": 800})
    await elena.pick(ANNA)
    page = elena.page
    assert (await box(page.locator("#thread")))["width"] == 480
    for name, side in (("list", 1), ("context", 0)):
        pane, edge = await box(page.locator(f"#{name}")), page.get_by_test_id(f"edge-{name}")
        assert pane["width"] == 380
        await expect(edge).to_have_attribute("aria-valuenow", "380")
        at = await box(edge)
        assert abs(at["x"] + at["width"] / 2 - (pane["x"] + side * pane["width"])) < 2
    await page.set_viewport_size({"width": 1700, "height": 800})
    await until(lambda: _wide(page.locator("#list"), 560))
    await expect(page.get_by_test_id("edge-list")).to_have_attribute("aria-valuenow", "560")
    await page.set_viewport_size({"width": 950, "height": 800})
    await until(lambda: _wide(page.locator("#list"), 410))
    assert await faults(page) == []


async def _wide(pane: Locator, width: float) -> bool:
    return abs((await box(pane))["width"] - width) < 2


async def test_a_row_drawn_aside_on_a_telephone_is_closed_or_put_to_sleep(shop: Any, seat: Any) -> None:
    for name in (ANNA, BORIS):
        await shop.caller(name)
    elena = await seat("elena", "/inbox/all", **PHONE)
    page = elena.page
    await elena.row(ANNA).tap(position={"x": 200, "y": 20})
    await expect(elena.field).to_be_visible()
    await elena.button("К списку").click()
    await expect(page.locator("html[data-hands=true]")).to_be_attached()
    await swipe(elena, elena.row(ANNA), -30)
    close = page.get_by_role("button", name="Закрыть", exact=True)
    await expect(close).to_be_hidden()  # too little to be meant
    await swipe(elena, elena.row(ANNA), -160)
    await expect(close).to_be_visible()
    assert await faults(page) == []
    await close.click()
    await expect(elena.row(ANNA)).to_have_count(0)
    await page.get_by_test_id("toast").get_by_role("button", name="Вернуть").click()
    await expect(elena.row(ANNA)).to_be_visible()
    await swipe(elena, elena.row(BORIS), -160)
    await page.get_by_role("button", name="Отложить", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Выбрать").click()
    await expect(elena.row(BORIS)).to_have_attribute("data-state", "snoozed")


PLACES = """() => {
  const looked = document.querySelectorAll('.row, .msg, .bubble, .thread-head, .composer, .list-head, .context > *');
  const sides = ['x', 'y', 'width', 'height'];
  const place = (one) => sides.map((name) => Math.round(one.getBoundingClientRect()[name]));
  return [...looked].map((one) => [one.className, ...place(one)]);
}"""


async def test_nothing_moves_when_what_comes_with_hands_is_there(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    case = await shop.conversation(anna)
    await shop.api("POST", f"/conversations/{case['id']}/messages", {"text": "Уже смотрю"})
    elena = await seat("elena", f"/inbox/all/{case['id']}")
    page = elena.page
    await expect(page.get_by_test_id("ctx-customer")).to_be_attached()
    await expect(elena.said("Уже смотрю")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    before = await page.evaluate(PLACES)
    await page.mouse.move(700, 30)
    await expect(page.locator("html[data-hands=true]")).to_be_attached()
    assert await page.evaluate(PLACES) == before
