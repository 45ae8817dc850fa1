"""A customer asks for a person: two panels and the staff group see it at once, one answers, once."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _rings(desk: Any) -> None:
    """A new call stands above what was answered, and is told to eyes and ears."""
    row = desk.row("Анна Ковалёва")
    await expect(row).to_have_attribute("data-state", "due")
    await expect(desk.page.get_by_role("button", name=re.compile("Ждут ответа 1"))).to_be_visible()
    assert await desk.names() == ["Анна Ковалёва", "Борис Орлов"]
    await expect(desk.page).to_have_title("(1) Входящие · Кедр и Ко")
    await expect(desk.page.get_by_test_id("rail-inbox")).to_contain_text("1")
    await expect(row).to_have_accessible_name(
        re.compile(r"Анна Ковалёва\s?, Telegram, ждёт \d+ минут[уы]?, .* 1 непрочитанное\s?, без ответственного")
    )
    await expect(desk.page.locator("#announcer")).to_have_text("Новое сообщение: Анна Ковалёва")


@pytest.mark.scenario(number=3)
@pytest.mark.scenario(number=2)
async def test_a_call_for_a_person_reaches_two_browsers_and_is_answered_once(shop: Any, seat: Any) -> None:
    boris = await shop.caller("Борис Орлов")
    answered = await shop.conversation(boris)
    await shop.api("POST", f"/conversations/{answered['id']}/messages", {"text": "Добрый день", "kind": "reply"})
    elena, mark = await asyncio.gather(seat("elena", "/inbox/all"), seat("mark", "/inbox/all"))
    mark.tolerated.append("status of 409")
    for desk in (elena, mark):
        await expect(desk.page).to_have_title("Входящие · Кедр и Ко")
        assert await desk.names() == ["Борис Орлов"]
    anna = await shop.phone()
    await anna.say("оператор")
    for desk in (elena, mark):
        await _rings(desk)

    await asyncio.gather(elena.pick("Анна Ковалёва"), mark.pick("Анна Ковалёва"))
    await elena.head.get_by_role("button", name="Взять").click()
    for desk in (elena, mark):
        await expect(desk.owner).to_contain_text("Елена Соколова")
        await expect(desk.head.get_by_role("button", name="Взять")).to_have_count(0)
    await mark.key("KeyI", "ш")
    await expect(mark.page.get_by_test_id("toast").filter(has_text="Диалог уже ведёт другой оператор")).to_be_visible()
    await expect(mark.owner).to_contain_text("Елена Соколова")

    fault = {"fault": "429", "method": "sendMessage", "chat": anna.id, "seconds": 600, "retry_after": 1}
    await shop.ctl("POST", "/faults", fault)
    await elena.write("Добрый день! Чем помочь?")
    replies = [desk.said("Чем помочь?", "operator") for desk in (elena, mark)]
    for reply in replies:
        await expect(reply).to_have_attribute("data-status", re.compile("queued|sending|retrying"))
    await shop.ctl("DELETE", "/faults")
    await anna.gets("Чем помочь?")
    for desk, reply in zip((elena, mark), replies, strict=True):
        await expect(reply).to_have_attribute("data-status", "sent")
        await expect(reply.get_by_role("img", name="Отправлено")).to_be_visible()
        await expect(desk.row("Анна Ковалёва")).to_have_attribute("data-state", "answered")
        await expect(desk.page).to_have_title("Входящие · Кедр и Ко")
    await expect(replies[1]).to_contain_text("Елена Соколова")
    assert (await anna.heard()).count("Добрый день! Чем помочь?") == 1


@pytest.mark.scenario(number=5)
async def test_what_happens_in_the_topic_is_seen_in_the_panel_and_notes_never_leave(shop: Any, seat: Any) -> None:
    elena = await seat("elena", "/inbox/all")
    await elena.page.evaluate("window.opened = 'once'")
    anna = await shop.caller()
    topic = await shop.topic(anna)
    card = await shop.topic_shows(topic, "Диалог №")
    await elena.pick("Анна Ковалёва")
    await shop.staff_presses("mark", topic, card, "Взять")
    await expect(elena.owner).to_contain_text("Марк Климов")
    await expect(elena.said("Марк Климов берёт диалог", "system")).to_be_visible()
    await shop.staff_says("mark", topic, "Здравствуйте, это Марк")
    reply = elena.said("это Марк", "operator")
    await expect(reply).to_have_attribute("data-status", "sent")
    await expect(reply).to_contain_text("Марк Климов")

    await shop.staff_says("mark", topic, "// клиент постоянный")
    await expect(elena.said("клиент постоянный", "note")).to_contain_text("видна только команде")
    await elena.note("скидка 5 %")
    note = elena.said("скидка 5 %", "note")
    await expect(note).to_have_count(1)
    await expect(note.locator("> *").first).to_have_css("background-color", "rgb(255, 246, 218)")
    shown = await shop.topic_shows(topic, "скидка 5 %")
    assert "📝" in shown["text"]
    assert "Елена Соколова" in shown["text"]

    await anna.say("спасибо!")
    await expect(elena.said("спасибо!", "customer")).to_be_visible()
    await shop.topic_shows(topic, "спасибо!")
    await shop.quiet()
    tried = await shop.sent_to(anna)
    assert tried[-1] == "Здравствуйте, это Марк"
    assert not [text for text in tried if "постоянный" in text or "скидка" in text]
    assert await elena.page.evaluate("window.opened") == "once", "the panel was live, not loaded anew"
