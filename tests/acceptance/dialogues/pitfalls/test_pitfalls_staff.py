"""The pitfalls of a staff group in Telegram, a dialogue each: lost topics, races, odd threads, limits, ids, names."""

import asyncio
import dataclasses
from typing import Any

import pytest

from bridge.staff import backlog
from mostik_house import open_channels
from tests.shop import GROUP, STAFF, TOKEN, Phone


async def _topic_of(shop: Any, text: str = "оператор", name: str = "Анна Ковалёва") -> tuple[Phone, int]:
    anna = await shop.phone(name)
    await anna.say(text)
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "Диалог №")
    return anna, topic


async def _calls(shop: Any, method: str = "") -> list[dict[str, Any]]:
    calls = (await shop.ctl("GET", "/calls"))["items"]
    return [call for call in calls if not method or call["method"] == method]


async def _topics(shop: Any, name: str, group: int = GROUP) -> list[int]:
    items = (await shop.ctl("GET", f"/topics?group={group}"))["items"]
    return [item["topic"] for item in items if item["name"].startswith(name)]


@pytest.mark.parametrize("text", ["message thread not found", "TOPIC_DELETED"])
async def test_pitfall_5_a_deleted_topic_loses_no_word(shop: Any, until: Any, text: str) -> None:
    anna, topic = await _topic_of(shop)
    if text == "TOPIC_DELETED":
        await shop.ctl("POST", "/faults", {"fault": "topic_deleted", "method": "sendMessage", "count": 1})
    else:
        await shop.ctl(
            "POST", "/operator/delete_topic", {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic}
        )
    for number in range(3):
        await anna.say(f"слово {number}")

    async def made_anew() -> Any:
        return next((id for id in await _topics(shop, anna.name) if id != topic), None)

    again = await until(made_anew)
    for number in range(3):
        await shop.topic_shows(again, f"слово {number}")
    await shop.topic_shows(again, "Диалог №")
    await shop.staff_says("elena", again, "Слышу вас")
    await anna.gets("Слышу вас")


async def test_pitfall_6_two_first_words_and_an_album_make_one_topic(shop: Any) -> None:
    anna = await shop.phone()
    await asyncio.gather(anna.say("оператор"), anna.say("человека!"), anna.say("алло, оператор"))
    await shop.ctl("POST", "/user/say", {"user": anna.id, "album": 3, "text": "вот фото"})
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "вот фото")
    await shop.topic_shows(topic, "Диалог №")
    await shop.quiet()
    assert await _topics(shop, anna.name) == [topic]
    assert len(await _calls(shop, "createForumTopic")) == 1


