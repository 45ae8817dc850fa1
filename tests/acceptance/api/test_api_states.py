"""How people work, over the API: what they choose, when the clock sends them away, and who is offered conversations."""

import asyncio
import json
from datetime import timedelta
from typing import Any

from bridge.teamwork import dispatch
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


async def _given(house: Any, line: Any, id: str, who: str | None) -> None:
    """Let the timers look; the panel's line tells who has the conversation then."""
    await dispatch.move_on(house.bridge)
    while True:
        frame = json.loads((await asyncio.wait_for(line.receive(), 10)).data)
        if frame["type"] == "conversation.updated" and frame["conversation"]["id"] == id:
            owner = frame["conversation"]["assignee"]
            if (owner and owner["id"]) == who:
                return


async def test_routing_minds_states_and_who_knows_the_customer_and_the_panel_sees_it(house: Any) -> None:
    steps = [{"to": "team", "minutes": 5, "way": "sticky"}, {"to": "team", "way": "manual"}]
    team = {"name": "Смена", "members": ["anna", "mark"], "scenario": steps}
    team = (await house.post("/teams", team, who="boss", status=201))["id"]
    old = await waiting(house)
    await house.post(f"/conversations/{old}/claim", who="mark")
    await house.post(f"/conversations/{old}/close", who="mark")
    house.clock.shift += timedelta(days=2)
    id = await waiting(house)
    proof = {"Authorization": f"Bearer {house.tokens['watcher']}"}
    async with house.client.ws_connect("/live", headers=proof) as line:
        for who in ("anna", "mark"):
            await _choose(house, "free", who=who)
        await house.post(f"/conversations/{id}/transfer", {"team": team}, who="boss")
        await _given(house, line, id, "mark")  # he knows the customer
        # Not to be disturbed, he gives it back, and is not asked again.
        await _choose(house, "dnd")
        await _given(house, line, id, "anna")
        # She goes without a word: by the clock she is away, and a panel left open is no work.
        silent = {"Authorization": f"Bearer {house.tokens['anna']}"}
        async with house.client.ws_connect("/live", headers=silent) as left:
            await left.receive()
            house.clock.shift += timedelta(minutes=11)
            await _choose(house, "free")
            assert await states(house) | {"boss": 0, "chief": 0} == {
                "anna": ("away", False),
                "mark": ("free", True),
                "boss": 0,
                "chief": 0,
            }
            await _given(house, line, id, None)
        # Then it is by hand: nobody is given it, whoever takes it has it.
        await dispatch.move_on(house.bridge)
        assert (await house.get(f"/conversations/{id}", who="watcher"))["stage"] == "waiting"
        await house.post(f"/conversations/{id}/claim", who="anna")
        # Who is busy keeps what is open, and another one gets what comes next.
        await _choose(house, "busy", who="anna")
        other = await waiting(house, chat="300")
        await house.post(f"/conversations/{other}/transfer", {"team": team}, who="boss")
        await _given(house, line, other, "mark")
        assert (await house.get(f"/conversations/{id}", who="watcher"))["assignee"]["id"] == "anna"
