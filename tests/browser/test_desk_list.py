"""The list: search, what becomes of a conversation, unread marks on two devices, an order that stands still."""

import asyncio
import re
from datetime import datetime
from typing import Any

import pytest
from playwright.async_api import expect

from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _search(desk: Any, words: str, names: list[str]) -> None:
    await desk.page.get_by_role("searchbox", name="Поиск по имени и тексту").fill(words)
    await until(lambda: _named(desk, names), words)


async def _named(desk: Any, names: list[str]) -> bool:
    return await desk.names() == names


async def test_search_finds_by_name_and_by_any_form_of_a_word(shop: Any, seat: Any) -> None:
    anna, boris = await shop.caller("Анна Ковалёва"), await shop.caller("Борис Орлов")
    await anna.say("сломалась крышка чайника")
    await boris.say("не горит лампочка")
    elena = await seat("elena")
    await expect(elena.row("Борис Орлов")).to_contain_text("лампочка")
    await _search(elena, "борис", ["Борис Орлов"])
    await _search(elena, "чайники", ["Анна Ковалёва"])
    await _search(elena, "лампочки", ["Борис Орлов"])
    await elena.page.get_by_role("searchbox").fill("самовар")
    await expect(elena.page.get_by_text("Ничего не нашлось: «самовар»")).to_be_visible()
    await elena.button("Сбросить поиск").click()
    await until(lambda: _named(elena, ["Анна Ковалёва", "Борис Орлов"]))
    await expect(elena.page.get_by_role("searchbox")).to_have_value("")


async def test_a_conversation_goes_to_the_queue_to_the_bot_to_the_closed_and_back(
    shop: Any, seat: Any, library: Any
) -> None:
    anna = await shop.caller()
    elena = await seat("elena")
    await elena.pick("Анна Ковалёва")
    head = elena.head.get_by_role("heading", name="Анна Ковалёва")
    await elena.head.get_by_role("button", name="Взять").click()
    await expect(head).to_contain_text("Открыт")
    await elena.menu(elena.owner, "Вернуть в очередь")
    await expect(head).to_contain_text("Ждёт оператора")
    await expect(elena.owner).to_contain_text("Никто")
    await elena.menu(elena.owner, "Отдать боту")
    await expect(head).to_contain_text("Отвечает бот")
    await expect(elena.row("Анна Ковалёва")).to_have_count(0)
    article = library.articles[0]
    await anna.say(article.questions[0])
    await expect(elena.said(article.answer[:30], "bot")).to_have_attribute("data-status", "sent")
    await elena.menu(elena.owner, "Марк Климов")
    await expect(elena.owner).to_contain_text("Марк Климов")
    await elena.menu(elena.owner, "Забрать себе")
    await expect(elena.owner).to_contain_text("Елена Соколова")

    await elena.head.get_by_role("button", name="Закрыть", exact=True).click()
    await expect(elena.page.get_by_test_id("toast").filter(has_text="Диалог закрыт: Анна Ковалёва")).to_be_visible()
    await expect(elena.row("Анна Ковалёва")).to_have_count(0)
    await expect(elena.page).to_have_url(f"{shop.url}/inbox/mine")
    await elena.page.get_by_role("heading", name="Входящие").get_by_role("button").click()
    await elena.page.get_by_role("menuitemradio", name="Закрытые").click()
    await elena.pick("Анна Ковалёва")
    await expect(head).to_contain_text("Закрыт")
    await elena.head.get_by_role("button", name="Открыть снова").click()
    await expect(head).to_contain_text("Открыт")
    await expect(elena.owner).to_contain_text("Елена Соколова")
    assert (await shop.conversation(anna))["assignee"]["name"] == "Елена Соколова"


async def test_what_was_read_on_one_device_is_read_on_the_other(shop: Any, seat: Any) -> None:
    desk, phone = await seat("elena"), await seat("elena")
    anna, boris = await shop.caller("Анна Ковалёва"), await shop.caller("Борис Орлов")
    await anna.say("вы тут?")
    for device in (desk, phone):
        await expect(device.row("Анна Ковалёва")).to_have_attribute("data-unread", "2")
        await expect(device.row("Борис Орлов")).to_have_attribute("data-unread", "1")
    await desk.pick("Анна Ковалёва")
    for device in (desk, phone):
        await expect(device.row("Анна Ковалёва")).to_have_attribute("data-unread", "0")
        await expect(device.row("Борис Орлов")).to_have_attribute("data-unread", "1")
    await phone.reload()
    await expect(phone.row("Анна Ковалёва")).to_have_attribute("data-unread", "0")
    await boris.say("жду")
    for device in (desk, phone):
        await expect(device.row("Борис Орлов")).to_have_attribute("data-unread", "2")


