"""Conversations by the API: lists, views, and every verb by who may and who may not."""

from datetime import timedelta

import pytest


async def test_a_list_shows_rows_as_the_contract_says(house) -> None:
    case = await house.says("Здравствуйте")
    answer = await house.get("/conversations")
    assert answer["next"] is None
    [row] = answer["items"]
    assert {
        "id", "number", "stage", "channel", "external_id", "customer", "team", "assignee", "tags", "unread",
        "last_message", "waiting_since", "snoozed_until", "created_at", "updated_at", "version",
    } <= set(row)  # fmt: skip
    assert (row["id"], row["number"], row["stage"], row["channel"]) == (case.id, 1, "bot", "telegram")
    assert row["external_id"] == "100"
    assert row["customer"] == {"id": case.customer, "name": "Игорь Белов"}
    said = {"text": "Здравствуйте", "kind": "customer", "content": "text", "at": row["last_message"]["at"]}
    assert row["last_message"] == said
    assert row["last_delivery"] is None
    assert row["created_at"].endswith("Z")
    assert row["unread"] == 1
    assert row == await house.get(f"/conversations/{case.id}")


async def test_lists_are_paged_newest_first_without_hole_or_double(house) -> None:
    ids = [(await house.says("а", chat=str(number))).id for number in range(7)]
    found, cursor = [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        answer = await house.get("/conversations", params=query)
        found += [row["id"] for row in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert sorted(found) == sorted(ids)
    assert len(found) == len(ids)


async def test_lists_are_narrowed(house) -> None:
    first = await house.says("первый", chat="1")
    second = await house.says("второй", chat="2")
    await house.post(f"/conversations/{first.id}/claim")
    await house.post(f"/conversations/{first.id}/tags", {"add": ["доставка"], "remove": []})

    async def ids(**query: str) -> list[str]:
        return [row["id"] for row in (await house.get("/conversations", params=query))["items"]]

    assert await ids(assignee="me") == [first.id]
    assert await ids(assignee="none") == [second.id]
    assert await ids(assignee="anna") == [first.id]
    assert await ids(assignee="mark") == []
    assert await ids(stage="bot") == [second.id]
    assert await ids(external_id="2") == [second.id]
    assert await ids(customer=first.customer) == [first.id]
    assert await ids(tag="доставка") == [first.id]
    assert await ids(channel="vk") == []
    assert await ids(q="второй") == [second.id]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"limit": "0"}, "limit", "too_small"),
        ({"limit": "101"}, "limit", "too_large"),
        ({"limit": "ten"}, "limit", "no_number"),
        ({"stage": "asleep"}, "stage", "unknown_value"),
        ({"cursor": "nonsense"}, "cursor", "invalid"),
        ({"stages": "bot"}, "stages", "unknown"),
    ],
)
async def test_a_wrong_query_names_its_field(house, query, field, code) -> None:
    problem = await house.get("/conversations", status=422, params=query)
    assert problem["code"] == "invalid"
    assert problem["errors"] == [{"field": field, "code": code}]


async def test_views_put_who_waits_longest_first(house) -> None:
    early, late, bots = [await house.says("?", chat=str(number)) for number in range(3)]
    for case in (late, early):
        await house.post(f"/conversations/{case.id}/release", {"to": "queue"})
    mine = await house.get("/conversations", params={"view": "mine"})
    assert [row["id"] for row in mine["items"]] == [early.id, late.id]
    assert [row["desk_state"] for row in mine["items"]] == ["due", "due"]
    await house.post(f"/conversations/{early.id}/messages", {"text": "Ответ"}, status=201)
    mine = await house.get("/conversations", params={"view": "mine"})
    assert [row["desk_state"] for row in mine["items"]] == ["due", "answered"]
    assert [row["id"] for row in (await house.get("/conversations?view=bot"))["items"]] == [bots.id]
    assert [row["id"] for row in (await house.get("/conversations?view=free"))["items"]] == [late.id]
    assert len((await house.get("/conversations?view=all"))["items"]) == 3
    assert await house.get("/conversations/counts") == {"mine": 2, "free": 1, "all": 3, "bot": 1, "due": 1}
    found = await house.get("/conversations", params={"view": "free", "q": "Игорь"})
    assert [row["id"] for row in found["items"]] == [late.id]


