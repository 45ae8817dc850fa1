"""An operator writes first from the customer's card: in which channel is asked, the words go out through it."""

from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_operator_writes_first_from_the_card(shop: Any, seat: Any) -> None:
    phone = await shop.caller("Игнат Первый")
    row = await shop.conversation(phone)
    await shop.api("POST", f"/conversations/{row['id']}/close")
    desk = await seat("elena", f"/inbox/closed/{row['id']}")
    page = desk.page
    await page.get_by_test_id("start-talk").click()
    dialog = page.get_by_test_id("start")
    await expect(dialog).to_contain_text("Игнат Первый")
    way = dialog.get_by_role("button", name="Telegram")
    await expect(way.locator(".whose")).to_have_text(str(phone.id))
    await way.click()
    await expect(dialog).to_have_count(0)
    words = page.get_by_role("textbox", name="Ответ клиенту")
    await expect(words).to_be_focused()
    await page.keyboard.type("Ваш заказ уже здесь")
    await page.keyboard.press("Control+Enter")
    await phone.gets("Ваш заказ уже здесь")
    again = await shop.api("GET", f"/conversations/{row['id']}")
    assert (again["stage"], again["assignee"]["name"]) == ("operator", "Елена Соколова")
