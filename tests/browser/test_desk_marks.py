"""What a row and a card tell of a customer at a glance: banned, how he rated what was done for him."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.shop import until
from tests.widget import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_customer_is_banned_after_a_question_and_heard_again(shop: Any, seat: Any) -> None:
    anna = await shop.caller("Анна Ковалёва")
    desk, other = await seat("elena", "/inbox/all"), await seat("mark", "/inbox/all")
    page = desk.page
    await desk.pick("Анна Ковалёва")
    await page.get_by_test_id("ban").click()
    form = page.get_by_test_id("ban-form")
    await expect(form.get_by_role("textbox", name="Причина")).to_be_focused()
    await form.get_by_role("textbox").press("Escape")
    await expect(form).to_have_count(0)
    await expect(page.get_by_test_id("ban")).to_be_focused()
    assert (await shop.conversation(anna))["banned"] is False

    await page.get_by_test_id("ban").click()
    await form.get_by_role("textbox").fill("спам <b>")
    await form.get_by_role("button", name="Заблокировать").click()
    await expect(page.get_by_test_id("banned")).to_contain_text("спам <b>")
    await expect(desk.said("блокирует клиента: спам <b>", "system")).to_be_visible()
    await expect(other.row("Анна Ковалёва").get_by_test_id("banned-mark")).to_be_visible()
    await expect(page.locator("#due-badge")).to_be_hidden()
    heard = len(await anna.heard())
    await anna.say("купите слона")
    await expect(desk.said("купите слона", "customer")).to_be_visible()
    await shop.quiet()
    assert len(await anna.heard()) == heard

    await expect(page.get_by_test_id("ban")).to_have_text("Снять блокировку")
    await page.get_by_test_id("ban").click()
    await expect(desk.said("снимает блокировку", "system")).to_be_visible()
    await expect(page.get_by_test_id("banned")).to_have_count(0)
    await expect(other.row("Анна Ковалёва").get_by_test_id("banned-mark")).to_have_count(0)
    await expect(page.get_by_test_id("ban")).to_be_focused()


async def test_a_card_that_is_open_elsewhere_follows_a_ban(shop: Any, seat: Any) -> None:
    anna = await shop.caller("Анна Ковалёва")
    desk = await seat("elena", "/inbox/all")
    await desk.pick("Анна Ковалёва")
    await shop.staff_says("mark", await shop.topic(anna), "/ban грубит")
    await expect(desk.page.get_by_test_id("banned")).to_contain_text("грубит")


async def test_a_rating_appears_by_itself_on_row_and_card(site: Any, seats: Any) -> None:
    visitor = Visitor(site)
    try:
        tab = await visitor.come()
        await tab.say("позовите оператора")
        await tab.gets("оператор")
        row = await until(visitor.conversation)
        await site.api("POST", f"/conversations/{row['id']}/claim")
        await site.api("POST", f"/conversations/{row['id']}/messages", {"text": "Готово", "force": True})
        await tab.gets("Готово")
        await site.api("POST", f"/conversations/{row['id']}/close", {})
        asks = await tab.gets("Оцените от 1 до 5")
        desk = await seats(site, "elena", f"/inbox/closed/{row['id']}")
        mark = desk.page.get_by_test_id("row-rating")
        await expect(desk.said("Готово")).to_be_visible()
        await expect(mark).to_have_count(0)
        await tab.send(type="rate", message_id=asks["id"], score=2, comment="Долго <i>", client_id="s1")
        await expect(mark).to_have_attribute("data-score", "2")
        card = desk.page.get_by_test_id("ctx-rating")
        await expect(card.get_by_role("img", name="Оценка 2 из 5")).to_be_visible()
        await expect(card).to_contain_text("Долго <i>")
        await tab.send(type="rate", message_id=asks["id"], score=5, comment="", client_id="s2")
        await expect(card).to_have_attribute("data-score", "5")
        await expect(card).not_to_contain_text("Долго")
    finally:
        await visitor.leave()