async def test_claiming_twice_one_wins_and_the_other_is_told(house) -> None:
    case = await house.says("помогите")
    won = await house.post(f"/conversations/{case.id}/claim", who="anna")
    assert won["stage"] == "operator"
    assert won["assignee"] == {"id": "anna", "name": "Anna"}
    lost = await house.post(f"/conversations/{case.id}/claim", who="mark", status=409)
    assert lost["code"] == "taken"
    again = await house.post(f"/conversations/{case.id}/claim", who="anna")
    assert again["version"] == won["version"]


async def test_the_stage_table_by_its_urls(house) -> None:
    case = await house.says("помогите")
    url = f"/conversations/{case.id}"
    assert (await house.post(f"{url}/claim"))["stage"] == "operator"
    freed = await house.post(f"{url}/release", {"to": "queue"})
    assert (freed["stage"], freed["assignee"]) == ("waiting", None)
    assert (await house.post(f"{url}/release", {"to": "bot"}))["stage"] == "bot"
    assert (await house.post(f"{url}/assign", {"operator": "mark"}))["assignee"]["id"] == "mark"
    assert (await house.post(f"{url}/close"))["stage"] == "closed"
    assert (await house.post(f"{url}/claim", status=409))["code"] == "closed"
    assert (await house.post(f"{url}/reopen"))["stage"] == "operator"
    await house.post(f"{url}/close", {"without_reply": "perhaps"}, status=422)
    assert (await house.post(f"{url}/close", {"without_reply": True}))["stage"] == "closed"
    lines = (await house.get(f"{url}/messages"))["items"]
    assert [each["event"]["code"] for each in lines if each["event"]][-1] == "closed_unanswered"
    assert (await house.post(f"{url}/reopen"))["stage"] == "operator"


async def test_assigning_to_who_cannot_answer_is_refused(house) -> None:
    case = await house.says("помогите")
    for whom, code in (("nobody", "unknown"), ("watcher", "cannot_reply")):
        problem = await house.post(f"/conversations/{case.id}/assign", {"operator": whom}, status=422)
        assert problem["errors"] == [{"field": "operator", "code": code}]
    assert (await house.post(f"/conversations/{case.id}/assign", {"operator": "me"}))["assignee"]["id"] == "anna"


async def test_snooze_and_tags(house) -> None:
    case = await house.says("помогите")
    url = f"/conversations/{case.id}"
    until = (house.clock.now() + timedelta(hours=2)).isoformat()
    slept = await house.post(f"{url}/snooze", {"until": until})
    assert slept["desk_state"] == "snoozed"
    assert slept["snoozed_until"].endswith("Z")
    assert (await house.post(f"{url}/snooze", {"until": None}))["snoozed_until"] is None
    past = await house.post(f"{url}/snooze", {"until": "2020-01-01T00:00:00Z"}, status=422)
    assert past["errors"] == [{"field": "until", "code": "past"}]
    naive = await house.post(f"{url}/snooze", {"until": "2099-01-01T00:00:00"}, status=422)
    assert naive["errors"] == [{"field": "until", "code": "no_timezone"}]
    endless = await house.post(f"{url}/snooze", {"until": None, "until_reply": True, "note": "ждём фото"})
    assert (endless["snoozed_until"], endless["snooze_note"]) == ("9999-12-31T00:00:00.000Z", "ждём фото")
    long = await house.post(f"{url}/snooze", {"until": None, "until_reply": True, "note": "я" * 301}, status=422)
    assert long["errors"] == [{"field": "note", "code": "too_long"}]
    assert (await house.post(f"{url}/reopen", {"at": until}, status=409))["code"] == "not_closed"
    assert (await house.post(f"{url}/close"))["snoozed_until"] is None
    later = await house.post(f"{url}/reopen", {"at": until, "note": "спросить, дошло ли"})
    assert (later["stage"], later["snooze_note"]) == ("closed", "спросить, дошло ли")
    assert (await house.post(f"{url}/reopen", {"at": None}))["snoozed_until"] is None
    assert (await house.post(f"{url}/reopen"))["stage"] != "closed"
    assert (await house.post(f"{url}/tags", {"add": ["vip", "возврат"]}))["tags"] == ["vip", "возврат"]
    assert (await house.post(f"{url}/tags", {"remove": ["vip"]}))["tags"] == ["возврат"]
    long = await house.post(f"{url}/tags", {"add": ["x" * 41]}, status=422)
    assert long["errors"] == [{"field": "add.0", "code": "too_long"}]


