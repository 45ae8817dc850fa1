"""Views over the API: those that are there, those people keep, and many conversations at once."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.model.customers import Identity
from bridge.model.ids import IdentityId
from bridge.model.records import CustomerRules, CustomField, FieldKind
from bridge.teamwork import staffing
from storage.schema import AUDIT, VIEWS
from tests.acceptance.api.conftest import House


async def shown(house: Any, who: str = "anna", **query: Any) -> list[str]:
    items = (await house.get("/conversations", who=who, params={key: str(value) for key, value in query.items()}))[
        "items"
    ]
    return [row["customer"]["name"] for row in items]


async def case(house: Any, chat: str, name: str = "Игорь") -> str:
    """A conversation that waits for somebody, by its id."""
    row = await house.says("где заказ?", chat, name)
    await house.post(f"/conversations/{row.id}/release", {"to": "queue"})
    return str(row.id)


async def test_built_in_views_and_filters_show_what_they_are_called(house: Any) -> None:
    due, mine, asleep, closed = [await case(house, str(n), f"К{n}") for n in range(1, 5)]
    await house.post(f"/conversations/{mine}/messages", {"text": "сейчас"}, status=201)
    await house.post(f"/conversations/{asleep}/snooze", {"until": "2099-01-01T00:00:00Z"})
    await house.post(f"/conversations/{closed}/close", {})
    await house.post(f"/conversations/{due}/tags", {"add": ["VIP"]})
    await house.patch(f"/conversations/{due}", {"priority": "high"})
    for view, names in {
        "awaiting": ["К1"],
        "answered": ["К2"],
        "snoozed": ["К3"],
        "closed": ["К4"],
        "mentions": [],
        "spam": [],
    }.items():
        assert await shown(house, view=view) == names, view
    assert set(await shown(house, view="unread")) == {"К1", "К2", "К3"}
    await house.post(f"/conversations/{due}/read", {"seq": 9})
    assert "К1" not in await shown(house, view="unread")
    assert await shown(house, who="boss", view="mentions") == []
    for filters, names in (
        ({"tags": ["vip"]}, ["К1"]),
        ({"tags": ["vip", "опт"], "priorities": ["high"]}, ["К1"]),
        ({"priorities": ["urgent"]}, []),
        ({"assignees": ["me"]}, ["К2"]),
        ({"assignees": ["none"], "statuses": ["due"]}, ["К1"]),
        ({"statuses": ["closed"]}, ["К4"]),
        ({"channels": ["telegram"], "statuses": ["due", "answered"]}, ["К2", "К1"]),
        ({"teams": ["none"], "statuses": ["snoozed"]}, ["К3"]),
        ({"until": "2001-01-01"}, []),
        ({"since": "2001-01-01", "days": 1, "statuses": ["due"]}, ["К1"]),
    ):
        assert await shown(house, filters=json.dumps(filters)) == names, filters
    for wrong in ("{", json.dumps({"mood": 1}), json.dumps({"key": "nothing", "value": "1"})):
        await house.get("/conversations", params={"filters": wrong}, status=422)
    await house.get("/conversations", params={"view": "nothing"}, status=404)


async def test_a_view_shows_what_is_being_talked_about_now(house: Any) -> None:
    silent, asleep, talking = [await case(house, str(n), f"К{n}") for n in range(1, 4)]
    house.clock.shift += timedelta(minutes=14)
    await house.says("и ещё", "3", "К3")
    await house.post(f"/conversations/{asleep}/messages", {"text": "сейчас"}, status=201)
    assert await shown(house, view="live") == ["К2", "К3", "К1"]
    await house.post(f"/conversations/{asleep}/snooze", {"until": "2099-01-01T00:00:00Z"})
    house.clock.shift += timedelta(minutes=2)
    assert await shown(house, view="live") == ["К3"]
    counts = (await house.get("/views/counts"))["counts"]
    assert counts["live"] == {"count": 1, "more": False}
    assert await shown(house, view="live", limit="1") == ["К3"]
    assert {silent, talking} <= {row["id"] for row in (await house.get("/conversations"))["items"]}


async def test_views_are_kept_shared_by_who_may_and_put_in_an_order(house: Any) -> None:
    team = (await house.post("/teams", {"name": "Опт", "members": ["anna"]}, who="boss", status=201))["id"]
    body = {"name": " Мои   срочные ", "narrowing": {"assignees": ["me"], "priorities": ["urgent"]}}
    own = await house.post("/views", body, status=201)
    assert (own["name"], own["mine"], own["changes"], own["narrowing"]["assignees"]) == (
        "Мои срочные",
        True,
        True,
        ["me"],
    )
    await house.post("/views", body | {"shared": "all"}, status=403)
    theirs = await house.post("/views", body | {"shared": "team", "team": team, "name": "Опт"}, who="chief", status=201)
    everyone = await house.post("/views", body | {"shared": "all", "name": "Всем"}, who="boss", status=201)
    for who, names in {"anna": ["Мои срочные", "Опт", "Всем"], "mark": ["Всем"], "watcher": ["Всем"]}.items():
        # Made within one millisecond, they stand in no order of their own.
        assert sorted(each["name"] for each in (await house.get("/views", who=who))["items"]) == sorted(names), who
    ordered = await house.call("PUT", "/views/order", json={"ids": [everyone["id"], own["id"]]})
    assert [each["name"] for each in (await ordered.json())["items"]] == ["Всем", "Мои срочные", "Опт"]
    assert (await house.call("PUT", "/views/order", json={"ids": ["нет"]})).status == 422
    await house.patch(f"/views/{theirs['id']}", {"name": "Иначе"}, status=403)
    await house.get(f"/views/{own['id']}", who="boss", status=404)
    await house.patch(f"/views/{own['id']}", {"name": "Иначе"}, headers={"If-Match": '"7"'}, status=409)


async def test_a_view_is_changed_counted_and_taken_away(house: Any) -> None:
    body = {"name": "Мои срочные", "narrowing": {"assignees": ["me"], "priorities": ["urgent"]}}
    own = await house.post("/views", body, status=201)
    changed = await house.patch(f"/views/{own['id']}", {"narrowing": {"tags": ["vip"]}})
    assert (changed["name"], changed["narrowing"]["tags"], changed["narrowing"]["assignees"]) == (
        "Мои срочные",
        ["vip"],
        [],
    )
    for wrong, field in (
        ({"name": " "}, "name"),
        ({"narrowing": {"since": "2026-02-02", "until": "2026-01-01"}}, "until"),
    ):
        assert (await house.patch(f"/views/{own['id']}", wrong, status=422))["errors"][0]["field"] == field
    one = await case(house, "77")
    await house.post(f"/conversations/{one}/tags", {"add": ["vip"]})
    assert await shown(house, view=own["id"]) == ["Игорь"]
    counts = (await house.get("/views/counts"))["counts"]
    assert (counts[own["id"]], counts["awaiting"]["count"], counts["mentions"]["count"]) == (
        {"count": 1, "more": False},
        1,
        0,
    )
    assert (await house.call("DELETE", f"/views/{own['id']}")).status == 204
    await house.get("/conversations", params={"view": own["id"]}, status=404)


async def test_many_are_changed_at_once_each_with_its_own_outcome(house: Any) -> None:
    ids = [await case(house, str(number)) for number in range(3)]
    await house.post(f"/conversations/{ids[2]}/close", {})

    async def bulk(action: str, who: str = "anna", **more: Any) -> list[tuple[bool, str | None]]:
        told = await house.post("/conversations/bulk", {"ids": [*ids, "нет"], "action": action, **more}, who=who)
        return [(each["done"], each["code"]) for each in told["outcomes"]]

    missing = (False, "not_found")
    assert await bulk("tag", add=["опт"]) == [(True, None)] * 3 + [missing]
    assert await bulk("claim") == [(True, None), (True, None), (False, "closed"), missing]
    assert await bulk("claim", who="mark") == [(False, "taken"), (False, "taken"), (False, "closed"), missing]
    assert await bulk("read") == [(True, None)] * 3 + [missing]
    assert (await house.get(f"/conversations/{ids[0]}"))["unread"] == 0
    assert await bulk("unread") == await bulk("unread") == [(True, None)] * 3 + [missing]
    assert (await house.get(f"/conversations/{ids[0]}"))["unread"] == 1
    assert await bulk("snooze", until="2099-01-01T00:00:00Z") == [
        (True, None),
        (True, None),
        (False, "closed"),
        missing,
    ]
    assert await bulk("prioritize", priority="urgent") == [(True, None)] * 3 + [missing]
    assert await bulk("ban") == [(True, None)] * 3 + [missing]
    row = await house.get(f"/conversations/{ids[0]}")
    assert (row["priority"], row["banned"], row["waiting_since"]) == ("urgent", True, None)
    assert await bulk("unban") == await bulk("prioritize", priority="") == [(True, None)] * 3 + [missing]
    row = await house.get(f"/conversations/{ids[0]}")
    assert (row["priority"], row["banned"]) == ("", False)
    assert await bulk("ban", who="watcher") == [(False, "forbidden")] * 3 + [missing]
    await house.post("/conversations/bulk", {"ids": ids, "action": "prioritize"}, status=422)
    assert (await bulk("close"))[:2] == [(True, None)] * 2
    assert (await bulk("reopen")) == [(True, None)] * 3 + [missing]
    assert (await bulk("close", without_reply=True)) == [(True, None)] * 3 + [missing]
    lines = (await house.get(f"/conversations/{ids[0]}/messages"))["items"]
    assert [each["event"]["code"] for each in lines if each["event"]][-1] == "closed_unanswered"
    assert await bulk("close", who="watcher") == [(False, "forbidden")] * 3 + [missing]
    stages = {(await house.get(f"/conversations/{id}"))["stage"] for id in ids}
    assert stages == {"closed"}
    await house.post("/conversations/bulk", {"ids": ids, "action": "tag"}, status=422)
    await house.post("/conversations/bulk", {"ids": [], "action": "close"}, status=422)


async def test_everybody_has_keys_and_a_list_of_his_own(house: Any) -> None:
    usual = await house.get("/me/habits")
    assert (usual["keys"]["close"], usual["letters"], usual["rows"]) == ("e", True, "two")
    wanted = {
        "keys": {"close": "q", "palette": "ctrl+p"},
        "letters": False,
        "rows": "table",
        "columns": ["tags", "number"],
    }
    answer = await house.call("PUT", "/me/habits", json=wanted)
    assert answer.status == 200
    kept = await house.get("/me/habits")
    assert (kept["keys"]["close"], kept["keys"]["note"], kept["letters"]) == ("q", "n", False)
    assert (kept["rows"], kept["columns"]) == ("table", ["tags", "number"])
    assert await house.get("/me/habits", who="mark") == usual
    for keys, code in (
        ({"close": "r"}, "taken"),
        ({"close": "F13"}, "invalid"),
        ({"fly": "q"}, "unknown"),
        ({"close": "ctrl+w"}, "not_free"),
    ):
        refused = await house.call("PUT", "/me/habits", json={"keys": keys})
        assert refused.status == 422
        assert (await refused.json())["errors"][0]["code"] == code, keys
    assert (await house.call("PUT", "/me/habits", json={"sort": "newest", "panes": {"list": 400}})).status == 200
    assert (await house.call("PUT", "/me/habits", json={"rows": "dense"})).status == 200
    kept = await house.get("/me/habits")
    assert (kept["sort"], kept["panes"], kept["rows"]) == ("newest", {"list": 400}, "dense")  # what is not named stays
    assert (kept["keys"]["close"], kept["letters"], kept["columns"]) == ("q", False, ["tags", "number"])
    for wrong in ({"rows": "heaps"}, {"sort": "luck"}, {"panes": {"list": 9}}, {"panes": {"roof": 300}}):
        assert (await house.call("PUT", "/me/habits", json=wrong)).status == 422, wrong


async def _kept(house: House) -> list[str]:
    return sorted(row.name for row in await house.bridge.store.views.all())


async def test_who_is_deleted_leaves_no_views_but_those_he_shared(house: Any) -> None:
    await house.post("/views", {"name": "Её срочные", "narrowing": {"priorities": ["urgent"]}}, status=201)
    await house.post("/views", {"name": "Его", "narrowing": {"assignees": ["me"]}}, who="chief", status=201)
    common = {"name": "Общее", "narrowing": {"tags": ["vip"]}, "shared": "all"}
    common = await house.post("/views", common, who="chief", status=201)
    assert (await house.call("DELETE", "/operators/chief", "boss")).status == 204
    assert await _kept(house) == ["Её срочные", "Общее"]
    assert (await house.get(f"/views/{common['id']}", who="boss"))["mine"]
    # Who put her out died over it: the timers do it again.
    row = await house.bridge.store.staff.operator(house.staff["anna"].id)
    await house.bridge.store.staff.replace(replace(row, deleted_at=house.clock.now(), disabled=True))
    await staffing.give_back_left(house.bridge)
    assert await _kept(house) == ["Общее"]


async def test_who_is_erased_leaves_no_views_that_look_for_him(house: Any) -> None:
    fields = (CustomField("login", FieldKind.TEXT), CustomField("city", FieldKind.TEXT))
    object.__setattr__(house.bridge, "rules", CustomerRules(fields))
    people = []
    for chat, login in (("41", "фиолетовый-слон"), ("42", "серый-слон")):
        row = await house.says("где заказ?", chat, f"Аполлинария {chat}")
        await house.patch(f"/customers/{row.customer}", {"fields": {"login": login, "city": "Тверь"}})
        people.append(row.customer)
    await house.bridge.store.people.add_identity(
        Identity(IdentityId("mail"), people[0], "email", "apollinaria@zvezda.example", True)
    )
    for name, narrowing in {
        "Тверь": {"key": "city", "value": "тверь"},
        "Слон": {"key": "login", "value": "Фиолетовый-слон"},
        "Другой": {"key": "login", "value": "серый-слон"},
        "Про Apollinaria@zvezda.example": {"tags": ["vip"]},
        "VIP": {"tags": ["vip", "аполлинария 41"]},
        "Все VIP": {"tags": ["vip"]},
    }.items():
        await house.post("/views", {"name": name, "narrowing": narrowing}, status=201)
    assert (await house.call("DELETE", f"/customers/{people[0]}", "boss")).status in (200, 204)
    assert await _kept(house) == ["Все VIP", "Другой", "Тверь"]
    documents = house.bridge.store.views._rows.documents
    left = [str(doc.body).lower() for coll in (VIEWS, AUDIT) for doc in await documents.find(coll, limit=1000)]
    assert not [text for text in left if "zvezda" in text or "фиолет" in text or "аполлинария 41" in text]
