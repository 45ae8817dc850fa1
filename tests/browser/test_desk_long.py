"""A long list and a long thread: few nodes however many rows there are, and what is far away is still reached."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from bridge.model.conversations import Stage
from bridge.model.ids import ChatId, ConversationId, CustomerId, MessageId
from bridge.model.messages import Author, Message
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROWS, LINES = 240, 2000


async def _many(shop: Any, phone: Any) -> Any:
    """More conversations of one who waits, and so many lines in his own."""
    store = shop.bridge.store
    case = await store.conversations.get(ConversationId((await shop.conversation(phone))["id"]))
    for number in range(ROWS):
        id, at = f"long{number:03}", case.created_at - timedelta(minutes=number + 1)
        await store.conversations.open(
            replace(
                case,
                id=ConversationId(id),
                chat=ChatId(id),
                customer=CustomerId(id),
                customer_name=f"Клиент {number}",
                stage=Stage.WAITING,
                waiting_since=case.created_at + timedelta(minutes=number + 1),
                created_at=at,
                pending=(),
                version=0,
            )
        )
    said = [
        Message(
            MessageId(f"line{seq}"),
            case.id,
            seq,
            Author("customer", case.customer, "Анна Ковалёва"),
            "подберите самовар" if seq == 1000 else f"слово {seq}",
            case.created_at + timedelta(seconds=seq),
            case.channel,
            case.chat,
            incoming=seq,
        )
        for seq in range(case.seq + 1, LINES)
    ]
    await store.write_rows(said)
    fresh = await store.conversations.get(case.id)
    await store.conversations.replace(replace(fresh, seq=LINES - 1, incoming=LINES - 1))
    return case


async def _at_most(desk: Any, what: str, most: int) -> bool:
    return 0 < await desk.page.get_by_test_id(what).count() <= most


async def test_a_long_list_and_a_long_thread_are_few_nodes(shop: Any, seat: Any) -> None:
    case = await _many(shop, await shop.caller())
    elena = await seat("elena", "/inbox/all")
    page = elena.page
    rows = page.get_by_test_id("conv-list")
    for _ in range(8):
        await rows.evaluate("(place) => place.scrollTo(0, place.scrollHeight)")
        await until(lambda: _at_most(elena, "conv-row", 120))
        if await elena.row(f"Клиент {ROWS - 1}").count():
            break
        await page.wait_for_load_state("networkidle")
    await expect(elena.row(f"Клиент {ROWS - 1}")).to_be_visible()
    await elena.row(f"Клиент {ROWS - 1}").focus()
    await page.keyboard.press("ArrowUp")
    await expect(elena.row(f"Клиент {ROWS - 2}")).to_be_focused()

    await elena.open(f"/inbox/all/{case.id}")
    await expect(elena.said(f"слово {LINES - 1}")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.get_by_test_id("palette").get_by_role("combobox").fill("самовары")
    await page.get_by_role("option").filter(has_text="подберите самовар").click()
    far = elena.said("подберите самовар")
    await expect(far).to_be_in_viewport()
    assert await _at_most(elena, "msg", 240)
    await page.get_by_test_id("thread").evaluate("(place) => place.scrollTo(0, 0)")
    await expect(elena.said("слово 940")).to_be_attached()
    assert await _at_most(elena, "msg", 240)
    await page.get_by_role("button", name="К последним сообщениям").click()
    await expect(elena.said(f"слово {LINES - 1}")).to_be_in_viewport()
