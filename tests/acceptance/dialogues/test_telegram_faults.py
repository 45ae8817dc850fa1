"""Telegram's faults one by one in one shop: no word is lost, none comes twice, and who wrote it is told how it went."""

from typing import Any

from bots.emulators.telegram import faults

#: Nobody knows whether these were done; the word says so and is not sent again by itself.
OPEN = ("reset", "applied_lost", "half_body", "wrong_type")
#: Done although the answer was lost.
APPLIED = ("applied_lost", "half_body")
#: Refused for good, in words.
REFUSED = {"400": "chat_not_found", "403": "blocked", "200_refused": "strange server"}
#: Faults that break the whole bot: they are tried at the door.
BREAKING = ("401", "404", "409", "hang")


async def fate(shop: Any, until: Any, phone: Any, text: str) -> Any:
    """Return what became of an operator's word."""

    async def settled() -> Any:
        found = next((m for m in await shop.history(phone) if m["text"] == text), None)
        state = found["delivery"]["state"] if found is not None and found["delivery"] is not None else ""
        return found["delivery"] if state in ("sent", "unknown", "failed") else None

    return await until(settled, text)


async def test_every_fault_of_a_send_is_told_and_doubles_nothing(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    row = await shop.conversation(anna)
    path = f"/conversations/{row['id']}/messages"
    wrong = []
    for fault in faults.ANSWERS:
        if fault in BREAKING:
            continue
        order = {"fault": fault, "method": "sendMessage", "chat": anna.id, "count": 1, "delay": 0.3}
        await shop.ctl("POST", "/faults", order)
        text = f"ответ при {fault}"
        await shop.api("POST", path, {"text": text, "kind": "reply", "force": True})
        state = await fate(shop, until, anna, text)
        seen = (await anna.heard()).count(text)
        expected = ("unknown", int(fault in APPLIED)) if fault in OPEN else ("sent", 1)
        expected = ("failed", 0) if fault in REFUSED else expected
        if (state["state"], seen) != expected:
            wrong.append((fault, state, seen))
        if fault in REFUSED:
            await anna.say(f"я здесь, {fault}")  # who was out of reach writes again, and is in reach
            await until(lambda text=f"я здесь, {fault}": _said(shop, anna, text), text)
    assert wrong == []


async def _said(shop: Any, phone: Any, text: str) -> bool:
    return sum(m["text"] == text for m in await shop.history(phone)) == 1


async def test_every_fault_of_updates_loses_and_doubles_no_word(shop: Any, until: Any) -> None:
    anna, boris = await shop.caller(), await shop.phone("Борис")
    for fault in (*faults.UPDATES, *faults.DELIVERIES):
        chat = {} if fault in faults.DELIVERIES else {"chat": anna.id}
        await shop.ctl("POST", "/faults", {"fault": fault, "count": 1, "delay": 0.2, **chat})
        words = [f"{fault} раз", f"{fault} два"]
        for text in words:
            await anna.say(text)
        await boris.say(f"{fault} мимо")
        await until(lambda words=words: _all(shop, anna, words), fault)
    await shop.quiet()
    said = [m["text"] for m in await shop.history(anna) if m["author"]["kind"] == "customer"]
    assert len(said) == len(set(said))
    mine = [text for text in said if text.endswith(("раз", "два"))]
    assert mine == [f"{fault} {part}" for fault in (*faults.UPDATES, *faults.DELIVERIES) for part in ("раз", "два")]


async def _all(shop: Any, phone: Any, words: list[str]) -> bool:
    said = [m["text"] for m in await shop.history(phone)]
    return all(text in said for text in words)


async def test_faults_of_files_leave_the_word_and_a_reason(shop: Any, until: Any) -> None:
    anna = await shop.caller()
    expected = {"expired_link": "file_unavailable", "file_too_big": "file_too_big", "500": None, "truncated": None}
    for number, (fault, reason) in enumerate(expected.items(), 2):
        method = "getFile" if fault == "file_too_big" else "download"
        await shop.ctl("POST", "/faults", {"fault": fault, "method": method, "count": 1})
        await anna.say("", document=f"{fault}.txt", caption=fault)

        async def there(number: int = number) -> Any:
            lines = [m for m in await shop.history(anna) if m["author"]["kind"] == "customer"]
            return lines[number - 1] if len(lines) >= number else None

        line = await until(there, fault)
        assert (line["text"], [each["reason"] for each in line["attachments"]]) == (fault, [reason])
