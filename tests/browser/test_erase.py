"""An administrator deletes all of a customer, once the name was typed."""

from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_customer_is_deleted_once_his_name_was_typed(shop: Any, seat: Any) -> None:
    phone = await shop.caller("Зинаида Уходящая")
    desk = await seat("admin", "/inbox/all")
    page = desk.page
    await desk.pick("Зинаида Уходящая")
    await page.get_by_test_id("erase").click()
    form = page.get_by_test_id("erase-form")
    button = form.get_by_role("button", name="Удалить навсегда")
    await expect(button).to_be_disabled()
    archive = f"/api/v1/customers/{await customer(shop, phone)}/export"
    await expect(form.get_by_role("link")).to_have_attribute("href", archive)
    await form.get_by_role("textbox").fill("Зинаида Уходящая")
    await button.click()
    await expect(page.get_by_test_id("toast").filter(has_text="Данные клиента удалены")).to_be_visible()
    await expect(desk.row("Зинаида Уходящая")).to_have_count(0)


async def customer(shop: Any, phone: Any) -> str:
    return str((await shop.conversation(phone))["customer"]["id"])
