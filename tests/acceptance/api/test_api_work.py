"""One's own work over the API: tasks, mentions, stars, what one is told of and how."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.model.ids import OperatorId
from bridge.model.tasks import TaskNews
from bridge.notices import outgoing, taking_off, waiting
from bridge.teamwork import tasks
from tests.acceptance.api.conftest import waiting as waits


async def told(house: Any, who: str) -> list[tuple[str, str, str]]:
    """Kind, detail and text of what somebody has not read, oldest first."""
    page = await house.get("/notifications?unread=true", who=who)
    assert page["unread"] == len(page["items"])
    return [(each["kind"], each["detail"], each["text"]) for each in reversed(page["items"])]


async def events(house: Any, id: str, code: str) -> list[tuple[str, str]]:
    rows = (await house.get(f"/conversations/{id}/messages", who="boss"))["items"]
    return [(row["event"]["actor"], row["event"]["detail"]) for row in rows if (row["event"] or {}).get("code") == code]


async def test_a_task_is_given_done_told_of_and_outlives_its_conversation(house: Any) -> None:
    id = await waits(house)
    await house.post(f"/conversations/{id}/claim")
    soon = (house.clock.now() + timedelta(hours=1)).isoformat()
    body = {"text": "  выставить\n<b>счёт</b> ", "assignee": "mark", "due": soon, "conversation": id}
    task = await house.post("/tasks", body, status=201)
    assert (task["text"], task["assignee"]["name"], task["conversation"]["id"]) == ("выставить <b>счёт</b>", "Mark", id)
    await house.post("/tasks", {"text": "просто так"}, status=201)
    assert await events(house, id, "task_added") == [("Anna", "выставить <b>счёт</b>")]
    assert await told(house, "mark") == [("task", "given", "выставить <b>счёт</b>")]
    await house.post(f"/conversations/{id}/close")
    house.clock.shift = timedelta(hours=2)
    for _ in range(2):
        await tasks.tell_due(house.bridge)
    assert [each[1] for each in await told(house, "mark")] == ["given", "due"]
    assert (await house.get("/tasks/counts", who="mark")) == {"overdue": 1}
    (mine,) = (await house.get("/tasks", who="mark"))["items"]
    assert mine["overdue"]
    done = await house.patch(f"/tasks/{task['id']}", {"done": True}, who="mark")
    assert done["done_by"] == "Mark"
    assert [each[0] for each in await told(house, "anna")] == ["task_done"]
    assert (await house.get("/tasks?state=done", who="mark"))["items"] == [done]
    (of_customer,) = (await house.get(f"/tasks?customer={done['customer_id']}"))["items"]
    assert of_customer["id"] == task["id"]
    await house.patch(f"/tasks/{task['id']}", {"done": None}, status=422)
    refused = await house.post("/tasks", {"text": "х", "assignee": "watcher", "conversation": id}, status=422)
    assert refused["errors"] == [{"field": "assignee", "code": "unknown"}]
    await house.post("/tasks", {"text": "х"}, who="watcher", status=403)
    await house.get(f"/tasks/{task['id']}", who="watcher")
    assert (await house.call("DELETE", f"/tasks/{task['id']}")).status == 204
    await house.get(f"/tasks/{task['id']}", status=404)


async def test_who_dies_before_telling_leaves_it_to_the_clock(house: Any) -> None:
    id = await waits(house)
    body = {"text": "проверить", "assignee": "mark", "conversation": id}
    task = await house.post("/tasks", body, status=201)
    row = await house.bridge.store.tasks.get(task["id"])
    # As if the process had died after the write: told again, it is told once.
    news = (TaskNews("added", OperatorId("anna"), "Anna", row.created_at),)
    await house.bridge.store.tasks.replace(replace(row, news=news))
    assert await tasks.tell_due(house.bridge) == 1
    assert await tasks.tell_due(house.bridge) == 0
    assert len(await events(house, id, "task_added")) == 1
    assert [each[0] for each in await told(house, "mark")] == ["new", "task"]


async def test_who_is_mentioned_is_told_and_must_get_the_conversation(house: Any) -> None:
    id = await waits(house)
    await house.post(f"/conversations/{id}/claim")
    note = {"text": "@Mark <img src=x onerror=alert(1)>", "kind": "note", "mentions": ["mark", "mark"]}
    row = await house.post(f"/conversations/{id}/messages", note, who="chief", status=201)
    assert row["mentions"] == ["mark"]
    assert [each[0] for each in await told(house, "mark")] == ["mention"]
    assert [each[0] for each in await told(house, "anna")] == ["note"]
    assert await told(house, "chief") == []
    team = await house.post("/teams", {"name": "Другие"}, who="boss", status=201)
    access = {"team_access": {"scope": "only", "names": [team["id"]]}}
    await house.patch("/operators/mark", access, who="boss")
    assert await told(house, "mark") == []  # nothing of what he does not get
    refused = await house.post(f"/conversations/{id}/messages", note, status=409)
    assert (refused["code"], refused["operators"]) == ("no_access", [{"id": "mark", "name": "Mark"}])
    await house.post(f"/conversations/{id}/messages", note | {"share": True}, status=201)
    assert [each[0] for each in await told(house, "mark")] == ["mention", "mention"]
    assert (await house.get(f"/conversations/{id}", who="mark"))["shared"] == ["mark"]
    for wrong in (["nobody"], ["mark"] * 31):
        await house.post(f"/conversations/{id}/messages", note | {"mentions": wrong}, status=422)
    # Who is named in the text alone is mentioned too, if he gets the conversation or it is shared.
    await house.post(f"/conversations/{id}/unshare", {"operator": "mark"})
    words = {"text": "@chief, @mark и @anna: что скажете? info@watcher.ru", "kind": "note"}
    assert (await house.post(f"/conversations/{id}/messages", words, status=201))["mentions"] == ["chief"]
    said = await house.post(f"/conversations/{id}/messages", words | {"share": True}, status=201)
    assert set(said["mentions"]) == {"mark", "chief"}
    assert [each[0] for each in await told(house, "chief")] == ["mention", "mention"]


async def test_what_happens_is_told_to_whom_it_concerns_until_he_handles_it(house: Any) -> None:
    await house.patch("/me/notifications", {"ways": {"new": ["panel"]}}, who="mark")
    id = await waits(house)
    assert [each[0] for each in await told(house, "mark")] == ["new"]
    await house.post(f"/conversations/{id}/claim")
    assert await told(house, "mark") == []  # somebody took it
    await house.post(f"/conversations/{id}/follow", who="chief")
    await house.says("ещё вопрос")
    assert await told(house, "anna") == [("reply", "", "ещё вопрос")]
    assert ("followed", "customer", "ещё вопрос") in await told(house, "chief")
    await house.post(f"/conversations/{id}/messages", {"text": "Отвечаю"}, status=201)
    assert await told(house, "anna") == []
    await house.post(f"/conversations/{id}/read", {"seq": 99}, who="chief")
    assert await told(house, "chief") == []
    await house.post(f"/conversations/{id}/assign", {"operator": "mark"})
    assert [each[0] for each in await told(house, "mark")] == ["assigned"]
    page = await house.get("/notifications", who="mark")
    assert await house.post("/notifications/read", {"ids": [page["items"][0]["id"]]}, who="mark") == {"unread": 0}
    await house.says("и ещё")
    assert await house.post("/notifications/read", {"all": True}, who="mark") == {"unread": 0}
    house.clock.shift = timedelta(minutes=31)
    for _ in range(2):
        await waiting.tell_late(house.bridge)
    assert [each[0] for each in await told(house, "mark")] == ["deadline"]
    seen, cursor = [], ""
    while cursor is not None:
        page = await house.get("/notifications?limit=1" + (f"&cursor={cursor}" if cursor else ""), who="mark")
        seen += [each["kind"] for each in page["items"]]
        cursor = page["next"]
    assert seen == ["deadline", "reply", "assigned"]
    await house.get("/notifications?cursor=x", status=422)


async def test_wishes_are_kept_and_what_is_unread_goes_out_by_bot_and_letter(house: Any) -> None:
    letters: list[tuple[str, str, str]] = []

    class Mail:
        async def send(self, to: str, subject: str, text: str) -> str:
            letters.append((to, subject, text))
            return ""

    object.__setattr__(house.bridge, "mail", Mail())
    house.channel.accounts = "telegram"
    await house.patch("/operators/mark", {"telegram_user_id": 77}, who="boss")
    shown = await house.get("/me/notifications", who="mark")
    assert (shown["available"], shown["quiet"]) == (["panel", "browser", "telegram", "email"], None)
    wanted = {"ways": {"reply": ["telegram", "panel", "email"]}, "email_minutes": 5}
    shown = await house.patch("/me/notifications", wanted, who="mark")
    assert (shown["ways"]["reply"], shown["email_minutes"]) == (["panel", "telegram", "email"], 5)
    for wrong in ({"email_minutes": 0}, {"time_zone": "Moon/Crater"}, {"sound": None}, {"quiet": {"begin": "25:00"}}):
        await house.patch("/me/notifications", wrong, who="mark", status=422)
    id = await waits(house)
    await house.post(f"/conversations/{id}/claim", who="mark")
    for text in ("*первый* <b>вопрос</b>", "второй"):
        await house.says(text)
    assert await outgoing.send_due(house.bridge) == 0
    house.clock.shift = timedelta(seconds=31)
    assert await outgoing.send_due(house.bridge) == 2
    assert await outgoing.send_due(house.bridge) == 0
    (message,) = [each for each in house.channel.sent if each.chat == "77"]
    assert [text in message.text for text in ("*первый* <b>вопрос</b>", "второй")] == [True, True]
    house.clock.shift = timedelta(minutes=6)
    assert await outgoing.send_due(house.bridge) == 2
    ((to, subject, text),) = letters
    assert (to, "(2)" in subject, "второй" in text) == ("mark@example.com", True, True)
    # Quiet hours put off what rings; what is read meanwhile does not go out at all.
    now = house.clock.now()
    quiet = {"begin": f"{now:%H:%M}", "end": f"{now + timedelta(hours=2):%H:%M}"}
    await house.patch("/me/notifications", {"quiet": quiet}, who="mark")
    await house.says("ночной")
    house.clock.shift += timedelta(hours=1)
    assert await outgoing.send_due(house.bridge) == 0
    await house.post(f"/conversations/{id}/read", {"seq": 99}, who="mark")
    house.clock.shift += timedelta(hours=2)
    assert await outgoing.send_due(house.bridge) == 0
    assert len(letters) == 1


async def test_who_is_told_by_the_bot_is_told_once_also_after_a_death_in_the_middle(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.channel.accounts = "telegram"
    await house.patch("/operators/mark", {"telegram_user_id": 77}, who="boss")
    id = await waits(house)
    await house.post(f"/conversations/{id}/assign", {"operator": "mark"})
    house.clock.shift = timedelta(seconds=31)

    def private() -> int:
        return sum(each.chat == "77" for each in house.channel.sent)

    async def dies(*_: Any) -> str:
        raise SystemError("the process dies")

    async def send_and_die(where: Any, what: str) -> None:
        with monkeypatch.context() as death:
            death.setattr(where, what, dies)
            with pytest.raises(SystemError):
                await outgoing.send_due(house.bridge)

    # Before the message went out: it goes out once, by whoever looks when the dead one's time is over.
    await send_and_die(house.channel, "send")
    assert (await outgoing.send_due(house.bridge), private()) == (0, 0)
    house.clock.shift += timedelta(minutes=5, seconds=1)
    assert (await outgoing.send_due(house.bridge), private()) == (1, 1)
    house.clock.shift += timedelta(minutes=5, seconds=1)
    assert (await outgoing.send_due(house.bridge), private()) == (0, 1)
    # Between the message and the note that it went: he is told again only if he has not read it by then.
    for reads in (True, False):
        before = private()
        note = {"text": "@Mark, ещё раз", "kind": "note", "mentions": ["mark"]}
        await house.post(f"/conversations/{id}/messages", note, status=201)
        house.clock.shift += timedelta(seconds=31)
        await send_and_die(taking_off, "told")
        assert (await outgoing.send_due(house.bridge), private()) == (0, before + 1)
        if reads:
            await house.post("/notifications/read", {"all": True}, who="mark")
        house.clock.shift += timedelta(minutes=5, seconds=1)
        await outgoing.send_due(house.bridge)
        assert private() == before + (1 if reads else 2)


async def test_stars_are_found_again_by_who_put_them(house: Any) -> None:
    id = await waits(house)
    row = await house.post(f"/conversations/{id}/messages", {"text": "важное", "kind": "note"}, status=201)
    for _ in range(2):
        assert (await house.call("PUT", f"/messages/{row['id']}/star")).status == 204
    (star,) = (await house.get("/starred"))["items"]
    assert (star["message"]["text"], star["conversation"]["id"]) == ("важное", id)
    assert await house.get(f"/conversations/{id}/starred") == {"ids": [row["id"]]}
    assert (await house.get("/starred", who="mark"))["items"] == []
    assert (await house.call("DELETE", f"/messages/{row['id']}/star")).status == 204
    assert (await house.get("/starred"))["items"] == []
    assert (await house.call("PUT", "/messages/nothing/star")).status == 404
    await house.post(f"/conversations/{id}/claim")
    line = next(row for row in (await house.get(f"/conversations/{id}/messages"))["items"] if row["event"])
    refused = await house.call("PUT", f"/messages/{line['id']}/star")
    assert (refused.status, (await refused.json())["code"]) == (403, "forbidden")


async def test_a_live_line_is_told_of_its_own_persons_notices(house: Any) -> None:
    id = await waits(house)
    proof = {"Authorization": f"Bearer {house.tokens['mark']}"}
    async with house.client.ws_connect("/live", headers=proof) as line:
        note = {"text": "@Mark посмотри", "kind": "note", "mentions": ["mark"]}
        await house.post(f"/conversations/{id}/messages", note, status=201)

        async def frame() -> Any:
            while True:
                found = json.loads((await asyncio.wait_for(line.receive(), 10)).data)
                if found["type"] == "notices":
                    return found

        told_live = await frame()
        assert (told_live["item"]["kind"], told_live["item"]["ways"]) == (
            "mention",
            ["panel", "browser", "telegram", "email"],
        )
        await house.post(f"/conversations/{id}/read", {"seq": 99}, who="mark")
        while (found := await frame())["item"] is not None:
            continue
        assert found["unread"] < told_live["unread"]


async def test_everybody_has_a_sound_of_his_own(house: Any) -> None:
    shown = await house.get("/me/notifications")
    assert (shown["sound"], shown["tone"], shown["volume"]) == (True, "bell", 50)
    shown = await house.patch("/me/notifications", {"tone": "knock", "volume": 80})
    assert (shown["sound"], shown["tone"], shown["volume"]) == (True, "knock", 80)
    for wrong in ({"tone": "trumpet"}, {"volume": 0}, {"volume": 101}):
        await house.patch("/me/notifications", wrong, status=422)
    assert (await house.get("/me/notifications", who="mark"))["tone"] == "bell"
