"""The board of questions without an answer: from a customer's question to an article that answers the next one."""

from datetime import timedelta
from typing import Any

import pytest

from bridge import bot, timers
from bridge.bot import answer_burst
from bridge.model.ids import ChannelName, ChatId
from bridge.model.inbound import Pressed, Said, Sender
from bridge.receive import receive

PAY = ("Можно разбить платёж на 4 части?", "можно ли разбить платеж на части", "Разбить платёж частями можно?")
GIFT = "упакуете фарфор к празднику"


async def asks(house: Any, text: str, chat: str) -> None:
    """A customer asks, and the bot takes its turn."""
    where, sender = ChannelName("telegram"), Sender(chat, "Игорь Белов", "igor")
    said = Said(where, ChatId(chat), f"q{next(house.numbers)}", sender, text, house.clock.now(), "text")
    received = await receive(house.bridge, said)
    await answer_burst(house.bridge, received.conversation, [received])


@pytest.fixture
async def asked(house: Any) -> Any:
    for number, text in enumerate((*PAY, GIFT)):
        await asks(house, text, str(200 + number))
    return house


async def test_questions_are_grouped_ranked_and_masked(asked: Any) -> None:
    await asks(asked, "Я Игорь, почём фрахт баржи? звоните +7 912 345-67-89 или i@shop.example", "300")
    board = await asked.get("/kb/misses")
    assert (board["total"], board["items"][0]["count"], board["items"][0]["trend"]) == (5, 3, [0, 0, 0, 0, 0, 0, 3])
    assert board["items"][0]["label"] in PAY
    assert (board["items"][0]["languages"], board["items"][0]["channels"]) == ({"ru": 3}, {"telegram": 3})
    told = next(each for group in board["items"] for each in group["misses"] if "фрахт" in each["text"])
    assert told["text"] == "Я [name], почём фрахт баржи? звоните [number] или [e-mail]"
    assert (told["reason"], told["state"]) == ("unsure", "open")
    asked.clock.shift = timedelta(days=2)
    await asks(asked, GIFT, "301")
    board = await asked.get("/kb/misses")
    assert board["items"][0]["trend"] == [0, 0, 0, 0, 3, 0, 0]
    assert (await asked.get("/kb/misses", params={"language": "en"}))["items"] == []
    assert (await asked.get("/kb/misses", params={"days": "1"}))["total"] == 1


async def test_from_a_question_to_an_article_that_answers_the_next_one(asked: Any) -> None:
    group = (await asked.get("/kb/misses"))["items"][0]
    ids = [each["id"] for each in group["misses"]]
    draft = await asked.post("/kb/misses/article", {"ids": ids, "answer": "Да, на 4 части."}, who="writer", status=201)
    assert (draft["state"], draft["lang"], len(draft["questions"])) == ("draft", "ru", 3)
    assert [each["example"] for each in (await asked.get("/kb/misses"))["items"]] == [GIFT]
    assert (await asked.get(f"/articles/{draft['id']}/misses"))["answered"] == 0
    await asks(asked, "можно разбить ПЛАТЁЖ на 4 части", "399")  # came after the draft
    await asked.post(f"/articles/{draft['id']}/publish", who="writer")
    again = await asked.get(f"/articles/{draft['id']}/misses")
    states = {each["miss"]["state"] for each in again["items"]}
    assert (again["answered"], states) == (3, {"taken"})  # looking notes nothing
    await asked.post(f"/articles/{draft['id']}/misses", who="anna", status=403)
    again = await asked.post(f"/articles/{draft['id']}/misses", who="writer")
    assert (again["answered"], {each["miss"]["state"] for each in again["items"]}) == (4, {"answered"})
    again = await asked.get(f"/articles/{draft['id']}/misses")
    assert (len(again["items"]), {each["miss"]["state"] for each in again["items"]}) == (4, {"answered"})
    await asks(asked, PAY[0], "400")
    case = (await asked.get("/conversations", params={"external_id": "400"}))["items"][0]
    history = (await asked.get(f"/conversations/{case['id']}/messages"))["items"]
    assert any("Да, на 4 части." in each["text"] for each in history)
    assert (await asked.get("/kb/misses"))["total"] == 1


async def test_questions_are_added_to_an_article_at_once(asked: Any) -> None:
    board = await asked.get("/kb/misses")
    ids = [each["id"] for group in board["items"] if group["example"] == GIFT for each in group["misses"]]
    row = await asked.post("/kb/misses/add", {"ids": ids, "article": "return"}, who="writer")
    assert row["questions"][-1] == GIFT
    again = await asked.post("/kb/misses/again", {"ids": ids}, who="writer")
    assert [(each["decision"], each["article_id"], each["miss"]["state"]) for each in again["items"]] == [
        ("answer", "return", "answered")
    ]


