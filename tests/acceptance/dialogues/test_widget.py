"""A visitor of the shop's page talks through the real door: bot, buttons, people on both desks."""

from typing import Any

import aiohttp
import pytest

from tests.widget import Visitor

HOSTILE = "<img src=x onerror=alert(1)>\n{{7*7}} </script>\u2028${x} \u202eabc 👩‍👩‍👧 ' OR 1=1 --"


async def test_a_visitor_asks_the_bot_and_presses_its_buttons(site: Any, visit: Any, article: Any) -> None:
    anna = visit()
    tab = await anna.come()
    nothing = {"conversation_id": None, "seq": 0, "seen": 0, "online": False, "stage": "bot", "rating": None}
    assert tab.frames[0] == {"type": "ready", **nothing}
    ack = await tab.say(article.questions[0])
    answer = await tab.gets(article.answer[:30])
    assert [button["text"] for button in answer["buttons"]] == ["Да, спасибо", "Нет"]
    assert answer["author"] == {"kind": "bot", "name": "Бот"}
    own = tab.messages[0]
    assert (own["id"], own["client_id"], own["text"]) == (ack["message_id"], ack["client_id"], article.questions[0])
    await tab.press(answer, "Да, спасибо")
    await tab.gets("Рад, что помогло")
    await site.quiet()
    conversation = await anna.conversation()
    assert (conversation["channel"], conversation["stage"]) == ("site", "bot")
    assert conversation["customer"]["name"].startswith("Гость ")
    seqs = [message["seq"] for message in tab.messages]
    assert seqs == sorted(set(seqs))
    assert tab.texts[-2:] == ["Да, спасибо", tab.texts[-1]]


