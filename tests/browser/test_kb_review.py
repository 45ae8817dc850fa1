"""Automatic answers to be looked at, in a browser: an editor says right or wrong, and the matcher has it."""

from typing import Any

import pytest
from playwright.async_api import expect

from bridge.model.ids import ChannelName, ConversationId, MessageId
from bridge.model.labels import Review, review_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_editor_looks_at_automatic_answers_and_the_matcher_has_his_word(
    shop: Any, seat: Any, library: Any
) -> None:
    store, article = shop.bridge.store, library.articles[0]
    grounds = article.id, article.title, 0.93, 0.91, "v1"
    rows = []
    for text in ("почём привезёте самовар", "погода на завтра"):
        id = MessageId(f"{shop.bridge.clock.now().timestamp()}-{text}")
        where = id, ConversationId("gone"), ChannelName("telegram"), "ru"
        rows.append(Review(review_of(id), shop.bridge.clock.now(), text, *grounds, *where))
    await store.write_rows(rows)
    page = (await seat("admin", "/kb/review")).page
    for row, verb in zip(rows, ("Верно", "Неверно"), strict=True):
        card = page.locator(f'[data-testid="kb-review"][data-id="{row.id}"]')
        await expect(card).to_contain_text("уверенность 93 %, порог 91 %")
        async with page.expect_response(f"**/kb/reviews/{row.id}"):
            await card.get_by_role("button", name=verb, exact=True).click()
        await expect(card).to_have_count(0)
    said = {(each.text, each.article_id, each.fits, each.source) for each in await store.labels.all() if each.by}
    assert {(rows[0].text, article.id, True, "review"), (rows[1].text, article.id, False, "review")} <= said
