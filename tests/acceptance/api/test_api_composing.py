"""What helps to write, over the API: canned replies, macros, drafts, replies that are held and planned."""

from datetime import timedelta
from typing import Any

from aiohttp import FormData

from bridge.composing import holding
from tests.acceptance.api.conftest import waiting


async def upload(house: Any, who: str = "boss", name: str = "bill.txt") -> str:
    form = FormData()
    form.add_field("file", b"total: 100", filename=name)
    return str((await (await house.call("POST", "/files", who, data=form)).json())["id"])


async def lines(house: Any, id: str) -> list[str]:
    rows = (await house.get(f"/conversations/{id}/messages", who="boss"))["items"]
    return [row["event"]["code"] if row["event"] else row["text"] for row in rows]


async def test_canned_replies_are_for_one_for_a_team_or_for_all(house: Any) -> None:
    team = (await house.post("/teams", {"name": "Возвраты", "members": ["anna"]}, who="boss", status=201))["id"]
    own = await house.post("/canned", {"title": "Моё", "text": "Добрый день", "shortcut": "/День"}, status=201)
    assert (own["shortcut"], own["mine"], own["used"], own["by"]["name"]) == ("день", True, 0, "Anna")
    body = {"title": "Возврат", "text": "{{customer.first_name}}, верните", "shared": "team", "team": team}
    await house.post("/canned", body, status=403)
    theirs = await house.post("/canned", body, who="chief", status=201)
    await house.post("/canned", {"title": "Всем", "text": "Спасибо!", "shared": "all"}, who="boss", status=201)
    for who, titles in {
        "anna": ["Возврат", "Всем", "Моё"],
        "mark": ["Всем"],
        "chief": ["Возврат", "Всем"],
        "writer": ["Всем"],
    }.items():
        assert [each["title"] for each in (await house.get("/canned", who=who))["items"]] == titles, who
    assert not (await house.get(f"/canned/{theirs['id']}"))["mine"]
    await house.get(f"/canned/{own['id']}", who="boss", status=404)
    await house.patch(f"/canned/{theirs['id']}", {"title": "Иначе"}, status=403)
    await house.patch(f"/canned/{own['id']}", {"title": "Иначе"}, headers={"If-Match": '"7"'}, status=409)
    changed = await house.patch(f"/canned/{own['id']}", {"text": "Вечер добрый"})
    assert (changed["title"], changed["text"], changed["version"]) == ("Моё", "Вечер добрый", 2)
    for wrong, field, code in (
        ({"text": "{{customer.mood}}"}, "text", "unknown_variable"),
        ({"text": " "}, "text", "empty"),
        ({"title": " "}, "title", "empty"),
        ({"shortcut": "два слова"}, "shortcut", "invalid"),
        ({"attachments": [{"file_id": "нет"}]}, "attachments", "unknown"),
    ):
        refused = await house.patch(f"/canned/{own['id']}", wrong, status=422)
        assert refused["errors"] == [{"field": field, "code": code}]
    same = {"title": "Ещё", "text": "Ещё", "shortcut": "день"}
    assert (await house.post("/canned", same, status=422))["errors"] == [{"field": "shortcut", "code": "taken"}]
    await house.post("/canned", same, who="mark", status=201)
    assert (await house.call("DELETE", f"/canned/{own['id']}")).status == 204
    await house.get(f"/canned/{own['id']}", status=404)


async def test_a_canned_reply_is_filled_for_a_conversation_with_files_of_its_own(house: Any) -> None:
    file = await upload(house)
    text = "{{ customer.first_name }}, диалог {{conversation.number}} ведёт {{operator.name}}, {{company}}. {{team}}"
    body = {"title": "Приветствие", "text": text, "shared": "all", "attachments": [{"file_id": file}]}
    canned = await house.post("/canned", body, who="boss", status=201)
    case = await house.says("где заказ?", name="{{company}} Белов")
    for _ in range(2):
        found = await house.post(f"/canned/{canned['id']}/insert", {"conversation": case.id, "token": "t1"})
    # What a name holds is never taken for a variable; what is not known stays to be filled by hand.
    assert found["text"] == f"{{{{company}}}}, диалог {case.number} ведёт Anna, Кедр и Ко. {{{{team}}}}"
    assert found["unfilled"] == ["team"]
    assert (await house.get(f"/canned/{canned['id']}"))["used"] == 1
    (copy,) = found["attachments"]
    assert (copy["name"], copy["id"] != file) == ("bill.txt", True)
    said = {"text": "вот", "attachments": [{"file_id": copy["id"]}]}
    await house.post(f"/conversations/{case.id}/messages", said, status=201)
    await house.post(f"/canned/{canned['id']}/insert", {"conversation": "нет"}, status=404)
    await house.post(f"/canned/{canned['id']}/insert", {"conversation": case.id}, who="watcher", status=403)


