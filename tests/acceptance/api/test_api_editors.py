"""What editors do to articles by the API: drafts, review, editions, many at once, what is to be looked at."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from bridge.library.index import look
from bridge.model.articles import Article
from bridge.model.ids import ArticleId
from tests.files import picture


async def ask(house: Any, text: str) -> list[str]:
    """Return the articles the knowledge base finds."""
    return [each["article_id"] for each in (await house.post("/kb/match", {"text": text}))["ranked"]]


async def test_customers_are_told_what_stands_while_the_next_edition_is_worked_on(house: Any) -> None:
    drafted = await house.call(
        "PUT", "/articles/return/draft", "writer", json={"answer": "Новый ответ", "questions": ["сдать обратно"]}
    )
    row = await drafted.json()
    assert (drafted.status, row["state"], row["answer"]) == (200, "published", "Верните товар в течение 14 дней.")
    assert (row["next"]["answer"], row["next"]["signed"]["name"], row["edition"]) == ("Новый ответ", "Writer", 1)
    assert (await house.post("/kb/match", {"text": "сдать обратно"}))["decision"] != "answer"
    differ = await house.get("/articles/return/draft/changes")
    assert [each["field"] for each in differ["items"]] == ["answer", "questions"]
    for draft, answer in (("false", "Верните товар в течение 14 дней."), ("true", "Новый ответ")):
        assert (await house.get("/articles/return/reply", params={"draft": draft}))["parts"] == [answer]
    published = await house.post("/articles/return/publish", who="writer")
    assert (published["answer"], published["next"], published["edition"]) == ("Новый ответ", None, 2)
    said = await house.post("/kb/match", {"text": "сдать обратно"})
    assert (said["decision"], said["ranked"][0]["article_id"]) == ("answer", "return")


async def test_a_draft_is_known_to_customers_only_once_it_is_published_and_no_more_when_archived(house: Any) -> None:
    body = {"id": "pay", "title": "Оплата картой", "answer": "Картой.", "state": "draft"}
    row = await house.post("/articles", body, who="writer", status=201)
    assert (row["state"], row["in_force"]) == ("draft", False)
    assert "pay" not in await ask(house, "оплата картой")
    assert (await house.post("/articles/pay/review", who="writer"))["state"] == "review"
    back = await house.post("/articles/pay/send_back", {"comment": "допишите о рассрочке"}, who="chief")
    assert (back["state"], back["comment"]) == ("draft", "допишите о рассрочке")
    await house.post("/articles/pay/publish", who="writer")
    assert (await ask(house, "оплата картой"))[0] == "pay"
    assert (await house.post("/articles/pay/archive", who="writer"))["state"] == "archived"
    assert "pay" not in await ask(house, "оплата картой")


async def test_what_lacks_an_answer_or_a_wording_is_not_published(house: Any) -> None:
    await house.post("/articles", {"id": "x", "title": "???", "state": "draft"}, who="writer", status=201)
    for verb in ("publish", "review"):
        refused = await house.post(f"/articles/x/{verb}", who="writer", status=422)
        assert [(each["field"], each["code"]) for each in refused["errors"]] == [
            ("answer", "required"),
            ("questions", "required"),
        ]


async def test_where_the_settings_want_it_only_a_reviewer_publishes(house: Any, monkeypatch: Any) -> None:
    object.__setattr__(house.bridge, "settings", replace(house.bridge.settings, review=True))
    body = {"id": "pay", "title": "Оплата картой", "answer": "Картой."}
    await house.post("/articles", body, who="writer", status=403)
    await house.post("/articles", body | {"state": "draft"}, who="writer", status=201)
    await house.post("/articles/pay/publish", who="writer", status=403)
    await house.post("/articles/pay/review", who="writer")
    assert (await house.post("/articles/pay/publish", who="chief"))["state"] == "published"
    await house.patch("/articles/pay", {"answer": "Иначе"}, who="writer", status=403)
    await house.post("/articles/pay/archive", who="writer", status=403)
    assert (await house.call("DELETE", "/articles/pay", "writer")).status == 403
    drafted = await house.call("PUT", "/articles/pay/draft", "writer", json={"answer": "Иначе"})
    assert (await drafted.json())["answer"] == "Картой."
    done = await house.post("/articles/bulk", {"ids": ["pay"], "add_tags": ["x"]}, who="writer")
    assert done["items"][0]["code"] == "forbidden"


async def test_an_operator_changes_nothing(house: Any) -> None:
    for verb in ("review", "publish", "archive"):
        await house.post(f"/articles/return/{verb}", who="anna", status=403)
    assert (await house.call("PUT", "/articles/return/draft", "anna", json={"answer": "x"})).status == 403
    await house.post("/articles/return/restore", {"edition": 1}, who="anna", status=403)
    await house.post("/articles/bulk", {"ids": ["return"], "state": "archived"}, who="anna", status=403)


async def test_two_who_write_at_once_are_told(house: Any) -> None:
    row = await house.get("/articles/return")
    told = {"If-Match": str(row["version"])}
    await house.patch("/articles/return", {"title": "Первый"}, who="writer", headers=told)
    for method, path in (("PUT", "draft"), ("POST", "publish"), ("POST", "archive")):
        body = {"answer": "x"} if method == "PUT" else None
        late = await house.call(method, f"/articles/return/{path}", "chief", json=body, headers=told)
        assert (late.status, (await late.json())["code"]) == (409, "version")
    assert (await house.get("/articles/return"))["title"] == "Первый"


async def test_editions_are_kept_with_who_and_when_compared_and_brought_back(house: Any) -> None:
    old = (await house.get("/articles/return"))["answer"]
    await house.patch("/articles/return", {"answer": "Верните товар в течение 30 дней."}, who="writer")
    await house.patch("/articles/return", {"tags": ["возврат"]}, who="chief")
    listed = (await house.get("/articles/return/editions"))["items"]
    assert [(each["number"], each["signed"] and each["signed"]["name"]) for each in listed] == [
        (3, "Chief"),
        (2, "Writer"),
        (1, None),
    ]
    differ = await house.get("/articles/return/editions/1/changes", params={"against": "2"})
    (answer,) = differ["items"]
    told = [(each["kind"], each["text"]) for each in answer["pieces"]]
    assert told == [("same", "Верните товар в течение "), ("gone", "14"), ("new", "30"), ("same", " дней.")]
    whole = await house.get("/articles/return/editions/1/changes")
    assert [each["field"] for each in whole["items"]] == ["answer", "tags"]
    back = await house.post("/articles/return/restore", {"edition": 1}, who="writer")
    assert (back["answer"], back["tags"], back["edition"]) == (old, [], 4)
    draft = await house.post("/articles/return/restore", {"edition": 2, "draft": True}, who="writer")
    assert (draft["answer"], draft["next"]["answer"]) == (old, "Верните товар в течение 30 дней.")
    assert (await house.get("/articles/return/editions", params={"limit": "2"}))["next"] == 3
    await house.get("/articles/return/editions/9", status=404)
    await house.get("/articles/return/editions/x", status=422)


async def test_an_article_that_was_removed_comes_back(house: Any) -> None:
    await house.patch("/articles/return", {"answer": "Второй"}, who="writer")
    await house.call("DELETE", "/articles/return", "writer")
    assert "return" not in await ask(house, "как вернуть товар")
    listed = (await house.get("/articles/return/editions"))["items"]
    assert [each["number"] for each in listed] == [2, 1]
    back = await house.post("/articles/return/restore", {"edition": 2}, who="writer")
    assert (back["answer"], back["state"], back["edition"]) == ("Второй", "published", 3)
    assert (await ask(house, "как вернуть товар"))[0] == "return"


async def test_articles_are_found_by_words_and_values(house: Any) -> None:
    await house.patch("/articles/return", {"tags": ["Возврат"], "team": "desk", "lang": "ru"}, who="writer")
    for asked in ({"q": "вернуть товары"}, {"tag": "возврат"}, {"team": "desk"}, {"lang": "ru", "q": "14 дн"}):
        assert [row["id"] for row in (await house.get("/articles", params=asked))["items"]] == ["return"], asked
    assert (await house.get("/articles", params={"state": "draft"}))["items"] == []
    counts = await house.get("/articles/counts")
    assert counts == {"draft": 0, "review": 0, "published": 2, "archived": 0}


async def test_many_articles_are_changed_at_once_and_each_is_told_of(house: Any) -> None:
    await house.post("/articles", {"id": "empty", "title": "Пусто", "state": "draft"}, who="writer", status=201)
    body = {"ids": ["return", "none", "empty"], "add_tags": ["осень"], "team": "desk", "state": "published"}
    done = await house.post("/articles/bulk", body, who="writer")
    assert [(each["id"], each["code"]) for each in done["items"]] == [
        ("return", None),
        ("none", "not_found"),
        ("empty", "invalid"),
    ]
    assert done["items"][2]["errors"] == [{"field": "answer", "code": "required"}]
    row = await house.get("/articles/return")
    assert (row["tags"], row["team"], row["edition"]) == (["осень"], "desk", 2)
    await house.post("/articles/bulk", {"ids": ["return"], "remove_tags": ["осень"], "team": None}, who="writer")
    row = await house.get("/articles/return")
    assert (row["tags"], row["team"]) == ([], None)


async def test_what_is_to_be_looked_at_is_told_with_its_place(house: Any) -> None:
    body = {
        "id": "odd",
        "title": "Странная <script>x</script>",
        "questions": ["Когда привезут заказ?!", "как дела", "Как  дела?", "!!!"],
        "answer": f"Первая строка\n<b>жирно</b> и **звёзды** {'я' * 4100}",
        "variants": [{"answer": "[ссылка](https://shop.example)", "channel": "vk"}],
        "buttons": [{"text": "Дальше", "article": "nowhere"}],
        "state": "draft",
    }
    await house.post("/articles", body, who="writer", status=201)
    flags = (await house.get("/articles/odd/check"))["flags"]
    told = {(each["field"], each["code"]): (each["detail"], each["article"]) for each in flags}
    assert told[("questions.0", "in_another")] == ("Когда привезут заказ?!", "delivery")
    assert told[("title", "html")] == ("1: <script>", None)
    assert told[("answer", "html")] == ("2: <b>", None)
    assert told[("answer", "markup")] == ("2: **", None)
    assert told[("answer", "over_channel_limit")][0].endswith("> 4096")
    assert told[("variants.0.answer", "markup")][0].startswith("1: [ссылка]")
    assert told[("buttons", "leads_nowhere")] == ("nowhere", "nowhere")
    assert {("questions.2", "twice"), ("questions.3", "no_words")} <= told.keys()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"variants": [{"answer": "x"}]}, "variants.0", "for_nobody"),
        ({"variants": [{"answer": "x", "lang": "en"}, {"answer": "y", "lang": "en"}]}, "variants.1", "twice"),
        ({"buttons": [{"text": "x", "url": "javascript:alert(1)"}]}, "buttons.0.url", "invalid"),
        ({"buttons": [{"text": "x" * 41}]}, "buttons.0.text", "too_long"),
        ({"files": [{"file_id": "nobody's"}]}, "files", "unknown"),
        ({"valid_from": "2026-01-02T00:00:00Z", "valid_until": "2026-01-01T00:00:00Z"}, "valid_until", "before_begin"),
        ({"answer": None}, "answer", "required"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_place(house: Any, change: Any, field: str, code: str) -> None:
    for method, path in (("PATCH", "/articles/return"), ("PUT", "/articles/return/draft")):
        refused = await house.call(method, path, "writer", json=change)
        assert refused.status == 422
        assert [(each["field"], each["code"]) for each in (await refused.json())["errors"]] == [(field, code)]


async def test_an_article_says_the_variant_of_the_channel_and_the_language(house: Any) -> None:
    variants = [
        {"answer": "By phone", "lang": "en"},
        {"answer": "В ВК", "channel": "vk"},
        {"answer": "Telegram, English", "channel": "telegram", "lang": "en", "buttons": [{"text": "Call"}]},
    ]
    buttons = [{"text": "Сайт", "url": "https://shop.example"}, {"text": "Позвать"}]
    body = {"answer": "Обычно", "lang": "ru", "variants": variants, "buttons": buttons}
    await house.patch("/articles/return", body, who="writer")

    async def says(**where: str) -> tuple[str, list[str]]:
        told = await house.get("/articles/return/reply", params=where)
        return "|".join(told["parts"]), told["buttons"]

    assert await says() == ("Обычно\n\nСайт: https://shop.example", ["Позвать"])
    assert (await says(language="en"))[0].startswith("By phone")
    assert (await says(channel="telegram", language="en")) == ("Telegram, English", ["Call"])
    assert (await says(channel="telegram", language="ru"))[0].startswith("Обычно")
    assert (await says(channel="vk", language="ru"))[0].startswith("В ВК")
    assert (await says(channel="vk", language="en"))[0].startswith("By phone")


async def test_suggestions_say_the_variant_of_the_customers_channel(house: Any) -> None:
    await house.patch("/articles/return", {"variants": [{"answer": "Для Telegram", "channel": "telegram"}]}, who="boss")
    case = await house.says("как вернуть товар")
    await house.post(f"/conversations/{case.id}/release", {"to": "queue"})
    told = await house.call("GET", f"/conversations/{case.id}/suggestions")
    assert (await told.json())[0]["answer"] == "Для Telegram"


async def test_an_article_is_matched_within_its_dates_alone(house: Any) -> None:
    now = house.clock.now()
    dates = {
        "valid_from": (now + timedelta(hours=1)).isoformat(),
        "valid_until": (now + timedelta(hours=2)).isoformat(),
    }
    row = await house.patch("/articles/return", dates, who="writer")
    assert row["in_force"] is False
    assert "return" not in await ask(house, "как вернуть товар")
    await look(house.bridge)
    for hours, known in ((1.5, True), (2.5, False)):
        house.clock.shift = timedelta(hours=hours)
        await look(house.bridge)
        assert ("return" in await ask(house, "как вернуть товар")) is known


async def test_files_of_an_article_are_the_writers_own_or_its_own(house: Any) -> None:
    form = {"file": BytesIO(picture())}
    kept = await (await house.call("POST", "/files", "writer", data=form)).json()
    row = await house.patch("/articles/return", {"files": [{"file_id": kept["id"]}]}, who="writer")
    assert [each["id"] for each in row["files"]] == [kept["id"]]
    again = await house.patch("/articles/return", {"files": [{"file_id": kept["id"]}]}, who="chief")
    assert again["files"] == row["files"]
    await house.patch("/articles/delivery", {"files": [{"file_id": kept["id"]}]}, who="chief", status=422)


async def test_an_article_written_beside_the_api_has_a_history_too(house: Any) -> None:
    await house.bridge.store.articles.put(Article(ArticleId("beside"), "Рядом", "Ответ"))
    await house.patch("/articles/beside", {"answer": "Другой"}, who="writer")
    listed = (await house.get("/articles/beside/editions"))["items"]
    assert [(each["number"], each["answer"]) for each in listed] == [(2, "Другой"), (1, "Ответ")]