async def test_an_article_with_the_most_wordings_takes_no_more_and_the_questions_stay(asked: Any) -> None:
    full = [f"вопрос номер {number}" for number in range(500)]
    body = {"id": "full", "title": "Полная", "answer": "Да.", "questions": full}
    await asked.post("/articles", body, who="writer", status=201)
    board = await asked.get("/kb/misses")
    ids = [each["id"] for group in board["items"] for each in group["misses"]]
    refused = await asked.post("/kb/misses/add", {"ids": ids, "article": "full"}, who="writer", status=422)
    assert [(each["field"], each["code"]) for each in refused["errors"]] == [("questions", "too_many")]
    assert (await asked.get("/articles/full"))["questions"] == full
    assert (await asked.get("/kb/misses"))["total"] == len(ids) == 4


async def test_what_is_no_question_leaves_the_board_and_the_matcher_learns_it(asked: Any) -> None:
    board = await asked.get("/kb/misses")
    ids = [each["id"] for group in board["items"] if group["example"] == GIFT for each in group["misses"]]
    assert await asked.post("/kb/misses/dismiss", {"ids": ids}, who="writer") == {"done": 1}
    assert (await asked.get("/kb/misses"))["total"] == 3
    assert [(each.text, each.article_id) for each in await asked.bridge.store.articles.labels()] == [(GIFT, None)]
    gone = await asked.get("/kb/misses", params={"state": "dismissed"})
    assert [each["id"] for group in gone["items"] for each in group["misses"]] == ids
    await asked.post("/kb/misses/restore", {"ids": ids}, who="anna", status=403)
    for done in (1, 0):
        assert await asked.post("/kb/misses/restore", {"ids": ids}, who="writer") == {"done": done}
    assert ((await asked.get("/kb/misses"))["total"], await asked.bridge.store.articles.labels()) == (4, [])


HINT = "возврат доставки"  # the base offers articles for it and is sure of none


async def missed(house: Any) -> list[tuple[str, str]]:
    """What stands on the board: text and reason."""
    board = await house.get("/kb/misses")
    return sorted((each["text"], each["reason"]) for group in board["items"] for each in group["misses"])


async def test_who_goes_on_without_picking_what_was_offered_had_no_answer(house: Any) -> None:
    await asks(house, HINT, "1")
    await asks(house, "спасибо", "1")
    assert await missed(house) == []  # offered, and nothing says that it was not what he meant
    await asks(house, "почём фрахт баржи", "1")
    assert await missed(house) == [(HINT, "not_picked"), ("почём фрахт баржи", "unsure")]
    await asks(house, HINT, "2")
    await asks(house, "позовите оператора", "2")
    assert await missed(house) == [(HINT, "not_picked")] * 2 + [("почём фрахт баржи", "unsure")]
    await asks(house, HINT, "3")
    await press(house, "pick:", "3")
    await asks(house, "позовите оператора", "3")
    assert len(await missed(house)) == 3  # it was picked
    await asks(house, "срок доставки", "4")
    await press(house, "no:", "4")
    assert ("срок доставки", "not_helped") in await missed(house)


async def press(house: Any, data: str, chat: str) -> None:
    """A customer presses the newest button that begins so."""
    case = (await house.get("/conversations", params={"external_id": chat}))["items"][0]
    rows = await house.bridge.store.messages.page(case["id"], None, None, 20)
    found = [one for row in reversed(rows) for one in row.choices if one.data.startswith(data)]
    where, sender = ChannelName("telegram"), Sender(chat, "Игорь Белов", "igor")
    at = house.clock.now()
    said = Pressed(where, ChatId(chat), f"q{next(house.numbers)}", sender, found[0].data, found[0].text, at)
    await bot.press(house.bridge, await receive(house.bridge, said), found[0].data)


async def test_questions_are_forgotten_after_a_year(asked: Any) -> None:
    asked.clock.shift = timedelta(days=366)
    await asks(asked, GIFT, "301")
    assert await timers.forget(asked.bridge) >= 4
    assert (await asked.get("/kb/misses", params={"days": "365"}))["total"] == 1


async def test_who_may_do_what(asked: Any) -> None:
    ids = [(await asked.get("/kb/misses", who="watcher"))["items"][0]["misses"][0]["id"]]
    for path, body in (("article", {}), ("add", {"article": "return"}), ("dismiss", {}), ("again", {})):
        await asked.post(f"/kb/misses/{path}", {"ids": ids} | body, who="anna", status=403)
    await asked.post("/kb/misses/article", {"ids": ["none"]}, who="writer", status=422)
    await asked.post("/kb/misses/add", {"ids": ids, "article": "none"}, who="writer", status=404)


async def test_a_turn_that_is_taken_twice_is_one_question(house: Any) -> None:
    for _ in range(2):
        said = Said(
            ChannelName("telegram"),
            ChatId("9"),
            "same",
            Sender("9", "И", "i"),
            "почём фрахт баржи",
            house.clock.now(),
            "text",
        )
        received = await receive(house.bridge, said)
        await answer_burst(house.bridge, received.conversation, [received])
    assert (await house.get("/kb/misses"))["total"] == 1
