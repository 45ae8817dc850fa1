"""Lost lines, reloads and tabs: every line comes once, in order, whatever breaks."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest


async def test_a_lost_line_is_resumed_without_gap_or_double(site: Any, visit: Any, library: Any) -> None:
    anna = visit()
    tab = await anna.come()
    asked = [article.questions[0] for article in library.articles[:4]]
    await tab.say(asked[0], "one")
    await tab.gets("Ответ помог?")
    seen = list(tab.messages)
    await tab.send(type="say", client_id="two", text=asked[1])
    await tab.cut()
    seen += [message for message in tab.messages if message not in seen]
    for number in range(2, 4):
        tab = await anna.dial(since=seen[-1]["seq"])
        if number == 2:
            assert "message_id" in await tab.say(asked[1], "two")  # nobody knows whether it came: said again
        await tab.say(asked[number], f"word{number}")
        await tab.frame(lambda one, at=number: one.get("message", {}).get("client_id") == f"word{at}")
        await tab.cut()
        seen += tab.messages
    await site.quiet()
    last = await anna.open(since=seen[-1]["seq"])
    await last.shut()
    seen += last.messages
    whole = (await anna.ask("GET", "/history?limit=100"))["items"]
    assert [message["id"] for message in seen] == [message["id"] for message in whole]
    own = [message["text"] for message in whole if message["author"]["kind"] == "customer"]
    assert own == asked


async def test_a_reload_goes_on_in_the_same_chat(site: Any, visit: Any, article: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say(article.questions[0])
    await tab.gets(article.answer[:30])
    await tab.shut()
    answer = await anna.enter()
    again = await anna.open()
    ready = again.frames[0]
    assert ready["conversation_id"] == answer["conversation_id"] is not None
    assert ready["seq"] == again.messages[-1]["seq"]
    assert again.texts == tab.texts


async def test_two_tabs_see_the_same(site: Any, visit: Any, article: Any) -> None:
    anna = visit()
    left = await anna.come()
    right = await anna.open()
    await left.say(article.questions[0], "from-the-left")
    await right.gets(article.answer[:30])
    await left.gets(article.answer[:30])
    await right.say("оператор", "from-the-right")
    for tab in (left, right):
        await tab.gets("зову оператора")
    await site.quiet()
    assert [message["id"] for message in left.messages] == [message["id"] for message in right.messages]
    assert [frame["client_id"] for frame in left.frames if frame["type"] == "ack"] == ["from-the-left"]


async def test_the_same_word_sent_again_counts_once(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    first = await tab.say("привет", "same")
    await tab.gets("бот")
    at = len(tab.frames)
    await tab.send(type="say", client_id="same", text="привет")
    again = await tab.frame(lambda one: one["type"] == "ack", at)
    assert again == first
    await tab.say("оператор", "other")
    await tab.gets("зову оператора")
    assert tab.texts.count("привет") == 1


async def test_an_unknown_place_is_a_reset(site: Any, visit: Any, article: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say(article.questions[0])
    await tab.gets(article.answer[:30])
    await site.quiet()
    whole = [message["id"] for message in tab.messages]
    for since, named in ((1000, None), (2, "another"), (0, "another")):
        other = await anna.open(since=since, conversation_id=named)
        await other.shut()
        assert [frame["type"] for frame in other.frames[:2]] == ["reset", "ready"]
        assert [message["id"] for message in other.messages] == whole
    fits = await anna.open(since=2, conversation_id=(await anna.enter())["conversation_id"])
    await fits.shut()
    assert "reset" not in [frame["type"] for frame in fits.frames]
    assert [message["id"] for message in fits.messages] == [
        message["id"] for message in tab.messages if message["seq"] > 2
    ]
    new = visit()
    await new.enter()
    nothing = await new.open(since=7)
    assert [frame["type"] for frame in nothing.frames] == ["reset", "ready"]


async def test_history_goes_back_page_by_page(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say("оператор")
    await tab.gets("зову оператора")
    id = (await anna.enter())["conversation_id"]
    for number in range(7):
        for kind in ("note", "reply"):
            body = {"text": f"{kind} {number}", "kind": kind}
            await site.api("POST", f"/conversations/{id}/messages", body)
    await tab.gets("reply 6")
    pages, before = [], ""
    while True:
        page = await anna.ask("GET", f"/history?limit=3{before}")
        pages.insert(0, page["items"])
        if not page["more"]:
            break
        assert len(page["items"]) == 3
        before = f"&before={page['items'][0]['seq']}"
    assert [message["id"] for page in pages for message in page] == [message["id"] for message in tab.messages]
    assert (await anna.ask("GET", "/history?before=x", status=422))["errors"] == [
        {"field": "before", "code": "no_number"}
    ]


@pytest.fixture
def later(site: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let days pass in the shop."""
    clock = site.bridge.clock
    real = type(clock).now
    ahead = timedelta()

    def now(self: Any) -> Any:
        return real(self) + ahead

    monkeypatch.setattr(type(clock), "now", now)

    def pass_(time: timedelta) -> None:
        nonlocal ahead
        ahead += time

    return pass_


async def test_a_new_conversation_after_a_closed_one_begins_on_the_open_line(
    site: Any, visit: Any, later: Any, until: Any
) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say("оператор")
    await tab.gets("зову оператора")
    old = await anna.conversation()
    await site.api("POST", f"/conversations/{old['id']}/close")
    await tab.frame(lambda one: one["type"] == "ready" and one["stage"] == "closed")
    later(timedelta(days=3))
    at = len(tab.frames)
    await tab.say("я вернулась")
    reset = await tab.frame(lambda one: one["type"] == "reset", at)
    place = tab.frames.index(reset)
    ready = await tab.frame(lambda one: one["type"] == "ready", place)
    assert ready["conversation_id"] != old["id"]
    mine = await tab.frame(lambda one: one["type"] == "message", place)
    assert (mine["message"]["text"], mine["message"]["seq"]) == ("я вернулась", 1)
    assert (await anna.enter())["conversation_id"] == ready["conversation_id"]
    other = await anna.open(since=2, conversation_id=old["id"])
    assert other.frames[0]["type"] == "reset"


async def test_a_word_on_a_dying_line_is_answered_on_the_next(site: Any, visit: Any, article: Any) -> None:
    anna = visit()
    tab = await anna.come()
    for number in range(10):
        await tab.send(type="say", client_id=f"w{number}", text=f"слово {number}")
    await tab.cut()
    back = await anna.open()
    for number in range(10):
        await back.say(f"слово {number}", f"w{number}")
    await back.say("оператор", "last")
    await back.gets("оператор")
    await site.quiet()
    whole = (await anna.ask("GET", "/history?limit=100"))["items"]
    own = [message["text"] for message in whole if message["author"]["kind"] == "customer"]
    assert own == [*(f"слово {number}" for number in range(10)), "оператор"]


async def test_many_visitors_at_once_each_hear_their_own(site: Any, visit: Any, library: Any) -> None:
    visitors = [visit() for _ in range(8)]
    tabs = await asyncio.gather(*(visitor.come() for visitor in visitors))
    articles = library.articles[:8]
    await asyncio.gather(*(tab.say(article.questions[0]) for tab, article in zip(tabs, articles, strict=True)))
    for tab, article in zip(tabs, articles, strict=True):
        await tab.gets(article.answer[:30])
        assert [text for text in tab.texts if any(text.startswith(other.answer[:30]) for other in articles)] == [
            next(text for text in tab.texts if text.startswith(article.answer[:30]))
        ]
