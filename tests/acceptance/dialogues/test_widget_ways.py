"""Beside words: a rating when all is done, the article behind an answer, and the way on into another messenger."""

from datetime import timedelta
from typing import Any

import pytest

from bridge.people import continuing
from bridge.receive import ONE_TIME
from tests.widget import Tab, Visitor


async def served(site: Any, visit: Any) -> tuple[Visitor, Tab, str]:
    """Return a visitor whom Elena has answered, his open line, and the conversation's path."""
    anna = visit()
    tab = await anna.come()
    await tab.say("позовите оператора")
    await tab.gets("зову оператора")
    path = f"/conversations/{(await anna.conversation())['id']}"
    await site.api("POST", f"{path}/messages", {"text": "Здравствуйте!", "kind": "reply"})
    await tab.gets("Здравствуйте!")
    return anna, tab, path


async def rows(site: Any, path: str) -> list[dict[str, Any]]:
    return list((await site.api("GET", f"{path}/messages?limit=200"))["items"])


async def test_what_is_closed_without_a_reply_asks_nobody_to_rate_it(site: Any, visit: Any) -> None:
    _, tab, path = await served(site, visit)
    closed = await site.api("POST", f"{path}/close", {"without_reply": True})
    await tab.frame(lambda one: one["type"] == "ready" and one["stage"] == "closed")
    told = await rows(site, path)
    events = [row["event"]["code"] for row in told if row["event"]]
    assert (closed["stage"], events[-1]) == ("closed", "closed_unanswered")
    assert [row for row in told if row["text"].startswith("Оцените")] == []


async def test_a_closed_conversation_is_rated_once_asked_and_with_a_comment(site: Any, visit: Any, until: Any) -> None:
    _, tab, path = await served(site, visit)
    await site.api("POST", f"{path}/close", {})
    asks = await tab.gets("Оцените от 1 до 5")
    assert asks["asks"] == "rating"
    ready = await tab.frame(lambda one: one["type"] == "ready" and one["stage"] == "closed")
    assert ready["rating"] == {"score": 0, "comment": ""}
    assert (await site.api("GET", path))["rating"] is None
    await tab.send(type="rate", message_id=asks["id"], score=4, client_id="s1")
    assert (await tab.frame(lambda one: one.get("client_id") == "s1"))["message_id"] == asks["id"]
    await tab.send(type="rate", message_id=asks["id"], score=5, comment="Быстро <3", client_id="s2")
    await tab.frame(lambda one: one["type"] == "ready" and one["rating"] == {"score": 5, "comment": "Быстро <3"})
    found = await site.api("GET", path)
    assert (found["stage"], found["rating"]["score"], found["rating"]["comment"]) == ("closed", 5, "Быстро <3")
    told = [
        row["event"]["detail"] for row in await rows(site, path) if row["event"] and row["event"]["code"] == "rated"
    ]
    assert told == ["★★★★☆", "★★★★★ «Быстро <3»"]

    async def topic() -> int | None:
        topics = (await site.ctl("GET", "/topics?group=-1001700000001"))["items"]
        return next((one["topic"] for one in topics if one["name"].startswith("Гость")), None)

    place = await until(topic)
    await site.topic_shows(place, "★★★★★ «Быстро <3»")

    async def on_the_card() -> bool:
        cards = [one["text"] for one in await site.in_topic(place) if "Диалог №" in one["text"]]
        return any("Оценка клиента: ★★★★★ «Быстро <3»" in card for card in cards)

    await until(on_the_card, "the card")
    listed = (await site.api("GET", "/conversations?stage=closed"))["items"]
    assert [row["rating"]["score"] for row in listed] == [5]
    await site.api("POST", f"{path}/reopen", {})
    await site.api("POST", f"{path}/close", {})
    await site.quiet()
    asked = [row for row in await rows(site, path) if "Оцените от 1 до 5" in row["text"]]
    assert len(asked) == 1
    audit = await site.bridge.store.journal.page(f"conversation:{path.rpartition('/')[2]}", 200)
    assert [event.detail["score"] for event in audit if event.action == "rated"] == ["5", "4"]


