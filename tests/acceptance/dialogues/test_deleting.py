"""One conversation is deleted: its words, files, tasks and topic go, its customer stays and may begin anew."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.acceptance.dialogues.test_erasing import spelled, traces
from tests.shop import GROUP, Phone, Shop, open_shop, until

WORD, TOLD = "фиолетового", "гиппопотама"
FILE = b"%PDF-1.7\n" + b"only-here " * 50


async def _filled(shop: Shop) -> tuple[Phone, str]:
    """A customer whose conversation holds words, a file, a note, a task, a planned reply; returns its id too."""
    phone = await shop.caller("Вера Орлова")
    await phone.say(f"хочу {WORD} слона")
    paper = {"base64": base64.b64encode(FILE).decode(), "name": "счёт.pdf", "mime": "application/pdf"}
    await phone.say("", document=paper, caption="вот")
    topic = await shop.topic(phone)
    await shop.topic_shows(topic, WORD)
    case = str((await shop.conversation(phone))["id"])
    await shop.api("POST", f"/conversations/{case}/claim")
    await shop.api("POST", f"/conversations/{case}/messages", {"text": f"заметка: {TOLD}", "kind": "note"})
    await shop.api("POST", "/tasks", {"text": f"найти {TOLD}", "conversation": case}, status=201)
    later = {"text": f"позже о {TOLD}", "send_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    headers = {"Authorization": f"Bearer {shop.tokens['elena']}", "Idempotency-Key": "later"}
    async with shop.http.post(f"{shop.url}/api/v1/conversations/{case}/held", json=later, headers=headers) as answer:
        assert answer.ok, await answer.text()

    async def filed() -> bool:
        return any(line["attachments"] for line in await shop.history(phone))

    await until(filed, "the file")
    await shop.quiet()
    return phone, case


def _left(whole: bytes) -> list[str]:
    text = whole.decode("utf-8", "ignore").lower()
    stems = (WORD[:9], TOLD[:9], "only-here")
    return [stem for stem in stems if any(form in text for form in spelled(stem))]


async def test_a_deleted_conversation_leaves_a_trace_without_its_words(
    tmp_path: Path, library: Any, matcher: Any
) -> None:
    async with open_shop(tmp_path, library, matcher) as shop:
        phone, case = await _filled(shop)
        row = await shop.conversation(phone)
        assert row["number"] == 1
        assert len(_left(await traces(tmp_path, "sqlite"))) == 3
        assert (await shop.api("DELETE", f"/conversations/{case}", status=403))["code"] == "forbidden"
        trace = await shop.api("DELETE", f"/conversations/{case}", who="admin")
        assert (trace["number"], trace["files"], trace["by_hand"]) == (row["number"], 1, [])
        assert trace["messages"] >= 4
        assert _left(await traces(tmp_path, "sqlite")) == []
        assert (await shop.api("GET", f"/conversations/{case}", status=404))["code"] == "not_found"
        assert (await shop.api("DELETE", f"/conversations/{case}", who="admin", status=404))["code"] == "not_found"
        names = [topic["name"] for topic in (await shop.ctl("GET", f"/topics?group={GROUP}"))["items"]]
        assert [name for name in names if "Вера" in name] == []
        (event,) = await shop.bridge.store.journal.page("customers", 9)
        assert (event.action, event.actor, event.detail["number"]) == ("conversation_deleted", "op-admin", 1)
        await _begins_anew(shop, phone, case, row)


async def _begins_anew(shop: Shop, phone: Phone, case: str, before: dict[str, Any]) -> None:
    """The customer is the one he was, his messenger keeps what it had, and what he writes opens a new conversation."""
    assert any(WORD in (line["text"] or "") for line in await phone.sees())
    await phone.say("позовите человека, это снова я")

    async def again() -> dict[str, Any] | None:
        rows = (await shop.api("GET", f"/conversations?customer={before['customer']['id']}"))["items"]
        return rows[0] if rows else None

    row = await until(again, "a new conversation")
    assert row["id"] != case
    assert row["number"] != before["number"]
    await shop.topic_shows(await shop.topic(phone), "это снова я")
    # The one that began anew can be deleted as well, and what comes after it is a third one.
    await shop.api("DELETE", f"/conversations/{row['id']}", who="admin")
    assert (await shop.api("GET", f"/conversations?customer={before['customer']['id']}"))["items"] == []
