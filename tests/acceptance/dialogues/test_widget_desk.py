"""What a visitor is told of the desk: words changed and deleted, signs, read marks, who writes, who is in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge import attendance, writing
from tests.widget import Tab, Visitor


async def answered(site: Any, visit: Any, text: str = "Отправим завтра") -> tuple[Visitor, Tab, dict[str, Any], str]:
    """Return a visitor whom Elena answered, his open line, her message as he got it, and the conversation's path."""
    anna = visit()
    tab = await anna.come()
    await tab.say("позовите оператора")
    await tab.gets("зову оператора")
    path = f"/conversations/{(await anna.conversation())['id']}"
    await site.api("POST", f"{path}/messages", {"text": text, "kind": "reply"})
    return anna, tab, await tab.gets(text), path


def looks(id: str, **wanted: Any) -> Any:
    """Return a test of frames: the line with this id looks so now."""
    return lambda one: (
        one["type"] == "update"
        and one["message"]["id"] == id
        and all(one["message"].get(name) == value for name, value in wanted.items())
    )


async def past(anna: Visitor, id: str) -> dict[str, Any]:
    items = (await anna.ask("GET", "/history?limit=100"))["items"]
    return next(dict(one) for one in items if one["id"] == id)


async def test_what_an_operator_changes_and_takes_back_is_seen_at_once_and_later(site: Any, visit: Any) -> None:
    anna, tab, said, _ = await answered(site, visit)
    await site.api("PATCH", f"/messages/{said['id']}", {"text": "Отправим сегодня"})
    changed = (await tab.frame(looks(said["id"], text="Отправим сегодня")))["message"]
    assert changed["edited_at"]
    assert changed["seq"] == said["seq"]
    assert (await past(anna, said["id"]))["text"] == "Отправим сегодня"
    await site.api("DELETE", f"/messages/{said['id']}")
    gone = (await tab.frame(looks(said["id"], deleted=True)))["message"]
    assert (gone["text"], gone["attachments"], gone["reactions"]) == ("", [], [])
    stands = await past(anna, said["id"])
    assert (stands["text"], stands["deleted"]) == ("", True)


async def test_the_desk_puts_a_sign_on_a_word_of_the_visitor(site: Any, visit: Any) -> None:
    anna, tab, _, _ = await answered(site, visit)
    own = next(one for one in tab.messages if one["author"]["kind"] == "customer")
    await site.api("PUT", f"/messages/{own['id']}/reaction", {"emoji": "👍"})
    sign = {"emoji": "👍", "by": "operator", "name": "Елена Соколова"}
    await tab.frame(looks(own["id"], reactions=[sign]))
    assert (await past(anna, own["id"]))["reactions"] == [sign]


async def test_a_visitor_puts_a_sign_on_an_answer_and_takes_it_away(site: Any, visit: Any, until: Any) -> None:
    anna, tab, said, path = await answered(site, visit)
    await tab.send(type="react", message_id=said["id"], emoji="❤️", client_id="r1")
    assert (await tab.frame(lambda one: one.get("client_id") == "r1"))["message_id"] == said["id"]
    seen = (await tab.frame(looks(said["id"])))["message"]["reactions"]
    assert [(one["emoji"], one["by"]) for one in seen] == [("❤", "customer")]

    async def told() -> list[str]:
        rows = (await site.api("GET", f"{path}/messages"))["items"]
        return [each["emoji"] for row in rows if row["id"] == said["id"] for each in row["reactions"]]

    assert await until(told) == ["❤"]
    await tab.send(type="react", message_id=said["id"], emoji="", client_id="r2")
    await tab.frame(looks(said["id"], reactions=[]))
    assert (await past(anna, said["id"]))["reactions"] == []


async def test_words_are_quoted_across_and_a_quote_of_nothing_takes_no_word_away(site: Any, visit: Any) -> None:
    anna, tab, said, path = await answered(site, visit)
    await tab.say("а точно завтра?", reply_to=said["id"])
    mine = (await tab.frame(lambda one: one.get("message", {}).get("text") == "а точно завтра?"))["message"]
    assert mine["reply_to"] == said["id"]
    await site.api("POST", f"{path}/messages", {"text": "Да, завтра", "kind": "reply", "reply_to": mine["id"]})
    assert (await tab.gets("Да, завтра"))["reply_to"] == mine["id"]
    for number, wrong in enumerate(("nobody", "../x", 5, {"id": 1})):
        await tab.say(f"без цитаты {number}", reply_to=wrong)
    await tab.frame(lambda one: one.get("message", {}).get("text") == "без цитаты 3")
    rows = (await site.api("GET", f"{path}/messages"))["items"]
    quotes = {row["text"]: row["reply_to"] for row in rows if row["author"]["kind"] == "customer"}
    assert quotes["а точно завтра?"] == said["id"]
    assert [quotes[f"без цитаты {number}"] for number in range(4)] == [None] * 4
    assert (await past(anna, mine["id"]))["reply_to"] == said["id"]


