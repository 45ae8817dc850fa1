"""Teams over the API: kept, staffed, given channels and taken away; conversations passed on to people and teams."""

from typing import Any

from tests.acceptance.api.conftest import waiting


async def team(house: Any, name: str, **more: Any) -> str:
    return str((await house.post("/teams", {"name": name, **more}, who="boss", status=201))["id"])


async def lines(house: Any, id: str) -> list[tuple[str, str, str]]:
    rows = (await house.get(f"/conversations/{id}/messages"))["items"]
    return [(row["event"]["code"], row["event"]["actor"], row["event"]["detail"]) for row in rows if row["event"]]


async def test_teams_are_kept_by_chiefs_and_name_what_falls_to_them(house: Any) -> None:
    sales = await team(house, "Продажи", channels=["telegram"], members=["anna", "mark"])
    for who in ("anna", "watcher", "writer"):
        await house.post("/teams", {"name": "Своя"}, who=who, status=403)
        assert [row["name"] for row in (await house.get("/teams", who=who))["items"]] == ["Продажи"]
    refused = await house.post("/teams", {"name": "ПРОДАЖИ"}, who="chief", status=422)
    assert refused["errors"] == [{"field": "name", "code": "taken"}]
    for body, field in (({"members": ["nobody"]}, "members"), ({"channels": ["fax"]}, "channels")):
        refused = await house.post("/teams", {"name": "Другие", **body}, who="boss", status=422)
        assert refused["errors"] == [{"field": field, "code": "unknown"}]
    # What begins in its channel is its own, under whatever name it bears then.
    case = await house.says("где заказ?")
    assert (await house.get(f"/conversations/{case.id}"))["team"] == {"id": sales, "name": "Продажи"}
    changed = await house.patch(f"/teams/{sales}", {"name": "Опт", "members": ["anna"]}, who="chief")
    assert ([each["id"] for each in changed["members"]], changed["version"]) == (["anna"], 2)
    assert (await house.get("/operators/anna"))["teams"] == [sales]
    assert (await house.get("/operators/mark"))["teams"] == []
    (row,) = (await house.get(f"/conversations?team={sales}"))["items"]
    assert (row["id"], row["team"]["name"]) == (case.id, "Опт")
    # A channel falls to one team alone.
    repairs = await team(house, "Ремонт", channels=["telegram"])
    assert (await house.get(f"/teams/{sales}"))["channels"] == []
    assert (await house.get(f"/conversations/{(await house.says('сломалось', '200')).id}"))["team"]["id"] == repairs
    await house.patch(f"/teams/{sales}", {"name": None}, who="boss", status=422)
    await house.patch(f"/teams/{sales}", {"name": "Х"}, who="boss", status=409, headers={"If-Match": '"1"'})


async def test_a_team_taken_away_passes_on_what_is_open_and_stays_in_history(house: Any) -> None:
    gone, heir = await team(house, "Временная", members=["anna"]), await team(house, "Постоянная")
    first, second = await waiting(house), await waiting(house, chat="200")
    for id in (first, second):
        await house.post(f"/conversations/{id}/transfer", {"team": gone})
    await house.post(f"/conversations/{first}/close")
    await house.post(f"/conversations/{second}/claim")
    bad = await house.call("DELETE", f"/teams/{gone}?to={gone}", "boss")
    assert bad.status == 422
    response = await house.call("DELETE", f"/teams/{gone}?to={heir}", "boss")
    assert (response.status, await response.json()) == (200, {"conversations": 1})
    row = await house.get(f"/conversations/{second}")
    assert (row["team"]["name"], row["assignee"]["id"]) == ("Постоянная", "anna")
    assert (await lines(house, second))[-1] == ("team_gone", "Временная", "Постоянная")
    assert (await house.get(f"/conversations/{first}"))["team"]["name"] == "Временная"
    assert (await house.get("/operators/anna"))["teams"] == []
    await house.get(f"/teams/{gone}", status=404)
    await house.post(f"/conversations/{second}/transfer", {"team": gone}, status=422)
    await team(house, "Временная")  # its name is free again


async def test_a_conversation_is_passed_on_with_the_reason_and_waits_there(house: Any) -> None:
    second_line = await team(house, "Вторая линия", members=["mark"])
    id = await waiting(house)
    await house.post(f"/conversations/{id}/claim")
    row = await house.post(f"/conversations/{id}/transfer", {"team": second_line, "reason": " нужен\nмастер "})
    assert (row["stage"], row["assignee"], row["team"]["id"]) == ("waiting", None, second_line)
    assert (await lines(house, id))[-1] == ("transferred", "Anna", "Вторая линия — нужен мастер")
    # It is among "mine" of those in the team, and of nobody else.
    seen = {who: await house.get("/conversations?view=mine", who=who) for who in ("anna", "mark", "boss")}
    assert {who: [each["id"] for each in page["items"]] for who, page in seen.items()} == {
        "anna": [],
        "mark": [id],
        "boss": [],
    }
    counted = {who: await house.get("/conversations/counts", who=who) for who in ("anna", "mark")}
    assert [(each["mine"], each["free"], each["due"]) for each in counted.values()] == [(0, 1, 0), (1, 1, 1)]
    row = await house.post(f"/conversations/{id}/transfer", {"operator": "mark", "reason": "знает его"}, who="boss")
    assert (row["stage"], row["assignee"]["id"], row["team"]["id"]) == ("operator", "mark", second_line)
    assert (await lines(house, id))[-1] == ("assigned", "Boss", "Mark — знает его")
    for body, field in (
        ({}, "operator"),
        ({"operator": "anna", "team": second_line}, "operator"),
        ({"team": "x"}, "team"),
    ):
        refused = await house.post(f"/conversations/{id}/transfer", body, status=422)
        assert refused["errors"][0]["field"] == field
    await house.post(f"/conversations/{id}/transfer", {"operator": "anna"}, who="watcher", status=403)
    await house.post(f"/conversations/{id}/close")
    assert (await house.post(f"/conversations/{id}/transfer", {"team": second_line}, status=409))["code"] == "closed"


async def test_all_of_ones_own_are_handed_over_each_with_a_note(house: Any) -> None:
    night = await team(house, "Ночь")
    ids = [await waiting(house, chat=str(chat)) for chat in (1, 2, 3)]
    for id in ids[:2]:
        await house.post(f"/conversations/{id}/claim")
    body = {"team": night, "note": "моя смена кончилась", "notes": {ids[1]: "ждёт курьера"}}
    told = await house.post("/me/hand_over", body)
    assert {each["conversation_id"]: (each["moved"], each["code"]) for each in told["items"]} == dict.fromkeys(
        ids[:2], (True, None)
    )
    for id, words in zip(ids, ("моя смена кончилась", "ждёт курьера", None), strict=True):
        rows = (await house.get(f"/conversations/{id}/messages"))["items"]
        assert [row["text"] for row in rows if row["author"]["kind"] == "note"] == ([words] if words else [])
        assert (await house.get(f"/conversations/{id}"))["team"] == ({"id": night, "name": "Ночь"} if words else None)
    assert (await house.post("/me/hand_over", {"operator": "me"}, status=422))["errors"][0]["code"] == "own"
