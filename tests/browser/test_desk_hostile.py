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


async def _open(opens: Any) -> Any:
    wordings = ("как вернуть товар", "хочу оформить возврат", "можно ли вернуть покупку")
    hours = ("во сколько вы работаете", "часы работы магазина")
    articles = (
        Article(ArticleId("return"), TITLE, ANSWER, wordings),
        Article(ArticleId("hours"), "Часы работы", "С 9 до 21", hours),
    )
    return await opens(Library(articles), await KbMatcher.build(Library(articles)))


async def test_a_customers_markup_is_text_everywhere(opens: Any, seats: Any) -> None:
    shop = await _open(opens)
    eve = await shop.caller(NAME)
    elena = await seats(shop, "elena", "/inbox/all")
    page = elena.page
    await elena.pick(NAME)
    await eve.say(TEXT)
    await expect(elena.said(TEXT, "customer")).to_be_visible()
    await expect(elena.row(NAME)).to_contain_text(TEXT)
    link = elena.said(TEXT, "customer").get_by_role("link")
    assert await link.evaluate_all("(all) => all.map((one) => one.protocol)") == ["https:"]
    await expect(elena.head.get_by_role("heading", level=2)).to_contain_text(NAME)
    await expect(page.get_by_role("complementary").get_by_role("heading", name=NAME)).to_be_visible()
    await elena.note(f"заметка {TEXT}")
    await expect(elena.said(f"заметка {TEXT}", "note")).to_be_visible()
    await page.get_by_role("searchbox").fill(f"{NAME} нет такого")
    await expect(page.get_by_text(f"Ничего не нашлось: «{NAME} нет такого»")).to_be_visible()
    await elena.button("Очистить поиск").click()
    await elena.head.get_by_role("button", name="Закрыть", exact=True).click()
    await expect(page.get_by_test_id("toast").filter(has_text=f"Диалог закрыт: {NAME}")).to_be_visible()
    assert await page.locator(PLANTED).count() == 0
    await elena.reload()
    assert await page.locator(PLANTED).count() == 0

    topic = await shop.topic(eve)
    await shop.topic_shows(topic, f"Клиент: {NAME}")
    for message in (await shop.topic_shows(topic, TEXT), await shop.topic_shows(topic, f"заметка {TEXT}")):
        assert {entity["type"] for entity in message.get("entities", [])} <= {"url", "bold"}


async def test_an_articles_markup_is_text_everywhere(opens: Any, seats: Any) -> None:
    shop = await _open(opens)
    elena = await seats(shop, "elena", "/inbox/all")
    eve = await shop.phone()
    await eve.say("вернуть покупку")
    offer = await eve.gets("Возможно, вы об этом?")
    assert offer["buttons"][0][0]["text"] == TITLE
    await elena.pick(eve.name)
    await expect(elena.page.get_by_role("list", name="Кнопки, которые предложил бот")).to_contain_text(TITLE)
    await eve.press(offer, TITLE)
    answer = elena.said(ANSWER, "bot")
    await expect(answer.locator(".source")).to_contain_text(TITLE)
    await eve.say("позовите человека")
    await eve.say("хочу оформить возврат")
    await expect(elena.said("хочу оформить возврат", "customer")).to_be_visible()
    suggestion = elena.page.get_by_test_id("suggestion").first
    await expect(suggestion).to_contain_text(TITLE)
    await expect(suggestion).to_contain_text(ANSWER)
    await suggestion.get_by_role("button", name="Вставить").click()
    await expect(elena.field).to_have_value(ANSWER)
    await elena.field.press("Control+Enter")
    await expect(elena.said(ANSWER, "operator")).to_have_attribute("data-status", "sent")
    assert ANSWER in await eve.heard()
    assert await elena.page.locator(PLANTED).count() == 0
    await shop.topic_shows(await shop.topic(eve), TITLE)


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
