"""One day of the desk on the embedded store: what the other tests show on the twin in memory holds on disk."""

import asyncio
from datetime import timedelta

import pytest

from operator_panel.access import COOKIE, new_session
from storage.sqlite import SqliteDocuments


@pytest.fixture
def documents(tmp_path) -> SqliteDocuments:
    return SqliteDocuments(tmp_path / "mostik.sqlite3")


async def test_a_day_of_the_desk(house) -> None:
    case = await house.says("когда привезут заказ")
    url = f"/conversations/{case.id}"
    await house.post(f"{url}/release", {"to": "queue"})
    assert [row["id"] for row in (await house.get("/conversations?view=mine"))["items"]] == [case.id]
    assert (await house.get("/conversations/counts"))["due"] == 1
    key = {"Idempotency-Key": "one"}
    answers = await asyncio.gather(
        *(house.post(f"{url}/messages", {"text": "Завтра"}, status=201, headers=key) for _ in range(4))
    )
    assert len({each["id"] for each in answers}) == 1
    await house.post(f"{url}/messages", {"text": "Вечером"}, status=422, headers=key)
    house.clock.shift = timedelta(hours=25)
    await house.post(f"{url}/messages", {"text": "Вечером"}, status=201, headers=key)
    lines = (await house.get(f"{url}/messages", params={"limit": 2}))["items"]
    assert [line["text"] for line in lines] == ["Завтра", "Вечером"]
    assert [row["id"] for row in (await house.get("/conversations", params={"q": "вечер"}))["items"]] == [case.id]
    assert [row["id"] for row in (await house.get("/customers", params={"q": "игорь"}))["items"]] == [case.customer]
    found = await house.get(f"/customers/{case.customer}/messages", params={"limit": 2})
    back = await house.get(f"/customers/{case.customer}/messages", params={"cursor": found["next"]})
    assert len({line["id"] for line in [*found["items"], *back["items"]]}) == case.seq + 4


async def test_a_session_on_disk_rolls_and_resumes_its_line(house) -> None:
    opened = new_session(house.staff["anna"], house.clock.now(), False, "test")
    await house.bridge.store.staff.open_session(opened.session)
    cookie = {"Cookie": f"{COOKIE}={opened.cookie}"}
    house.clock.shift = timedelta(hours=11)
    assert (await house.client.get("/api/v1/me", headers=cookie)).status == 200
    house.clock.shift = timedelta(hours=22)
    async with house.client.ws_connect("/live", headers=cookie) as socket:
        assert (await socket.receive_json(timeout=5))["type"] == "hello"
        await house.says("вечерний вопрос")
        assert (await socket.receive_json(timeout=5))["message"]["text"] == "вечерний вопрос"
