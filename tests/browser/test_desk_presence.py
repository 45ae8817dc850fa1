"""Who else is here: colleagues who look and write, customers who write, and what a customer is shown of it."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from bridge import writing
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.scenario(number=9)
async def test_colleagues_see_who_looks_and_who_writes_and_can_hand_over(shop: Any, seat: Any) -> None:
    anna, _ = await shop.caller(), await shop.caller("Борис Орлов")
    elena, mark = await seat("elena"), await seat("mark", "/inbox/all")
    await elena.pick("Анна Ковалёва")
    await elena.head.get_by_role("button", name="Взять").click()
    viewers, bar = elena.page.get_by_test_id("viewers"), elena.page.get_by_test_id("watching")
    await expect(viewers).to_have_count(0)
    await mark.pick("Анна Ковалёва")
    await expect(viewers.get_by_role("listitem")).to_have_text(["МКМарк Климов смотрит этот диалог"])
    await expect(bar).to_contain_text("Этот диалог открыт и у коллеги: Марк Климов")
    await expect(elena.button("Отправить")).to_be_visible()
    # A note is nobody's business, an answer is.
    await mark.page.get_by_role("tab", name="Заметка").click()
    await mark.field.press_sequentially("проверю")
    await mark.page.get_by_role("tab", name="Ответ").click()
    await expect(bar).to_have_attribute("data-typing", "false")
    await mark.field.press_sequentially("Сейчас")
    await asyncio.gather(  # all of it stands for seconds only
        expect(bar).to_contain_text("Марк Климов пишет ответ…"),
        expect(elena.button("Отправить всё равно")).to_be_visible(),
        expect(elena.row("Анна Ковалёва").get_by_test_id("row-writes")).to_have_text("Марк Климов пишет ответ…"),
        expect(mark.page.get_by_test_id("row-writes")).to_have_count(0),
    )
    await expect(bar).to_have_attribute("data-typing", "false")
    await bar.get_by_role("button", name="Передать ему").click()
    await expect(elena.owner).to_contain_text("Марк Климов")
    await expect(bar.get_by_role("button")).to_have_count(0)
    await mark.pick("Борис Орлов")
    await expect(viewers).to_have_count(0)
    await expect(bar).to_have_count(0)
    assert not [text for text in await shop.sent_to(anna) if "проверю" in text or "Сейчас" in text]


async def test_a_customer_is_shown_that_an_answer_is_written_and_never_that_a_note_is(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")

    async def signs() -> int:
        calls = (await shop.ctl("GET", "/calls"))["items"]
        shown = [call for call in calls if call["method"] == "sendChatAction"]
        return sum(str(call["params"]["chat_id"]) == str(anna.id) for call in shown)

    await shop.quiet()
    before = await signs()  # the bot itself showed that it writes
    await elena.page.get_by_role("tab", name="Заметка").click()
    await elena.field.press_sequentially("проверить")
    await elena.page.get_by_role("tab", name="Ответ").click()
    assert await signs() == before
    answer = "Добрый день"
    await elena.field.press_sequentially(answer)
    await until(lambda: _more(signs, before))
    assert await signs() - before < len(answer) / 2  # once in a while, not by the letter


async def _more(signs: Any, before: int) -> bool:
    return bool(await signs() > before)


async def test_a_customer_who_writes_is_seen_until_his_word_has_come(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    case = await shop.conversation(anna)
    writes = elena.page.get_by_test_id("writes")
    await expect(writes).to_have_count(0)
    await writing.customer(shop.bridge, case["id"], "telegram", case["external_id"])
    await asyncio.gather(  # both stand for seconds only
        expect(writes).to_have_text("Анна Ковалёва пишет…"),
        expect(elena.row("Анна Ковалёва").get_by_test_id("row-writes")).to_have_text("пишет…"),
    )
    await anna.say("вот что я хотела спросить")
    await expect(elena.said("хотела спросить")).to_be_visible()
    await expect(writes).to_have_count(0)
