"""From a question without an answer to the next customer, who is answered: the board, an article, what came of it."""

import json
import re
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bridge.library.health import usage
from tests.shop import until
from tests.widget import SECRET

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


@pytest_asyncio.fixture(loop_scope="session")
async def site(opens: Any, library: Any, matcher: Any) -> Any:
    """A shop with a widget, whose bot answers without labels that would open it."""
    return await opens(library, matcher, None, {"answer": 0.9}, {"secret": SECRET})


async def taken_out_and_in(desk: Any, id: str) -> None:
    """Export the base, change the article, and import the file: the same text under the same id."""
    page, shop = desk.page, desk.shop
    await desk.open("/kb/import")
    async with page.expect_download() as packed:
        await page.get_by_role("link", name="JSONL").click()
    whole = (await (await packed.value).path()).read_text("utf-8").splitlines()
    before = {row["id"]: row for row in map(json.loads, whole)}
    assert before[id]["answer"] == ANSWER
    stood = await shop.api("GET", f"/articles/{id}")
    await shop.api("PATCH", f"/articles/{id}", {"answer": "Уже нет."}, who="admin")
    file = {"name": "база.jsonl", "mimeType": "application/jsonl", "buffer": "\n".join(whole).encode()}
    await piece(page, "import-files").set_input_files([file])
    changed = page.locator('[data-testid="kb-import-row"][data-change="changed"]')
    await expect(changed).to_have_count(1)
    await expect(page.locator('[data-testid="kb-import-row"][data-change="new"]')).to_have_count(0)
    await piece(page, "import-take").click()

    async def back() -> bool:
        now = await shop.api("GET", f"/articles/{id}")
        return all(now[each] == stood[each] for each in ("answer", "title", "questions", "state"))

    await until(back, "the article as it was")


async def helped_by_it(anna: Any) -> None:
    """Ask through the widget, be answered with the article, and say that it helped."""
    await anna.open()
    await anna.say(OTHERWISE)
    await expect(anna.said(ANSWER, "bot")).to_be_visible()
    await anna.button("Да, спасибо").click()


@pytest.mark.scenario(number=14)
async def test_a_question_without_an_answer_becomes_an_article_that_helps_the_next_customer(
    site: Any, seats: Any, visits: Any
) -> None:
    shop = site
    for number, text in enumerate(FIRST):
        phone = await shop.phone(f"Клиент {number}")
        await phone.say(text)
        await shop.stage(phone, "waiting")
    desk = await seats(shop, "admin", "/kb/misses")
    page = desk.page
    group = piece(page, "miss").filter(has_text="самовар")
    await expect(group).to_have_attribute("data-count", "2")
    # Midnight may have come since.
    days = re.compile("Спрашивали за последние 7 дней, сегодня последним: 0, 0, 0, 0, 0, (0, 2|1, 1|2, 0)$")
    await expect(group.get_by_role("img", name=days)).to_be_visible()
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

    await helped_by_it(await visits())
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
    await desk.open(f"/kb/articles/{article[1]}")
    await expect(page.get_by_text(re.compile("помогла в 100")).first).to_be_visible()
    await taken_out_and_in(desk, article[1])
