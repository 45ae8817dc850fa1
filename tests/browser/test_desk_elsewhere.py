"""A reply that cannot come through one messenger goes through another one of the same customer."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.shop import until
from tests.widget import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORDS = "Ваш заказ готов, ждём вас"


async def test_a_reply_that_failed_is_sent_through_the_customers_other_channel(site: Any, seats: Any) -> None:
    anna = await site.caller()
    await anna.gets("почту или телефон")
    visitor = Visitor(site)
    try:
        tab = await visitor.come()
        await tab.say("позовите оператора")
        await tab.gets("оператор")
        row, here = await until(visitor.conversation), await site.conversation(anna)
        other = {"other": row["customer"]["id"]}
        await site.api("POST", f"/customers/{here['customer']['id']}/link", other)
        elena = await seats(site, "elena", f"/inbox/all/{here['id']}")
        await site.ctl("POST", "/user/block", {"user": anna.id})
        await expect(elena.said("Клиент закрыл чат, написать ему нельзя", "system")).to_be_visible()
        await elena.write(WORDS)
        reply = elena.said(WORDS, "operator")
        await expect(reply).to_have_attribute("data-status", "failed")
        # Where else he can be answered is known after the words stand there, too: whoever opens them later is told.
        await elena.page.reload()
        await elena.page.mouse.move(300, 300)
        await reply.get_by_role("button", name="Отправить через Сайт").click()
        # Nothing goes out before somebody looks at it in the other chat.
        await expect(elena.head.get_by_role("heading")).to_contain_text("Анна Ковалёва")
        await elena.page.wait_for_url(f"**/{row['id']}")
        await expect(elena.field).to_have_value(WORDS)
        await elena.field.press("Control+Enter")
        await tab.gets(WORDS)
    finally:
        await visitor.leave()
