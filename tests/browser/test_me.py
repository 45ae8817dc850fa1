"""One's own doors: a code beside the password, keys for programs."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from playwright.async_api import expect

from tests.shop import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def joined(elena: Any) -> tuple[Any, str]:
    """Join an app in one's profile; returns the app and a spare code."""
    card = elena.page.get_by_test_id("me-factor")
    await card.get_by_label("Пароль").fill("не тот")
    elena.tolerated.append("422")
    await card.get_by_role("button", name="Включить").click()
    await expect(card.get_by_text("Неверный пароль")).to_be_visible()
    await card.get_by_label("Пароль").fill(PASSWORD)
    await card.get_by_role("button", name="Включить").click()
    secret = (await card.get_by_test_id("factor-secret").inner_text()).replace(" ", "")
    await expect(card.get_by_alt_text("QR-код")).to_have_js_property("complete", value=True)
    app = pyotp.TOTP(secret)
    await card.get_by_label("Код из приложения").fill(app.at(datetime.now(UTC)))
    await card.get_by_role("button", name="Подтвердить").click()
    dialog = elena.page.get_by_role("dialog", name="Запасные коды")
    await expect(dialog.get_by_role("listitem")).to_have_count(10)
    spare = await dialog.get_by_role("listitem").first.inner_text()
    await dialog.get_by_role("button", name="Закрыть").click()
    await expect(card.get_by_text("Осталось 10 запасных кодов")).to_be_visible()
    return app, spare


async def known_by_code(again: Any, app: Any) -> None:
    """Log in by the page with a password and a code of the app."""
    await again.page.goto("/login?next=/settings/me")
    await again.page.get_by_label("Почта").fill("elena@kedr.example")
    await again.page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await again.page.get_by_role("button", name="Войти").click()
    again.tolerated.append("401")
    await again.page.get_by_label("Код из приложения").fill("000000")
    await again.page.get_by_role("button", name="Войти").click()
    await expect(again.page.get_by_role("alert")).to_contain_text("Код не подошёл")
    await again.page.get_by_label("Код из приложения").fill(app.at(datetime.now(UTC) + timedelta(seconds=30)))
    await again.page.get_by_role("button", name="Войти").click()
    await expect(again.page).to_have_url(re.compile("/settings/me"))
    await expect(again.page.get_by_test_id("me-sessions").get_by_role("listitem")).to_have_count(2)


async def test_an_app_is_asked_for_at_the_login_and_when_a_session_ends(shop: Any, seat: Any) -> None:
    app, spare = await joined(await seat("elena", "/settings/me"))
    again = await seat("elena", None)
    await known_by_code(again, app)
    # A session that ends while one writes asks for the code too, and takes a spare one.
    await shop.bridge.store.staff.close_session(await again.session())
    again.tolerated.append("401")
    await again.page.get_by_test_id("me-sessions").get_by_role("button", name="Завершить все остальные").click()
    asks = again.page.get_by_role("dialog", name="Сеанс")
    await asks.get_by_label("Пароль").fill(PASSWORD)
    await asks.get_by_role("button", name="Войти").click()
    await asks.get_by_label("Код из приложения").fill(spare)
    await asks.get_by_role("button", name="Войти").click()
    await expect(asks).to_be_hidden()


async def test_a_key_is_made_shown_once_and_revoked(seat: Any) -> None:
    elena = await seat("elena", "/settings/me")
    await elena.page.get_by_test_id("me-tokens").get_by_role("button", name="Новый ключ").click()
    maker = elena.page.get_by_test_id("me-token-new")
    await expect(maker.get_by_role("textbox", name="Название")).to_be_focused()
    await maker.get_by_label("Название").fill("Склад")
    await maker.get_by_label("Клиенты: смотреть").check()
    await maker.get_by_role("button", name="Создать ключ").click()
    key = await elena.page.get_by_test_id("token").inner_text()
    proof = {"Authorization": f"Bearer {key}"}
    asked = await elena.context.request.get("/api/v1/customers", headers=proof)
    assert asked.ok, await asked.text()
    await elena.page.get_by_role("dialog").get_by_role("button", name="Закрыть").click()
    await expect(elena.page.get_by_test_id("me-tokens")).to_contain_text(f"…{key[-4:]} · customers:read")
    await elena.page.get_by_test_id("me-tokens").get_by_role("button", name="Отозвать").first.click()
    await elena.page.get_by_test_id("settings-yes").click()
    await expect(elena.page.get_by_test_id("me-tokens")).not_to_contain_text("Склад")
    assert (await elena.context.request.get("/api/v1/customers", headers=proof)).status == 401