async def test_a_macro_does_its_steps_and_tells_what_came_of_each(house: Any) -> None:
    team = (await house.post("/teams", {"name": "Склад"}, who="boss", status=201))["id"]
    deeds = [("reply", "{{customer.name}}, готово"), ("tag", "возврат"), ("priority", "high"), ("note", "передаю")]
    steps = [{"deed": deed, "value": value} for deed, value in (*deeds, ("team", team))]
    macro = await house.post("/macros", {"title": "На склад", "steps": steps, "shared": "all"}, who="boss", status=201)
    case = await house.says("где заказ?")
    path = f"/conversations/{case.id}/macro"
    crossed = await house.post(path, {"macro": macro["id"], "seen_seq": 0}, status=409)
    assert (crossed["code"], crossed["messages"][0]["text"]) == ("crossed", "где заказ?")
    for _ in range(2):
        done = await house.post(path, {"macro": macro["id"], "seen_seq": 9, "client_id": "one"})
        assert [each["state"] for each in done["steps"]] == ["done"] * 5
    row = done["conversation"]
    assert (row["tags"], row["priority"], row["team"]["name"], row["assignee"]) == (["возврат"], "high", "Склад", None)
    said = await lines(house, case.id)
    assert said.count("Игорь Белов, готово") == said.count("передаю") == said.count("transferred") == 1
    # After a step that fails nothing more is done: least of all closing.
    steps = [{"deed": "reply", "value": "{{customer.company}}?"}, {"deed": "close"}]
    other = await house.post("/macros", {"title": "Закрыть", "steps": steps}, status=201)
    done = await house.post(path, {"macro": other["id"]})
    assert [(each["state"], each["reason"]) for each in done["steps"]] == [("failed", "unfilled"), ("skipped", None)]
    assert done["conversation"]["stage"] != "closed"
    assert (await house.get("/macros"))["items"][0]["used"] == 1
    await house.post(path, {"macro": other["id"]}, who="mark", status=404)
    await house.post(path, {"macro": macro["id"]}, who="watcher", status=403)
    for steps, field, code in (
        ([], "steps", "empty"),
        ([{"deed": "team", "value": "нет"}], "steps.0", "unknown"),
        ([{"deed": "close"}, {"deed": "snooze", "value": "-5"}], "steps.1", "invalid"),
    ):
        refused = await house.post("/macros", {"title": "Не то", "steps": steps}, status=422)
        assert refused["errors"] == [{"field": field, "code": code}]
    changed = await house.patch(f"/macros/{other['id']}", {"steps": [{"deed": "close"}], "shortcut": "з"})
    assert (changed["steps"], changed["shortcut"]) == ([{"deed": "close", "value": ""}], "з")
    assert (await house.call("DELETE", f"/macros/{other['id']}")).status == 204


async def test_a_draft_is_on_every_device_until_the_very_words_are_sent(house: Any) -> None:
    case = await house.says("где заказ?")
    path = f"/conversations/{case.id}/draft"
    file = await upload(house, "anna")
    body = {"mode": "reply", "text": "Сейчас", "attachments": [{"file_id": file}], "seq": 1, "page": "one"}
    first = (await checked_put(house, path, body))["draft"]
    second = (await checked_put(house, path, {**body, "text": "Сейчас посмотрю"}))["draft"]
    await checked_put(house, path, {"mode": "note", "text": "спросить"})
    found = (await house.get(path))["items"]
    assert [(each["mode"], each["text"]) for each in found] == [("reply", "Сейчас посмотрю"), ("note", "спросить")]
    assert found[0]["attachments"][0]["id"] == file
    assert (await house.get(path, who="mark"))["items"] == []
    await house.get(path, who="watcher", status=403)
    # The words of an earlier stamp were sent: what was typed since stays.
    said = {"text": "Сейчас", "draft": first["stamp"]}
    await house.post(f"/conversations/{case.id}/messages", said, status=201)
    assert len((await house.get(path))["items"]) == 2
    await house.post(f"/conversations/{case.id}/messages", {**said, "draft": second["stamp"]}, status=201)
    assert [each["mode"] for each in (await house.get(path))["items"]] == ["note"]
    for _ in range(2):
        assert (await house.call("DELETE", f"{path}?mode=note")).status == 204
    assert (await house.get(path))["items"] == []
    assert await checked_put(house, path, {"text": " "}) == {"draft": None}