async def test_reading_moves_only_the_readers_own_mark(house) -> None:
    case = await house.says("раз")
    case = await house.says("два")
    assert (await house.get(f"/conversations/{case.id}"))["unread"] == 2
    assert await house.post(f"/conversations/{case.id}/read", {"seq": 1}) == {"incoming": 1}
    assert (await house.get(f"/conversations/{case.id}"))["unread"] == 1
    assert await house.post(f"/conversations/{case.id}/read", {"seq": case.seq}) == {"incoming": 2}
    assert await house.post(f"/conversations/{case.id}/read", {"seq": 1}) == {"incoming": 2}  # where the mark stands
    assert (await house.get(f"/conversations/{case.id}"))["unread"] == 0
    assert (await house.get(f"/conversations/{case.id}", who="mark"))["unread"] == 2


async def test_suggestions_come_from_the_library(house) -> None:
    case = await house.says("сколько идёт доставка")
    found = await house.get(f"/conversations/{case.id}/suggestions")
    assert found[0]["article_id"] == "delivery"
    assert set(found[0]) == {"article_id", "title", "answer", "confidence", "why"}
    assert 0 < found[0]["confidence"] <= 1


VERBS = [
    ("claim", None),
    ("release", {"to": "queue"}),
    ("assign", {"operator": "anna"}),
    ("close", None),
    ("reopen", None),
    ("snooze", {"until": None}),
    ("tags", {"add": ["x"]}),
    ("messages", {"text": "x"}),
    ("messages", {"text": "x", "kind": "note"}),
]


@pytest.mark.parametrize(("verb", "body"), VERBS)
@pytest.mark.parametrize("who", ["watcher", "writer"])
async def test_who_only_reads_may_not_act(house, verb, body, who) -> None:
    case = await house.says("помогите")
    problem = await house.post(f"/conversations/{case.id}/{verb}", body, who=who, status=403)
    assert problem["code"] == "forbidden"
    assert (await house.get(f"/conversations/{case.id}", who=who))["version"] == case.version


@pytest.mark.parametrize(("verb", "body"), [*VERBS, ("read", {"seq": 1})])
async def test_an_unknown_conversation_is_not_found(house, verb, body) -> None:
    problem = await house.post(f"/conversations/nowhere/{verb}", body, status=404)
    assert problem["code"] == "not_found"


async def test_unknown_things_are_not_found_by_get(house) -> None:
    for path in ("", "/messages", "/suggestions"):
        assert (await house.get(f"/conversations/nowhere{path}", status=404))["code"] == "not_found"


@pytest.mark.parametrize(("verb", "body"), [("claim", None), ("release", {"to": "bot"}), ("close", None)])
async def test_if_match_refuses_another_version(house, verb, body) -> None:
    case = await house.says("помогите")
    stale = {"If-Match": f'"{case.version + 7}"'}
    problem = await house.post(f"/conversations/{case.id}/{verb}", body, status=409, headers=stale)
    assert problem["code"] == "version"
    fits = {"If-Match": str(case.version)}
    await house.post(f"/conversations/{case.id}/{verb}", body, headers=fits)
    wrong = await house.post(f"/conversations/{case.id}/{verb}", body, status=422, headers={"If-Match": "abc"})
    assert wrong["errors"] == [{"field": "If-Match", "code": "no_number"}]
