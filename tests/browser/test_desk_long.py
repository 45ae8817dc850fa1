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
            reply_to=MessageId("line40") if seq == LINES - 1 else None,
        )
        for seq in range(case.seq + 1, LINES)
    ]
    await store.write_rows(said)
    fresh = await store.conversations.get(case.id)
    await store.conversations.replace(replace(fresh, seq=LINES - 1, incoming=LINES - 1))
    return case


async def _at_most(desk: Any, what: str, most: int) -> bool:
    return 0 < await desk.page.get_by_test_id(what).count() <= most


#: Notes in `window.told` what a screen reader would be told of, and in `window.most` the most messages there ever were.
WATCH = """() => {
  const log = document.getElementById('thread-log');
  const messages = () => [...log.querySelectorAll('[data-testid="msg"]')];
  window.told = [];
  window.most = messages().length;
  new MutationObserver((changes) => {
    window.most = Math.max(window.most, messages().length);
    if (log.getAttribute('aria-live') === 'off') return;
    const come = changes.flatMap((change) => [...change.addedNodes]).filter((one) => one.dataset?.testid === 'msg');
    window.told.push(...come.map((one) => one.innerText));
  }).observe(log, {childList: true, subtree: true});
}"""
#: Scrolls to the top; by how many pixels the message that stands there moves until a page of history is above it.
CLIMB = """() => new Promise((done) => {
  const place = document.getElementById('thread-scroll');
  const all = () => [...place.querySelectorAll('[data-testid="msg"]')];
  const first = all()[0].dataset.id;
  place.scrollTop = 0;
  const edge = place.getBoundingClientRect().top;
  const anchor = all().find((one) => one.getBoundingClientRect().bottom > edge);
  const top = anchor.getBoundingClientRect().top;
  let shift = 0;
  let left = 3;  // frames in which it still could jump
  const look = () => {
    shift = Math.max(shift, Math.abs(anchor.getBoundingClientRect().top - top));
    if (all()[0].dataset.id !== first) left -= 1;
    if (left) requestAnimationFrame(look);
    else done(shift);
  };
  requestAnimationFrame(look);
})"""


async def _climbed(page: Any, pages: int) -> None:
    """Go up by pages of history: what is read stays where it is, and nobody is told of it aloud."""
    for _ in range(pages):
        assert await page.evaluate(CLIMB) < 2


async def _quoted(elena: Any, phone: Any) -> None:
    """Go from the last line to the one it answers, 1,960 lines above, and back; hear the next word alone."""
    page = elena.page
    await page.get_by_role("button", name="К последним сообщениям").click()
    await elena.said(f"слово {LINES - 1}").get_by_test_id("quote").click()
    await expect(elena.page.locator('[data-testid="msg"][data-id="line40"]')).to_be_in_viewport()
    assert await page.evaluate("window.most") <= 240
    await page.get_by_role("button", name="К последним сообщениям").click()
    await expect(elena.said(f"слово {LINES - 1}")).to_be_in_viewport()
    assert await page.evaluate("window.told") == []
    await expect(page.locator("#thread-log")).to_have_attribute("aria-live", "polite")
    await phone.say("ещё одно")
    await expect(elena.said("ещё одно")).to_be_in_viewport()
    assert ["ещё одно" in text for text in await page.evaluate("window.told")] == [True]


@pytest.mark.scenario(number=12)
async def test_a_long_list_and_a_long_thread_are_few_nodes(shop: Any, seat: Any) -> None:
    anna = await shop.caller()
    case = await _many(shop, anna)
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
    await page.evaluate(WATCH)
    await _climbed(page, 5)
    await page.keyboard.press("Control+k")
    await page.get_by_test_id("palette").get_by_role("combobox").fill("самовары")
    await page.get_by_role("option").filter(has_text="подберите самовар").click()
    far = elena.said("подберите самовар")
    await expect(far).to_be_in_viewport()
    assert await _at_most(elena, "msg", 240)
    await page.get_by_test_id("thread").evaluate("(place) => place.scrollTo(0, 0)")
    await expect(elena.said("слово 940")).to_be_attached()
    assert await _at_most(elena, "msg", 240)
    await _quoted(elena, anna)
