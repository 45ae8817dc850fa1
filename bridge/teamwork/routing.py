"""Who gets what waits: pure rules over a scenario's steps, people's states and loads, and who knows the customer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.model.conversations import Conversation, Stage
from bridge.model.ids import OperatorId
from bridge.model.operators import Working
from bridge.model.teams import Route, Step, StepTo, Way

#: How often it is looked again whether somebody is free meanwhile.
AGAIN = timedelta(seconds=10)


def begun(before: Conversation, after: Conversation, steps: Sequence[Step], now: datetime) -> Conversation:
    """Let a scenario begin where a change makes a conversation wait, and end where a person took it into his hands.

    Who gave it back is not asked again. A change that moves the scenario itself is left as it is.
    """
    if after.route is not before.route:
        return after
    if comes(before, after):
        asked = (before.assignee,) if before.assignee is not None else ()
        route = Route(after.team, after.team, 0, now, now, asked=asked) if steps else None
        return replace(after, route=route)
    route = after.route
    if route is None or (goes_on(after, route) and not _answered(before, after)):
        return after
    return replace(after, route=None)


def comes(before: Conversation, after: Conversation) -> bool:
    """Tell whether a change makes a conversation wait that did not, or not there."""
    return after.stage is Stage.WAITING and (before.stage is not Stage.WAITING or before.team != after.team)


def goes_on(row: Conversation, route: Route) -> bool:
    """Tell whether a conversation still waits for what its scenario does."""
    if row.stage is Stage.WAITING:
        return row.team == route.team
    return row.stage is Stage.OPERATOR and route.given is not None and row.assignee == route.given


def _answered(before: Conversation, after: Conversation) -> bool:
    return before.waiting_since is not None and after.waiting_since is None


def key(route: Route) -> str:
    """Name the moment a scenario stands at, the same in every process."""
    until = route.until.timestamp() if route.until is not None else 0
    return f"{route.scenario}:{route.step}:{route.since.timestamp()}:{until}:{route.given or ''}:{route.team}"


def step_of(route: Route, steps: Sequence[Step]) -> Step:
    """Return the step a scenario stands at; behind the last one waits the queue."""
    return steps[route.step] if route.step < len(steps) else Step(StepTo.QUEUE)


def is_over(route: Route, step: Step, now: datetime) -> bool:
    """Tell whether a step's time has run out."""
    return bool(step.minutes) and now >= route.since + timedelta(minutes=step.minutes)


def ends(route: Route, step: Step) -> datetime | None:
    """Return when a step's time runs out; None: it has no limit."""
    return route.since + timedelta(minutes=step.minutes) if step.minutes else None


def looked_again(route: Route, step: Step, now: datetime) -> Route:
    """Return a step in which nobody was free: it is looked again in a while, at its end at the latest."""
    end = ends(route, step)
    return replace(route, until=min(now + AGAIN, end) if end is not None else now + AGAIN)


def following(route: Route, now: datetime) -> Route:
    """Return the next step, to be begun now; who had it is not asked again."""
    asked = route.asked if route.given is None else (*route.asked, route.given)
    return replace(route, step=route.step + 1, since=now, until=now, given=None, asked=asked)


def chosen(
    way: Way, people: Sequence[Working], asked: Sequence[OperatorId], knows: OperatorId | None, turn: int
) -> OperatorId | None:
    """Return who of these people gets it, None: nobody takes new ones. `turn` counts a team's turns from 1.

    The same facts give the same person in every process: people stand in the order of their ids.
    """
    free = sorted(
        (each for each in people if each.takes and each.operator.id not in asked), key=lambda each: each.operator.id
    )
    if not free or way is Way.MANUAL:
        return None
    if way is Way.ROUND_ROBIN:
        return free[(turn - 1) % len(free)].operator.id
    if way is Way.STICKY and any(each.operator.id == knows for each in free):
        return knows
    return min(free, key=lambda each: (each.open, each.operator.id)).operator.id