#: Notes in `window.under` which rows lie at a place, frame by frame.
UNDER = """([x, y]) => {
  window.under = {};
  const look = () => {
    const id = document.elementFromPoint(x, y)?.closest('[data-testid="conv-row"]')?.dataset.id ?? '';
    window.under[id] = (window.under[id] ?? 0) + 1;
    requestAnimationFrame(look);
  };
  look();
}"""


async def _storm(shop: Any, desk: Any, phones: list[Any]) -> None:
    """Let everybody be answered and write again, until fifty live events have come and the page has drawn them."""
    before = int((await desk.seq()).rpartition("-")[2])
    cases = [(await shop.conversation(phone))["id"] for phone in phones]
    for number in range(6):
        body = {"text": f"ответ {number}", "kind": "reply", "force": True}
        await asyncio.gather(*(shop.api("POST", f"/conversations/{each}/messages", body) for each in cases))
        await asyncio.gather(*(phone.say(f"вопрос {number}") for phone in phones))

    async def drawn() -> bool:
        said = [desk.row(phone.name).get_by_text("вопрос 5") for phone in phones]
        came = int((await desk.seq()).rpartition("-")[2]) - before
        return came >= 50 and all([await each.count() for each in said])

    await until(drawn, "fifty events")


@pytest.mark.scenario(number=11)
async def test_rows_stand_still_under_the_pointer_until_the_pill_is_pressed(shop: Any, seat: Any) -> None:
    names = ["Анна Ковалёва", "Борис Орлов", "Вера Мельник"]
    phones = [await shop.caller(name) for name in names]
    elena = await seat("elena")
    await until(lambda: _named(elena, names))
    await elena.row("Борис Орлов").hover()
    box = await elena.row("Борис Орлов").bounding_box()
    await elena.page.evaluate(UNDER, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    await _storm(shop, elena, phones)
    assert await elena.names() == names
    first, second = [await shop.conversation(phone) for phone in phones[:2]]
    assert list(await elena.page.evaluate("window.under")) == [second["id"]]
    body = {"text": "Добрый день", "kind": "reply"}
    await shop.api("POST", f"/conversations/{first['id']}/messages", body)
    gleb = await shop.caller("Глеб Новиков")
    await phones[2].say("ещё вопрос")
    await expect(elena.row("Вера Мельник")).to_contain_text("ещё вопрос")
    await expect(elena.row("Анна Ковалёва")).to_have_attribute("data-state", "answered")
    pill = elena.page.get_by_role("button", name="1 новый")
    await expect(pill).to_be_visible()
    assert await elena.names() == names
    await expect(elena.page.locator('[data-testid="conv-row"]:hover')).to_contain_text("Борис Орлов")
    await pill.hover()
    await elena.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await pill.click()
    waiting = [await shop.conversation(phone) for phone in (*phones[1:], gleb)]
    waiting.sort(key=lambda each: (datetime.fromisoformat(each["waiting_since"]), each["number"]))
    order = [*(each["customer"]["name"] for each in waiting), "Анна Ковалёва"]
    await until(lambda: _named(elena, order), f"the order {order}")
    await expect(pill).to_have_count(0)
    await elena.page.mouse.move(900, 450)
    await shop.caller("Дина Юсупова")
    await expect(elena.row("Дина Юсупова")).to_be_visible()
    await expect(elena.page.get_by_role("button", name=re.compile("новый|Порядок изменился"))).to_have_count(0)


async def test_escape_in_the_search_leaves_the_conversation_open_and_a_toast_covers_no_composer(
    shop: Any, seat: Any
) -> None:
    await shop.caller(), await shop.caller("Борис Орлов")
    elena = await seat("elena")
    await elena.pick("Борис Орлов")
    search = elena.page.get_by_role("searchbox")
    await search.fill("Анна")
    await search.press("Escape")
    await expect(search).to_have_value("")
    await search.press("Escape")
    await expect(search).not_to_be_focused()
    await expect(elena.field).to_be_visible()
    for width in (1440, 860, 390):
        await elena.page.set_viewport_size({"width": width, "height": 800})
        if width == 1440:
            await elena.head.get_by_role("button", name="Закрыть", exact=True).click()
            await expect(elena.head.get_by_role("heading", name="Анна Ковалёва")).to_be_visible()
            await expect(elena.field).to_be_visible()
        # Where they stand, whether or not one is still there.
        toasts = await elena.page.locator("#toasts").bounding_box()
        composer = await elena.page.get_by_test_id("composer").bounding_box()
        assert toasts is not None
        assert composer is not None
        beside = toasts["x"] + toasts["width"] <= composer["x"]
        assert beside or toasts["y"] + toasts["height"] <= composer["y"], (width, toasts, composer)
