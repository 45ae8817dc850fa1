"""What is drawn for a change: the row it happened in alone, and of a conversation first what fills the screen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from bridge.model.ids import ConversationId, MessageId
from bridge.model.messages import Author, Message
from tests.shop import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LINES = 50
#: Notes in `window.rows` the rows something was changed in, but for how long they wait, which time itself changes.
WATCH_ROWS = """() => {
  window.rows = [];
  const changed = ({target}) => {
    const place = target instanceof Element ? target : target.parentElement;
    if (place?.closest('.row-top')) return;
    const row = place?.closest('[data-testid="conv-row"]');
    if (row) window.rows.push(row.dataset.id);
  };
  new MutationObserver((changes) => changes.forEach(changed))
    .observe(document.getElementById('list'), {childList: true, characterData: true, attributes: true, subtree: true});
}"""
#: Notes in `window.counts` how many messages stood in the thread after each drawing of it, and where the divider did.
WATCH_THREAD = """() => {
  window.counts = [];
  window.tops = [];
  const thread = document.getElementById('thread');
  new MutationObserver(() => {
    const count = thread.querySelectorAll('[data-testid="msg"]').length;
    if (!count) return;
    if (window.counts.at(-1) !== count) window.counts.push(count);
    window.tops.push(thread.querySelector('.new-line')?.getBoundingClientRect().top);
  }).observe(thread, {childList: true, subtree: true});
}"""


async def _level(shop: Any, desk: Any) -> bool:
    """Has the page drawn the newest event there is? A cursor ends with its number."""
    return (await desk.seq()).rpartition("-")[2] == shop.bridge.feed.cursor().rpartition("-")[2]


async def test_a_word_draws_its_row_and_no_other(shop: Any, seat: Any) -> None:
    phones = [await shop.caller(f"Клиент {number}") for number in range(6)]
    cases = [await shop.conversation(phone) for phone in phones]
    elena = await seat("elena", f"/inbox/all/{cases[0]['id']}")
    await expect(elena.row("Клиент 5")).to_be_visible()
    await expect(elena.row("Клиент 0")).to_have_attribute("data-unread", "0")  # it is open: it was read
    await shop.quiet()  # what the bot still says changes rows too
    await until(lambda: _level(shop, elena), "the page knows all there is")
    await elena.page.wait_for_load_state("networkidle")
    await elena.page.evaluate(WATCH_ROWS)
    await phones[3].say("ещё одно слово")
    await expect(elena.row("Клиент 3").get_by_text("2", exact=True)).to_be_attached()
    assert set(await elena.page.evaluate("window.rows")) == {cases[3]["id"]}


async def test_a_conversation_is_drawn_first_where_one_begins_to_read(shop: Any, seat: Any) -> None:
    await shop.caller("Борис Орлов")
    anna = await shop.caller()
    store = shop.bridge.store
    case = await store.conversations.get(ConversationId((await shop.conversation(anna))["id"]))
    author = Author("customer", case.customer, "Анна Ковалёва")
    seqs = range(case.seq + 1, case.seq + 1 + LINES)
    said = [
        Message(
            MessageId(f"word{seq}"),
            case.id,
            seq,
            author,
            f"слово {seq}",
            case.created_at + timedelta(seconds=seq),
            case.channel,
            case.chat,
            incoming=case.incoming + seq - case.seq,
        )
        for seq in seqs
    ]
    await store.write_rows(said)
    fresh = await store.conversations.get(case.id)
    await store.conversations.replace(replace(fresh, seq=seqs[-1], incoming=case.incoming + LINES))
    elena = await seat("elena", "/inbox/all")
    page = elena.page
    await page.evaluate(WATCH_THREAD)
    await elena.row("Анна Ковалёва").click()
    await expect(elena.said(f"слово {seqs[-1]}")).to_be_attached()
    counts, tops = await page.evaluate("[window.counts, window.tops]")
    assert counts[0] < LINES <= counts[-1], counts
    await expect(page.locator(".new-line")).to_be_in_viewport()
    assert tops[0] is not None
    assert await page.locator(".new-line").evaluate("(line) => line.getBoundingClientRect().top") == pytest.approx(
        tops[0], abs=2
    )
    await expect(elena.said(f"слово {seqs[-1]}")).not_to_be_in_viewport()
