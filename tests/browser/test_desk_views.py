"""Views, filters, many rows at once, a long list: how people of the desk find their way among conversations."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.test_accessibility import faults
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_view_follows_what_happens_and_many_are_changed_at_once(shop: Any, seat: Any) -> None:
    people = [await shop.caller(name) for name in ("Анна Ковалёва", "Борис Орлов", "Вера Лис")]
    elena = await seat("elena", "/inbox/all")
    page = elena.page
    title = page.locator("#list .title")
    await title.click()
    await page.get_by_role("menuitemradio", name="Ждут нашего ответа 3").click()
    await expect(title).to_contain_text("Ждут нашего ответа")
    await expect(page.get_by_test_id("conv-row")).to_have_count(3)
    # A view whose rows only the server knows follows what happens.
    case = await shop.conversation(people[2])
    await shop.api("POST", f"/conversations/{case['id']}/messages", {"text": "Смотрю"}, "mark")
    await expect(elena.row("Вера Лис")).to_have_count(0)

    await page.get_by_test_id("conv-list").hover()
    await elena.row("Анна Ковалёва").focus()
    await page.keyboard.press("x")
    bar = page.get_by_test_id("bulk-bar")
    await expect(bar).to_contain_text("Выбран 1 диалог")
    await elena.row("Борис Орлов").click(modifiers=["Shift"])
    await expect(bar).to_contain_text("Выбрано 2 диалога")
    assert await faults(page) == []
    await bar.get_by_role("button", name="Метка").click()
    await page.get_by_role("textbox", name="Метка").fill("опт")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("toast").filter(has_text="Метки изменены")).to_be_visible()
    await expect(elena.row("Анна Ковалёва").locator(".tag")).to_have_text("опт")


async def test_many_are_made_urgent_or_spam_and_back(shop: Any, seat: Any) -> None:
    for name in ("Анна Ковалёва", "Борис Орлов"):
        await shop.caller(name)
    elena = await seat("elena", "/inbox/all")
    page, bar = elena.page, elena.page.get_by_test_id("bulk-bar")
    done = page.get_by_test_id("toast")

    async def both() -> None:
        await page.get_by_test_id("conv-list").hover()
        await elena.row("Анна Ковалёва").focus()
        await page.keyboard.press("x")
        await elena.row("Борис Орлов").click(modifiers=["Shift"])
        await expect(bar).to_contain_text("Выбрано 2 диалога")

    await both()
    await bar.get_by_role("button", name="Приоритет").click()
    await page.get_by_role("menuitem", name="Срочно").click()
    await expect(page.get_by_test_id("row-priority")).to_have_text(["Срочно", "Срочно"])
    await done.filter(has_text="Приоритет изменён: 2 диалога").get_by_role("button", name="Вернуть").click()
    await expect(page.get_by_test_id("row-priority")).to_have_count(0)

    await both()
    await bar.get_by_role("button", name="Спам").click()
    await expect(done.filter(has_text="В спаме: 2 диалога")).to_be_visible()
    await expect(page.get_by_test_id("banned-mark")).to_have_count(2)
    await done.filter(has_text="В спаме: 2 диалога").get_by_role("button", name="Вернуть").click()
    await expect(page.get_by_test_id("banned-mark")).to_have_count(0)

    await both()
    await bar.get_by_role("button", name="Ещё с выбранными").click()
    await page.get_by_role("menuitem", name="Закрыть без ответа").click()
    closed = done.filter(has_text="Закрыто 2 диалога")
    await expect(closed).to_be_visible()
    lines = await asyncio.gather(
        *(shop.api("GET", f"/conversations/{row['id']}/messages") for row in await _closed(shop))
    )
    told = [[each["event"]["code"] for each in page["items"] if each["event"]][-1] for page in lines]
    assert told == ["closed_unanswered"] * 2
    await closed.get_by_role("button", name="Вернуть").click()
    await expect(page.get_by_test_id("conv-row")).to_have_count(2)


async def _closed(shop: Any) -> list[Any]:
    return list((await shop.api("GET", "/conversations?view=closed"))["items"])


async def test_what_is_done_with_more_than_a_glance_takes_in_is_asked_once_more(shop: Any, seat: Any) -> None:
    await asyncio.gather(*(shop.caller(f"Клиент {number}") for number in range(21)))
    elena = await seat("elena", "/inbox/all")
    page, bar = elena.page, elena.page.get_by_test_id("bulk-bar")
    await page.get_by_test_id("conv-list").hover()
    await page.get_by_test_id("conv-row").first.focus()
    await page.keyboard.press("x")
    await bar.get_by_role("button", name="Выбрать все").click()
    await expect(bar).to_contain_text("Выбран 21 диалог")
    await bar.get_by_role("button", name="Метка").click()
    await page.get_by_role("textbox", name="Метка").fill("опт, срочно")
    await page.keyboard.press("Enter")
    asked = page.get_by_role("dialog", name="Изменить 21 диалог?")
    await expect(asked).to_contain_text("Метка: опт, срочно")
    assert await faults(page) == []
    await asked.get_by_role("button", name="Отмена").click()
    await expect(asked).to_be_hidden()
    await expect(bar).to_contain_text("Выбран 21 диалог")  # nothing is lost by a no

    await bar.get_by_role("button", name="Закрыть").click()
    await expect(asked).to_contain_text("Закрыть")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("toast").filter(has_text="Закрыт 21 диалог")).to_be_visible()
    await expect(page.get_by_test_id("conv-row")).to_have_count(0)


async def test_what_is_narrowed_is_kept_as_a_view_and_a_row_has_a_menu(shop: Any, seat: Any) -> None:
    for name in ("Анна Ковалёва", "Борис Орлов", "Вера Лис"):
        case = await shop.conversation(await shop.caller(name))
        if name != "Вера Лис":
            await shop.api("POST", f"/conversations/{case['id']}/tags", {"add": ["опт"]})
    elena = await seat("elena", "/inbox/all")
    page = elena.page
    title = page.locator("#list .title")
    await title.click()
    await page.get_by_role("menuitem", name="Подобрать по условиям").click()
    elena.tolerated.append("422")  # a view without a name is refused
    dialog = page.get_by_role("dialog", name="Какие диалоги показать")
    assert await faults(page) == []
    await dialog.get_by_label("Метки через запятую").fill("опт")
    await dialog.get_by_role("button", name="Сохранить вид").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Дайте виду название")
    await dialog.get_by_label("Название вида").fill("Оптовые")
    await dialog.get_by_role("button", name="Сохранить вид").click()
    await expect(title).to_contain_text("Оптовые")
    await until(lambda: _names(elena, {"Анна Ковалёва", "Борис Орлов"}))
    await elena.reload()
    await expect(title).to_contain_text("Оптовые")
    await until(lambda: _names(elena, {"Анна Ковалёва", "Борис Орлов"}))

    await page.get_by_test_id("conv-list").hover()
    await expect(page.locator(".pick").first).to_be_attached()  # what changes rows has come
    await elena.row("Анна Ковалёва").click(button="right")
    await page.get_by_role("menuitem", name="Закрыть", exact=True).click()
    await expect(page.get_by_test_id("toast").filter(has_text="Закрыт 1 диалог")).to_be_visible()
    await expect(elena.row("Анна Ковалёва")).to_have_count(0)
    await page.get_by_test_id("toast").get_by_role("button", name="Вернуть").click()
    await expect(elena.row("Анна Ковалёва")).to_have_count(1)


async def _names(desk: Any, names: set[str]) -> bool:
    return set(await desk.names()) == names


async def test_the_command_menu_does_goes_and_finds(shop: Any, seat: Any) -> None:
    anna, boris = await shop.caller("Анна Ковалёва"), await shop.caller("Борис Орлов")
    await anna.say("сломалась крышка чайника")
    await boris.say("не горит лампочка")
    elena = await seat("elena", "/inbox/all")
    page = elena.page
    await elena.pick("Борис Орлов")
    await page.keyboard.press("Control+k")
    palette = page.get_by_test_id("palette")
    field = palette.get_by_role("combobox")
    await field.fill("jnkj;bnm yf xfc")
    await expect(palette.get_by_role("option").first).to_have_text("Отложить на час S")
    await page.keyboard.press("Enter")
    await expect(palette).to_be_hidden()
    await expect(elena.row("Борис Орлов")).to_have_attribute("data-state", "snoozed")

    await page.keyboard.press("Control+k")
    await field.fill("чайники от:клиента")
    found = palette.get_by_role("option").filter(has_text="сломалась крышка чайника")
    await expect(found.locator("mark")).to_have_text("чайника")
    assert await faults(page) == []
    await found.click()
    await expect(elena.said("сломалась крышка чайника", "customer")).to_be_visible()
    await expect(page).to_have_url(f"{shop.url}/inbox/all/{(await shop.conversation(anna))['id']}")

    await page.keyboard.press("Control+k")
    await field.fill("отложенные")
    await expect(palette.get_by_role("option").first).to_have_text("Отложенные")
    await page.keyboard.press("Enter")
    await expect(page.locator("#list .title")).to_contain_text("Отложенные")
    await expect(page.get_by_test_id("conv-row")).to_have_count(1)


async def test_one_conversation_is_searched_alone(shop: Any, seat: Any) -> None:
    anna, boris = await shop.caller("Анна Ковалёва"), await shop.caller("Борис Орлов")
    for phone in (anna, boris):
        await phone.say("сломалась крышка чайника")
    elena = await seat("elena", "/inbox/all")
    await elena.pick("Анна Ковалёва")
    await elena.page.get_by_role("button", name="Ещё действия").click()
    await elena.page.get_by_role("menuitem", name="Найти в этом диалоге").click()
    palette = elena.page.get_by_test_id("palette")
    await expect(palette.get_by_role("button", name="Анна Ковалёва")).to_have_attribute("aria-pressed", "true")
    await expect(palette.get_by_role("combobox")).to_be_focused()
    await elena.page.keyboard.insert_text("чайники")
    await expect(palette.get_by_role("option")).to_have_count(1)
    await expect(palette.get_by_role("option").locator("mark")).to_have_text("чайника")
    await elena.page.keyboard.press("Enter")
    await expect(palette).to_be_hidden()
    await expect(elena.said("сломалась крышка чайника", "customer")).to_be_visible()


async def test_what_is_found_says_why(shop: Any, seat: Any) -> None:
    anna, boris = await shop.caller("Анна Ковалёва"), await shop.caller("Борис Орлов")
    await anna.say("сломалась <b>крышка</b> чайника")
    await anna.say("жду ответа")
    await boris.say("не горит лампочка")
    elena = await seat("elena", "/inbox/all")
    page = elena.page
    path = f"/conversations/{(await shop.conversation(boris))['id']}/tags"
    await shop.api("POST", path, {"add": ["Брак"]})

    await page.keyboard.press("/")
    await page.keyboard.type("крышки")
    why = elena.row("Анна Ковалёва").get_by_test_id("found-in")
    await expect(why).to_have_text("сломалась <b>крышка</b> чайника")
    await expect(why.locator("mark")).to_have_text("крышка")
    await expect(elena.row("Борис Орлов")).to_have_count(0)
    await page.get_by_role("searchbox").fill("брак")
    await expect(elena.row("Борис Орлов").get_by_test_id("found-in")).to_have_text("Метка: Брак")
    assert await faults(page) == []
    await page.keyboard.press("Escape")
    await expect(elena.row("Анна Ковалёва")).to_contain_text("жду ответа")

    await page.keyboard.press("Control+k")
    palette = page.get_by_test_id("palette")
    await palette.get_by_role("combobox").fill("брак")
    await expect(palette.get_by_role("option").filter(has_text="Борис Орлов")).to_contain_text("Метка: Брак · №")
    await palette.get_by_role("combobox").fill("крышка")
    await expect(palette.get_by_role("option").filter(has_text="Анна Ковалёва")).to_have_count(1)
    await expect(palette.get_by_role("option").first.locator("mark")).to_have_text("крышка")


async def test_keys_and_rows_are_as_somebody_chose_them(shop: Any, seat: Any) -> None:
    await shop.caller("Анна Ковалёва")
    elena = await seat("elena", "/settings/me")
    page = elena.page
    card = page.get_by_test_id("me-keys")
    await card.get_by_label("Закрыть диалог").press("q")
    await card.get_by_label("плотные").check()
    await card.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_test_id("toast").filter(has_text="Сохранено")).to_be_visible()
    await elena.open("/inbox/all")
    await expect(page.get_by_test_id("conv-list")).to_have_attribute("data-rows", "dense")
    await until(lambda: _height(elena, 44))
    await page.keyboard.press("?")
    await expect(page.locator('[data-keys="keys.close"] kbd')).to_have_text("Q")
    await page.keyboard.press("Escape")
    await elena.row("Анна Ковалёва").click()
    await expect(elena.field).to_be_visible()
    await elena.row("Анна Ковалёва").focus()
    await elena.key("KeyQ", "й")
    await expect(page.get_by_test_id("toast").filter(has_text="Анна Ковалёва")).to_be_visible()


async def _height(desk: Any, pixels: int) -> bool:
    box = await desk.page.get_by_test_id("conv-row").first.bounding_box()
    return box is not None and round(box["height"]) == pixels
