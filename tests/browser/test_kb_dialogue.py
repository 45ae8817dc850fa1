"""From a question without an answer to the next customer, who is answered: the board, an article, what came of it."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bridge.library.health import usage
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST = ("Сдаёте самовар напрокат?", "самовар напрокат сдаёте на выходные")
OTHERWISE = "хочу самовар напрокат, сдаёте?"
ANSWER = "Да, самовар можно взять на три дня за 900 рублей."


def piece(page: Page, name: str) -> Any:
    """A part of the room by its test id."""
    return page.get_by_test_id(f"kb-{name}")


async def taken_off_and_put_back(page: Page, group: Any) -> None:
    """Say that a group is no question for the base, and take it back."""
    await group.get_by_test_id("kb-miss-dismiss").click()
    await expect(group).to_have_count(0)
    await expect(page.get_by_role("main")).to_be_focused()  # nothing else is left to go on with
    await piece(page, "miss-state").select_option("dismissed")
    await group.get_by_test_id("kb-miss-restore").click()
    await expect(group).to_have_count(0)
    await piece(page, "miss-state").select_option("open")


async def test_a_question_without_an_answer_becomes_an_article_that_helps_the_next_customer(
    opens: Any, seats: Any, library: Any, matcher: Any
) -> None:
    shop = await opens(library, matcher, None, {"answer": 0.9})  # the store has no labels that would open it
    for number, text in enumerate(FIRST):
        phone = await shop.phone(f"Клиент {number}")
        await phone.say(text)
        await shop.stage(phone, "waiting")
    desk = await seats(shop, "admin", "/kb/misses")
    page = desk.page
    group = piece(page, "miss").filter(has_text="самовар")
    await expect(group).to_have_attribute("data-count", "2")
    await expect(
        group.get_by_role("img", name="Спрашивали за последние 7 дней, сегодня последним: 0, 0, 0, 0, 0, 0, 2")
    ).to_be_visible()
    await taken_off_and_put_back(page, group)
    await group.get_by_test_id("kb-miss-make").click()
    await expect(piece(page, "state")).to_have_attribute("data-state", "draft")
    await piece(page, "answer").fill(ANSWER)
    await piece(page, "publish").click()
    await expect(piece(page, "answered")).to_contain_text("2 прошлых вопроса теперь получили бы ответ")
    await piece(page, "answered").get_by_text("2 прошлых").click()
    for text in FIRST:
        await expect(piece(page, "answered")).to_contain_text(text)
    await expect(piece(page, "section-misses").locator(".count")).to_have_text("0")

    anna = await shop.phone()
    await anna.say(OTHERWISE)
    said = await anna.gets(ANSWER)
    await anna.press(said, "Да, спасибо")
    article = re.search(r"/kb/articles/([^/?]+)", page.url)
    assert article

    async def helped() -> Any:
        shop.bridge.memory.kept.pop("uses", None)  # counts of a moment ago are good enough for lists
        ever = (await usage.counts(shop.bridge)).ever
        uses = {how: count for how in ever if (count := ever[how].get(article[1], 0))}
        return uses if uses.get("helped") else None

    assert await until(helped, "helped") == {"answer": 1, "helped": 1}
    (verdict,) = [each for each in await shop.bridge.store.labels.all() if each.article_id == article[1]]
    assert (verdict.source, verdict.fits) == ("helped", True)
