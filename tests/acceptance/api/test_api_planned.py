"""Replies planned for a time, over the API: they wait, they are marked, and what cannot go is told to who can act."""

from datetime import timedelta
from typing import Any

from bridge import timers
from bridge.composing import holding
from tests.acceptance.api.conftest import waiting


async def test_a_planned_reply_waits_for_its_time_and_is_marked_when_somebody_writes(house: Any) -> None:
    id = await waiting(house)
    path, at = f"/conversations/{id}/held", house.clock.now() + timedelta(hours=2)
    body = {"text": "Напоминаю о заказе", "send_at": at.isoformat()}
    held = await house.post(path, body, status=201)
    row = await house.get(f"/conversations/{id}")
    assert (held["undo"], row["assignee"], row["desk_state"]) == (False, None, "due")
    # Nobody's way is barred by what is to be said much later; who writes marks it.
    await house.post(f"/conversations/{id}/messages", {"text": "Пока так", "seen_seq": 9}, who="mark", status=201)
    assert not held["crossed"]
    assert (await house.get(f"/conversations/{id}"))["held"][0]["crossed"]
    later = at + timedelta(hours=1)
    changed = await house.patch(f"{path}/{held['id']}", {"send_at": later.isoformat(), "text": "Напоминаю"})
    assert changed["text"] == "Напоминаю"
    house.clock.shift += timedelta(hours=2, seconds=1)
    assert await holding.send_due(house.bridge) == 0
    # The desk's person left meanwhile: the words stay, with the reason.
    await house.patch("/operators/anna", {"disabled": True}, who="boss")
    house.clock.shift += timedelta(hours=1)
    await timers._safely(house.bridge, timedelta(0), seldom=False, counts=False)
    (failed,) = (await house.get(f"/conversations/{id}", who="mark"))["held"]
    assert failed["failed"] == "forbidden"
    await house.patch("/operators/anna", {"disabled": False}, who="boss")
    await house.post(f"{path}/{held['id']}/send")
    row = await house.get(f"/conversations/{id}")
    assert (row["held"], row["assignee"]["id"], row["last_message"]["text"]) == ([], "mark", "Напоминаю")
    for when, code in ((house.clock.now(), "past"), (house.clock.now() + timedelta(days=99), "too_far")):
        refused = await house.post(path, {"text": "x", "send_at": when.isoformat()}, status=422)
        assert refused["errors"] == [{"field": "send_at", "code": code}]


async def test_what_a_person_planned_who_is_gone_is_told_to_the_owner_and_sent_by_another(house: Any) -> None:
    id = await waiting(house)
    at = house.clock.now() + timedelta(hours=2)
    body = {"text": "Ваш заказ <b>готов</b>", "send_at": at.isoformat()}
    held = await house.post(f"/conversations/{id}/held", body, status=201)
    await house.post(f"/conversations/{id}/claim", who="mark")
    assert (await house.call("DELETE", "/operators/anna", "boss")).status == 204
    house.clock.shift += timedelta(hours=2, seconds=1)
    for _ in range(2):
        await holding.send_due(house.bridge)
    notices = (await house.get("/notifications", who="mark"))["items"]
    assert [(each["kind"], each["detail"], each["text"]) for each in notices[:1]] == [("task", "unsent", body["text"])]
    rows = (await house.get(f"/conversations/{id}/messages", who="mark"))["items"]
    failed = [row["event"] for row in rows if (row["event"] or {}).get("code") == "planned_failed"]
    assert [each["actor"] for each in failed] == ["Anna"]
    await house.post(f"/conversations/{id}/held/{held['id']}/send", who="boss")
    row = await house.get(f"/conversations/{id}", who="mark")
    assert (row["held"], row["last_message"]["text"]) == ([], body["text"])
    rows = (await house.get(f"/conversations/{id}/messages", who="mark"))["items"]
    assert next(row["author"]["id"] for row in rows if row["text"] == body["text"]) == "boss"
