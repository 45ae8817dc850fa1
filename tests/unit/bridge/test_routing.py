"""Who gets what waits, as a pure rule: by turns, by load, by who knows the customer; nobody who takes no new ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.model.ids import OperatorId, TeamId
from bridge.model.operators import Operator, Role, Working, WorkRules, WorkState
from bridge.model.teams import Route, Step, StepTo, Way
from bridge.teamwork import routing
from bridge.teamwork.dispatch import steps_fit
from bridge.teamwork.states import state_now

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ROUTE = Route(TeamId("t"), TeamId("t"), 0, NOW, NOW)


def person(name: str, busy: int = 0, state: WorkState = WorkState.FREE, capacity: int = 0) -> Working:
    row = Operator(OperatorId(name), f"{name}@shop.example", name, Role.OPERATOR, "", NOW)
    return Working(row, state, NOW, busy, capacity)


PEOPLE = (
    person("c", 1),
    person("a", 2),
    person("b", 1),
    person("d", 0, WorkState.BUSY),
    person("e", 0, WorkState.AWAY),
    person("f", 3, capacity=3),
)


@pytest.mark.parametrize(
    ("way", "asked", "knows", "turn", "wanted"),
    [
        (Way.MANUAL, "", None, 1, None),
        (Way.ROUND_ROBIN, "", None, 1, "a"),
        (Way.ROUND_ROBIN, "", None, 2, "b"),
        (Way.ROUND_ROBIN, "", None, 6, "c"),
        (Way.ROUND_ROBIN, "b", None, 2, "c"),
        (Way.LEAST_BUSY, "", None, 9, "b"),
        (Way.LEAST_BUSY, "bc", None, 9, "a"),
        (Way.STICKY, "", "a", 1, "a"),
        (Way.STICKY, "", "d", 1, "b"),
        (Way.STICKY, "a", "a", 1, "b"),
        (Way.LEAST_BUSY, "abc", None, 1, None),
    ],
)
def test_somebody_who_takes_new_ones_is_chosen(way: Way, asked: str, knows: str, turn: int, wanted: str) -> None:
    for people in (PEOPLE, PEOPLE[::-1]):
        assert routing.chosen(way, people, [OperatorId(id) for id in asked], OperatorId(knows or ""), turn) == wanted


def test_a_step_ends_by_its_minutes_and_is_looked_at_again_meanwhile() -> None:
    step = Step(StepTo.TEAM, 0.5, Way.LEAST_BUSY)
    assert routing.step_of(ROUTE, (step,)) is step
    assert routing.step_of(replace(ROUTE, step=1), (step,)).to is StepTo.QUEUE
    assert [routing.is_over(ROUTE, step, NOW + timedelta(seconds=s)) for s in (29, 30)] == [False, True]
    assert not routing.is_over(ROUTE, replace(step, minutes=0.0), NOW + timedelta(days=9))
    untils = [routing.looked_again(ROUTE, step, NOW + timedelta(seconds=s)).until for s in (0, 25)]
    assert untils == [NOW + routing.AGAIN, NOW + timedelta(seconds=30)]
    given = replace(ROUTE, given=OperatorId("a"), asked=(OperatorId("b"),))
    later = NOW + timedelta(minutes=1)
    assert routing.following(given, later) == replace(ROUTE, step=1, since=later, until=later, asked=("b", "a"))


def test_the_clock_sends_away_only_who_chose_to_be_free() -> None:
    seen = NOW - timedelta(minutes=10)
    for state in WorkState:
        row = replace(PEOPLE[0].operator, state=state)
        away = WorkState.AWAY if state is WorkState.FREE else state
        assert state_now(row, seen, NOW, WorkRules()) is away
        assert state_now(row, None, NOW, WorkRules()) is away
        assert state_now(row, seen, NOW, WorkRules(away_minutes=10.1)) is state
        assert state_now(row, None, NOW, WorkRules(away_minutes=0)) is state


def test_a_scenario_can_be_gone_through() -> None:
    team, line, queue = Step(StepTo.TEAM), Step(StepTo.SECOND_LINE, team=TeamId("u")), Step(StepTo.QUEUE)
    assert steps_fit((team, line, queue), TeamId("t"))
    assert steps_fit((), None)
    for wrong in ((queue, team), (replace(line, team=None),), (replace(team, team=TeamId("u")),)):
        assert not steps_fit(wrong, TeamId("t"))
    assert not steps_fit((line,), TeamId("u"))