@pytest.mark.parametrize("score", [0, 6, "5", True, None])
async def test_a_rating_that_is_none_or_was_not_asked_for_is_refused(site: Any, visit: Any, score: Any) -> None:
    _, tab, path = await served(site, visit)
    word = await tab.gets("Здравствуйте!")
    await tab.send(type="rate", message_id=word["id"], score=5, client_id="early")
    assert (await tab.frame(lambda one: one.get("client_id") == "early"))["error"]["code"] == "stale_button"
    await site.api("POST", f"{path}/close", {})
    asks = await tab.gets("Оцените от 1 до 5")
    await tab.send(type="rate", message_id=asks["id"], score=score, client_id="bad")
    assert (await tab.frame(lambda one: one.get("client_id") == "bad"))["error"]["code"] == "bad_frame"
    await site.quiet()
    assert (await site.api("GET", path))["rating"] is None


async def test_nobody_is_asked_whom_nobody_served_or_where_the_shop_does_not_want_it(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, article: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, site={"rating": False}) as shop:
        _, tab, path = await served(shop, lambda: Visitor(shop))
        await shop.api("POST", f"{path}/close", {})
        await tab.frame(lambda one: one["type"] == "ready" and one["stage"] == "closed")
        await shop.quiet()
        assert not [text for text in tab.texts if "Оцените" in text]
        await tab.shut()


async def test_who_spoke_with_the_bot_alone_is_not_asked(site: Any, visit: Any, article: Any) -> None:
    anna = visit()
    tab = await anna.come()
    await tab.say(article.questions[0])
    await tab.gets(article.answer[:30])
    path = f"/conversations/{(await anna.conversation())['id']}"
    await site.api("POST", f"{path}/close", {})
    ready = await tab.frame(lambda one: one["type"] == "ready" and one["stage"] == "closed")
    await site.quiet()
    assert ready["rating"] is None
    assert not [text for text in tab.texts if "Оцените" in text]


async def test_an_answer_names_its_article_and_the_article_is_read_by_whom_it_answered(
    site: Any, visit: Any, article: Any
) -> None:
    anna, other = visit(), visit()
    tab = await anna.come()
    await tab.say(article.questions[0])
    answer = await tab.gets(article.answer[:30])
    assert answer["article"] == {"id": article.id, "title": article.title}
    assert answer["helped"] == "Ответ помог?"
    assert answer["text"].endswith(f"\n\n{answer['helped']}")
    found = await anna.ask("GET", f"/articles/{article.id}")
    assert found == {"id": article.id, "title": article.title, "text": article.answer}
    await other.come()
    for who, id in ((other, article.id), (anna, "nothing"), (anna, site.house.settings.shop.name)):
        assert (await who.ask("GET", f"/articles/{id}", 404))["code"] == "not_found"


async def gone_on(anna: Visitor) -> str:
    """Return the word that a fresh link into Telegram brings along."""
    url = (await anna.ask("POST", "/continue", json={"to": "telegram"}))["url"]
    start, _, code = url.partition("?start=")
    assert start == "https://t.me/kedr_help_bot"
    assert 20 < len(code) <= 64
    return str(code)


async def who_is(site: Any, channel: str, chat: Any) -> str:
    conversation = (await site.api("GET", f"/conversations?channel={channel}&external_id={chat}"))["items"][0]
    return str(conversation["customer"]["id"])


async def test_a_visitor_goes_on_in_telegram_and_is_one_person_with_the_same_operator(site: Any, visit: Any) -> None:
    anna, tab, path = await served(site, visit)
    assert (await anna.ask("GET", "/config"))["ways"] == [
        {"channel": "telegram", "kind": "telegram", "name": "Telegram"}
    ]
    phone = await site.phone("Анна Ковалёва")
    await phone.say(f"/start {await gone_on(anna)}")
    await phone.gets("разговор продолжается здесь")
    assert "Telegram" in (await tab.gets("Вы продолжили этот разговор"))["text"]
    web = await site.api("GET", path)
    here = await site.conversation(phone)
    assert here["customer"] == web["customer"]
    assert web["customer"]["name"] == "Анна Ковалёва"
    assert (here["stage"], here["assignee"]["name"]) == ("operator", "Елена Соколова")
    codes = [row["event"]["code"] for row in await site.history(phone) if row["event"]]
    assert "continued_here" in codes
    await phone.say("я теперь тут")
    await site.api("POST", f"/conversations/{here['id']}/messages", {"text": "Вижу вас", "kind": "reply"})
    await phone.gets("Вижу вас")
    kinds = {each["channel"] for each in (await site.api("GET", f"/customers/{web['customer']['id']}"))["identities"]}
    assert {"telegram", "site"} <= kinds


