"""Words that stand already: changed, taken back, signed, answered, in both directions, and what is refused says why."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
#: A message that was led to.
FLASH = re.compile(r"\bflash\b")


async def _act(desk: Any, message: Locator, item: str) -> None:
    """Open what can be done with a message by its own button, and choose."""
    await message.hover()
    await message.get_by_role("button", name="Действия с сообщением").click()
    await desk.page.get_by_role("menuitem", name=item, exact=True).click()


async def _menu(desk: Any, message: Locator) -> list[str]:
    """Return what can be done with a message."""
    await message.locator(".words").first.click(button="right")
    menu = desk.page.get_by_role("menu", name="Действия с сообщением")
    await expect(menu).to_be_visible()
    names = await menu.get_by_role("menuitem").all_inner_texts()
    await desk.page.keyboard.press("Escape")
    return [name.strip() for name in names]


async def _seen(phone: Any, message_id: int, fact: Any) -> dict[str, Any]:
    """Wait until a message on the customer's phone is as it should be."""

    async def found() -> dict[str, Any] | None:
        return next((m for m in await phone.sees() if m["message_id"] == message_id and fact(m)), None)

    return dict(await until(found))


async def test_ones_own_answer_is_changed_where_it_stands_and_at_the_customer(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await elena.write("Приедет в среду")
    sent = await anna.gets("Приедет в среду")
    word = elena.said("Приедет в", "operator")
    await expect(word).to_have_attribute("data-status", "sent")
    await _act(elena, word, "Изменить")
    field = elena.page.get_by_role("textbox", name="Новый текст сообщения")
    await expect(field).to_be_focused()
    await field.fill("Приедет в четверг")
    await field.press("Control+Enter")
    await _seen(anna, sent["message_id"], lambda m: m["text"] == "Приедет в четверг" and m["edited"])
    await expect(word).to_contain_text("Приедет в четверг")
    await expect(word.locator(".edited")).to_have_text("изменено")
    await expect(word.get_by_test_id("amending")).to_have_count(0)
    await expect(word).to_be_focused()

    # From the empty field the arrow takes the newest word; Escape leaves it as it was.
    await elena.field.press("ArrowUp")
    await expect(field).to_have_value("Приедет в четверг")
    await field.fill("Нет")
    await field.press("Escape")
    await expect(word).to_contain_text("Приедет в четверг")
    assert (await anna.heard())[-1] == "Приедет в четверг"


async def test_a_word_is_taken_back_and_keeps_its_place_and_time(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await elena.write("Это не вам")
    sent = await anna.gets("Это не вам")
    word = elena.said("Это не вам", "operator")
    await expect(word).to_have_attribute("data-status", "sent")
    id = await word.get_attribute("data-id")
    # By the keyboard alone: to the message, its actions, the last of them.
    await elena.page.get_by_test_id("thread").focus()
    await elena.page.keyboard.press("Alt+ArrowUp")
    await expect(word).to_be_focused()
    await elena.page.keyboard.press("Enter")
    await expect(elena.page.get_by_role("menu", name="Действия с сообщением")).to_be_visible()
    await elena.page.keyboard.press("End")
    await elena.page.keyboard.press("Enter")
    await expect(elena.page.get_by_text("Удалить сообщение и у клиента?")).to_be_visible()
    await elena.page.get_by_role("group", name="Удалить").get_by_role("button", name="Удалить").press("Enter")
    await _seen(anna, sent["message_id"], lambda m: m["deleted"])
    gone = elena.page.locator(f'[data-testid="msg"][data-id="{id}"]')
    await expect(gone).to_contain_text("Сообщение удалено")
    await expect(gone.locator("del")).not_to_be_visible()
    await gone.get_by_text("показать").click()
    await expect(gone.locator("del")).to_have_text("Это не вам")
    assert await _menu(elena, gone) == ["Копировать текст"]


async def test_signs_go_both_ways(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    asked = await anna.say("Спасибо, всё подошло")
    word = elena.said("всё подошло", "customer")
    await word.locator(".words").click(button="right")
    await elena.page.get_by_role("menuitemradio", name="Реакция ❤️").click()
    own = word.get_by_test_id("signs").get_by_role("button")
    await expect(own).to_have_text("❤️")
    await _seen(anna, asked, lambda m: m["reactions"] == ["❤"])
    await own.click()
    await expect(word.get_by_test_id("signs")).to_have_count(0)
    await _seen(anna, asked, lambda m: m["reactions"] == [])

    await elena.write("Рады помочь")
    sent = await anna.gets("Рады помочь")
    await shop.ctl("POST", "/user/react", {"user": anna.id, "message_id": sent["message_id"], "emoji": "👍"})
    answer = elena.said("Рады помочь", "operator")
    await expect(answer.locator(".sign")).to_have_attribute("title", "Анна Ковалёва: 👍")
    await expect(answer.locator(".sign").get_by_role("button")).to_have_count(0)


async def test_a_customers_change_is_marked_and_nobody_may_change_it_for_him(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena, mark = await seat("elena"), await seat("mark", "/inbox/all")
    await elena.pick("Анна Ковалёва")
    said = await anna.say("Заказ 48213")
    await expect(elena.said("48213", "customer")).to_be_visible()
    await shop.ctl("POST", "/user/edit", {"user": anna.id, "message_id": said, "text": "Заказ 48214"})
    word = elena.said("Заказ 48214", "customer")
    await expect(word.locator(".edited")).to_be_visible()
    assert await _menu(elena, word) == ["Ответить", "Копировать текст", "В избранное"]
    await elena.write("Нашла")
    await elena.note("Проверить на складе")
    await mark.pick("Анна Ковалёва")
    await expect(mark.said("Нашла", "operator")).to_have_attribute("data-status", "sent")
    assert await _menu(mark, mark.said("Нашла", "operator")) == [
        "Ответить",
        "Копировать текст",
        "В избранное",
        "Сделать статьёй",
    ]
    assert await _menu(elena, elena.said("Нашла", "operator")) == [
        "Ответить",
        "Изменить",
        "Копировать текст",
        "В избранное",
        "Сделать статьёй",
        "Удалить",
    ]
    note = elena.said("Проверить на складе", "note")
    await _act(elena, note, "Изменить")
    await elena.page.get_by_role("textbox", name="Новый текст сообщения").fill("Проверено")
    await elena.button("Сохранить").click()
    await expect(mark.said("Проверено", "note")).to_contain_text("изменено")
    assert not [text for text in await shop.sent_to(anna) if "Провер" in text]


async def test_what_is_refused_says_so_beside_the_message_and_loses_no_letter(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    elena.tolerated.append("status of 409")
    await elena.pick("Анна Ковалёва")
    await elena.write("Приедет в среду")
    await anna.gets("Приедет в среду")
    word = elena.said("Приедет в среду", "operator")
    await expect(word).to_have_attribute("data-status", "sent")

    async def cannot(route: Route) -> None:
        if route.request.method not in ("PATCH", "DELETE"):
            await route.continue_()
            return
        body = json.dumps({"type": "about:blank", "title": "", "status": 409, "code": "channel_cannot", "detail": ""})
        await route.fulfill(status=409, body=body, content_type="application/problem+json")

    await elena.page.route("**/api/v1/messages/*", cannot)
    await _act(elena, word, "Изменить")
    field = elena.page.get_by_role("textbox", name="Новый текст сообщения")
    await field.fill("Приедет в пятницу")
    await elena.button("Сохранить").click()
    told = elena.page.get_by_test_id("amend").get_by_role("alert")
    await expect(told).to_have_text("В этом канале отправленное изменить нельзя. Напишите поправку новым сообщением")
    await expect(field).to_have_value("Приедет в пятницу")
    await elena.button("Отмена").click()
    await _act(elena, word, "Удалить")
    await elena.page.get_by_role("group", name="Удалить").get_by_role("button", name="Удалить").click()
    await expect(word.get_by_test_id("refused")).to_contain_text("В этом канале отправленное удалить нельзя")
    await word.get_by_role("button", name="Закрыть").click()
    await expect(word.get_by_test_id("refused")).to_have_count(0)


async def test_what_the_messenger_refuses_later_is_put_back_and_told(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await elena.write("Приедет в среду")
    await anna.gets("Приедет в среду")
    word = elena.said("Приедет в среду", "operator")
    await expect(word).to_have_attribute("data-status", "sent")
    await shop.ctl("POST", "/faults", {"method": "editMessageText", "fault": "400", "count": 5})
    await _act(elena, word, "Изменить")
    field = elena.page.get_by_role("textbox", name="Новый текст сообщения")
    await field.fill("Приедет в пятницу")
    await field.press("Control+Enter")
    told = elena.page.locator('[data-testid="msg"][data-code="edit_failed"]')
    await expect(told).to_contain_text("У клиента не изменено:")
    await expect(word).to_contain_text("Приедет в среду")
    assert (await anna.heard())[-1] == "Приедет в среду"


async def test_quotes_lead_to_what_they_answer_in_both_directions(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    asked = await anna.say("Какой срок у доставки?")
    question = elena.said("Какой срок", "customer").first
    await _act(elena, question, "Ответить")
    await expect(elena.page.get_by_test_id("answering")).to_contain_text("Какой срок у доставки?")
    await expect(elena.field).to_be_focused()
    await elena.reload()
    await expect(elena.page.get_by_test_id("answering")).to_contain_text("Какой срок у доставки?")
    await elena.write("Два дня")
    sent = await anna.gets("Два дня")
    assert sent["reply_to"] == asked
    answer = elena.said("Два дня", "operator")
    await expect(elena.page.get_by_test_id("answering")).to_have_count(0)
    await answer.get_by_test_id("quote").click()
    await expect(question).to_have_class(FLASH)
    await anna.say("Точно?", reply_to=sent["message_id"])
    doubt = elena.said("Точно?", "customer")
    await expect(doubt.get_by_test_id("quote")).to_contain_text("Два дня")
    await elena.page.get_by_test_id("quote").last.click()
    await expect(answer).to_have_class(FLASH)


async def test_albums_and_words_passed_on(shop: Any, seat: Any) -> None:
    anna, boris = await shop.caller(), await shop.phone("Борис Орлов")
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    album = [{"photo": f"вид {number}"} for number in range(4)]
    await shop.ctl("POST", "/user/say", {"user": anna.id, "album": album, "caption": "Пришло такое"})
    word = elena.said("Пришло такое", "customer")
    await expect(word).to_have_count(1)
    await expect(word.locator(".photo img")).to_have_count(4)
    await word.get_by_role("button", name="Открыть: Фото 1 из 4").click()
    viewer = elena.page.get_by_role("dialog", name="Просмотр фото")
    for number in (1, 2, 3, 4):
        await expect(viewer.get_by_role("status")).to_contain_text(f"Фото {number} из 4")
        await elena.page.keyboard.press("ArrowRight")
    await elena.page.keyboard.press("Escape")
    await expect(word.get_by_role("button", name="Открыть: Фото 1 из 4")).to_be_focused()
    await anna.say("Возврат за три дня", forward_from=boris.id)
    passed = elena.said("Возврат за три дня", "customer")
    await expect(passed.get_by_test_id("forwarded")).to_have_text("Переслано: Борис Орлов")


async def test_a_quote_leads_far_back_through_the_history(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    first = (await anna.sees())[0]["message_id"]
    case = await shop.conversation(anna)
    for number in range(75):
        await shop.api("POST", f"/conversations/{case['id']}/messages", {"text": f"заметка {number}", "kind": "note"})
    await anna.say("я об этом", reply_to=first)
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    quote = elena.said("я об этом", "customer").get_by_test_id("quote")
    await expect(quote).to_have_text("В ответ на более раннее сообщение")
    await expect(elena.said("позовите человека", "customer")).to_have_count(0)
    await quote.click()
    asked = elena.said("позовите человека", "customer").first
    await expect(asked).to_have_class(FLASH)
    await expect(asked).to_be_in_viewport()
