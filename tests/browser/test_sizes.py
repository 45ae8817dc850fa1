"""Larger type, as somebody chose it: stays chosen, fits everywhere, and what opens still stands at its place."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.looks import NARROW, sticking_out
from tests.browser.test_accessibility import KB_PAGES, OFFICE, busy, filled

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LARGEST = {"text_size": 130}


async def test_a_size_is_chosen_in_the_profile_and_holds_on_every_page(shop: Any, seat: Any) -> None:
    elena = await seat("elena", "/settings/me")
    page = elena.page
    card = page.get_by_test_id("me-account")
    await expect(card.get_by_label("Размер шрифта")).to_have_value("100")
    await expect(page.locator("body")).to_have_css("font-size", "13px")
    await card.get_by_label("Размер шрифта").select_option("120 %")
    async with page.expect_event("load"):
        await card.get_by_role("button", name="Сохранить").click()
    await expect(page.locator("body")).to_have_css("font-size", "15.6px")
    await expect(card.get_by_label("Размер шрифта")).to_have_value("120")
    await elena.open("/inbox/all")
    await expect(page.locator("body")).to_have_css("font-size", "15.6px")
    assert (await shop.api("GET", "/me"))["text_size"] == 120
    other = await seat("admin")
    await expect(other.page.locator("body")).to_have_css("font-size", "13px")


async def test_the_inbox_fits_in_the_largest_type(shop: Any, seat: Any) -> None:
    case = await busy(shop)
    await shop.api("PATCH", "/me", LARGEST, who="admin")
    desk = await seat("admin", "/inbox/all")
    page, found = desk.page, []
    await expect(desk.row("Анна Ковалёва")).to_be_visible()
    found += [f"the list: {each}" for each in await sticking_out(page)]
    await desk.open(f"/inbox/all/{case['id']}")
    await expect(page.get_by_test_id("ctx-customer")).to_be_attached()
    await expect(desk.said("треснула")).to_be_visible()
    found += [f"a conversation: {each}" for each in await sticking_out(page)]
    assert found == [], "\n".join(found)


async def test_the_pages_beside_the_inbox_fit_in_the_largest_type(shop: Any, seat: Any) -> None:
    await busy(shop)
    await filled(shop)
    await shop.api("PATCH", "/me", LARGEST, who="admin")
    desk = await seat("admin", None)
    await desk.log_in()
    page, found = desk.page, []
    for address in OFFICE:
        await desk.open(address)
        await expect(page.get_by_test_id(OFFICE[address][0]).first).to_be_attached()
        found += [f"{address}: {each}" for each in await sticking_out(page)]
    for address in ("/kb", KB_PAGES[-1]):
        await desk.open(address)
        await expect(page.get_by_test_id("kb-row").first).to_be_visible()
        found += [f"{address}: {each}" for each in await sticking_out(page)]
    assert found == [], "\n".join(found)


async def at(place: Locator) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what is shown."""
    box = await place.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def near(one: float, other: float) -> bool:
    return abs(one - other) < 12


async def test_what_opens_stands_where_it_was_asked_for(shop: Any, seat: Any) -> None:
    case = await busy(shop)
    await shop.api("PATCH", "/me", LARGEST)
    elena = await seat("elena", f"/inbox/all/{case['id']}")
    page = elena.page
    async with page.expect_response("**/picks.late.js"):
        await page.get_by_test_id("conv-list").hover()
    await expect(page.locator(".pick").first).to_be_attached()
    row = await at(elena.row("Анна Ковалёва"))
    await page.mouse.click(row[0] + 90, row[1] + 20, button="right")
    menu = await at(page.locator("#menu-row"))
    assert near(menu[0], row[0] + 90)
    assert menu[3] <= page.viewport_size["height"]
    await page.keyboard.press("Escape")
    await elena.owner.click()
    owner, menu = await at(elena.owner), await at(page.get_by_role("menu"))
    assert near(menu[0], owner[0])
    assert near(menu[1], owner[3])
    await page.keyboard.press("Escape")
    await elena.said("треснула").click(button="right", position={"x": 20, "y": 8})
    said, menu = await at(elena.said("треснула")), await at(page.get_by_role("menu"))
    assert near(menu[0], said[0] + 20)
    await page.keyboard.press("Escape")
    await elena.field.press_sequentially(":палец")
    await expect(page.locator(".composer-popup")).to_be_visible()
    options, composer = await at(page.locator(".composer-popup")), await at(page.get_by_test_id("composer"))
    assert near(options[0], composer[0])
    assert near(options[3], composer[1])
    await page.get_by_test_id("rail-notices").click()
    bell, panel = (
        await at(page.get_by_test_id("rail-notices")),
        await at(page.get_by_role("dialog", name="Уведомления")),
    )
    assert near(panel[0], bell[2])
    assert panel[3] <= page.viewport_size["height"]


async def test_a_window_folds_its_panes_where_larger_type_needs_it(shop: Any, seat: Any) -> None:
    """In larger type 1,100 pixels are as narrow as 850 are usually: one pane, for the sheet and for the scripts."""
    await busy(shop)
    await shop.caller("Вера Кузнецова")
    await shop.api("PATCH", "/me", LARGEST)
    elena = await seat("elena", "/inbox/all", viewport={"width": 1100, "height": 900})
    await elena.pick("Игорь Белов")
    await expect(elena.row("Вера Кузнецова")).to_be_hidden()
    await elena.page.keyboard.press("Escape")
    await elena.pick("Вера Кузнецова")
    await elena.button("Закрыть").click()
    await expect(elena.row("Игорь Белов")).to_be_visible()
    await elena.page.set_viewport_size(NARROW)
    await expect(elena.row("Игорь Белов")).to_be_visible()
