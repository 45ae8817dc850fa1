"""The test console and the base's health: what the bot would say, kept questions, what publishing would do, counts."""

from datetime import timedelta
from typing import Any

from tests.acceptance.api.test_api_misses import asks

RETURN = "как вернуть товар"


async def test_the_console_tells_ranks_reasons_and_the_words_of_every_channel(house: Any) -> None:
    there = await house.get("/articles/return")
    exact = await house.post("/kb/match", {"text": there["questions"][0]})
    assert (exact["decision"], exact["held_back"], exact["ranked"][0]["article_id"]) == ("answer", None, "return")
    assert exact["ranked"][0]["words"]
    assert exact["thresholds"]["answer"] is None
    assert {each["channel"] for each in exact["replies"]} == set(house.bridge.channels.by_name)
    assert all(each["reply"]["parts"] == [there["answer"]] for each in exact["replies"])
    nothing = await house.post("/kb/match", {"text": "ъъъ"})
    assert (nothing["decision"], nothing["held_back"], nothing["replies"]) == ("none", "nothing", [])
    other = await house.post(
        "/kb/match", {"text": f"{there['questions'][0]} пожалуйста побыстрее кот", "language": "ru"}
    )
    assert other["held_back"] in ("cold", None)
    await house.post("/kb/match", {"text": "x", "language": "русский"}, status=422)


async def test_a_verdict_of_the_console_is_a_label_without_personal_data(house: Any) -> None:
    body = {"text": "верните на +7 912 345-67-89", "article_id": "return"}
    assert await house.post("/kb/labels", body, who="writer") == {"noted": True}
    assert await house.post("/kb/labels", body, who="writer") == {"noted": False}
    await house.post("/kb/labels", body, who="anna", status=403)
    await house.post("/kb/labels", {"text": "да", "article_id": "none"}, who="writer", status=404)
    (label,) = await house.bridge.store.labels.all()
    assert (label.text, label.article_id, label.source) == ("верните на [number]", "return", "console")


async def test_kept_questions_are_asked_before_an_article_is_published(house: Any) -> None:
    there = await house.get("/articles/return")
    first = there["questions"][0]
    kept = await house.post("/kb/questions", {"text": first, "article_id": "return"}, who="writer", status=201)
    body = {"text": "самовар напрокат", "article_id": "samovar"}
    await house.post("/kb/questions", body, who="writer", status=404)
    article = {
        "id": "samovar",
        "title": "Самовар",
        "questions": ["самовар напрокат"],
        "answer": "Да.",
        "state": "draft",
    }
    await house.post("/articles", article, who="writer", status=201)
    await house.post("/kb/questions", body, who="writer", status=201)
    ran = await house.post("/kb/questions/run")
    assert (ran["passed"], ran["failed"], ran["items"][0]["question"]["article_title"]) == (1, 1, "Самовар")
    await asks(house, "можно самовар напрокат?", "500")

    healed = await house.get("/articles/samovar/effects", who="writer")
    assert (healed["kept"], healed["customers"], healed["heals"], healed["breaks"]) == (2, 1, 1, 0)
    kinds = {each["text"]: (each["kind"], each["kept"], each["after"]["article_id"]) for each in healed["items"]}
    assert kinds == {
        "самовар напрокат": ("heals", True, "samovar"),
        "можно самовар напрокат?": ("changes", False, "samovar"),
    }
    assert (await house.post("/kb/questions/run"))["failed"] == 1, "looking published nothing"

    draft = {"questions": ["про погоду"], "title": "Погода", "answer": "Ясно."}
    assert (await house.call("PUT", "/articles/return/draft", "writer", json=draft)).status == 200
    broken = await house.get("/articles/return/effects", who="writer")
    assert [(each["kind"], each["text"]) for each in broken["items"] if each["kept"]] == [("breaks", first)]
    await house.get("/articles/return/effects", who="anna", status=403)

    changed = await house.patch(f"/kb/questions/{kept['id']}", {"article_id": None}, who="writer")
    assert (changed["article_id"], changed["version"]) == (None, 2)
    assert (await house.call("DELETE", f"/kb/questions/{kept['id']}", "writer")).status == 204
    assert [each["text"] for each in (await house.get("/kb/questions"))["items"]] == ["самовар напрокат"]


