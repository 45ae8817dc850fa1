"""One conversation by plan, beside those drawn by lot: whatever is to be compared happens in it at least once."""

from typing import Any

from tests.acceptance.mirror.actions import ACTIONS, SECRET, Scene, says, sends_an_album
from tests.shop import GROUP, STAFF, until


async def told(at: Scene) -> None:
    """Tell the whole story: a customer writes, the panel answers, then the topic."""
    await _customer(at)
    await _panel(at)
    await _topic(at)


async def made_up(at: Scene, missing: set[str]) -> None:
    """Do the acts that never happened, a topic's end last."""
    for name in sorted(missing, key=lambda each: (each == "topic_is_deleted", each)):
        await until(lambda name=name: ACTIONS[name](at), name)
        at.done[name] += 1
    await says(at)


async def _customer(at: Scene) -> None:
    own = await at.phone.say(at.text())
    await at.ctl("/user/edit", user=at.phone.id, message_id=own, text=at.text())
    await sends_an_album(at)


async def _panel(at: Scene) -> None:
    words = f"/conversations/{await at.here()}/messages"
    first, shown = await _reply(at, words)
    await at.phone.say(at.text(), reply_to=shown["message_id"])
    await at.ctl("/user/react", user=at.phone.id, message_id=shown["message_id"], emoji="🔥")
    asked = await _last(at)
    await _reply(at, words, reply_to=asked["id"])
    await at.shop.api("PUT", f"/messages/{asked['id']}/reaction", {"emoji": "👍"})
    await at.shop.api("PATCH", f"/messages/{first['id']}", {"text": at.text()})
    second, _ = await _reply(at, words)
    await at.shop.api("DELETE", f"/messages/{second['id']}")
    kept, gone = [await at.shop.api("POST", words, {"text": f"{SECRET} {at.text()}", "kind": "note"}) for _ in "12"]
    await at.shop.api("PATCH", f"/messages/{kept['id']}", {"text": f"{SECRET} {at.text()}"})
    await at.shop.api("DELETE", f"/messages/{gone['id']}")


async def _reply(at: Scene, words: str, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a reply of the panel and what of it stands on the phone."""
    row = await at.shop.api("POST", words, {"text": at.text(), "kind": "reply", **more})
    return row, await at.phone.gets(row["text"])


async def _last(at: Scene) -> dict[str, Any]:
    """Return the customer's newest word, once it has come: it quotes."""

    async def come() -> dict[str, Any] | None:
        rows = [row for row in await at.shop.history(at.phone) if row["author"]["kind"] == "customer"]
        return next((row for row in reversed(rows) if row["reply_to"]), None)

    return await until(come, "a quote")


async def _topic(at: Scene) -> None:
    topic = await at.shop.topic(at.phone)
    quoted = await at.shop.topic_shows(topic, f"{at.phone.name} слово")
    by = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic}
    text = at.text()
    own = await at.shop.staff_says("elena", topic, text)
    shown = await at.phone.gets(text)
    await at.ctl("/user/react", user=at.phone.id, message_id=shown["message_id"], emoji="❤")
    await at.ctl("/operator/edit", **by, message_id=own, text=at.text())
    await at.ctl("/operator/say", **by, text=at.text(), reply_to=quoted["message_id"])
    await at.ctl("/operator/say", **by, text=at.text(), album=2)
