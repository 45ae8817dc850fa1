"""Who works how, and what is passed on: to a colleague, to a team, all at once, one shared."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def option(desk: Any, name: str) -> Locator:
    """A line of the dialog by whom it names."""
    return desk.page.get_by_test_id("passing").locator("label").filter(has_text=name)


async def test_a_conversation_is_passed_on_with_a_reason_and_who_is_busy_stands_grey(shop: Any, seat: Any) -> None:
    anna = await shop.caller("Анна Ковалёва")
    case = await shop.conversation(anna)
    team = await shop.api("POST", "/teams", {"name": "Возвраты"}, who="admin")
    elena, mark = await seat("elena", f"/inbox/mine/{case['id']}"), await seat("mark", "/inbox/mine")
    await mark.page.get_by_test_id("rail-me").click()
    await mark.page.get_by_role("menuitemradio", name="Новых не брать").click()
    await expect(mark.page.get_by_test_id("rail-me")).to_have_attribute("data-state", "busy")

    await expect(elena.field).to_be_visible()  # what is open can be passed on
    await elena.key("KeyT", "е")
    dialog = elena.page.get_by_role("dialog", name="Передать диалог")
    await expect(option(elena, "Марк")).to_have_attribute("data-grey", "true")
    await expect(option(elena, "Марк")).to_contain_text("новых не берёт")
    await dialog.get_by_label("Почему").fill("он знает этот заказ")
    await option(elena, "Марк").click()
    await dialog.get_by_role("button", name="Передать всё равно").click()
    await expect(dialog).to_be_hidden()
    await expect(elena.owner).to_contain_text("Марк")
    await expect(mark.row("Анна Ковалёва")).to_be_visible()
    await expect(elena.page.get_by_test_id("thread")).to_contain_text("он знает этот заказ")

    await mark.pick("Анна Ковалёва")
    await mark.owner.click()
    await mark.page.get_by_role("menuitem", name=re.compile("^Передать с пояснением")).click()
    await mark.page.get_by_label("Имя или команда").fill("возвр")
    await option(mark, team["name"]).click()
    await mark.page.get_by_role("button", name="Передать", exact=True).click()
    await expect(elena.owner).to_contain_text("Никто")
    await expect(elena.head.locator(".chip").get_by_text("Возвраты")).to_be_visible()


async def test_all_of_ones_own_goes_to_another_and_one_is_shared(shop: Any, seat: Any) -> None:
    for name in ("Анна Ковалёва", "Борис Орлов"):
        case = await shop.conversation(await shop.caller(name))
        await shop.api("POST", f"/conversations/{case['id']}/claim", who="elena")
    elena, mark = await seat("elena", f"/inbox/mine/{case['id']}"), await seat("mark", "/inbox/mine")
    await elena.menu(elena.owner, "Открыть коллеге…")
    await option(elena, "Марк").click()
    await elena.page.get_by_role("button", name="Открыть доступ").click()
    await elena.menu(elena.owner, "Открыть коллеге…")
    await elena.page.get_by_role("button", name="Закрыть доступ: Марк").click()
    await expect(elena.page.get_by_role("button", name="Закрыть доступ: Марк")).to_have_count(0)
    await elena.page.keyboard.press("Escape")

    await elena.page.get_by_test_id("rail-me").click()
    await elena.page.get_by_role("menuitem", name="Передать все мои диалоги").click()
    await option(elena, "Марк").click()
    await elena.page.get_by_label("Заметка в каждый диалог").fill("ухожу на обед")
    each = elena.page.get_by_test_id("passing-each")
    await each.get_by_text("Отдельно о каждом: 2 диалога").click()
    await each.get_by_label("Анна Ковалёва").fill("ждёт счёт до вечера")
    await elena.page.get_by_role("button", name="Передать все").click()
    await expect(elena.page.get_by_test_id("toast").filter(has_text="Передано 2 диалога")).to_be_visible()
    await expect(mark.page.get_by_test_id("conv-row")).to_have_count(2)
    await expect(elena.said("ухожу на обед", "note")).to_be_visible()
    await mark.pick("Анна Ковалёва")
    await expect(mark.said("ждёт счёт до вечера", "note")).to_be_visible()
    await expect(mark.said("ухожу на обед", "note")).to_have_count(0)
