"""The card changed by two people at once, joined with a choice, and gone from every open panel once he is erased."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_accessibility import faults

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FIELDS = {
    "orders": {"kind": "number", "ru": "Заказов", "en": "Orders"},
    "level": {"kind": "choice", "ru": "Уровень", "en": "Level", "choices": ["Новый", "Постоянный"]},
}


async def customer(shop: Any, phone: Any) -> str:
    return f"/customers/{(await shop.conversation(phone))['customer']['id']}"


async def change(page: Page) -> None:
    """Type into the fields: what is none is named beside its field, a known tag comes by the keyboard."""
    form = page.get_by_test_id("profile-form")
    await page.get_by_test_id("edit-profile").click()
    await expect(form.get_by_label("Имя")).to_be_focused()
    await form.get_by_label("Заказов").fill("много")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_label("Заказов")).to_be_focused()
    await expect(form.get_by_label("Заказов")).to_have_accessible_description("Здесь нужно число")
    await form.get_by_label("Заказов").fill("1 200,5")
    await form.get_by_label("Уровень").select_option("Постоянный")
    await form.get_by_role("combobox", name="Метки").fill("опт")
    await expect(form.get_by_role("option", name="оптовик")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await form.get_by_label("Компания").fill("Кедр")
    assert await faults(page) == [], "the card while it is changed"


async def test_two_people_change_one_card_and_nothing_typed_is_lost(
    opens: Any, library: Any, matcher: Any, seats: Any
) -> None:
    shop = await opens(library, matcher, None, None, None, None, None, None, {"customers": {"fields": FIELDS}})
    anna, other = await shop.caller("Анна Ковалёва"), await shop.caller("Игорь Белов")
    url = await customer(shop, anna)
    await shop.api("PATCH", await customer(shop, other), {"tags": ["оптовик"]})
    elena = await seats(shop, "elena", "/inbox/all")
    mark = await seats(shop, "mark", "/inbox/all")
    elena.tolerated.append("409")
    await elena.pick("Анна Ковалёва")
    await mark.pick("Анна Ковалёва")
    await change(elena.page)
    await shop.api("PATCH", url, {"company": "Сосна", "note": "звонить утром"}, who="mark")
    form = elena.page.get_by_test_id("profile-form")
    await expect(form.get_by_test_id("clash-now")).to_contain_text("здесь сохранили: «Сосна»")
    await expect(form.get_by_label("Компания")).to_have_value("Кедр")
    await expect(form.get_by_label("Заметка")).to_have_value("звонить утром")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form).to_have_count(0)
    await expect(elena.page.get_by_test_id("edit-profile")).to_be_focused()
    facts = mark.page.get_by_test_id("ctx-facts")
    for said in ("Кедр", "оптовик", "1 200,5", "Постоянный"):
        await expect(facts).to_contain_text(said.replace(" ", "\u00a0"))
    card = await shop.api("GET", url)
    assert card["fields"] == {"orders": 1200.5, "level": "Постоянный"}
    assert (card["company"], card["note"], card["tags"]) == ("Кедр", "звонить утром", ["оптовик"])


async def test_who_is_erased_leaves_every_open_panel(shop: Any, seat: Any) -> None:
    anna, ann = await shop.caller("Анна Ковалёва"), await shop.caller("Аня К.")
    url, twin = await customer(shop, anna), await customer(shop, ann)
    for each, company in ((url, "Кедр"), (twin, "Сосна")):
        await shop.api("PATCH", each, {"phone": "+7 912 345-67-89", "company": company})
    chat = await shop.bridge.store.people.chat("telegram", str(anna.id))
    await shop.bridge.store.people.replace_chat(replace(chat, unreachable="blocked"))
    await shop.api("PATCH", "/operators/op-mark", {"role": "observer"}, who="admin")
    elena, mark = await seat("elena", "/inbox/all"), await seat("mark", "/inbox/all")
    for desk in (elena, mark):
        desk.tolerated.append("404")
        await desk.row("Анна Ковалёва").click()
    await expect(elena.page.get_by_test_id("way-fault")).to_have_text("Написать сюда нельзя: клиент заблокировал бота")
    masked = mark.page.get_by_test_id("ctx-identities").get_by_role("listitem").filter(has_text="•")
    await expect(masked).to_have_count(1)
    await expect(mark.page.get_by_test_id("edit-profile")).to_have_count(0)
    await elena.page.get_by_test_id("candidate").get_by_role("button", name="Сравнить").click()
    sides = elena.page.get_by_role("dialog", name="Это один человек?")
    await sides.locator("[data-field=company]").get_by_label("Сосна").check()
    assert await faults(elena.page) == [], "two profiles side by side"
    await sides.get_by_role("button", name="Связать").click()
    await expect(elena.page.get_by_test_id("joined")).to_contain_text("Аня К.")
    await expect(mark.page.get_by_test_id("ctx-facts")).to_contain_text("Сосна")
    await elena.page.get_by_test_id("answer-in").click()
    await expect(elena.page).to_have_url(f"{shop.url}/inbox/all/{(await shop.conversation(ann))['id']}")
    await elena.field.fill("Анна, добрый день")
    await shop.api("DELETE", url, who="admin")
    for desk in (elena, mark):
        await expect(desk.head.get_by_text("Этого диалога больше нет")).to_be_visible()
        await expect(desk.page.locator("body")).not_to_contain_text("Анна")
        await expect(desk.page.locator("#context")).to_be_empty()
    await elena.page.wait_for_function("!Object.keys(localStorage).some(key => key.startsWith('mostik.draft.'))")
