"""One search over the API: words in any form, parameters, one's own reach, one conversation's history."""

from datetime import timedelta
from typing import Any

import pytest

from bridge.model.files import Remote
from bridge.model.ids import ConversationId
from bridge.teamwork.excerpts import excerpt
from bridge.teamwork.searching import taken_apart


async def found(house: Any, q: str, who: str = "anna", **more: str) -> dict[str, Any]:
    return dict(await house.get("/search", who=who, params={"q": q, **more}))


def told(answer: dict[str, Any]) -> list[str]:
    return [each["excerpt"] for each in answer["messages"]]


async def test_words_are_found_in_every_form_and_narrowed_by_parameters(house: Any) -> None:
    first = await house.says("Сломалась крышка чайника, что делать?", "1", "Игорь Белов")
    await house.says("Чайник шумит", "2", "Вера Лис")
    await house.post(f"/conversations/{first.id}/messages", {"text": "Пришлём новую крышку"}, status=201)
    await house.post(
        f"/conversations/{first.id}/messages", {"text": "крышка чайника: брак", "kind": "note"}, status=201
    )
    await house.post(f"/conversations/{first.id}/tags", {"add": ["брак"]})
    assert told(await found(house, "чайники")) == [
        "крышка чайника: брак",
        "Чайник шумит",
        "Сломалась крышка чайника, что делать?",
    ]
    answer = await found(house, "крышки")
    assert [each["author"]["kind"] for each in answer["messages"]] == ["note", "operator", "customer"]
    one = answer["messages"][-1]
    assert [one["excerpt"][start:end] for start, end in one["hits"]] == ["крышка"]
    assert (one["conversation_id"], one["seq"], one["customer"]["name"]) == (first.id, 1, "Игорь Белов")
    for q, count in {
        "крышка от:клиента": 1,
        "крышка from:note": 1,
        "крышка от:я": 0,
        "крышка from:me": 2,
        "крышка метка:брак": 3,
        "крышка tag:опт": 0,
        "крышка канал:telegram": 3,
        "крышка channel:vk": 0,
        "крышка до:2001-01-01": 0,
        "крышка после:01.01.2001": 3,
        "крышка from:Anna": 2,
    }.items():
        assert len((await found(house, q))["messages"]) == count, q
    assert [each["name"] for each in (await found(house, "белов"))["customers"]] == ["Игорь Белов"]
    assert [each["id"] for each in (await found(house, "брак"))["conversations"]] == [first.id]
    assert [each["id"] for each in (await found(house, str(first.number)))["conversations"]] == [first.id]
    assert [each["title"] for each in (await found(house, "возвраты"))["articles"]] == ["Как вернуть товар"]
    await house.get("/search", params={"q": "крышка до:завтра"}, status=422)
    here = await found(house, "чайник", conversation=first.id)
    assert (told(here), here["customers"]) == (["крышка чайника: брак", "Сломалась крышка чайника, что делать?"], [])


async def test_what_is_hidden_is_not_found_and_files_are_found_by_name(house: Any) -> None:
    house.channel.held["f1"] = b"%PDF-1.4 text"
    file = Remote("f1", "document", "Накладная.pdf", "application/pdf", 13)
    case = await house.says("вот", "1", files=(file,))
    assert (await found(house, "накладные"))["messages"][0]["files"] == ["Накладная.pdf"]
    team = (await house.post("/teams", {"name": "Чужие"}, who="boss", status=201))["id"]
    await house.post(f"/conversations/{case.id}/transfer", {"team": team}, who="boss")
    await house.patch("/operators/mark", {"team_access": {"scope": "only", "names": ["none"]}}, who="boss")
    hidden = await found(house, "накладные", who="mark")
    assert (hidden["messages"], hidden["conversations"]) == ([], [])
    await house.get("/search", who="mark", params={"q": "вот", "conversation": case.id}, status=404)
    await house.get("/search", who="mark", params={"q": "вот", "conversation": ConversationId("нет")}, status=404)
    assert (await found(house, "накладные", who="boss"))["messages"]


