"""Sleep in the panel: until the customer writes, with what is to be done then; a closed one opens again at a time."""

from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_conversation_sleeps_until_the_customer_writes(shop: Any, seat: Any) -> None:
    phone = await shop.caller("Ульяна Тихая")
    row = await shop.conversation(phone)
    elena = await seat("elena", f"/inbox/all/{row['id']}")
    mark = elena.page.get_by_test_id("sleep-mark")
    await elena.menu(elena.head.get_by_role("button", name="Ещё действия"), "Отложить, пока клиент не напишет")
    await expect(elena.row("Ульяна Тихая")).to_have_attribute("data-state", "snoozed")
    await elena.row("Ульяна Тихая").click()
    await expect(mark).to_have_text("до ответа")
    await phone.say("я вернулась")
    await expect(elena.row("Ульяна Тихая")).to_have_attribute("data-state", "due")
    await expect(mark).to_have_count(0)


async def test_what_is_to_be_done_is_written_down_with_the_time(shop: Any, seat: Any) -> None:
    phone = await shop.caller("Устин Поздний")
    row = await shop.conversation(phone)
    elena = await seat("elena", f"/inbox/all/{row['id']}")
    dialog = elena.page.get_by_test_id("choose-time")
    await elena.menu(elena.head.get_by_role("button", name="Ещё действия"), "Отложить до…")
    await dialog.get_by_label("Что тогда сделать").fill("спросить про коробку")
    await dialog.get_by_role("button", name="Выбрать").click()
    await expect(elena.row("Устин Поздний")).to_have_attribute("data-state", "snoozed")
    await elena.row("Устин Поздний").click()
    await expect(elena.page.get_by_test_id("sleep-mark")).to_have_attribute("title", "спросить про коробку")
    await expect(elena.page.locator("[data-code='snoozed']")).to_contain_text(
        "Елена Соколова откладывает диалог: спросить про коробку"
    )


async def test_a_closed_conversation_is_told_when_to_open_again(shop: Any, seat: Any) -> None:
    phone = await shop.caller("Фрол Закрытый")
    row = await shop.conversation(phone)
    await shop.api("POST", f"/conversations/{row['id']}/close")
    elena = await seat("elena", f"/inbox/closed/{row['id']}")
    more, mark = elena.head.get_by_role("button", name="Ещё действия"), elena.page.get_by_test_id("sleep-mark")
    await elena.menu(more, "Открыть снова в срок…")
    dialog = elena.page.get_by_role("dialog", name="Когда открыть диалог снова")
    await dialog.get_by_role("button", name="Выбрать").click()
    await expect(mark).to_be_visible()
    toast = elena.page.get_by_test_id("toast").filter(has_text="Диалог откроется снова")
    await toast.get_by_role("button", name="Вернуть").click()
    await expect(mark).to_have_count(0)
    there = await shop.api("GET", f"/conversations/{row['id']}")
    assert (there["stage"], there["snoozed_until"]) == ("closed", None)