async def test_a_visitor_goes_on_in_vk(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, community: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, site={}, more={"vk": community.table}) as shop:
        visitor = Visitor(shop)
        anna, _, path = await served(shop, lambda: visitor)
        kinds = [way["kind"] for way in (await anna.ask("GET", "/config"))["ways"]]
        assert kinds == ["telegram", "vk"]
        url = (await anna.ask("POST", "/continue", json={"to": "vk"}))["url"]
        start, _, code = url.partition("?ref=")
        assert start.startswith("https://vk.me/")
        person = await community.person("Анна Ковалёва")
        await person.say(f"/start {code}")
        await person.gets("разговор продолжается здесь")
        here = await shop.stage(person, "operator")
        assert here["customer"] == (await shop.api("GET", path))["customer"]
        await visitor.leave()


async def test_a_link_is_good_once_for_one_and_for_minutes(site: Any, visit: Any) -> None:
    anna, _, path = await served(site, visit)
    code = await gone_on(anna)
    first, second, third = await site.phone("Анна"), await site.phone("Чужой"), await site.phone("Поздний")
    await first.say(f"/start {code}")
    await first.gets("разговор продолжается здесь")
    await second.say(f"/start {code}")
    await second.gets("уже не действует")
    await first.say(f"/start {code}")
    late = await gone_on(anna)
    key = continuing._key(late)
    kept = await site.bridge.store.journal.value(key)
    passed = site.bridge.clock.now() - timedelta(minutes=1)
    await site.bridge.store.journal.put_value(key, {**kept, "until": passed.timestamp()})
    await third.say(f"/start {late}")
    await third.gets("уже не действует")
    await third.say(f"/start {ONE_TIME}{'x' * 32}")
    await site.quiet()
    owner = (await site.api("GET", path))["customer"]["id"]
    assert [await who_is(site, "telegram", each.id) == owner for each in (first, second, third)] == [True, False, False]


async def test_whoever_was_made_to_enter_somebody_s_link_steps_back(site: Any, visit: Any, until: Any) -> None:
    mallory, _, path = await served(site, visit)
    anna = await site.phone("Анна")
    await anna.say(f"/start {await gone_on(mallory)}")
    welcome = await anna.gets("разговор продолжается здесь")
    await anna.press(welcome, "Это не я")

    async def apart() -> bool:
        owner = (await site.api("GET", path))["customer"]["id"]
        return await who_is(site, "telegram", anna.id) != owner

    await until(apart)
    await anna.say(f"/start {await gone_on(mallory)}")
    await anna.gets("Связать его с чатом на сайте не получилось")
    await site.quiet()
    assert await apart()


async def test_two_accounts_of_the_shop_stay_two_people(site: Any, visit: Any) -> None:
    from tests.widget import signed

    anna, boris = visit(), visit()
    for visitor, user in ((anna, "1"), (boris, "2")):
        tab = await visitor.come(signed(user))
        await tab.say("позовите оператора")
        await tab.gets("зову оператора")
    phone = await site.phone("Семья")
    await phone.say(f"/start {await gone_on(anna)}")
    await phone.gets("разговор продолжается здесь")
    await phone.say(f"/start {await gone_on(boris)}")
    await phone.gets("не получилось")
    ours = (await anna.conversation())["customer"]["id"]
    assert await who_is(site, "telegram", phone.id) == ours
    assert (await boris.conversation())["customer"]["id"] != ours


async def test_a_way_on_for_nobody_nowhere_and_for_one_who_has_said_nothing(site: Any, visit: Any) -> None:
    anna = visit()
    await anna.enter()
    assert (await anna.ask("POST", "/continue", json={"to": "telegram"})) == {"url": "https://t.me/kedr_help_bot"}
    for to, status, code in (("site", 404, "not_found"), ("icq", 404, "not_found"), ("", 422, "invalid")):
        assert (await anna.ask("POST", "/continue", status, json={"to": to}))["code"] == code
    assert (await anna.ask("POST", "/continue", 400, data=b"{"))["code"] == "bad_json"
    anna.token = "nobody"
    assert (await anna.ask("POST", "/continue", 401, json={"to": "telegram"}))["code"] == "no_session"
