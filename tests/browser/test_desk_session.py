"""Who comes in and who does not; a session that ends while somebody writes."""

import re
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.shop import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _try(desk: Any, password: str) -> None:
    await desk.page.get_by_label("Пароль", exact=True).fill(password)
    await desk.button("Войти").click()


@pytest.mark.scenario(number=1)
async def test_a_wrong_password_is_told_a_right_one_leads_on_and_logout_ends_it(shop: Any, seat: Any) -> None:
    elena = await seat("elena", None)
    elena.tolerated.append("status of 401")
    page = elena.page
    await page.goto("/inbox/all")
    await expect(page).to_have_url(f"{shop.url}/login?next=/inbox/all")
    await page.get_by_label("Почта").fill("elena@kedr.example")
    await _try(elena, "not-this-one")
    await expect(page.get_by_role("alert")).to_have_text("Почта или пароль не подходят")
    await expect(page.get_by_label("Почта")).to_have_value("elena@kedr.example")
    await expect(page.get_by_label("Пароль", exact=True)).to_have_value("")
    await expect(page.get_by_label("Пароль", exact=True)).to_be_focused()
    await elena.button("Показать пароль").click()
    await expect(page.get_by_label("Пароль", exact=True)).to_have_attribute("type", "text")
    await _try(elena, PASSWORD)
    await elena.ready()
    await expect(page).to_have_url(f"{shop.url}/inbox/all")

    other = await elena.context.new_page()
    await other.goto("/inbox/mine")
    await expect(other.locator("html[data-ready=true]")).to_be_attached()
    await elena.menu(page.get_by_test_id("rail-me"), "Выйти")
    await expect(page).to_have_url(f"{shop.url}/login")
    await expect(other.get_by_role("dialog", name="Сеанс закончился")).to_be_visible()
    await page.go_back()
    await expect(page).to_have_url(re.compile("/login"))


async def test_who_guesses_has_to_wait_even_with_the_right_password(shop: Any, seat: Any) -> None:
    elena = await seat("elena", None)
    elena.tolerated.append("status of 429")
    ask = {"Accept": "application/json"}
    csrf = (await (await elena.context.request.get("/login", headers=ask)).json())["csrf"]
    form = {"email": "elena@kedr.example", "password": "a guess", "csrf": csrf}
    tries = [(await elena.context.request.post("/login", headers=ask, form=form)).status for _ in range(5)]
    assert tries == [401] * 5
    await elena.page.goto("/login")
    await elena.page.get_by_label("Почта").fill("Elena@kedr.example")
    await _try(elena, PASSWORD)
    alert = elena.page.get_by_role("alert")
    await expect(alert).to_have_text(re.compile(r"Слишком много попыток. Попробуйте через \d+ секунд"))
    mark = await seat("mark", None)
    await mark.page.goto("/login")
    await mark.page.get_by_label("Почта").fill("mark@kedr.example")
    await _try(mark, PASSWORD)
    await mark.ready()


async def _in_dialog(dialog: Any, password: str) -> None:
    await dialog.get_by_label("Пароль").fill(password)
    await dialog.get_by_role("button", name="Войти").click()


def _cookie_without_token(page: Any) -> Any:
    """Holds the new session between its cookie and its token, while the outbox is told to try again."""

    async def hold(route: Route) -> None:
        await page.evaluate("import('mostik/inbox/main.js').then((parts) => parts.$outbox.hurry())")
        await page.evaluate("() => new Promise(requestAnimationFrame)")
        await route.continue_()

    return hold


@pytest.mark.scenario(number=1)
async def test_a_session_that_ends_while_one_writes_asks_again_and_loses_nothing(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    await anna.gets("почту или телефон")
    elena = await seat("elena")
    elena.tolerated += ["status of 401", "WebSocket connection .* failed"]
    await elena.pick("Анна Ковалёва")
    await elena.field.fill("Уже смотрю ваш заказ")
    dialog = elena.page.get_by_role("dialog", name="Сеанс закончился")

    async def ends_on_the_way(route: Route) -> None:
        await shop.bridge.store.staff.close_session(await elena.session())
        await route.continue_()

    await elena.page.route("**/messages", ends_on_the_way, times=1)
    await elena.field.press("Control+Enter")
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_label("Почта")).to_have_value("elena@kedr.example")
    await _in_dialog(dialog, "not-this-one")
    await expect(dialog.get_by_role("alert")).to_have_text("Почта или пароль не подходят")
    assert len(await anna.heard()) == 2, "the handoff and the question for a contact"

    await elena.page.route("**/api/v1/me", _cookie_without_token(elena.page), times=1)
    await _in_dialog(dialog, PASSWORD)
    await expect(dialog).to_be_hidden()
    reply = elena.said("Уже смотрю ваш заказ", "operator")
    await expect(reply).to_have_attribute("data-status", "sent")
    await expect(reply).to_have_count(1)
    await shop.quiet()
    assert (await shop.sent_to(anna)).count("Уже смотрю ваш заказ") == 1

    # The draft of the next reply outlives an end that the live line tells of.
    await elena.field.fill("Нашла, он в пути")
    await shop.bridge.store.staff.close_session(await elena.session())
    await expect(dialog).to_be_visible()
    await _in_dialog(dialog, PASSWORD)
    await expect(dialog).to_be_hidden()
    await expect(elena.field).to_have_value("Нашла, он в пути")
    note = {"text": "курьер уже у дома", "kind": "note"}
    await shop.api("POST", f"/conversations/{(await shop.conversation(anna))['id']}/messages", note, who="mark")
    await expect(elena.said("курьер уже у дома", "note")).to_be_visible()
    await elena.field.press("Control+Enter")
    await expect(elena.said("Нашла, он в пути", "operator")).to_have_attribute("data-status", "sent")
    assert (await anna.heard())[2:] == ["Уже смотрю ваш заказ", "Нашла, он в пути"]
