"""Scenarios are carried out, step by step: each is one swap, so that of two processes that race one is heard."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bridge import handoff
from bridge.commit import Change, commit
from bridge.context import Bridge, log
from bridge.draft import Draft
from bridge.errors import Conflict, NotFound
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.ids import ConversationId, OperatorId, TeamId
from bridge.model.operators import Operator, Working
from bridge.model.teams import Route, Step, StepTo, Way
from bridge.rights import may
from bridge.teamwork import roster, routing, states

#: Conversations moved on in one round of the timers, and moves of one that follow at once.
PORTION = 100
MOVES = 25
#: Conversations of a customer looked at for who served him last.
KNOWN_BY = 20


@dataclass
class Desk:
    """The people who can be given conversations, read once for a round; who is given one has one more open."""

    bridge: Bridge
    working: list[Working] = field(default_factory=list)
    read: bool = False

    async def able(self, row: Conversation) -> list[Working]:
        """Return who may be given a conversation: he gets what is of its team in its channel."""
        if not self.read:
            people = [each for each in await self.bridge.store.staff.all() if may(each, "claim")]
            self.working, self.read = await states.of(self.bridge, people), True
        return [each for each in self.working if each.operator.sight.reaches(row.team, row.channel)]

    def given(self, id: OperatorId) -> None:
        """Count one more that a person has open."""
        self.working = [replace(each, open=each.open + (each.operator.id == id)) for each in self.working]


async def move_on(bridge: Bridge) -> int:
    """Move the scenarios on that have something to do now; returns how many conversations that were."""
    rows, desk = await bridge.store.conversations.to_route(bridge.clock.now(), PORTION), Desk(bridge)
    for row in rows:
        try:
            await advance(bridge, row.id, desk)
        except (Conflict, NotFound) as refusal:
            log.info("a scenario waits for the next round", extra={"conversation": row.id, "reason": str(refusal)})
    return len(rows)


async def advance(bridge: Bridge, id: ConversationId, desk: Desk | None = None) -> Conversation:
    """Do what a conversation's scenario says now, until it has to wait. Raises NotFound, Conflict, StoreDown."""
    row, desk = await bridge.store.conversations.get(id), desk or Desk(bridge)
    for _ in range(MOVES):
        route, now = row.route, bridge.clock.now()
        if route is None or route.until is None or route.until > now:
            break
        row = await _move(bridge, row, route, now, desk)
    return row


async def _move(bridge: Bridge, row: Conversation, route: Route, now: datetime, desk: Desk) -> Conversation:
    if not routing.goes_on(row, route) or (route.given is not None and row.waiting_since is None):
        return await _set(bridge, row, None)  # somebody answered, or took it
    step = routing.step_of(route, await roster.steps_of(bridge, route.scenario))
    if route.given is not None:
        after = replace(handoff.release(row, "queue"), route=routing.following(route, now))
        return await _write(bridge, row, route, after, "not_answered", row.assignee_name or "")
    if routing.is_over(route, step, now):
        return await _set(bridge, row, routing.following(route, now))
    match step.to:
        case StepTo.QUEUE:
            return await _set(bridge, row, None)
        case StepTo.RESPONSIBLE:
            return await _ask_responsible(bridge, row, route, step, desk)
        case StepTo.SECOND_LINE:
            to = await roster.living(bridge, step.team)
            if to is None:
                return await _set(bridge, row, routing.following(route, now))
            if row.team != to:
                after = replace(handoff.in_team(row, to), route=replace(route, team=to))
                return await _write(bridge, row, route, after, "routed_line", detail=roster.name_of(bridge, to))
    return await _ask_team(bridge, row, route, step, desk)


