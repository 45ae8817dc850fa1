"""Articles made of what the desk answered: one answer in two clicks, or one that is given again and again."""

from typing import Any

import pytest

from bridge.model.ids import ConversationId
from tests.acceptance.api.test_api_misses import asks

ASKED = "Есть ли гравировка на чайнике? Мой номер +7 912 345-67-89"
BARE = "Есть ли гравировка на чайнике? Мой номер [number]"
SAID = "Гравируем имя на любом чайнике за 300 рублей, это занимает два дня."


async def answered(house: Any, chat: str, answer: str, text: str = ASKED, name: str = "Игорь Белов") -> Any:
    """A customer asks, a person answers; returns the answer as the API shows it."""
    case = await house.says(text, chat, name)
    return await house.post(f"/conversations/{case.id}/messages", {"text": answer}, status=201)


@pytest.fixture
async def said(house: Any) -> Any:
    text = f"Здравствуйте, Игорь! {SAID} Заказ № 482 вышлем Белову на ул. Ленина, д. 5. Ваша Anna, https://kedr.example/gift"
    return await answered(house, "100", text)


async def test_an_answer_becomes_a_draft_without_whom_it_was_for(house: Any, said: Any) -> None:
    found = await house.get(f"/messages/{said['id']}/article")
    assert (found["question"], found["language"], found["article"]) == (BARE, "ru", None)
    hidden = "Заказ №[number] вышлем [name] на [address]. Ваша [name], https://kedr.example/gift"
    assert found["answer"] == f"{SAID} {hidden}"
    row = await house.post(f"/messages/{said['id']}/article", {"title": "Гравировка", "answer": SAID}, status=201)
    assert (row["state"], row["title"], row["answer"]) == ("review", "Гравировка", SAID)
    assert (row["questions"], row["lang"], row["signed"]["name"]) == ([BARE], "ru", "Anna")
    again = await house.post(f"/messages/{said['id']}/article", {"title": "Другая"}, status=201)
    assert (again["id"], again["title"], again["version"]) == (row["id"], "Гравировка", row["version"])
    assert (await house.get(f"/messages/{said['id']}/article"))["article"] == row["id"]
    await house.post(f"/articles/{row['id']}/publish", who="anna", status=403)
    await house.post(f"/articles/{row['id']}/publish", who="writer")
    assert (await house.post("/kb/match", {"text": "Есть ли гравировка на чайнике?"}))["ranked"][0][
        "title"
    ] == "Гравировка"


async def test_an_editor_has_a_draft_of_his_own_and_the_question_leaves_the_board(house: Any) -> None:
    await asks(house, "почём фрахт баржи", "7")
    assert (await house.get("/kb/misses"))["total"] == 1
    case = (await house.get("/conversations", params={"external_id": "7"}))["items"][0]
    path = f"/conversations/{case['id']}/messages"
    word = await house.post(path, {"text": "Баржа стоит сто рублей в день."}, status=201)
    draft = await house.post(f"/messages/{word['id']}/article", {}, who="writer", status=201)
    assert (draft["state"], draft["title"], draft["questions"]) == ("draft", "почём фрахт баржи", ["почём фрахт баржи"])
    assert draft["answer"] == "Баржа стоит сто рублей в день."
    assert (await house.get("/kb/misses"))["total"] == 0
    assert [each["miss"]["state"] for each in (await house.get(f"/articles/{draft['id']}/misses"))["items"]] == [
        "taken"
    ]


async def test_a_question_is_added_to_the_article_that_says_it_already(house: Any) -> None:
    word = await answered(house, "100", "Привет! Верните товар в течение 14 дней!", "чайник не подошёл, примете назад")
    near = (await house.get(f"/messages/{word['id']}/article"))["similar"]
    assert (near[0]["article_id"], near[0]["same"]) == ("return", True)
    proposed = await house.post(f"/messages/{word['id']}/article", {"article": "return"}, status=201)
    assert "чайник не подошёл, примете назад" not in proposed["questions"]
    assert (proposed["next"]["questions"][-1], proposed["next"]["review"]) == (
        "чайник не подошёл, примете назад",
        True,
    )
    body = {"article": "delivery", "question": "примете назад?"}
    added = await house.post(f"/messages/{word['id']}/article", body, who="writer", status=201)
    assert (added["questions"][-1], added["next"]) == ("примете назад?", None)
    await house.post(f"/messages/{word['id']}/article", body | {"question": "!"}, status=422)
    await house.post(f"/messages/{word['id']}/article", {"article": "none"}, status=404)


async def test_what_is_no_answer_makes_no_article(house: Any, said: Any) -> None:
    case = ConversationId(said["conversation_id"]) if "conversation_id" in said else None
    rows = (await house.get("/conversations", params={"external_id": "100"}))["items"]
    path = f"/conversations/{case or rows[0]['id']}/messages"
    note = await house.post(path, {"text": "Только нам: он сердит", "kind": "note"}, status=201)
    customer = next(row for row in (await house.get(path))["items"] if row["author"]["kind"] == "customer")
    for id in (note["id"], customer["id"]):
        await house.get(f"/messages/{id}/article", status=422)
        await house.post(f"/messages/{id}/article", {}, status=422)
    await house.get("/messages/none/article", status=404)
    for verb, body in (("GET", None), ("POST", {})):
        refused = await house.call(verb, f"/messages/{said['id']}/article", "watcher", json=body)
        assert refused.status == 403


async def test_what_is_answered_again_and_again_is_listed_until_an_article_says_it_or_it_is_skipped(house: Any) -> None:
    names = ("Игорь Белов", "Мария", "Olga")
    for number, name in enumerate(names):
        await answered(house, str(number), f"Добрый день, {name.split()[0]}! {SAID}", name=name)
    await answered(house, "0", f"{SAID}")  # the same customer again counts once
    for number in range(4):
        await answered(house, f"short{number}", "Спасибо, ждём!")
        await answered(house, f"known{number}", "Верните товар в течение 14 дней.", "как вернуть товар")
    listed = (await house.get("/kb/replies"))["items"]
    assert [(each["text"], each["customers"], each["times"]) for each in listed] == [(SAID, 3, 4)]
    assert (listed[0]["question"], listed[0]["operators"], listed[0]["channels"]) == (BARE, ["Anna"], {"telegram": 4})
    assert (await house.get("/kb/replies", params={"language": "en"}))["items"] == []
    await house.post(f"/kb/replies/{listed[0]['id']}/skip", who="anna", status=403)
    await house.post("/kb/replies/none/skip", who="writer", status=404)
    for _ in range(2):
        await house.post(f"/kb/replies/{listed[0]['id']}/skip", who="writer", status=204)
    await answered(house, "9", SAID)  # what was skipped stays so, whoever is told it next
    assert (await house.get("/kb/replies"))["items"] == []
    await house.post(f"/kb/replies/{listed[0]['id']}/unskip", who="writer", status=204)
    (back,) = (await house.get("/kb/replies"))["items"]
    assert back["customers"] == 4
    await house.post(f"/messages/{back['message_id']}/article", {}, who="writer", status=201)
    assert (await house.get("/kb/replies"))["items"] == []
