"""Replies that wait: planned ones said otherwise at another time, and a macro's, which can be taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from bridge.model.articles import Library
from kb_matcher import KbMatcher

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
HELD = {"panel": {"undo_seconds": 15}}


async def test_a_planned_reply_is_changed_and_a_macros_reply_taken_back_by_keys(
    opens: Any, seats: Any, library: Library, matcher: KbMatcher
) -> None:
    shop = await opens(library, matcher, None, None, None, None, None, None, HELD)
    anna = await shop.caller()
    id = (await shop.conversation(anna))["id"]
    steps = [{"deed": "tag", "value": "готово"}, {"deed": "reply", "value": "Всё готово"}, {"deed": "close"}]
    await shop.api("POST", "/macros", {"title": "Завершить", "steps": steps}, "elena", 201)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    await shop.api("POST", f"/conversations/{id}/held", {"text": "Курьер приедет", "send_at": tomorrow}, status=201)
    elena = await seats(shop, "elena")
    page = elena.page
    await elena.pick("Анна Ковалёва")
    held = page.get_by_test_id("held")
    await held.get_by_role("button", name="Изменить", exact=True).press("Enter")
    dialog = page.get_by_role("dialog", name="Отложенный ответ")
    await dialog.get_by_label("Что отправить").fill("Курьер приедет к полудню")
    await dialog.get_by_label("День и время").fill("2020-01-01T10:00")
    await dialog.get_by_label("Что отправить").press("Control+Enter")
    await expect(dialog.get_by_role("alert").filter(has_text="уже прош")).to_be_visible()
    later = datetime.now(UTC) + timedelta(days=3)
    await dialog.get_by_label("День и время").fill(later.strftime("%Y-%m-%dT12:00"))
    await dialog.get_by_label("Что отправить").press("Control+Enter")
    await expect(dialog).to_have_count(0)
    await expect(held).to_contain_text("Курьер приедет к полудню")
    await expect(held.get_by_role("button", name="Изменить", exact=True)).to_be_focused()
    # A macro's reply waits as a typed one does; Z takes it back, and with it what was to come after it.
    await elena.field.fill("/заверш")
    await page.get_by_role("option", name="Завершить").click()
    undo = page.get_by_test_id("undo-toasts").get_by_role("button", name="Отменить")
    await undo.click()
    await expect(elena.field).to_have_value("Всё готово")
    row = await shop.api("GET", f"/conversations/{id}")
    assert (row["stage"], row["tags"], [each["text"] for each in row["held"]]) == (
        "operator",
        ["готово"],
        ["Курьер приедет к полудню"],
    )
