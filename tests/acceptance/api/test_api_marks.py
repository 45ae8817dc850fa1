"""How urgent a conversation is and who follows it, over the API."""

from typing import Any

from tests.acceptance.api.conftest import waiting


async def lines(house: Any, id: str) -> list[tuple[str, str, str]]:
    rows = (await house.get(f"/conversations/{id}/messages"))["items"]
    return [tuple(row["event"].values()) for row in rows if row["event"]]


async def test_a_conversation_is_said_to_be_urgent_and_the_thread_tells_it(house: Any) -> None:
    id = await waiting(house)
    assert (await house.get(f"/conversations/{id}"))["priority"] == ""
    row = await house.patch(f"/conversations/{id}", {"priority": "urgent"})
    assert row["priority"] == "urgent"
    again = await house.patch(f"/conversations/{id}", {"priority": "urgent"}, who="mark")
    assert again["version"] == row["version"]  # nothing changed, nothing is told
    await house.patch(f"/conversations/{id}", {"priority": ""}, who="mark")
    told = [line for line in await lines(house, id) if line[0] == "prioritized"]
    assert told == [("prioritized", "Anna", "urgent"), ("prioritized", "Mark", "normal")]
    refused = await house.patch(f"/conversations/{id}", {"priority": "highest"}, status=422)
    assert refused["errors"][0]["field"] == "priority"
    await house.patch(f"/conversations/{id}", {"priority": "low"}, status=409, headers={"If-Match": '"1"'})
    events = await house.bridge.store.journal.page(f"conversation:{id}", 10)
    assert [event.detail for event in events if event.action == "prioritized"] == [
        {"priority": "normal"},
        {"priority": "urgent"},
    ]


async def test_followers_are_each_callers_own_mark(house: Any) -> None:
    id = await waiting(house)
    for _ in range(2):
        assert (await house.post(f"/conversations/{id}/follow"))["following"]
    assert (await house.post(f"/conversations/{id}/follow", who="watcher"))["followers"] == ["anna", "watcher"]
    seen = await house.get(f"/conversations/{id}", who="mark")
    assert (seen["following"], seen["followers"]) == (False, ["anna", "watcher"])
    await house.post(f"/conversations/{id}/unfollow")
    await house.post(f"/conversations/{id}/close", who="mark")
    assert (await house.get(f"/conversations/{id}", who="watcher"))["following"]
