"""Scenarios of teams: what waits finds its person step by step, once, whoever looks and however many processes race."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.context import Bridge, Memory
from bridge.model.operators import WorkRules
from bridge.model.teams import Step, StepTo, Way
from bridge.teamwork import dispatch
from tests.acceptance.api.conftest import House, waiting


async def team(house: House, name: str, members: list[str], *steps: dict[str, Any]) -> str:
    body = {"name": name, "members": members, "scenario": list(steps)}
    return str((await house.post("/teams", body, who="boss", status=201))["id"])


async def here(house: House, *who: str) -> None:
    """These people do something: they are there."""
    for name in who:
        assert (await house.call("PATCH", "/me", name, json={"theme": "dark"})).status == 200


async def moved(house: House, id: str, minutes: float = 0, *present: str) -> tuple[str, str | None]:
    """Let time pass, and the timers look; returns stage and owner."""
    house.clock.shift += timedelta(minutes=minutes)
    await here(house, *present)
    await dispatch.move_on(house.bridge)
    row = await house.get(f"/conversations/{id}")
    return row["stage"], row["assignee"] and row["assignee"]["id"]


async def told(house: House, id: str) -> list[tuple[str, str, str]]:
    rows = (await house.get(f"/conversations/{id}/messages?limit=200"))["items"]
    lines = [(row["event"]["code"], row["event"]["actor"], row["event"]["detail"]) for row in rows if row["event"]]
    return [line for line in lines if line[0] in ("routed", "not_answered", "routed_line")]


async def test_a_scenario_goes_from_who_knows_the_customer_to_team_second_line_and_queue(
    house: House,
) -> None:
    second = await team(house, "Вторая линия", ["chief"])
    first = await team(
        house,
        "Первая линия",
        ["anna", "mark"],
        {"to": "responsible", "minutes": 5},
        {"to": "team", "minutes": 5, "way": "round_robin"},
        {"to": "second_line", "minutes": 5, "way": "least_busy", "team": second},
        {"to": "queue"},
    )
    assert [step["to"] for step in (await house.get(f"/teams/{first}"))["scenario"]][2:] == ["second_line", "queue"]
    # Anna served this customer last, in another conversation.
    old = await waiting(house)
    await house.post(f"/conversations/{old}/claim")
    await house.post(f"/conversations/{old}/close")
    house.clock.shift += timedelta(days=2)
    id = await waiting(house)
    assert id != old
    await here(house, "anna", "mark", "chief")
    await house.post(f"/conversations/{id}/transfer", {"team": first}, who="boss")
    assert await moved(house, id) == ("operator", "anna")
    assert await moved(house, id, 4) == ("operator", "anna")
    assert await moved(house, id, 1, "mark") == ("operator", "mark")  # whoever had it is not asked again
    assert await moved(house, id, 5, "chief") == ("operator", "chief")
    assert (await house.get(f"/conversations/{id}"))["team"]["id"] == second
    assert await moved(house, id, 5) == ("waiting", None)
    assert await moved(house, id, 60) == ("waiting", None)
    assert await told(house, id) == [
        ("routed", "", "Anna"),
        ("not_answered", "Anna", ""),
        ("routed", "", "Mark"),
        ("not_answered", "Mark", ""),
        ("routed_line", "", "Вторая линия"),
        ("routed", "", "Chief"),
        ("not_answered", "Chief", ""),
    ]


async def test_an_answer_ends_the_scenario_and_whoever_gives_it_back_is_not_asked_again(house: House) -> None:
    only = await team(house, "Смена", ["anna", "mark"], {"to": "team", "minutes": 3, "way": "least_busy"})
    id = await waiting(house)
    await here(house, "anna", "mark")
    await house.post(f"/conversations/{id}/transfer", {"team": only}, who="boss")
    assert await moved(house, id) == ("operator", "anna")
    await house.post(f"/conversations/{id}/messages", {"text": "Смотрю"}, status=201)
    assert await moved(house, id, 9, "anna", "mark") == ("operator", "anna")
    await house.says("и ещё вопрос")
    assert await moved(house, id, 9, "anna", "mark") == ("operator", "anna")  # she has it in her hands
    await house.post(f"/conversations/{id}/release", {"to": "queue"})
    assert await moved(house, id) == ("operator", "mark")
    await house.post(f"/conversations/{id}/assign", {"operator": "boss"}, who="boss")
    assert await moved(house, id, 9, "anna", "mark") == ("operator", "boss")


async def test_who_has_no_room_or_is_not_there_gets_nothing_until_he_has(house: House) -> None:
    turns = await team(house, "Очередь", ["anna", "mark"], {"to": "team", "way": "round_robin"})
    await house.patch("/operators/anna", {"capacity": 1}, who="boss")
    await house.patch("/operators/mark", {"capacity": 1}, who="boss")
    ids = [await waiting(house, chat=str(chat)) for chat in (1, 2, 3)]
    await here(house, "anna", "mark")
    for id in ids:
        await house.post(f"/conversations/{id}/transfer", {"team": turns}, who="boss")
    await dispatch.move_on(house.bridge)
    owners = [(await house.get(f"/conversations/{id}"))["assignee"] for id in ids]
    assert sorted(owner["id"] for owner in owners if owner) == ["anna", "mark"]
    left = ids[owners.index(None)]
    assert await moved(house, left, 1, "anna", "mark") == ("waiting", None)
    row = next(id for id, owner in zip(ids, owners, strict=True) if owner and owner["id"] == "mark")
    await house.post(f"/conversations/{row}/close", who="mark")
    assert await moved(house, left, 1, "mark") == ("operator", "mark")
    refused = await house.patch(f"/teams/{turns}", {"scenario": [{"to": "second_line"}]}, who="boss", status=422)
    assert refused["errors"] == [{"field": "scenario", "code": "invalid"}]


@pytest.mark.parametrize("way", [Way.ROUND_ROBIN, Way.LEAST_BUSY])
async def test_processes_that_race_give_it_to_one_person(house: House, way: Way) -> None:
    rules = WorkRules(steps=(Step(StepTo.TEAM, 1.0, way),) * 2)
    # Not a team's own: the installation's scenario, for what belongs to no team.
    processes: list[Bridge] = [replace(house.bridge, work=rules, memory=Memory()) for _ in range(3)]
    object.__setattr__(house.bridge, "work", rules)
    ids = [await waiting(house, chat=str(chat)) for chat in range(4)]
    for lines in (["routed"], ["routed", "not_answered", "routed"]):
        await here(house, "anna", "mark", "boss", "chief")
        await asyncio.gather(*(dispatch.move_on(process) for process in processes))
        for id in ids:
            seen = await told(house, id)
            assert [code for code, _, _ in seen] == lines
            given = [detail for code, _, detail in seen if code == "routed"]
            owner = (await house.get(f"/conversations/{id}"))["assignee"]
            assert (owner["name"], len(set(given))) == (given[-1], len(given))
        house.clock.shift += timedelta(minutes=1, seconds=1)


async def test_without_a_scenario_everything_waits_as_ever(house: House) -> None:
    plain = await team(house, "Простая", ["anna"])
    id = await waiting(house)
    await here(house, "anna")
    await house.post(f"/conversations/{id}/transfer", {"team": plain})
    assert (await house.bridge.store.conversations.get(id)).route is None
    assert await dispatch.move_on(house.bridge) == 0
    assert await moved(house, id, 60) == ("waiting", None)
