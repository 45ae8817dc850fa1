"""What helps to write: a reply taken back, what signs find in the composer, drafts, canned replies and macros."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from bridge.model.articles import Library
from kb_matcher import KbMatcher
from tests.browser.test_accessibility import faults
from tests.files import picture
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
HELD = {"panel": {"undo_seconds": 15}}


async def promised(shop: Any, phone: Any) -> list[str]:
    """What of our promises reached the customer."""
    return [text for text in await shop.sent_to(phone) if text.startswith("Привезём")]


@pytest.mark.scenario(number=4)
async def test_a_reply_is_taken_back_with_its_words_or_goes_out_once(
    opens: Any, seats: Any, library: Library, matcher: KbMatcher
) -> None:
    shop = await opens(library, matcher, None, None, None, None, None, None, HELD)
    anna = await shop.caller()
    elena = await seats(shop, "elena")
    await elena.pick("Анна Ковалёва")
    photo = {"name": "пропуск.png", "mimeType": "image/png", "buffer": picture(40, 30)}
    async with elena.page.expect_file_chooser() as chooser:
        await elena.button("Прикрепить файлы").click()
    await (await chooser.value).set_files([photo])
    tile = elena.page.get_by_test_id("tile")
    await expect(tile).to_have_attribute("data-state", "ready")
    await elena.write("Привезём в среду")
    undo = elena.page.get_by_test_id("toast").filter(has_text="Отправляется: Анна Ковалёва")
    await expect(undo).to_be_visible()
    held = elena.page.get_by_test_id("held").filter(has_text="Привезём в среду")
    await expect(held).to_have_attribute("data-status", "queued")
    assert await faults(elena.page) == []
    await elena.key("KeyZ", "я", ctrlKey=True)
    await expect(elena.field).to_have_value("Привезём в среду")
    await expect(tile).to_have_count(1)
    await expect(held).to_have_count(0)
    await expect(undo).to_have_count(0)
    assert await promised(shop, anna) == []
    await tile.press("Delete")
    await expect(tile).to_have_count(0)
    # Closing the page does not take it back; what comes after it lets it go first.
    await elena.field.fill("Привезём в четверг")
    await elena.field.press("Control+Enter")
    await expect(undo).to_be_visible()
    await elena.reload()
    await expect(elena.page.get_by_test_id("held")).to_be_visible()
    await elena.button("Закрыть").first.click()
    await anna.gets("Привезём в четверг")
    assert await promised(shop, anna) == ["Привезём в четверг"]


async def stocked(shop: Any) -> None:
    """Two canned replies, one that cannot be filled whole, and a macro."""
    body = {"title": "Возврат", "shortcut": "возврат", "text": "{{customer.first_name}}, компания {{customer.company}}"}
    await shop.api("POST", "/canned", {**body, "shared": "all"}, "admin", 201)
    await shop.api(
        "POST", "/canned", {"title": "Возврат чека", "text": "Без чека можно", "shared": "all"}, "admin", 201
    )
    steps = [{"deed": "tag", "value": "возврат"}, {"deed": "reply", "value": "Оформили, {{customer.first_name}}"}]
    await shop.api("POST", "/macros", {"title": "Оформить", "steps": steps, "shared": "all"}, "admin", 201)


@pytest.mark.scenario(number=6)
async def test_signs_find_replies_articles_emoji_and_colleagues(shop: Any, seat: Any) -> None:
    await stocked(shop)
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await elena.field.press_sequentially("Здравствуйте! /возв")
    popup = elena.page.get_by_test_id("canned")
    await expect(popup.get_by_role("option")).to_have_count(2)
    await expect(popup.get_by_role("option", selected=True)).to_contain_text("/возврат")
    assert await faults(elena.page) == []
    await elena.field.press("ArrowRight")
    await elena.field.press("Enter")
    # What nobody could fill is under the caret, and holds the text back.
    await expect(elena.field).to_have_value("Здравствуйте! Анна, компания {{customer.company}}")
    await expect(elena.page.get_by_test_id("blank")).to_contain_text("компания клиента")
    await elena.field.press("Control+Enter")
    await elena.page.keyboard.type("Кедр ")
    await elena.field.press_sequentially(":палец")
    await elena.page.get_by_test_id("emoji-popup").get_by_role("option").first.click()
    await expect(elena.field).to_have_value("Здравствуйте! Анна, компания Кедр 👍 ")
    await expect(elena.page.get_by_test_id("draft-kept")).to_have_text("Черновик сохранён")
    await elena.field.press("Control+Enter")
    await anna.gets("компания Кедр 👍")
    # An article by its sign, in the Russian layout; where it came from goes with the reply.
    await elena.field.press_sequentially("№ сколько стоит доставка")
    await elena.page.get_by_test_id("kb-popup").get_by_role("option").first.click()
    await expect(elena.field).to_have_value(re.compile("250"))
    async with elena.page.expect_request(lambda each: each.url.endswith("/messages")) as sent:
        await elena.field.press("Control+Enter")
    assert (await sent.value).post_data_json["suggestion"] == "delivery-cost"
    await elena.field.press_sequentially("/офо")
    await expect(popup.get_by_role("option", selected=True)).to_contain_text("метка, ответ")
    await elena.field.press("Enter")
    await anna.gets("Оформили, Анна")
    await expect(elena.head.locator(".tag", has_text="возврат")).to_be_attached()
    await elena.page.get_by_role("tab", name="Заметка").click()
    await elena.field.press_sequentially("@мар")
    await elena.page.get_by_test_id("mention-popup").get_by_role("option").first.click()
    await expect(elena.field).to_have_value(re.compile("^@Марк"))


async def test_a_draft_is_on_the_other_device_and_goes_with_the_sent_words(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await elena.field.press_sequentially("Посмотрю на складе")
    await expect(elena.page.get_by_test_id("draft-kept")).to_be_visible()
    phone = await seat("elena")
    await expect(phone.row("Анна Ковалёва")).to_contain_text("Черновик: Посмотрю на складе")
    await phone.pick("Анна Ковалёва")
    await expect(phone.field).to_have_value("Посмотрю на складе")
    await phone.field.press_sequentially(" и отвечу")
    await expect(elena.field).to_have_value("Посмотрю на складе и отвечу")
    await phone.field.press("Control+Enter")
    await anna.gets("и отвечу")
    await expect(elena.field).to_have_value("")
    case = await shop.conversation(anna)

    async def gone() -> bool:
        return (await shop.api("GET", f"/conversations/{case['id']}/draft"))["items"] == []

    await until(gone)
    # Sent and closed in one, by the menu beside the button.
    await phone.field.fill("Готово, закрываю")
    await phone.menu(phone.page.get_by_test_id("send-more"), "Отправить и закрыть Ctrl Shift ↵")
    await anna.gets("Готово, закрываю")
    await shop.stage(anna, "closed")


async def macro_made(boss: Any) -> None:
    """A macro that puts a tag and closes, made on its page."""
    page = boss.page
    await page.get_by_test_id("settings-macros").click()
    await page.get_by_test_id("kept-new").click()
    await page.get_by_label("Название").fill("Закрыть с меткой")
    await page.get_by_label("Шаг 1", exact=True).select_option("tag")
    await page.get_by_label("Метка", exact=True).fill("готово")
    await page.get_by_label("Кому видно").select_option("all")
    await page.get_by_test_id("macro-add").click()
    assert await faults(page) == []
    await boss.button("Сохранить").click()
    await expect(page.get_by_test_id("kept-row")).to_contain_text("Добавить метку → Закрыть диалог")


async def test_canned_replies_and_macros_are_kept_on_their_pages(shop: Any, seat: Any) -> None:
    boss = await seat("admin", "/settings/canned/new")
    page = boss.page
    boss.tolerated.append("422")
    await page.get_by_label("Название").fill("Адрес склада")
    await page.get_by_label("Короткое имя").fill("/Склад")
    await page.get_by_label("Кому видно").select_option("all")
    await page.get_by_label("Текст").fill("{{customer.mood}} ")
    await boss.button("Сохранить").click()
    await expect(page.get_by_text("Такой переменной нет")).to_be_visible()
    await page.get_by_label("Текст").fill("Склад открыт, ")
    await boss.button("имя клиента").first.click()
    await page.get_by_test_id("canned-file").set_input_files(
        {"name": "план.txt", "mimeType": "text/plain", "buffer": b"a"}
    )
    await expect(page.get_by_text("план.txt")).to_be_visible()
    assert await faults(page) == []
    await boss.button("Сохранить").click()
    row = page.get_by_test_id("kept-row").filter(has_text="Адрес склада")
    await expect(row).to_contain_text("Склад открыт, {{customer.name}}")
    await macro_made(boss)
    # Both are there for whoever answers; a file goes with the words.
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await elena.field.press_sequentially("/склад")
    await expect(elena.page.get_by_test_id("canned").get_by_role("option")).to_have_count(1)
    await elena.field.press("Tab")
    await expect(elena.field).to_have_value(re.compile("^Склад открыт, Анна"))
    await expect(elena.page.get_by_test_id("composer").get_by_text("план.txt")).to_be_visible()
    await elena.field.press("Control+Enter")
    await elena.menu(elena.page.get_by_test_id("send-more"), "Выполнить макрос…")
    await elena.page.get_by_test_id("canned").get_by_role("option").first.click()

    async def closed() -> bool:
        row = await shop.conversation(anna)
        return (row["stage"], row["tags"]) == ("closed", ["готово"])

    await until(closed)
    used = (await shop.api("GET", "/canned"))["items"]
    assert [each["used"] for each in used if each["title"] == "Адрес склада"] == [1]


async def test_who_knows_no_name_of_an_emoji_gets_the_usual_ones_by_a_button(shop: Any, seat: Any) -> None:
    await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    await elena.field.fill("Готово ")
    await elena.button("Эмодзи").click()
    await elena.page.get_by_test_id("emoji-popup").get_by_role("option").nth(1).click()
    await expect(elena.field).to_have_value("Готово 😂 ")
    await expect(elena.field).to_be_focused()
