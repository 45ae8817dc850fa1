"""The settings: somebody is invited, comes and leaves; teams; one's own profile; every page is accessible."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.desk import WIDE
from tests.browser.test_accessibility import NARROW, faults
from tests.shop import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CHOSEN = "сорок восемь ежей"


async def sound(page: Page, where: str) -> None:
    """Nothing is gravely wrong in either theme, and nothing sticks out of a narrow screen."""
    assert await faults(page) == [], where
    await page.set_viewport_size(NARROW)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
    assert await faults(page) == [], f"narrow: {where}"
    await page.set_viewport_size(WIDE)
    await page.emulate_media(color_scheme="dark")
    assert await faults(page, "dark") == [], f"dark: {where}"
    await page.emulate_media(color_scheme="light")


async def invite(boss: Any, email: str) -> str:
    """Invite somebody; returns the link, after an address that is taken was refused beside its field."""
    page, form = boss.page, boss.page.get_by_test_id("person-form")
    await page.get_by_test_id("people-invite").click()
    await form.get_by_label("Почта").fill("elena@kedr.example")
    boss.tolerated.append("422")
    await form.get_by_role("button", name="Создать приглашение").click()
    await expect(form.get_by_label("Почта")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#f-email-error")).to_contain_text("уже есть сотрудник")
    await sound(page, "an invitation refused")
    await form.get_by_label("Почта").fill(email)
    await form.get_by_role("button", name="Создать приглашение").dblclick()  # in a hurry: one invitation all the same
    link: str = await page.get_by_test_id("invitation-link").input_value()
    await expect(page.locator("#f-email-error")).to_have_count(0)
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").click()
    return link


async def test_somebody_is_invited_comes_and_leaves(seat: Any) -> None:
    boss = await seat("admin", "/inbox/mine")
    page = boss.page
    await page.get_by_test_id("rail-settings").click()
    await boss.ready()
    await page.get_by_test_id("settings-people").click()
    await expect(page.get_by_test_id("person")).to_have_count(3)
    await sound(page, "people")
    link = await invite(boss, "nina@kedr.example")
    row = page.get_by_test_id("person").filter(has_text="nina@kedr.example")
    await expect(row).to_contain_text("Приглашён")
    nina = await seat("nina", None)
    await nina.page.goto(link)
    await sound(nina.page, "an invitation opened")
    await nina.page.get_by_label("Имя и фамилия").fill("Нина Новая")
    await nina.page.get_by_label("Придумайте пароль").fill(CHOSEN)
    await nina.page.get_by_role("button", name="Начать работу").click()
    await nina.ready()
    await expect(nina.page).to_have_url(f"{boss.shop.url}/inbox/mine")
    nina.tolerated.append("403")
    await nina.page.goto("/settings/people")
    await expect(nina.page.get_by_text("У вашей роли нет прав на это")).to_be_visible()
    await boss.open("/settings/people")
    await row.click()
    await expect(page.get_by_role("heading", name="Нина Новая")).to_be_visible()
    await page.get_by_test_id("person-delete").click()
    await page.get_by_test_id("settings-yes").click()
    await expect(page.get_by_test_id("person")).to_have_count(3)


async def test_a_team_with_a_scenario_is_made_and_deleted(seat: Any) -> None:
    boss = await seat("admin", "/settings/teams")
    page, form = boss.page, boss.page.get_by_test_id("team-form")
    boss.tolerated.append("422")
    await expect(page.get_by_text("Команд пока нет")).to_be_visible()
    await page.get_by_test_id("team-new").click()
    await form.get_by_label("Название").fill("Опт")
    await form.get_by_label("Елена Соколова").check()
    await page.get_by_test_id("step-add").click()
    await form.get_by_label("Сколько минут ждать").fill("5")
    await page.get_by_test_id("step-add").click()
    await expect(page.get_by_test_id("step")).to_have_count(2)
    await page.get_by_test_id("step").last.get_by_label("Кому").select_option("queue")
    await page.get_by_test_id("step").last.get_by_role("button", name="Выше").click()
    await form.get_by_role("button", name="Создать команду").click()
    await expect(page.locator(".st-error")).to_contain_text("только последним шагом")
    await sound(page, "a team refused")
    await page.get_by_test_id("step").first.get_by_role("button", name="Ниже").click()
    await form.get_by_role("button", name="Создать команду").click()
    await expect(page.get_by_test_id("team")).to_contain_text("1 человек")
    await page.get_by_test_id("team").click()
    await form.get_by_label("Название").fill("Опт и партнёры")
    await page.get_by_test_id("settings-people").click()
    await expect(page.get_by_role("dialog")).to_contain_text("не сохранено")
    await page.get_by_role("dialog").get_by_role("button", name="Отмена").click()
    [team] = (await boss.shop.api("GET", "/teams"))["items"]
    await boss.shop.api("PATCH", f"/teams/{team['id']}", {"channels": ["telegram"]}, who="admin")
    boss.tolerated.append("409")
    await form.get_by_label("Название").press("Control+Enter")
    await expect(form.get_by_label("Telegram")).to_be_checked()  # what somebody else did meanwhile is there
    await form.get_by_label("Название").press("Control+Enter")
    await expect(page.get_by_role("heading", name="Опт и партнёры")).to_be_visible()
    await page.get_by_test_id("team-delete").click()
    await page.get_by_test_id("settings-yes").click()
    await expect(page.get_by_text("Команд пока нет")).to_be_visible()


async def test_the_last_administrator_stays_one(seat: Any) -> None:
    boss = await seat("admin", "/settings/people")
    page, form = boss.page, boss.page.get_by_test_id("person-form")
    await page.get_by_test_id("person").filter(has_text="это вы").click()
    await form.get_by_label("Роль").select_option("operator")
    boss.tolerated.append("422")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(page.locator("#f-role-error")).to_contain_text("последний администратор")


async def test_ones_own_profile(seat: Any) -> None:
    elena = await seat("elena", "/settings/me")
    page = elena.page
    await expect(page.get_by_test_id("settings-people")).to_have_count(0)
    name, password = page.get_by_test_id("me-account"), page.get_by_test_id("me-password")
    await name.get_by_label("Имя и фамилия").fill("Елена Прекрасная")
    await name.get_by_role("button", name="Сохранить").click()
    await expect(page.locator("#menu-me")).to_contain_text("Елена Прекрасная")
    elena.tolerated.append("422")
    await password.get_by_label("Текущий пароль").fill("не тот")
    await password.get_by_label("Новый пароль").fill(CHOSEN)
    await password.get_by_role("button").click()
    await expect(page.locator("#f-old-error")).to_have_text("Неверный пароль")
    await password.get_by_label("Текущий пароль").fill(PASSWORD)
    await password.get_by_role("button").click()
    await expect(page.get_by_test_id("toast").last).to_contain_text("Пароль изменён")
    telegram = page.get_by_test_id("me-telegram")
    await telegram.get_by_test_id("telegram-unlink").click()
    await page.get_by_test_id("settings-yes").click()
    await telegram.get_by_test_id("telegram-link").click()
    code = (await telegram.get_by_test_id("telegram-code").inner_text()).strip()
    anna = await elena.shop.phone("Елена дома")
    await anna.say(code)
    await anna.gets("этот Telegram теперь ваш")
    await telegram.get_by_test_id("telegram-check").click()
    await expect(telegram).to_contain_text(f"номер {anna.id}")
    await sound(page, "one's own profile")