async def test_a_button_pressed_twice_at_once_and_an_old_one(site: Any, visit: Any, article: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say(article.questions[0])
    answer = await tab.gets(article.answer[:30])
    for _ in range(3):
        await tab.press(answer, "Нет")
    await tab.gets("Жаль, что не помогло")
    await site.quiet()
    assert tab.texts.count("Нет") == 1
    await tab.press(answer, "Да, спасибо")
    notice = await tab.frame(lambda one: one["type"] == "notice")
    assert "уже не действует" in notice["text"]
    await tab.send(type="press", message_id=answer["id"], data="pick:somebody:1", client_id="p1")
    refused = await tab.frame(lambda one: one.get("client_id") == "p1")
    assert refused["error"]["code"] == "stale_button"


async def test_operators_answer_from_panel_and_topic_and_notes_never_leave(site: Any, visit: Any, until: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say("позовите оператора")
    await tab.gets("зову оператора")
    ready = await tab.frame(lambda one: one["type"] == "ready" and one["stage"] == "waiting")
    conversation = await anna.conversation()
    assert ready["conversation_id"] == conversation["id"]
    path = f"/conversations/{conversation['id']}/messages"
    await site.api("POST", path, {"text": "скидка 5 %, не говорить", "kind": "note"})
    await site.api("POST", path, {"text": "Здравствуйте, это Елена", "kind": "reply"})
    reply = await tab.gets("это Елена")
    assert reply["author"] == {"kind": "operator", "name": "Елена Соколова"}

    async def topic() -> int | None:
        topics = (await site.ctl("GET", "/topics?group=-1001700000001"))["items"]
        return next((one["topic"] for one in topics if one["name"].startswith("Гость")), None)

    found = await until(topic)
    await site.topic_shows(found, "это Елена")
    await site.staff_says("mark", found, "// клиент постоянный")
    await site.staff_says("mark", found, "Марк тоже тут")
    assert (await tab.gets("Марк тоже тут"))["author"]["name"] == "Марк Климов"
    await site.quiet()
    told = str(tab.frames) + str(await anna.ask("GET", "/history?limit=100"))
    assert "скидка" not in told
    assert "постоянный" not in told
    assert "claimed" not in told
    seqs = [message["seq"] for message in tab.messages]
    assert seqs == sorted(set(seqs))


async def test_hostile_words_stay_words(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say(HOSTILE)
    mine = await tab.frame(lambda one: one["type"] == "message" and one["message"]["author"]["kind"] == "customer")
    assert mine["message"]["text"] == HOSTILE
    await tab.send(type="say", client_id="half", text="\ud83d half \x00 zero")
    await tab.frame(lambda one: one.get("client_id") == "half" and "message_id" in one)
    await tab.frame(lambda one: one["type"] == "message" and one["message"]["text"] == "\ufffd half \ufffd zero")
    conversation = await anna.conversation()
    rows = (await site.api("GET", f"/conversations/{conversation['id']}/messages"))["items"]
    assert rows[0]["text"] == HOSTILE


async def test_what_reached_the_visitor_is_delivered_and_what_he_saw_is_read(site: Any, visit: Any, until: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say("оператор")
    await tab.gets("зову оператора")
    conversation = await anna.conversation()
    path = f"/conversations/{conversation['id']}/messages"

    async def states() -> list[str]:
        rows = (await site.api("GET", path))["items"]
        return [row["delivery"]["state"] for row in rows if row["delivery"]]

    async def all_are(state: str) -> bool:
        return set(await states()) == {state}

    await until(lambda: all_are("delivered"))
    await tab.send(type="seen", seq=10_000)
    await until(lambda: all_are("read"))
    await tab.shut()
    await site.api("POST", path, {"text": "Вы ещё здесь?", "kind": "reply"})
    await site.quiet()
    assert (await states())[-1] == "sent"
    back = await anna.open(since=0)
    await back.gets("Вы ещё здесь?")
    await until(lambda: _ends(states, "delivered"))
    await back.shut()
    await site.api("POST", path, {"text": "Тогда до связи", "kind": "reply"})
    await site.quiet()
    last = (await anna.ask("GET", "/history"))["items"][-1]
    assert last["text"] == "Тогда до связи"
    await anna.open(since=last["seq"])
    await until(lambda: _ends(states, "delivered"))
    assert not [frame for frame in tab.frames + back.frames if frame["type"] == "update"]


async def _ends(states: Any, state: str) -> bool:
    return (await states())[-1] == state


async def test_the_bot_is_seen_typing(tmp_path: Any, library: Any, matcher: Any, article: Any, open_shop: Any) -> None:
    async with open_shop(tmp_path, library, matcher, bot={"burst_seconds": 3}, site={}) as shop:
        anna = Visitor(shop)
        tab = await anna.come()
        await tab.say(article.questions[0])
        typing = await tab.frame(lambda one: one["type"] == "typing")
        assert typing["author"]["kind"] == "bot"
        assert len(tab.messages) <= 1
        await anna.leave()


async def test_the_pages_of_the_widget(site: Any, visit: Any) -> None:
    anna = visit()
    base = anna.base
    async with site.http.get(f"{base}/loader.js") as loader:
        tag, script = loader.headers["ETag"], await loader.text()
        assert loader.headers["Content-Type"].startswith("text/javascript")
        assert "max-age" in loader.headers["Cache-Control"]
    assert "{{config}}" not in script
    async with site.http.get(f"{base}/loader.js", headers={"If-None-Match": tag}) as again:
        assert again.status == 304
    async with site.http.get(base) as frame:
        policy, page = frame.headers["Content-Security-Policy"], await frame.text()
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "{{" not in page
    assert "<style" not in page
    found = next(part for part in page.split('"') if "/static/" in part)
    async with site.http.get(site.url + found) as static:
        assert "immutable" in static.headers["Cache-Control"]
        assert static.headers["X-Content-Type-Options"] == "nosniff"
    config = await anna.ask("GET", "/config")
    assert (config["title"], config["language"], config["online"]) == ("Кедр и Ко", "ru", False)
    assert (await anna.ask("GET", "/config?lang=en"))["language"] == "en"
    assert (await anna.ask("GET", "/static/x/nothing.js", status=404))["code"] == "not_found"


@pytest.mark.parametrize("hello", [{"type": "say"}, {"token": "nonsense"}, {"token": None}, {"token": "é" * 107}])
async def test_a_socket_needs_a_token_in_its_first_frame(site: Any, visit: Any, hello: dict[str, Any]) -> None:
    anna = visit()
    await anna.enter()
    tab = await anna.dial(**hello)
    assert await tab.closed() == 4401
    assert tab.frames == []


async def test_a_frame_too_long_closes_the_line_and_a_strange_one_does_not(site: Any, visit: Any) -> None:
    anna = visit()
    tab = await anna.come()
    for strange in ("no json", "[1]", '{"type": 5}', "[" * 3000, '{"type": "dance"}'):
        await tab.socket.send_str(strange)
    await tab.send(type="ping")
    await tab.frame(lambda one: one["type"] == "pong")
    await tab.socket.send_str("x" * (65 << 10))
    assert await tab.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
