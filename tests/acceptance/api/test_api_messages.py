"""Messages by the API: history, replies that reach the customer, notes that never do, crossing, keys, another try."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.delivery.lanes import LaneWorkers
from bridge.delivery.outbox import Outbox
from bridge.model.messages import DeliveryState


@pytest.fixture
async def outbox(house):
    """The real outbox at work."""
    workers = asyncio.create_task(LaneWorkers(house.bridge, "out", Outbox(house.bridge).handle, 2).run())
    yield
    workers.cancel()
    await asyncio.gather(workers, return_exceptions=True)


async def test_a_reply_is_written_queued_and_sent_once(house, outbox) -> None:
    case = await house.says("Здравствуйте")
    async with house.bridge.feed.follow(None) as events:
        said = await house.post(f"/conversations/{case.id}/messages", {"text": "Добрый день"}, status=201)
        assert {
            "id",
            "seq",
            "author",
            "text",
            "attachments",
            "reply_to",
            "edited_at",
            "deleted_at",
            "delivery",
            "at",
        } <= set(said)
        assert said["author"] == {"kind": "operator", "id": "anna", "name": "Anna"}
        assert said["delivery"]["state"] == "queued"
        async for event in events:
            if event.type == "message.updated" and event.seq == said["seq"]:
                lines = (await house.get(f"/conversations/{case.id}/messages"))["items"]
                if lines[-1]["delivery"]["state"] == "sent":
                    break
    assert [sent.text for sent in house.channel.sent] == ["Добрый день"]
    assert [line["seq"] for line in lines] == [1, 2, 3]
    assert [line["author"]["kind"] for line in lines] == ["customer", "system", "operator"]
    assert lines[0]["delivery"] is None
    assert lines[1]["event"] == {"code": "claimed", "actor": "Anna", "detail": ""}
    assert (await house.get(f"/conversations/{case.id}"))["assignee"]["id"] == "anna"


async def test_a_note_stays_inside_and_changes_no_stage(house) -> None:
    case = await house.says("Здравствуйте")
    note = await house.post(f"/conversations/{case.id}/messages", {"text": "ждёт возврат", "kind": "note"}, status=201)
    assert (note["author"]["kind"], note["delivery"], note["seq"]) == ("note", None, 2)
    assert (await house.get(f"/conversations/{case.id}"))["stage"] == "bot"
    refused = await house.post(
        f"/conversations/{case.id}/messages", {"text": "x", "kind": "note", "reply_to": note["id"]}, status=422
    )
    assert refused["errors"] == [{"field": "reply_to", "code": "not_for_notes"}]


async def test_history_is_paged_from_both_ends(house) -> None:
    for number in range(1, 8):
        case = await house.says(str(number))
    url = f"/conversations/{case.id}/messages"

    async def seqs(**query: int) -> tuple[list[int], str | None]:
        answer = await house.get(url, params=query)
        return [line["seq"] for line in answer["items"]], answer["next"]

    assert await seqs() == ([1, 2, 3, 4, 5, 6, 7], None)
    assert await seqs(limit=3) == ([5, 6, 7], "5")
    assert await seqs(limit=3, before=5) == ([2, 3, 4], "2")
    assert await seqs(limit=3, before=2) == ([1], None)
    assert await seqs(limit=3, after=0) == ([1, 2, 3], "3")
    assert await seqs(limit=3, after=6) == ([7], None)
    assert await seqs(after=7) == ([], None)
    ids = [line["id"] for line in (await house.get(url))["items"]]
    assert await seqs(limit=3, around=ids[3]) == ([3, 4, 5], "3")
    assert await seqs(limit=4, around=ids[0]) == ([1, 2, 3], None)
    other = (await house.get(f"/conversations/{(await house.says('нет', '200')).id}/messages"))["items"][0]
    for elsewhere in (other["id"], "none"):
        await house.get(url, status=404, params={"around": elsewhere})
    for wrong in ({"limit": 201}, {"after": -1}, {"before": "x"}):
        assert (await house.get(url, status=422, params=wrong))["errors"][0]["field"] == next(iter(wrong))


async def test_a_crossed_reply_is_stopped_with_what_was_missed(house) -> None:
    case = await house.says("первый вопрос")
    await house.says("и второй")
    url = f"/conversations/{case.id}/messages"
    body = {"text": "ответ на первый", "seen_seq": 1, "client_id": "c-1"}
    crossed = await house.post(url, body, status=409, headers={"Idempotency-Key": "c-1"})
    assert crossed["code"] == "crossed"
    assert [line["text"] for line in crossed["messages"]] == ["и второй"]
    forced = await house.post(url, body | {"force": True}, status=201, headers={"Idempotency-Key": "c-1"})
    again = await house.post(url, {"text": "дальше", "seen_seq": forced["seq"]}, status=201)
    assert again["seq"] == forced["seq"] + 1
    other = await house.post(url, {"text": "и я", "seen_seq": 2}, who="mark", status=409)
    assert [line["author"]["id"] for line in other["messages"]] == ["anna", "anna"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [("text", "required")]),
        ({"text": ""}, [("text", "empty")]),
        ({"text": "   "}, [("text", "empty")]),
        ({"text": 5}, [("text", "no_text")]),
        ({"text": "а" * 4097}, [("text", "too_long")]),
        ({"text": "x", "kind": "shout"}, [("kind", "unknown_value")]),
        ({"text": "x", "txet": "y"}, [("txet", "unknown")]),
        ({"text": "x", "seen_seq": "1"}, [("seen_seq", "no_number")]),
        ({"text": "x", "force": "yes"}, [("force", "no_boolean")]),
        ([], [("body", "no_object")]),
    ],
)
async def test_a_wrong_body_names_its_fields(house, body, errors) -> None:
    case = await house.says("вопрос")
    problem = await house.post(f"/conversations/{case.id}/messages", body, status=422)
    assert problem["code"] == "invalid"
    assert [(each["field"], each["code"]) for each in problem["errors"]] == errors
    assert len((await house.get(f"/conversations/{case.id}/messages"))["items"]) == 1


async def test_the_same_key_says_it_once(house) -> None:
    case = await house.says("вопрос")
    url, key = f"/conversations/{case.id}/messages", {"Idempotency-Key": "retry-7"}
    first = await house.post(url, {"text": "Ответ"}, status=201, headers=key)
    response = await house.call("POST", url, data='{ "text":"Ответ" }', headers=key)
    assert response.status == 201
    assert await response.json() == first
    assert response.headers["Idempotency-Replayed"] == "true"
    reused = await house.post(url, {"text": "Другой"}, status=422, headers=key)
    assert reused["code"] == "key_reused"
    other = await house.post(url, {"text": "Ответ"}, who="mark", status=201, headers=key)
    assert other["id"] != first["id"]
    texts = [line["text"] for line in (await house.get(url))["items"]]
    assert texts.count("Ответ") == 2


async def test_the_same_key_at_the_same_time_says_it_once(house) -> None:
    case = await house.says("вопрос")
    url, key = f"/conversations/{case.id}/messages", {"Idempotency-Key": "twice"}
    answers = await asyncio.gather(
        *(house.post(url, {"text": "Ответ"}, status=201, headers=key) for _ in range(8)),
    )
    assert len({each["id"] for each in answers}) == 1
    assert [line["text"] for line in (await house.get(url))["items"]].count("Ответ") == 1


async def test_a_key_is_kept_for_a_day(house) -> None:
    case = await house.says("вопрос")
    url, key = f"/conversations/{case.id}/claim", {"Idempotency-Key": "k"}
    await house.post(url, headers=key)
    house.clock.shift = timedelta(hours=23)
    await house.post(f"/conversations/{case.id}/close", status=422, headers=key)
    house.clock.shift = timedelta(hours=25)
    assert (await house.post(f"/conversations/{case.id}/close", headers=key))["stage"] == "closed"


async def test_a_refused_call_frees_its_key(house) -> None:
    case = await house.says("вопрос")
    key = {"Idempotency-Key": "k"}
    await house.post(f"/conversations/{case.id}/claim", who="mark")
    await house.post(f"/conversations/{case.id}/claim", status=409, headers=key)
    await house.post(f"/conversations/{case.id}/release", {"to": "queue"}, who="mark")
    assert (await house.post(f"/conversations/{case.id}/claim", headers=key))["assignee"]["id"] == "anna"
    long = await house.post(f"/conversations/{case.id}/close", status=422, headers={"Idempotency-Key": "k" * 201})
    assert long["errors"] == [{"field": "Idempotency-Key", "code": "too_long"}]


async def test_a_failed_message_is_sent_again(house) -> None:
    case = await house.says("вопрос")
    said = await house.post(f"/conversations/{case.id}/messages", {"text": "Ответ"}, status=201)
    again = await house.post(f"/messages/{said['id']}/retry", status=422)
    assert again["errors"] == [{"field": "id", "code": "not_failed"}]
    row = await house.bridge.store.messages.get(said["id"])
    failed = replace(row.delivery, state=DeliveryState.FAILED, reason="blocked")
    await house.bridge.store.messages.replace(replace(row, delivery=failed))
    shown = (await house.get(f"/conversations/{case.id}/messages"))["items"][-1]["delivery"]
    assert shown["state"] == "failed"
    assert shown["reason"] == "blocked"
    assert shown["reason_text"]
    assert (await house.post(f"/messages/{said['id']}/retry"))["delivery"]["state"] == "queued"
    assert (await house.post("/messages/nowhere/retry", status=404))["code"] == "not_found"
    assert (await house.post(f"/messages/{said['id']}/retry", who="watcher", status=403))["code"] == "forbidden"
