"""Ways to use the panel: the keyboard in a Russian layout, themes and languages, small screens, a broken channel."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from bridge.library.health import usage
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.scenario(number=13)
async def test_the_keyboard_alone_is_enough_in_a_russian_layout(shop: Any, seat: Any) -> None:
    anna, _boris = await shop.caller("Анна Ковалёва"), await shop.caller("Борис Орлов")
    elena = await seat("elena")
    await expect(elena.row("Борис Орлов")).to_be_visible()
    await elena.key("KeyJ", "о")
    await expect(elena.row("Анна Ковалёва")).to_have_attribute("aria-current", "true")
    await expect(elena.row("Анна Ковалёва")).to_be_focused()
    await elena.key("KeyJ", "о")
    await expect(elena.row("Борис Орлов")).to_be_focused()
    await elena.key("KeyK", "л")
    await expect(elena.row("Анна Ковалёва")).to_be_focused()
    await expect(elena.field).to_be_visible()
    await elena.key("KeyR", "к")
    await expect(elena.field).to_be_focused()
    await elena.page.keyboard.insert_text("Добрый день! Кто вам нужен?")
    await elena.page.keyboard.press("Control+Enter")
    await anna.gets("Кто вам нужен?")
    await expect(elena.field).to_be_focused()
    await expect(elena.field).to_have_value("")
    await elena.page.keyboard.press("Escape")
    await expect(elena.row("Анна Ковалёва")).to_be_focused()
    await elena.key("KeyN", "т")
    await expect(elena.page.get_by_role("textbox", name="Заметка для команды")).to_be_focused()
    await elena.page.keyboard.press("Escape")
    await elena.key("KeyE", "у")
    await expect(elena.row("Анна Ковалёва")).to_have_count(0)
    await expect(elena.row("Борис Орлов")).to_be_focused()
    await expect(elena.row("Борис Орлов")).to_have_attribute("aria-current", "true")
    assert (await shop.conversation(anna))["stage"] == "closed"
    await elena.key("KeyI", "ш")
    await expect(elena.owner).to_contain_text("Елена Соколова")
    await elena.key("Slash", ".")
    await expect(elena.page.get_by_role("searchbox")).to_be_focused()
    await elena.page.keyboard.press("Escape")
    await elena.key("Slash", ",", shiftKey=True)
    await expect(elena.page.get_by_role("dialog", name="Клавиши")).to_be_visible()
    await elena.page.keyboard.press("Escape")
    await expect(elena.page.get_by_role("dialog", name="Клавиши")).to_be_hidden()


@pytest.mark.scenario(number=7)
async def test_a_suggestion_is_put_into_the_answer_by_a_key_and_never_sent_and_teaches(
    shop: Any, seat: Any, library: Any
) -> None:
    article = library.articles[0]
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await anna.say(article.questions[0])
    first = elena.page.get_by_test_id("suggestion").first
    await expect(first).to_contain_text(article.title)
    await expect(first).to_have_attribute("data-score", re.compile(r"0\.\d\d|1\.00"))
    await elena.field.focus()
    await elena.page.keyboard.press("Alt+1")
    await expect(elena.field).to_have_value(article.answer)
    assert not [text for text in await shop.sent_to(anna) if text == article.answer]
    async with elena.page.expect_response("**/suggestions/refuse"):
        await first.get_by_role("button", name="Не подходит").click()
    mine = elena.page.get_by_test_id("suggestion").filter(has_text=article.title)
    await expect(mine).to_have_count(0)
    await elena.page.get_by_test_id("toast").get_by_role("button", name="Вернуть").click()
    async with elena.page.expect_response("**/suggestions/refuse"):
        await mine.get_by_role("button", name="Не подходит").click()
    await expect(mine).to_have_count(0)
    await elena.field.press("Control+Enter")
    await anna.gets(article.answer[:30])
    said = {(row.article_id, row.fits, row.source) for row in await shop.house.bridge.store.labels.all() if row.about}
    assert {(article.id, False, "rejected"), (article.id, True, "sent")} <= said
    shop.bridge.memory.kept.pop("uses", None)  # counts of a moment ago are good enough for lists
    found = await usage.counts(shop.bridge)
    assert {how: found.ever[how].get(article.id, 0) for how in ("answer", "sent")} == {"answer": 0, "sent": 1}
    await elena.open(f"/kb/articles/{article.id}")
    await expect(elena.page.get_by_text("показана 1 раз за 30 дней").first).to_be_visible()


async def test_theme_and_language_stay_chosen_on_every_device(shop: Any, seat: Any) -> None:
    elena = await seat("elena", color_scheme="light")
    page, ground = elena.page, "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(ground)
    await elena.button("Тема").click()
    async with page.expect_response("**/api/v1/me"):
        await page.get_by_role("menuitemradio", name="Тёмная").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = await page.evaluate(ground)
    assert dark != light
    await elena.reload()
    assert await page.evaluate(ground) == dark
    await elena.button("Язык").click()
    await page.get_by_role("menuitemradio", name="English").click()
    await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page).to_have_title("Inbox · Кедр и Ко")
    other = await seat("elena", color_scheme="light")
    await expect(other.page.locator("html")).to_have_attribute("lang", "en")
    assert await other.page.evaluate(ground) == dark
    await other.button("Theme").click()
    async with other.page.expect_response("**/api/v1/me"):
        await other.page.get_by_role("menuitemradio", name="Light").click()
    await other.button("Language").click()
    await other.page.get_by_role("menuitemradio", name="Русский").click()
    await expect(other.page.get_by_role("heading", name="Входящие")).to_be_visible()
    assert await other.page.evaluate(ground) == light


WIDTH = "[document.documentElement.scrollWidth, document.body.scrollWidth]"


async def test_nothing_scrolls_sideways_on_the_narrowest_screen(shop: Any, seat: Any) -> None:
    anna = await shop.caller("Константин Преображенский-Задунайский")
    await anna.say("https://shop.example/" + "a" * 200 + " и ещё " + "ы" * 120)
    elena = await seat("elena", None, viewport={"width": 320, "height": 640})
    await elena.page.goto("/login")
    await expect(elena.button("Войти")).to_be_visible()
    assert await elena.page.evaluate(WIDTH) == [320, 320]
    await elena.log_in()
    await elena.open("/inbox/mine")
    await expect(elena.row("Константин")).to_be_visible()
    assert await elena.page.evaluate(WIDTH) == [320, 320]
    await elena.pick("Константин")
    await expect(elena.said("и ещё", "customer")).to_be_visible()
    assert await elena.page.evaluate(WIDTH) == [320, 320]
    await elena.write("ответ " + "ъ" * 150)
    await expect(elena.said("ответ", "operator")).to_have_attribute("data-status", "sent")
    assert await elena.page.evaluate(WIDTH) == [320, 320]
    inside = "() => { const p = document.getElementById('thread-scroll'); return p.scrollWidth - p.clientWidth; }"
    assert await elena.page.evaluate(inside) == 0


async def test_on_a_phone_the_list_gives_way_to_the_thread_and_back(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert await elena.page.evaluate(WIDTH) == [390, 390]
    await expect(elena.field).to_be_hidden()
    await elena.row("Анна Ковалёва").tap()
    await expect(elena.field).to_be_visible()
    await expect(elena.row("Анна Ковалёва")).to_be_hidden()
    assert await elena.page.evaluate(WIDTH) == [390, 390]
    await elena.field.fill("Здравствуйте!")
    await elena.button("Отправить").tap()
    await anna.gets("Здравствуйте!")
    await elena.button("К списку").tap()
    await expect(elena.row("Анна Ковалёва")).to_be_visible()
    await expect(elena.field).to_be_hidden()
    await elena.row("Анна Ковалёва").tap()
    await expect(elena.said("Здравствуйте!", "operator")).to_be_visible()
    await elena.page.go_back()
    await expect(elena.row("Анна Ковалёва")).to_be_visible()


async def test_a_bot_whose_token_is_wrong_is_named_with_the_reason(
    opens: Any, seats: Any, library: Any, matcher: Any
) -> None:
    shop = await opens(library, matcher, {"token": "7000000001:AAanother-secret-of-the-same-bot-id"})

    async def broken() -> bool:
        return any(each.state.state == "broken" for each in shop.bridge.channels.by_name.values())

    await until(broken)
    elena = await seats(shop, "elena")
    fault = elena.page.get_by_test_id("channel-fault")
    await expect(fault).to_have_text(re.compile("Telegram не работает: токен бота не подходит. Ответы ждут в очереди"))
    await expect(fault).to_have_attribute("data-channel", "telegram")
