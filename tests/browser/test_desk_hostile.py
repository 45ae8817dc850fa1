"""Customers and articles that try to be markup: shown as they are written, everywhere, and nothing runs."""

from typing import Any

import pytest
from playwright.async_api import expect

from bridge.model.articles import Article, Library
from bridge.model.ids import ArticleId
from kb_matcher import KbMatcher

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAME = "<img src=x onerror=alert(1)>"
TEXT = '<script>alert(2)</script><b onclick=alert(3)>жирно</b> javascript:alert(4) https://x.example/?q="><svg/onload=alert(5)>'
TITLE = "Возврат <svg onload=alert(6)> & обмен"
ANSWER = "Вернём <iframe srcdoc='<script>alert(7)</script>'></iframe> за 14 дней"
#: Elements that could only come from the texts above.
PLANTED = "img[src='x'], b[onclick], svg[onload], iframe, script:not([nonce]):not([src])"


async def test_markup_in_names_texts_and_articles_is_text_everywhere(opens: Any, seats: Any) -> None:
    wordings = ("как вернуть товар", "хочу оформить возврат", "можно ли вернуть покупку")
    other = ("во сколько вы работаете", "часы работы магазина")
    library = Library(
        (_article("return", TITLE, wordings, ANSWER), _article("hours", "Часы работы", other, "С 9 до 21"))
    )
    shop = await opens(library, await KbMatcher.build(library))
    elena = await seats(shop, "elena", "/inbox/all")
    page = elena.page
    eve = await shop.phone(NAME)
    await eve.say("возврат часов")
    await shop.stage(eve, "bot")
    await expect(elena.row(NAME)).to_be_visible()
    await elena.pick(NAME)
    offered = elena.page.get_by_role("list", name="Кнопки, которые предложил бот")
    await expect(offered).to_contain_text(TITLE)
    await eve.say(TEXT)
    await eve.say("позовите человека")
    await shop.stage(eve, "waiting")
    await expect(elena.said(TEXT, "customer")).to_be_visible()
    await eve.say("хочу оформить возврат")
    suggestion = page.get_by_test_id("suggestion").first
    await expect(suggestion).to_contain_text(TITLE)
    await expect(suggestion).to_contain_text(ANSWER)
    await suggestion.get_by_role("button", name="Вставить").click()
    await expect(elena.field).to_have_value(ANSWER)
    await elena.field.press("Control+Enter")
    await expect(elena.said(ANSWER, "operator")).to_have_attribute("data-status", "sent")
    assert ANSWER in await eve.heard()
    await elena.note(f"заметка {TEXT}")
    await expect(elena.said(f"заметка {TEXT}", "note")).to_be_visible()
    await expect(elena.head.get_by_role("heading", level=2)).to_contain_text(NAME)
    await expect(page.get_by_role("complementary").get_by_role("heading", name=NAME)).to_be_visible()
    assert await page.locator(PLANTED).count() == 0
    link = elena.said(TEXT, "customer").get_by_role("link")
    assert await link.evaluate_all("(all) => all.map((one) => one.protocol)") == ["https:"]

    await page.get_by_role("searchbox").fill(NAME)
    await expect(page.get_by_text(f"Ничего не нашлось: «{NAME}»").or_(elena.row(NAME))).to_be_visible()
    await elena.button("Очистить поиск").click()
    await elena.head.get_by_role("button", name="Закрыть").click()
    await expect(page.get_by_test_id("toast")).to_contain_text(f"Диалог закрыт: {NAME}")
    await elena.reload()
    assert await page.locator(PLANTED).count() == 0

    topics = (await shop.ctl("GET", "/topics"))["items"]
    topic = next(each for each in topics if each["name"].startswith(NAME))
    shown = await shop.in_topic(topic["topic"])
    assert any(TEXT in message["text"] for message in shown)
    assert any(NAME in message["text"] for message in shown)
    assert all("<script>" not in str(message.get("entities")) for message in shown)


def _article(id: str, title: str, questions: tuple[str, ...], answer: str) -> Article:
    return Article(ArticleId(id), title, answer, questions)


async def test_what_a_stranger_types_into_the_login_or_the_address_is_text(shop: Any, seat: Any) -> None:
    elena = await seat("elena", None)
    elena.tolerated += ["status of 401", "status of 404"]
    page = elena.page
    await page.goto("/login?next=//evil.example/%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    await page.get_by_label("Почта").evaluate("(field) => { field.form.noValidate = true; }")
    await page.get_by_label("Почта").fill(f'"><{NAME[1:]}')
    await page.get_by_label("Пароль", exact=True).fill("guess")
    await elena.button("Войти").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_label("Почта")).to_have_value(f'"><{NAME[1:]}')
    await expect(page.locator("input[name=next]")).to_have_value("/inbox/mine")
    assert await page.locator(PLANTED).count() == 0
    await elena.log_in()
    await page.goto("/inbox/mine/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    await expect(page.get_by_text("Такого диалога нет").or_(page.get_by_text("Такой страницы нет"))).to_be_visible()
    assert await page.locator(PLANTED).count() == 0