async def checked_put(house: Any, path: str, body: Any) -> Any:
    response = await house.call("PUT", path, json=body)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_a_held_reply_can_be_taken_back_until_it_goes_out_by_itself(house: Any) -> None:
    id = await waiting(house)
    path = f"/conversations/{id}/held"
    for _ in range(2):
        held = await house.post(path, {"text": "Уже едет", "seen_seq": 9, "client_id": "one"}, status=201)
    row = await house.get(f"/conversations/{id}")
    assert ([each["text"] for each in row["held"]], row["assignee"]["id"]) == (["Уже едет"], "anna")
    assert (held["undo"], row["desk_state"], "Уже едет" in await lines(house, id)) == (True, "due", False)
    # For a colleague it is as good as said.
    crossed = await house.post(f"/conversations/{id}/messages", {"text": "И я", "seen_seq": 9}, who="mark", status=409)
    assert [each["text"] for each in crossed["messages"]] == ["Уже едет"]
    assert (await house.call("DELETE", f"{path}/{held['id']}", "mark")).status == 403
    back = await house.call("DELETE", f"{path}/{held['id']}")
    assert (back.status, (await back.json())["text"]) == (200, "Уже едет")
    assert (await house.call("DELETE", f"{path}/{held['id']}")).status == 404
    house.clock.shift += timedelta(seconds=30)
    assert await holding.send_due(house.bridge) == 0
    held = await house.post(path, {"text": "Едет", "then": {"close": True}, "client_id": "two"}, status=201)
    assert await holding.send_due(house.bridge) == 0
    house.clock.shift += timedelta(seconds=7)
    assert [await holding.send_due(house.bridge) for _ in range(2)] == [1, 0]
    row = await house.get(f"/conversations/{id}")
    assert (row["stage"], row["held"], row["last_message"]["text"]) == ("closed", [], "Едет")
    sent = [each for each in (await house.get(f"/conversations/{id}/messages"))["items"] if each["id"] == held["id"]]
    assert [each["text"] for each in sent] == ["Едет"]
    assert (await house.call("DELETE", f"{path}/{held['id']}")).status == 404
    await house.post(path, {"text": "x", "send_at": "2099-01-01T00:00:00Z"}, status=422)


async def test_a_macros_reply_can_be_taken_back_with_what_follows_it(house: Any) -> None:
    steps = [{"deed": "tag", "value": "возврат"}, {"deed": "reply", "value": "Готово"}, {"deed": "close"}]
    macro = (await house.post("/macros", {"title": "Готово", "steps": steps}, status=201))["id"]
    id = await waiting(house)
    path = f"/conversations/{id}"
    done = await house.post(f"{path}/macro", {"macro": macro, "hold_seconds": 6, "client_id": "one"})
    row = done["conversation"]
    assert ([each["state"] for each in done["steps"]], done["messages"], row["tags"]) == (["done"] * 3, [], ["возврат"])
    assert (row["held"][0]["text"], row["held"][0]["close"], row["stage"]) == ("Готово", True, "operator")
    assert (await house.call("DELETE", f"{path}/held/{row['held'][0]['id']}")).status == 200
    house.clock.shift += timedelta(seconds=7)
    await holding.send_due(house.bridge)
    row = await house.get(path)
    assert (row["stage"], row["tags"], "Готово" in await lines(house, id)) == ("operator", ["возврат"], False)
    await house.post(f"{path}/macro", {"macro": macro, "hold_seconds": 6, "client_id": "two"})
    house.clock.shift += timedelta(seconds=7)
    await holding.send_due(house.bridge)
    row = await house.get(path)
    assert (row["stage"], row["held"], (await lines(house, id)).count("Готово")) == ("closed", [], 1)
    # A step that fails before the closing keeps it from being done with the reply.
    note = {"deed": "note", "value": "{{customer.company}}?"}
    broken = (await house.post("/macros", {"title": "Не вышло", "steps": [steps[1], note, steps[2]]}, status=201))["id"]
    done = await house.post(f"{path}/macro", {"macro": broken, "hold_seconds": 6})
    assert [each["state"] for each in done["steps"]] == ["done", "failed", "skipped"]
    assert [each["close"] for each in done["conversation"]["held"]] == [False]


