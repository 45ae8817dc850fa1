"""The test console in a browser: asked, judged, kept as a test, asked again before publishing; the base's health."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST = "почём фрахт баржи до Нарвы"
OTHER = "какого цвета зебра у директора"
BARGE = {"id": "barge", "title": "Фрахт баржи", "questions": [FIRST], "answer": "900 рублей за милю."}


def piece(page: Page, name: str) -> Locator:
    """A part of the console or of the health by its test id."""
    return page.get_by_test_id(name)


async def ask(page: Page, text: str) -> Locator:
    """Ask in the console; return what is decided on this very text."""
    await piece(page, "kc-text").fill(text)
    async with page.expect_response(lambda one: one.url.endswith("/kb/match")):
        await piece(page, "kc-ask").click()
    await expect(piece(page, "kc-ask")).to_be_enabled()
    return piece(page, "kc-decision")


async def thought_better(page: Page) -> None:
    """Say that the article is wrong, and not after all: the wrong one is not offered, and nothing is noted."""
    dialog = page.get_by_role("dialog")
    await piece(page, "kc-no").click()
    await expect(dialog.get_by_role("radio", name="Не знаю, какая")).to_be_checked()
    await expect(dialog.get_by_role("radio", name=BARGE["title"])).to_have_count(0)
    await dialog.get_by_role("button", name="Отмена").click()


async def test_an_editor_asks_judges_keeps_and_is_warned_before_a_question_breaks(shop: Any, seat: Any) -> None:
    await shop.api("POST", "/articles", BARGE, who="admin")
    desk = await seat("admin", "/kb")
    page = desk.page
    decision = await ask(page, FIRST)
    await expect(decision).to_have_attribute("data-decision", "answer")
    await expect(piece(page, "kc-ranked").first).to_have_attribute("data-id", "barge")
    await expect(piece(page, "kc-ranked").first).to_contain_text("Общие слова")
    await expect(piece(page, "kc-bot")).to_contain_text(BARGE["answer"])
    await thought_better(page)
    await piece(page, "kc-yes").click()
    await expect(piece(page, "kc-judged")).to_contain_text("верно")
    await piece(page, "kc-keep").click()
    await page.get_by_role("dialog").get_by_role("radio", name=BARGE["title"]).check()
    await page.get_by_role("dialog").get_by_role("button", name="Сохранить").click()
    await expect(piece(page, "kc-kept").filter(has_text=FIRST)).to_be_visible()
    await piece(page, "kc-run").click()
    await expect(piece(page, "kc-results")).to_have_text("Верно: 1, неверно: 0")

    await ask(page, OTHER)
    await piece(page, "kc-none").click()
    await expect(piece(page, "kc-judged")).to_contain_text("в базе нет")

    async def labels() -> Any:
        rows = [each for each in await shop.bridge.store.labels.all() if each.source == "console"]
        return {(each.text, each.article_id) for each in rows} if len(rows) == 2 else None

    assert await until(labels) == {(FIRST, "barge"), (OTHER, None)}

    draft = {"title": "Погода", "questions": ["про погоду"], "answer": "Ясно."}
    await shop.api("PUT", "/articles/barge/draft", draft, who="admin")
    await page.goto("/kb/articles/barge")
    await piece(page, "kb-publish").click()
    effect = page.locator('[data-testid="kc-effect"][data-kind="breaks"]').filter(has_text=FIRST)
    await expect(effect).to_contain_text("Сейчас бот отвечает")
    await page.get_by_role("dialog").get_by_role("button", name="Отмена").click()
    assert (await shop.api("GET", "/articles/barge"))["questions"] == [FIRST], "who is warned may think again"
    await piece(page, "kb-publish").click()
    await page.get_by_role("dialog").get_by_role("button", name="Всё равно опубликовать").click()
    await expect(piece(page, "kb-state")).to_have_attribute("data-state", "live")

    async def failing() -> bool:
        """Tell whether the question is answered wrongly: the matcher takes the change up whole in the background."""
        return bool((await shop.api("POST", "/kb/questions/run"))["failed"])

    await until(failing, "the kept question fails")


async def test_health_shows_contradictions_and_how_far_automatic_answers_are(shop: Any, seat: Any) -> None:
    there = await shop.api("GET", "/articles/delivery-cost")
    twin = {"id": "twin", "title": "Ещё о доставке", "questions": [there["questions"][0]], "answer": "Иначе."}
    await shop.api("POST", "/articles", twin, who="admin")
    desk = await seat("admin", "/kb/health")
    page = desk.page
    await expect(piece(page, "kh-contradictions")).to_contain_text("Ещё о доставке")
    await expect(piece(page, "kh-progress")).to_contain_text("бот отвечает сам", ignore_case=True)
    await expect(piece(page, "kh-threshold")).to_be_visible()
    await expect(piece(page, "kb-section-health")).to_have_attribute("aria-current", "page")
    await piece(page, "kh-contradictions").get_by_role("link", name="Ещё о доставке").click()
    await expect(page.get_by_test_id("kb-title")).to_have_value("Ещё о доставке")
    await shop.api("DELETE", "/articles/twin", who="admin")