async def _ask_responsible(bridge: Bridge, row: Conversation, route: Route, step: Step, desk: Desk) -> Conversation:
    knows = await _who_knows(bridge, row)
    people = [each for each in await desk.able(row) if each.operator.id == knows]
    if routing.chosen(Way.STICKY, people, route.asked, knows, 1) is None:
        return await _set(bridge, row, routing.following(route, bridge.clock.now()))
    return await _give(bridge, row, route, step, people[0].operator, desk)


async def _ask_team(bridge: Bridge, row: Conversation, route: Route, step: Step, desk: Desk) -> Conversation:
    if step.way is Way.MANUAL:  # it waits for whoever of the team takes it
        end = routing.ends(route, step)
        return await _set(bridge, row, None if end is None else replace(route, until=end))
    people = [each for each in await desk.able(row) if _works_in(each.operator, row.team)]
    knows = await _who_knows(bridge, row) if step.way is Way.STICKY else None
    turn = 1
    if step.way is Way.ROUND_ROBIN and any(each.takes and each.operator.id not in route.asked for each in people):
        turn = await bridge.store.teams.turn(row.team or "", f"{row.id}:{routing.key(route)}")
    found = routing.chosen(step.way, people, route.asked, knows, turn)
    if found is None:
        return await _set(bridge, row, routing.looked_again(route, step, bridge.clock.now()))
    person = next(each.operator for each in people if each.operator.id == found)
    return await _give(bridge, row, route, step, person, desk)


def _works_in(person: Operator, team: TeamId | None) -> bool:
    return team is None or team in person.teams


async def _who_knows(bridge: Bridge, row: Conversation) -> OperatorId | None:
    """Return who owned this conversation before, else another one of its customer last."""
    if row.moved_from is not None and row.moved_from.assignee is not None:
        return row.moved_from.assignee
    cases, _ = await bridge.store.conversations.page(ConversationFilters(customer=row.customer), None, KNOWN_BY)
    return next((each.assignee for each in cases if each.id != row.id and each.assignee is not None), None)


async def _give(
    bridge: Bridge, row: Conversation, route: Route, step: Step, person: Operator, desk: Desk
) -> Conversation:
    """Give it to a person; without a limit that was the scenario's last word."""
    end = routing.ends(route, step)
    going = None if end is None else replace(route, until=end, given=person.id)
    written = await _write(
        bridge, row, route, replace(handoff.assign(row, person), route=going), "routed", "", person.name
    )
    desk.given(person.id)
    return written


async def _set(bridge: Bridge, row: Conversation, route: Route | None) -> Conversation:
    """Note how far a scenario is, where nothing is to be seen of it: a plain swap, told to nobody."""
    try:
        return await bridge.store.conversations.replace(replace(row, route=route))
    except Conflict:
        return await bridge.store.conversations.get(row.id)


async def _write(
    bridge: Bridge, row: Conversation, route: Route, after: Conversation, code: str, actor: str = "", detail: str = ""
) -> Conversation:
    """Write one move, if what it was decided on still stands; returns the conversation as it is then."""
    key = f"route:{routing.key(route)}:{code}"

    def decide(before: Conversation) -> Change | None:
        if before.route != route or not routing.goes_on(before, route):
            return None
        moved = replace(
            before,
            stage=after.stage,
            team=after.team,
            assignee=after.assignee,
            assignee_name=after.assignee_name,
            route=after.route,
            epoch=before.epoch + after.epoch - row.epoch,
        )
        draft = Draft(bridge, before, moved, key)
        draft.event(code, actor, detail)
        draft.audit("system", code, operator=after.assignee or row.assignee or "", team=after.team or "")
        return draft.change()

    return (await commit(bridge, row.id, key, decide)).conversation


def steps_fit(steps: Sequence[Step], own: TeamId | None) -> bool:
    """Tell whether a scenario can be gone through: a second line is another team, the queue is the end."""
    lines = all((step.to is StepTo.SECOND_LINE) is (step.team is not None) and step.team != own for step in steps)
    return lines and all(step.to is not StepTo.QUEUE for step in steps[:-1])