@pytest.mark.parametrize(
    ("emoji", "which"),
    [("🦄", "theirs"), ("<b>", "theirs"), (None, "theirs"), ("👍", "own"), ("👍", "nobody's"), ("👍", "another's")],
)
async def test_a_sign_that_cannot_be_put_is_refused(site: Any, visit: Any, emoji: Any, which: str) -> None:
    _, tab, said, _ = await answered(site, visit)
    stranger = await answered(site, visit, "Другому") if which == "another's" else None
    own = next(one["id"] for one in tab.messages if one["author"]["kind"] == "customer")
    ids = {"theirs": said["id"], "own": own, "nobody's": "../x", "another's": stranger and stranger[2]["id"]}
    await tab.send(type="react", message_id=ids[which], emoji=emoji, client_id="bad")
    refused = await tab.frame(lambda one: one.get("client_id") == "bad")
    assert refused["error"]["code"] in ("bad_reaction", "bad_frame")
    assert refused["error"]["text"]


async def test_what_the_desk_has_read_is_shown_at_once_and_after_a_reload(site: Any, visit: Any) -> None:
    anna, tab, _, path = await answered(site, visit)
    await tab.say("а точно?")
    word = (await tab.frame(lambda one: one["type"] == "message" and one["message"]["text"] == "а точно?"))["message"]
    await site.api("POST", f"{path}/read", {"seq": word["seq"]})
    assert (await tab.frame(lambda one: one["type"] == "seen"))["seq"] == word["seq"]
    back = await anna.open()
    assert back.frames[0]["seen"] == word["seq"]
    await tab.say("и ещё")
    later = (await tab.frame(lambda one: one["type"] == "message" and one["message"]["text"] == "и ещё"))["message"]
    assert later["seq"] > word["seq"]
    again = await anna.open()
    assert again.frames[0]["seen"] == word["seq"], "what came later was not read yet"


async def test_who_writes_is_told_both_ways_and_a_note_to_nobody(site: Any, visit: Any) -> None:
    anna, tab, _, path = await answered(site, visit)
    bridge = site.bridge
    conversation = await bridge.store.conversations.get(path.rpartition("/")[2])
    elena = await bridge.store.staff.by_email("elena@kedr.example")
    async with writing.heard(bridge) as hints:
        await writing.operator(bridge, elena, conversation)
        shown = await tab.frame(lambda one: one["type"] == "typing" and one["author"]["kind"] == "operator")
        assert shown["author"]["name"] == "Елена Соколова"
        await writing.operator(bridge, replace(elena, disabled=True, name="Никто"), conversation)
        await tab.send(type="typing")
        told = [await anext(hints), await anext(hints)]
    assert [(one.by, one.conversation) for one in told] == [
        (writing.OPERATOR, conversation.id),
        (writing.CUSTOMER, conversation.id),
    ]
    assert told[1].chat == conversation.chat
    await anna.ask("GET", "/config")


async def test_a_visitor_learns_when_somebody_comes_to_the_desk_and_when_all_have_left(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    assert tab.frames[0]["online"] is False
    assert (await anna.ask("GET", "/config"))["online"] is False
    await attendance.note(site.bridge)
    await tab.frame(lambda one: one["type"] == "ready" and one["online"])
    assert (await anna.ask("GET", "/config"))["online"] is True
    gone = site.bridge.clock.now() - attendance.KEPT - timedelta(seconds=1)
    await site.bridge.store.journal.put_value("desk:attended", {"at": gone.timestamp()})
    start = len(tab.frames)
    await tab.frame(lambda one: one["type"] == "ready" and not one["online"], start)


async def test_an_offline_form_is_a_word_with_a_claimed_contact_and_calls_a_person(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say("Разбилась кружка\n\nПочта для ответа: anna@example.com", client_id="form")
    await tab.send(type="call", client_id="form.call")
    assert "message_id" in await tab.frame(lambda one: one.get("client_id") == "form.call")
    await tab.send(type="call", client_id="form.call")
    await tab.frame(lambda one: one["type"] == "ready" and one["stage"] == "waiting")
    await site.quiet()
    row = await anna.conversation()
    assert row["last_said"]["text"].startswith("Разбилась кружка")  # not that he called somebody
    customer = row["customer"]["id"]
    identities = (await site.api("GET", f"/customers/{customer}"))["identities"]
    assert [(one["email"], one["proved"]) for one in identities if one.get("email")] == [("anna@example.com", False)]
