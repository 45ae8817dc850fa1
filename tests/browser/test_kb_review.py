"""Automatic answers to be looked at, in a browser: an editor says right or wrong, and the matcher has it."""

from typing import Any

import pytest
from playwright.async_api import expect

from bridge.model.ids import ChannelName, ConversationId, MessageId
from bridge.model.labels import Review, review_of
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_editor_looks_at_automatic_answers_and_the_matcher_has_his_word(
    shop: Any, seat: Any, library: Any
) -> None:
    store, article, other = shop.bridge.store, *library.articles[:2]
    grounds = article.id, article.title, 0.93, 0.91, "v1"
    rows = []
    for text in ("почём привезёте самовар", "погода на завтра"):
        id = MessageId(f"{shop.bridge.clock.now().timestamp()}-{text}")
        where = id, ConversationId("gone"), ChannelName("telegram"), "ru"
        rows.append(Review(review_of(id), shop.bridge.clock.now(), text, *grounds, *where))
    await store.write_rows(rows)
    page = (await seat("admin", "/kb")).page
    await expect(page.get_by_test_id("kb-section-review").locator(".count")).to_have_text("2")
    await page.get_by_test_id("kb-section-review").click()
    right, wrong = (page.locator(f'[data-testid="kb-review"][data-id="{row.id}"]') for row in rows)
    await expect(right).to_contain_text("уверенность 93 %, порог 91 %")
    await right.get_by_text("Что сказал бот").click()
    await expect(right).to_contain_text(article.answer[:40])
    await right.get_by_role("button", name="Верно", exact=True).click()
    await expect(right).to_have_count(0)

    dialog = page.get_by_role("dialog")
    await wrong.get_by_role("button", name="Неверно").click()
    await expect(dialog.get_by_role("radio", name="Не знаю, какая")).to_be_checked()
    await dialog.get_by_role("button", name="Отмена").click()
    await expect(wrong).to_be_visible()
    await wrong.get_by_role("button", name="Неверно").click()
    await dialog.get_by_role("searchbox").fill(other.title)
    await dialog.get_by_role("radio", name=other.title, exact=True).check()
    await dialog.get_by_role("button", name="Записать").click()
    await expect(wrong).to_have_count(0)

    async def labels() -> Any:
        said = {(each.text, each.article_id, each.fits, each.source) for each in await store.labels.all() if each.by}
        return said if len(said) == 3 else None

    first, second = rows[0].text, rows[1].text
    assert await until(labels, "three labels") == {
        (first, article.id, True, "review"),
        (second, article.id, False, "review"),
        (second, other.id, True, "console"),
    }
