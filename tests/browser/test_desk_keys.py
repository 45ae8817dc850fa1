"""The keyboard alone in a Russian layout, pressed as the keyboard does it: the focus is always somewhere, and seen."""

from typing import Any

import pytest
from playwright.async_api import CDPSession, Page, expect

from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CTRL = 2
#: Letters by the place of their key.
RUSSIAN = {"J": "о", "K": "л", "R": "к", "E": "у", "S": "ы"}
#: Nothing when somebody who looks at the page sees where he is; else where the focus is.
LOST = """() => {
  const at = document.activeElement;
  const {width, top, bottom} = at.getBoundingClientRect();
  const seen = at !== document.body && at.matches(':focus-visible') && width > 0 && bottom > 0 && top < innerHeight;
  return seen ? '' : at.outerHTML.slice(0, 90);
}"""


class Keyboard:
    """A keyboard whose letters are Russian."""

    def __init__(self, page: Page, line: CDPSession) -> None:
        self.page = page
        self.line = line

    async def press(self, place: str, modifiers: int = 0) -> None:
        """Press the key that stands where the Latin letter does."""
        key = {
            "code": f"Key{place}",
            "key": RUSSIAN[place],
            "windowsVirtualKeyCode": ord(place),
            "modifiers": modifiers,
        }
        await self.line.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        await self.line.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})

    async def stay_seen(self) -> None:
        """Wait until the focus is on something that is seen."""
        await until(self._is_seen)

    async def _is_seen(self) -> bool:
        return await self.page.evaluate(LOST) == ""


async def _take(desk: Any) -> Keyboard:
    return Keyboard(desk.page, await desk.context.new_cdp_session(desk.page))


@pytest.mark.scenario(number=13)
async def test_from_the_list_to_reply_close_and_sleep_without_a_pointer(shop: Any, seat: Any) -> None:
    people = [await shop.caller(name) for name in ("Анна Ковалёва", "Борис Орлов")]
    elena = await seat("elena")
    page, keys = elena.page, await _take(elena)
    await expect(elena.row("Борис Орлов")).to_be_visible()
    await keys.press("J")
    await expect(elena.row("Анна Ковалёва")).to_be_focused()
    await keys.stay_seen()
    await expect(elena.field).to_be_visible()
    await keys.press("R")
    await expect(elena.field).to_be_focused()
    await page.keyboard.insert_text("Сейчас посмотрю")
    await page.keyboard.press("Control+Enter")
    await people[0].gets("Сейчас посмотрю")
    await page.keyboard.press("Escape")
    await expect(elena.row("Анна Ковалёва")).to_be_focused()
    await keys.press("E")
    await expect(elena.row("Борис Орлов")).to_be_focused()
    await keys.stay_seen()

    await keys.press("K", CTRL)
    await expect(page.get_by_test_id("palette").get_by_role("combobox")).to_be_focused()
    await page.keyboard.insert_text("отложить на час")
    await expect(page.get_by_test_id("palette").get_by_role("option").first).to_have_text("Отложить на час S")
    await page.keyboard.press("Enter")
    await expect(elena.row("Борис Орлов")).to_have_attribute("data-state", "snoozed")
    await keys.stay_seen()
    await expect(elena.row("Борис Орлов")).to_be_focused()
    await keys.press("S")
    await expect(page.get_by_role("menuitem", name="Отложить на час")).to_be_focused()
    await keys.stay_seen()
    await page.keyboard.press("End")
    await expect(page.get_by_role("menuitem", name="Вернуть из отложенных")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(elena.row("Борис Орлов")).to_have_attribute("data-state", "due")
    await keys.press("S")
    await expect(page.get_by_role("menuitem", name="Отложить на час")).to_be_focused()
    await page.keyboard.press("1")
    await expect(elena.row("Борис Орлов")).to_have_attribute("data-state", "snoozed")
    await keys.stay_seen()


@pytest.mark.scenario(number=13)
async def test_letters_that_are_switched_off_do_nothing_and_the_head_has_a_menu(shop: Any, seat: Any) -> None:
    anna = await shop.caller("Анна Ковалёва")
    case = await shop.conversation(anna)
    await shop.api("PUT", "/me/habits", {"keys": {}, "letters": False, "rows": "two", "columns": []}, "elena")
    elena = await seat("elena", f"/inbox/mine/{case['id']}")
    page, keys = elena.page, await _take(elena)
    await expect(elena.field).to_be_visible()
    await elena.row("Анна Ковалёва").focus()
    await keys.press("S")
    await keys.press("E")
    await keys.press("K", CTRL)
    palette = page.get_by_test_id("palette")
    await expect(palette).to_be_visible()
    await expect(page.get_by_role("menu")).to_have_count(0)
    assert (await shop.conversation(anna))["stage"] == "waiting"
    await page.keyboard.press("Escape")
    await expect(palette).to_be_hidden()

    await elena.field.focus()
    await elena.button("Шаблоны").click()
    await expect(page.get_by_test_id("popup-bare").get_by_role("link")).to_have_attribute("href", "/settings/canned")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("popup-bare")).to_be_hidden()
    await elena.field.fill("")

    more = page.get_by_test_id("more")
    await elena.menu(more, "Следить")
    follow = page.get_by_test_id("follow")
    await expect(follow).to_have_attribute("aria-pressed", "true")
    assert len((await shop.conversation(anna))["followers"]) == 1
    await elena.menu(more, "Не следить")
    await expect(follow).to_have_attribute("aria-pressed", "false")
    await more.click()
    await page.get_by_role("menuitemradio", name="Срочно").click()
    await expect(page.get_by_test_id("priority")).to_have_value("urgent")
    await elena.menu(more, "Отложить до завтра, 10:00")
    await expect(elena.row("Анна Ковалёва")).to_have_attribute("data-state", "snoozed")
    await elena.menu(more, "Вернуть из отложенных")
    await expect(elena.row("Анна Ковалёва")).to_have_attribute("data-state", "due")


async def test_closing_without_a_reply_is_told_and_the_page_keeps_its_height(shop: Any, seat: Any) -> None:
    await shop.caller("Анна Ковалёва")
    elena = await seat("elena", "/inbox/all")
    page = elena.page
    await elena.pick("Анна Ковалёва")
    await page.get_by_test_id("more").click()
    await page.get_by_role("menuitem", name="Закрыть без ответа").click()
    await expect(page.get_by_test_id("toast").filter(has_text="Диалог закрыт")).to_be_visible()
    whole = await page.evaluate("innerHeight")
    assert await page.locator(".rail").evaluate("(rail) => rail.clientHeight") == whole
    await elena.open("/inbox/closed")
    await elena.pick("Анна Ковалёва")
    told = page.get_by_test_id("thread").locator("[data-code=closed_unanswered]")
    await expect(told).to_contain_text("закрывает диалог без ответа")
