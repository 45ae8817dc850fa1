"""The page of customers: a table comes in, is looked through first, shows in the list, and is undone."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.test_accessibility import NARROW, faults

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROWS = 'Номер;ФИО;Телефон;Метки\r\nz1;Яна Ввозная;8 912 345-67-89;"опт;чай"\r\nz2;Ян Ввозной;123;\r\n'


async def choose(page: Any) -> None:
    """Choose a table, and which of its columns is the number."""
    await page.get_by_test_id("customers-import").click()
    table = {"name": "клиенты.csv", "mimeType": "text/csv", "buffer": ROWS.encode("cp1251")}
    await page.get_by_test_id("customers-file").set_input_files(table)
    await expect(page.get_by_test_id("customers-letters")).to_have_text("Windows-1251")
    await expect(page.get_by_test_id("customers-take")).to_be_disabled()  # nobody knows yet which column is the number
    await page.get_by_label("Куда записать столбец «Номер»").select_option("external_id")


async def test_a_table_comes_in_by_its_columns_and_is_undone(shop: Any, seat: Any) -> None:
    await shop.caller("Обычный Писатель")
    desk = await seat("admin", "/customers")
    page = desk.page
    await expect(page.get_by_test_id("customer-row").filter(has_text="Обычный Писатель")).to_be_visible()
    await expect(page.get_by_test_id("customers-total")).to_have_text(re.compile(r"^\d+$"))
    await choose(page)
    await page.get_by_test_id("customers-check").click()
    now = page.get_by_test_id("customers-now")
    await expect(now).to_contain_text("Проверено, ничего не записано")
    await expect(page.get_by_test_id("customers-counts")).to_contain_text("1 отклонена")
    async with page.expect_download() as report:
        await page.get_by_test_id("customers-report").click()
    assert "3;Телефон" in (await (await report.value).path()).read_text("utf-8")
    await now.get_by_role("button", name="Загрузить 1 строку").click()
    await expect(now).to_contain_text("Загружено")
    assert await faults(page) == [], "an import"
    await page.set_viewport_size(NARROW)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await now.get_by_role("link", name="К списку клиентов").click()
    row = page.get_by_test_id("customer-row")
    await page.get_by_test_id("customers-sort").select_option("new")
    await expect(row.first).to_contain_text("Яна Ввозная")
    await page.get_by_test_id("customers-sort").select_option("active")
    await expect(row.last).to_contain_text("Яна Ввозная")  # who never wrote stands below all who did
    await page.get_by_role("searchbox").fill("ввозн")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("+7 912 345-67-89")
    assert await faults(page) == [], "the list, narrow"
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("Ещё не писал")
    await page.keyboard.press("Escape")
    await page.go_back()
    await page.get_by_test_id("customers-undo").click()
    await page.get_by_role("dialog").get_by_role("button", name="Отменить загрузку").click()
    await expect(now).to_contain_text("1 удалён")
    elena = await seat("elena", "/customers")
    await expect(elena.page.get_by_test_id("customer-row").first).to_be_visible()
    await expect(elena.page.get_by_test_id("customers-import")).to_have_count(0)