async def test_many_hits_are_gone_through_page_by_page(house: Any) -> None:
    for number in range(30):
        await house.says(f"заказ {number}", str(number % 3))
        house.clock.shift += timedelta(seconds=1)
    answer = await found(house, "заказы", limit="7")
    assert (len(answer["messages"]), answer["more"]) == (7, True)
    assert answer["messages"][0]["excerpt"] == "заказ 29"


@pytest.mark.parametrize(
    ("q", "words", "author"),
    [
        ("привет", "привет", ""),
        ("от:«Игорь Б» привет мир", "привет мир", "Игорь Б"),
        ("время 12:30 https://a.b", "время 12:30 https://a.b", ""),
    ],
)
def test_parameters_are_taken_out_of_what_was_typed(q: str, words: str, author: str) -> None:
    assert (taken_apart(q).words, taken_apart(q).author) == (words, author)


def test_a_long_text_is_shown_around_its_first_hit() -> None:
    text = "слово " * 100 + "крышка чайника " + "конец " * 100
    piece, hits = excerpt(text, "крышки")
    assert [piece[start:end] for start, end in hits] == ["крышка"]
    assert (piece[0], piece[-1], len(piece) <= 162) == ("…", "…", True)
    assert excerpt("İstanbul ёлка", "елка")[1] == [(9, 13)]


async def test_each_hit_says_where_its_words_stand(house: Any) -> None:
    house.channel.held["f1"] = b"%PDF-1.4 text"
    file = Remote("f1", "document", "Накладная.pdf", "application/pdf", 13)
    case = await house.says("вот, возьмите", "1", "Игорь Белов", files=(file,))
    other = await house.says("Сломался <b>чайник</b>", "2", "Вера Лис")
    await house.post(f"/conversations/{other.id}/tags", {"add": ["Брак"]})
    await house.patch(f"/customers/{case.customer}", {"company": "ООО Ромашка"})

    def why(answer: dict[str, Any], id: str) -> tuple[str, list[str]]:
        reason = answer["found_in"][id]
        return reason["where"], [reason["excerpt"][start:end] for start, end in reason["hits"]]

    by_file = await found(house, "накладные")
    assert (by_file["messages"][0]["where"], by_file["messages"][0]["excerpt"]) == ("file", "Накладная.pdf")
    assert why(by_file, case.id) == ("file", ["Накладная"])
    by_word = await found(house, "чайники")
    assert why(by_word, other.id) == ("text", ["чайник"])
    assert by_word["found_in"][other.id]["message_id"] == by_word["messages"][0]["id"]
    assert why(await found(house, "брак"), other.id) == ("tag", ["Брак"])
    assert why(await found(house, "лис"), other.id) == ("name", ["Лис"])
    assert why(await found(house, str(other.number)), other.id) == ("number", [str(other.number)])
    for q, reason in (("ромашки", ("company", ["Ромашка"])), ("igor", ("login", ["igor"]))):
        answer = await found(house, q)
        assert (why(answer, case.customer), why(answer, case.id)) == (reason, reason)
        listed = await house.get("/conversations", params={"q": q})
        assert [row["id"] for row in listed["items"]] == [row["id"] for row in answer["conversations"]]
        assert case.id in {row["id"] for row in listed["items"]}
    assert other.id not in {row["id"] for row in (await found(house, "ромашки"))["conversations"]}


async def test_contacts_in_what_is_found_are_masked_for_who_may_not_read_them(house: Any) -> None:
    case = await house.says("мой номер 8 912 345-67-89", "1")
    assert told(await found(house, "номер")) == ["мой номер 8 912 345-67-89"]
    for q in ("номер", "79123456789"):
        answer = await found(house, q, who="watcher")
        assert "345" not in str({**answer, "words": ""}), q
    assert answer["found_in"][case.customer]["where"] == "contact"
    assert told(await found(house, "номер", who="watcher")) == ["мой номер 8 ••• •••-••-89"]
