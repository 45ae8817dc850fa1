"""An answer that does not get through: the row of the list says so until somebody speaks or a retry succeeds."""

from typing import Any


async def test_a_row_tells_of_a_failed_answer_until_a_retry_succeeds(shop: Any, until: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    row = await shop.stage(anna, "waiting")
    address = f"/conversations/{row['id']}"
    assert row["last_delivery"] is None
    await shop.ctl("POST", "/user/block", {"user": anna.id})
    answer = await shop.api("POST", f"{address}/messages", {"text": "Добрый день!", "kind": "reply"})

    async def failed() -> bool:
        return (await shop.conversation(anna))["last_delivery"] == "failed"

    await until(failed)
    await shop.api("POST", f"{address}/messages", {"text": "не отвечает", "kind": "note"})
    assert await failed()

    await shop.ctl("POST", "/user/unblock", {"user": anna.id})
    await shop.api("POST", f"/messages/{answer['id']}/retry")
    await anna.gets("Добрый день!")
    await shop.quiet()
    assert (await shop.conversation(anna))["last_delivery"] is None


async def test_a_newer_word_takes_the_place_of_a_failed_answer(shop: Any, until: Any) -> None:
    anna = await shop.phone()
    await anna.say("оператор")
    row = await shop.stage(anna, "waiting")
    await anna.gets("зову оператора")
    await shop.quiet()
    lost = {"fault": "applied_lost", "method": "sendMessage", "chat": anna.id, "count": 1}
    await shop.ctl("POST", "/faults", lost)
    await shop.api("POST", f"/conversations/{row['id']}/messages", {"text": "Добрый день!", "kind": "reply"})

    async def told() -> str | None:
        return (await shop.conversation(anna))["last_delivery"]

    assert await until(told) == "unknown"
    await anna.say("Здравствуйте!")

    async def heard() -> bool:
        return (await shop.conversation(anna))["last_message"]["text"] == "Здравствуйте!"

    await until(heard)
    assert await told() is None