async def test_shown_and_helped_are_counted_once_and_stand_in_lists(house: Any) -> None:
    first = (await house.get("/articles/return"))["questions"][0]
    for number in range(2):
        await asks(house, first, str(600 + number))
    house.clock.shift = timedelta(seconds=30)
    row = next(each for each in (await house.get("/articles"))["items"] if each["id"] == "return")
    assert (row["usage"]["shown"], row["usage"]["shown_30_days"], row["usage"]["helped_share"]) == (2, 2, None)
    house.clock.shift = timedelta(days=31)
    told = await house.get("/articles/return/usage")
    assert (told["usage"]["shown"], told["usage"]["shown_30_days"], bool(told["last_shown"])) == (2, 0, True)


async def test_health_names_what_needs_an_eye(house: Any) -> None:
    first = (await house.get("/articles/return"))["questions"][0]
    twin = {"id": "twin", "title": "Ещё о возврате", "questions": [first], "answer": "Иначе."}
    button = {"text": "Возврат", "article": "return"}
    near = {"id": "near", "title": "Почти", "questions": [f"{first} скажите"], "answer": "Так.", "buttons": [button]}
    for body in (twin, near):
        await house.post("/articles", body, who="writer", status=201)
    found = await house.get("/kb/health")
    assert [{each["one"]["id"], each["other"]["id"]} for each in found["contradictions"]] == [{"return", "twin"}]
    assert {"near"} <= {each[side]["id"] for each in found["twins"] for side in ("one", "other")}
    assert {"twin", "near"} <= {each["id"] for each in found["unseen"]}
    assert (found["whole"], found["stale"]) == (True, [])
    leading = (await house.get("/articles/return/usage"))["used_in"]
    assert leading == [{"id": "near", "title": "Почти"}]
    told = await house.get("/kb/health/threshold")
    assert (told["answer"], told["curves"][0]["labels"], told["curves"][0]["points"]) == (None, 0, [])
    assert told["learning"]["needed"] >= 1


async def test_effects_are_said_again_until_something_changes(house: Any, monkeypatch: Any) -> None:
    asked: list[int] = []
    rehearsed = type(house.bridge.matcher).rehearsed

    async def counted(self: Any, put: Any, gone: Any, texts: Any) -> Any:
        asked.append(len(texts))
        return await rehearsed(self, put, gone, texts)

    monkeypatch.setattr(type(house.bridge.matcher), "rehearsed", counted)
    await house.bridge.matcher.settled()
    first = await house.get("/articles/return/effects", who="writer")
    assert await house.get("/articles/return/effects", who="writer") == first
    assert len(asked) == 1
    await house.post("/kb/questions", {"text": "кот", "article_id": None}, who="writer", status=201)
    assert (await house.get("/articles/return/effects", who="writer"))["kept"] == first["kept"] + 1
    house.clock.shift = timedelta(minutes=6)
    await house.get("/articles/return/effects", who="writer")
    assert len(asked) == 3


async def test_the_curve_of_an_earlier_matcher_is_shown_with_its_age_while_a_new_one_is_drawn(house: Any) -> None:
    await house.bridge.matcher.settled()
    first = await house.get("/kb/health/threshold")
    assert first["fresh"]
    body = {"id": "samovar", "title": "Самовар", "questions": ["самовар напрокат"], "answer": "Да."}
    await house.post("/articles", body, who="writer", status=201)
    await house.bridge.matcher.settled()  # made one again it has another version
    house.clock.shift = timedelta(minutes=1)
    older = await house.get("/kb/health/threshold")
    assert (older["fresh"], older["at"]) == (False, first["at"])
    await house.bridge.memory.kept["drawing"]
    newer = await house.get("/kb/health/threshold")
    assert newer["fresh"]
    assert newer["at"] > first["at"]


async def test_all_articles_of_a_filter_are_listed_by_how_they_stand(house: Any) -> None:
    for id, state in (("samovar", "draft"), ("tray", "published")):
        body = {"id": id, "title": "Жостово", "questions": [f"жостово {id}"], "answer": "Да.", "state": state}
        await house.post("/articles", body, who="writer", status=201)
    found = await house.get("/articles/standings?q=жостово")
    assert found["items"] == [{"id": "samovar", "standing": "draft"}, {"id": "tray", "standing": "live"}]
    assert {each["id"] for each in (await house.get("/articles/standings"))["items"]} >= {"samovar", "tray", "return"}
