"""What is left in the form when nobody is in reaches people: the topic at once, the panel whenever somebody comes."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.shop import GROUP, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def left(anna: Any, text: str, email: str) -> None:
    await anna.open()
    await anna.button("Оставить сообщение").click()
    form = anna.frame.get_by_role("dialog", name="Оставить сообщение")
    await form.get_by_label("Почта для ответа").fill(email)
    await form.get_by_role("textbox", name="Сообщение").fill(text)
    await form.get_by_role("button", name="Отправить").click()
    await expect(form).to_have_count(0)
    # Who leaves before it went out takes it along until he comes again.
    await expect(anna.said(text, "customer")).to_have_attribute("data-status", re.compile("sent|delivered|read"))


async def test_a_form_is_a_conversation_with_a_contact_for_operators(site: Any, visits: Any, seats: Any) -> None:
    anna = await visits()
    await left(anna, "Кружка пришла <b>разбитой</b>", "anna@example.com")

    async def topic() -> Any:
        items = (await site.ctl("GET", f"/topics?group={GROUP}"))["items"]
        return items[0]["topic"] if items else None

    place = await until(topic, "a topic")
    await site.topic_shows(place, "Кружка пришла <b>разбитой</b>")

    async def on_the_card() -> bool:
        cards = [one["text"] for one in await site.in_topic(place) if "Диалог №" in one["text"]]
        return any("anna@example.com" in card for card in cards)

    await until(on_the_card, "the contact")
    await site.quiet()
    await anna.context.close()  # he does not wait

    desk = await seats(site, "elena", "/inbox/mine")
    row = desk.page.locator('[data-testid="conv-row"][data-state="due"]')
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("Кружка пришла <b>разбитой</b>")
    await row.click()
    await expect(desk.said("Кружка пришла <b>разбитой</b>", "customer")).to_contain_text("anna@example.com")
    names = desk.page.get_by_test_id("ctx-identities").get_by_role("listitem")
    await expect(names.filter(has_text="anna@example.com")).to_contain_text("со слов клиента")
    # He has told it already: nobody asks him again.
    await expect(desk.said("почту или телефон", "bot")).to_have_count(0)
    found = (await site.api("GET", "/customers?q=anna@example.com"))["items"]
    assert len(found) == 1


async def test_an_answer_waits_for_who_left_and_went(site: Any, visits: Any) -> None:
    anna = await visits()
    await left(anna, "Где мой заказ?", "anna@example.com")
    await anna.page.goto("about:blank")

    async def waits() -> Any:
        found = await anna.conversation()
        return found if found["stage"] == "waiting" else None

    await until(waits)
    await anna.answer("Заказ у курьера", force=True)
    await anna.look()
    await anna.open()
    await expect(anna.said("Заказ у курьера", "operator")).to_be_visible()
