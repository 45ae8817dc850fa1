"""What the bot does, as an operator sees it: sure and unsure answers, and its silence once a person has spoken."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.scenario(number=8)
async def test_a_sure_answer_is_seen_with_its_source_and_its_tick(shop: Any, seat: Any, library: Any) -> None:
    article = library.articles[0]
    elena = await seat("elena", "/inbox/bot")
    await expect(elena.page.get_by_text("Бот сейчас ни с кем не говорит")).to_be_visible()
    anna = await shop.phone()
    await anna.say(article.questions[0])
    await anna.gets(article.answer[:30])
    await expect(elena.row("Анна Ковалёва")).to_have_attribute("data-state", "answered")
    await expect(elena.page.get_by_role("link", name="Бот 1")).to_have_attribute("aria-current", "page")
    await elena.pick("Анна Ковалёва")
    await expect(elena.said(article.questions[0], "customer")).to_be_visible()
    answer = elena.said(article.answer[:30], "bot")
    await expect(answer).to_have_attribute("data-status", "sent")
    await expect(answer.get_by_role("img", name="Отправлено")).to_be_visible()
    await expect(answer.locator(".source")).to_contain_text(article.title)
    confidence = next(m for m in await shop.history(anna) if m["source"])["source"]["confidence"]
    await expect(answer.locator(".source")).to_contain_text(f"{round(confidence * 100)}\u00a0%")
    await expect(answer.get_by_role("list", name="Кнопки, которые предложил бот")).to_contain_text("Да, спасибо")


@pytest.mark.scenario(number=8)
async def test_an_unsure_question_is_offered_and_the_picked_one_answered(shop: Any, seat: Any, library: Any) -> None:
    elena = await seat("elena", "/inbox/all")
    anna = await shop.phone()
    await anna.say("доставка подарка")
    offer = await anna.gets("Возможно, вы об этом?")
    labels = [button["text"] for row in offer["buttons"] for button in row]
    assert len(labels) >= 2
    await elena.pick("Анна Ковалёва")
    choices = elena.said("Возможно, вы об этом?", "bot").get_by_role("listitem")
    await expect(choices).to_have_count(len(labels))
    for place, label in enumerate(labels):
        await expect(choices.nth(place)).to_contain_text(label)
    await expect(choices.first).to_contain_text("%")
    await anna.press(offer, labels[0])
    picked = next(article for article in library.articles if article.title == labels[0])
    await expect(elena.said(labels[0], "customer")).to_be_visible()
    answer = elena.said(picked.answer[:30], "bot")
    await expect(answer.locator(".source")).to_contain_text(picked.title)
    await expect(answer).to_have_attribute("data-status", "sent")
    await anna.say("Почём фрахт баржи?")
    await expect(elena.said("Бот не нашёл ответа и передал диалог", "system")).to_be_visible()
    await expect(elena.row("Анна Ковалёва")).to_have_attribute("data-state", "due")


@pytest.mark.scenario(number=8)
async def test_the_bot_is_silent_after_a_human_word_though_its_answer_was_in_flight(
    shop: Any, seat: Any, library: Any
) -> None:
    question, other = library.articles[0], library.articles[5]
    elena = await seat("elena", "/inbox/all")
    anna = await shop.phone()
    await shop.ctl(
        "POST", "/faults", {"fault": "429", "method": "sendMessage", "chat": anna.id, "seconds": 600, "retry_after": 1}
    )
    await anna.say(question.questions[0])
    await elena.pick("Анна Ковалёва")
    stuck = elena.said(question.answer[:30], "bot")
    await expect(stuck).to_have_attribute("data-status", "queued")
    await elena.write("Здравствуйте, это Елена")
    reply = elena.said("это Елена", "operator")
    await expect(reply).to_have_attribute("data-status", re.compile("queued|sending|retrying"))
    # Only then: what is on its way while the fault ends arrives.
    await expect(stuck).to_have_attribute("data-status", "cancelled")
    await expect(stuck).to_contain_text("Не отправлено: раньше ответил человек")
    await shop.ctl("DELETE", "/faults")
    await anna.gets("это Елена")
    await expect(reply).to_have_attribute("data-status", "sent")
    # Asked again, the bot only tells its colleagues what it would have said.
    await anna.say(other.questions[0])
    await expect(elena.page.get_by_test_id("suggestion").first).to_contain_text(other.title)
    await shop.topic_shows(await shop.topic(anna), "💡")
    await shop.quiet()
    assert await anna.heard() == ["Здравствуйте, это Елена"]
