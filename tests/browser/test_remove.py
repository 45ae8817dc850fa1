"""A conversation is deleted from the menu of its head by who has the right; every open panel lets go of it."""

from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_conversation_is_deleted_and_leaves_every_open_panel(shop: Any, seat: Any) -> None:
    phone = await shop.caller("Прохор Лишний")
    number = (await shop.conversation(phone))["number"]
    other = await seat("elena", "/inbox/all")
    other.tolerated += ["status of 404"]  # who reads what goes asks for it once more
    await other.pick("Прохор Лишний")
    await other.page.get_by_role("button", name="Ещё действия").click()
    menu = other.page.get_by_role("menu", name="Ещё действия")
    await expect(menu.get_by_role("menuitem", name="Скопировать ссылку")).to_be_visible()
    await expect(menu.get_by_role("menuitem", name="Удалить диалог")).to_have_count(0)
    await other.page.keyboard.press("Escape")
    desk = await seat("admin", "/inbox/all")
    page = desk.page
    await desk.pick("Прохор Лишний")
    await page.get_by_role("button", name="Ещё действия").click()
    await page.get_by_role("menuitem", name="Удалить диалог").click()
    dialog = page.get_by_test_id("remove")
    await expect(dialog).to_contain_text(f"Удалить диалог № {number} (Прохор Лишний)?")
    await expect(dialog).to_contain_text("сообщения, заметки, файлы и задачи")
    await expect(dialog).to_contain_text("останется у него")
    # The button that has the focus is the one that does nothing.
    await expect(dialog.get_by_role("button", name="Отмена")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(desk.row("Прохор Лишний")).to_have_count(1)
    await page.get_by_role("button", name="Ещё действия").click()
    await page.get_by_role("menuitem", name="Удалить диалог").click()
    await dialog.get_by_role("button", name="Удалить навсегда").click()
    await expect(page.get_by_test_id("toast").filter(has_text=f"Диалог № {number} удалён")).to_be_visible()
    await expect(desk.row("Прохор Лишний")).to_have_count(0)
    await expect(other.row("Прохор Лишний")).to_have_count(0)
    await expect(other.page.get_by_test_id("thread").get_by_text("Этого диалога больше нет")).to_be_visible()
    await phone.say("позовите человека")
    await expect(other.row("Прохор Лишний")).to_have_count(1)
