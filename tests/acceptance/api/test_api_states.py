"""How people work, over the API: what they choose, when the clock sends them away, and who is offered conversations."""

from datetime import timedelta
from typing import Any

from tests.acceptance.api.conftest import waiting


async def states(house: Any) -> dict[str, tuple[str, bool]]:
    rows = (await house.get("/operators/states", who="watcher"))["items"]
    assert [row["takes"] for row in rows] == sorted((row["takes"] for row in rows), reverse=True)
    return {row["id"]: (row["state"], row["takes"]) for row in rows}


async def test_who_does_nothing_for_a_while_is_away_until_he_does_something(house: Any) -> None:
    assert await states(house) == dict.fromkeys(("anna", "mark", "boss", "chief"), ("away", False))
    id = await waiting(house)  # anna did it
    assert (await states(house))["anna"] == ("free", True)
    house.clock.shift += timedelta(minutes=9)
    assert (await states(house))["anna"] == ("free", True)
    house.clock.shift += timedelta(minutes=1, seconds=1)
    assert (await states(house))["anna"] == ("away", False)
    await house.post(f"/conversations/{id}/claim")
    (row,) = (row for row in (await house.get("/operators/states"))["items"] if row["id"] == "anna")
    assert (row["state"], row["chosen"], row["open"], row["capacity"]) == ("free", "free", 1, None)
    await house.patch("/operators/anna", {"capacity": 1}, who="boss")
    assert (await states(house))["anna"] == ("free", False)  # there is no room for one more
    # Away by the clock may be given conversations: somebody may know better.
    assert (await states(house))["mark"] == ("away", False)
    assert (await house.post(f"/conversations/{id}/assign", {"operator": "mark"}))["assignee"]["id"] == "mark"


async def _choose(house: Any, state: str, status: int = 200, who: str = "mark") -> Any:
    response = await house.call("PUT", "/me/state", who, json={"state": state})
    assert response.status == status
    return await response.json()


async def test_who_chose_to_get_no_new_ones_is_spared_unless_somebody_insists(house: Any) -> None:
    id = await waiting(house)
    for state in ("busy", "away", "dnd"):
        assert await _choose(house, state) == {"state": state}
        assert await house.get("/me/state", who="mark") == {"state": state}
        assert (await states(house))["mark"] == (state, False)
        for verb in ("assign", "transfer"):
            refused = await house.post(f"/conversations/{id}/{verb}", {"operator": "mark"}, status=409)
            assert (refused["code"], refused["detail"]) == ("not_free", state)
    await _choose(house, "busy")
    row = await house.post(f"/conversations/{id}/transfer", {"operator": "mark", "force": True})
    assert row["assignee"]["id"] == "mark"
    await house.post(f"/conversations/{id}/release", {"to": "queue"}, who="mark")
    await house.post(f"/conversations/{id}/assign", {"operator": "me"}, who="mark")  # oneself one may
    # Busy keeps what is open, not to be disturbed gives it back.
    await _choose(house, "away")
    assert (await house.get(f"/conversations/{id}"))["assignee"]["id"] == "mark"
    await _choose(house, "dnd")
    row = await house.get(f"/conversations/{id}")
    assert (row["stage"], row["assignee"]) == ("waiting", None)
    lines = (await house.get(f"/conversations/{id}/messages"))["items"]
    assert lines[-1]["event"] == {"code": "not_disturbed", "actor": "Mark", "detail": ""}
    await _choose(house, "gone", 422)
    await _choose(house, "free", 403, who="watcher")