async def test_what_comes_after_a_held_reply_lets_it_go_first(house: Any) -> None:
    id = await waiting(house)
    await house.post(f"/conversations/{id}/held", {"text": "Готово"}, status=201)
    await house.post(f"/conversations/{id}/close")
    assert (await lines(house, id))[-2:] == ["Готово", "closed"]
    await house.post(f"/conversations/{id}/reopen")
    await house.post(f"/conversations/{id}/held", {"text": "Передаю"}, status=201)
    await house.post(f"/conversations/{id}/transfer", {"operator": "mark"})
    row = await house.get(f"/conversations/{id}")
    assert (row["assignee"]["id"], row["held"]) == ("mark", [])
    assert (await lines(house, id))[-2:] == ["Передаю", "assigned"]


async def test_who_closed_or_passed_on_meanwhile_is_not_overruled_by_a_held_reply(house: Any) -> None:
    id = await waiting(house)
    team = (await house.post("/teams", {"name": "Склад"}, who="boss", status=201))["id"]
    await house.post(f"/conversations/{id}/held", {"text": "Готово"}, status=201)
    await house.post(f"/conversations/{id}/close", who="mark")
    house.clock.shift += timedelta(seconds=7)
    assert await holding.send_due(house.bridge) == 1
    assert (await house.get(f"/conversations/{id}"))["stage"] == "closed"
    assert (await lines(house, id))[-2:] == ["closed", "Готово"]
    await house.post(f"/conversations/{id}/reopen")
    await house.post(f"/conversations/{id}/held", {"text": "Передаю"}, status=201)
    await house.post(f"/conversations/{id}/transfer", {"team": team}, who="mark")
    house.clock.shift += timedelta(seconds=7)
    assert await holding.send_due(house.bridge) == 1
    row = await house.get(f"/conversations/{id}")
    assert (row["stage"], row["assignee"], row["last_message"]["text"]) == ("waiting", None, "Передаю")


async def test_a_reply_closes_or_lets_sleep_with_itself(house: Any) -> None:
    id = await waiting(house)
    until = (house.clock.now() + timedelta(days=1)).isoformat()
    path = f"/conversations/{id}/messages"
    await house.post(path, {"text": "Жду", "then": {"snooze_until": until}}, status=201)
    assert (await house.get(f"/conversations/{id}"))["desk_state"] == "snoozed"
    for _ in range(2):
        await house.post(path, {"text": "Пока", "then": {"close": True}, "client_id": "one"}, status=201)
    assert (await house.get(f"/conversations/{id}"))["stage"] == "closed"
    assert (await lines(house, id))[-2:] == ["Пока", "closed"]


async def test_who_is_deleted_takes_what_was_his_alone_and_leaves_what_he_shared(house: Any) -> None:
    id = await waiting(house)
    for who, shared in (("anna", "own"), ("chief", "own"), ("chief", "all")):
        body = {"title": f"{who} {shared}", "text": "Добрый день", "shared": shared}
        await house.post("/canned", body, who=who, status=201)
        steps = {"title": f"{who} {shared}", "steps": [{"deed": "close"}], "shared": shared}
        await house.post("/macros", steps, who=who, status=201)
    words = {"mode": "reply", "text": "недописано", "attachments": [], "seq": 1, "page": "one"}
    assert (await house.call("PUT", f"/conversations/{id}/draft", "chief", json=words)).status == 200
    store = house.bridge.store
    assert len(await store.drafts.of("chief", 10)) == 1
    assert (await house.call("DELETE", "/operators/chief", "boss")).status == 204
    for shelf in (store.canned, store.macros):
        assert {(row.title, row.by) for row in await shelf.all()} == {("anna own", "anna"), ("chief all", "chief")}
    assert await store.drafts.of("chief", 10) == []