async def test_pitfall_7_the_general_topic_is_the_teams_own(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    first = await shop.staff_says("elena", 0, "всем привет, это для своих")
    await shop.staff_says("mark", 0, "и тебе", reply_to=first)  # Telegram gives it a thread id that is no topic
    await shop.staff_says("elena", 0, "/close")

    async def told() -> Any:
        return [m for m in await shop.in_topic(0) if "/close работает в теме диалога" in m["text"]]

    await until(told)
    await shop.staff_says("elena", topic, "Здравствуйте!")
    await anna.gets("Здравствуйте!")
    await shop.quiet()
    assert not any("своих" in text or "и тебе" in text for text in await anna.heard())
    assert (await shop.conversation(anna))["stage"] == "operator"
    threads = [call["params"].get("message_thread_id") for call in await _calls(shop, "sendMessage")]
    assert "1" not in map(str, threads)


async def test_pitfall_8_what_goes_to_customers_names_no_topic(shop: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.staff_says("elena", topic, "Вам письмо")
    await anna.gets("Вам письмо")
    private = [call for call in await _calls(shop) if str(call["params"].get("chat_id")) == str(anna.id)]
    assert private
    assert not any("message_thread_id" in call["params"] for call in private)


async def test_pitfall_9_no_typing_in_the_group_and_no_call_is_refused_for_its_limits(paced: Any) -> None:
    shop = paced
    await shop.ctl("POST", "/limits", {"on": True})
    phones = [await shop.phone(f"Клиент {number}") for number in range(4)]
    await asyncio.gather(*(phone.say("оператор") for phone in phones))
    for phone in phones:
        topic = await shop.topic(phone)
        await shop.topic_shows(topic, "оператор")
        await shop.staff_says("elena", topic, "Минуту")
        await phone.gets("Минуту")
    calls = await _calls(shop)
    assert [call for call in calls if call["status"] == 429] == []
    actions = [call for call in calls if call["method"] == "sendChatAction"]
    assert [call for call in actions if int(call["params"]["chat_id"]) < 0] == []


async def test_pitfall_10_an_upgraded_group_is_followed_and_remembered(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.ctl("POST", "/faults", {"fault": "migrate", "chat": GROUP, "count": 1})
    await anna.say("вы переехали?")

    async def moved() -> Any:
        return next(iter(shop.bridge.desk.moves.values()), None)

    new = await until(moved)

    async def shown(part: str, where: int = topic) -> Any:
        items = (await shop.ctl("GET", f"/chat/{new}/messages?topic={where}"))["items"]
        return next((m for m in items if part in m["text"]), None)

    await until(lambda: shown("вы переехали?"))
    line = await until(lambda: shown("супергруппой", 0))
    assert new in line["text"]
    assert "bots.telegram.staff_group.chat" in line["text"]
    body = {"operator": STAFF["elena"][1], "group": int(new), "topic": topic, "text": "Да, мы здесь"}
    await shop.ctl("POST", "/operator/say", body)
    await anna.gets("Да, мы здесь")
    # The next life begins with the settings' old id, and knows the new one from the store.
    channels = open_channels(shop.house.settings.bots, shop.url)
    next_life = dataclasses.replace(shop.bridge, channels=channels)
    assert next_life.desk is not None
    assert next_life.desk.groups == (str(GROUP),)
    await backlog.recall_moves(next_life)
    assert next_life.desk.groups == (new,)
    await next(iter(channels.by_name.values())).close()  # type: ignore[attr-defined]


async def test_pitfall_10_an_upgrade_is_heard_from_the_group_itself(shop: Any, until: Any) -> None:
    await _topic_of(shop)
    shop.bridge.desk._groups.hear(
        {"update_id": 1, "message": {"chat": {"id": GROUP}, "migrate_to_chat_id": -1009990001112}}
    )
    assert shop.bridge.desk.groups == ("-1009990001112",)


async def test_pitfall_11_markup_in_names_and_words_breaks_nothing(shop: Any) -> None:
    name = "<b>Анна</b>_*[`"
    anna, topic = await _topic_of(shop, "оператор", name)
    assert await _topics(shop, name) == [topic]
    for words in ("цена < 5 & > 3", "_подчёркнуто *и жирно", "[ссылка](javascript:1)"):
        await anna.say(words)
        await shop.topic_shows(topic, words)
    await shop.staff_says("elena", topic, "ответ <b>& _всё_ как есть")
    await anna.gets("ответ <b>& _всё_ как есть")


async def test_pitfall_13_edits_and_quotes_find_their_words_after_a_restart(
    tmp_path: Any, library: Any, matcher: Any, open_shop: Any, until: Any
) -> None:
    async with open_shop(tmp_path, library, matcher, {"mode": "polling"}) as shop:
        anna, topic = await _topic_of(shop)
        said = await anna.say("две чашки")
        shown = (await shop.topic_shows(topic, "две чашки"))["message_id"]
        own = await shop.staff_says("elena", topic, "Привезём завтра")
        sent = (await anna.gets("Привезём завтра"))["message_id"]
        await shop.quiet()
        world = await shop.ctl("GET", "/snapshot")
    async with open_shop(tmp_path, library, matcher, {"mode": "polling"}, world=world) as shop:
        anna.shop = shop
        await shop.ctl("POST", "/user/edit", {"user": anna.id, "message_id": said, "text": "три чашки"})
        body = {"operator": STAFF["elena"][1], "group": GROUP, "topic": topic, "message_id": own}
        await shop.ctl("POST", "/operator/edit", {**body, "text": "Привезём в субботу"})

        async def carried() -> Any:
            post = next(m for m in await shop.in_topic(topic) if m["message_id"] == shown)
            word = next(m for m in await anna.sees() if m["message_id"] == sent)
            return "три чашки" in post["text"] and word["text"] == "Привезём в субботу"

        await until(carried)
        await shop.staff_says("elena", topic, "Три так три", reply_to=shown)
        assert (await anna.gets("Три так три"))["reply_to"] == said


async def test_a_topic_closed_by_hand_and_a_bot_without_rights_there(shop: Any, until: Any) -> None:
    anna, topic = await _topic_of(shop)
    await shop.ctl("POST", "/faults", {"fault": "topic_closed", "method": "sendMessage", "chat": GROUP, "count": 1})
    await anna.say("эй, вы там?")
    await shop.topic_shows(topic, "эй, вы там?")


async def test_lost_rights_are_told_in_the_group_and_on_channels(shop: Any, until: Any) -> None:
    await shop.ctl("POST", "/faults", {"fault": "no_rights", "method": "createForumTopic", "count": 2})
    anna = await shop.phone()
    await anna.say("оператор")

    async def told() -> Any:
        items = (await shop.ctl("GET", f"/chat/{GROUP}/messages?topic=0"))["items"]
        return next((m for m in items if "Работа в группе нарушена" in m["text"]), None)

    assert "правом управлять темами" in (await until(told))["text"]
    state = await backlog.look(shop.bridge)
    assert state.reason == "not_allowed"
    assert state.waiting
    item = next(each for each in (await shop.api("GET", "/channels"))["items"] if each["name"] == "telegram")
    assert item["desk"]["waiting"]
    topic = await shop.topic(anna)
    await shop.topic_shows(topic, "оператор")

    async def well() -> bool:
        return (await backlog.look(shop.bridge)).reason is None

    await until(well)
    assert TOKEN not in str(item)


async def test_a_bot_put_out_of_the_group_works_on_with_its_first_word_there(
    shop: Any, until: Any, caplog: pytest.LogCaptureFixture
) -> None:
    anna, topic = await _topic_of(shop)
    await shop.ctl("POST", "/faults", {"fault": "403", "chat": GROUP, "count": 2})
    await anna.say("эй, вы там?")

    async def told() -> bool:  # the state itself may be over before it is looked at
        return "blocked" in [vars(record).get("reason") for record in caplog.records]

    async def well() -> bool:
        return (await backlog.look(shop.bridge)).reason is None

    await until(told)
    await shop.topic_shows(topic, "эй, вы там?")
    await until(well)
