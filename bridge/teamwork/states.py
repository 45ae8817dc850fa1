"""How people work: what each chose is kept with him, that he has gone away is told by the clock."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.context import Bridge
from bridge.errors import Conflict, StoreDown
from bridge.model.events import AuditEvent
from bridge.model.ids import OperatorId, fresh
from bridge.model.operators import Operator, Working, WorkRules, WorkState
from bridge.rights import may, require
from bridge.teamwork import staffing

#: How often a process writes down at most that a person did something.
AGAIN = timedelta(seconds=30)
_NOTED = "people seen"


async def note(bridge: Bridge, actor: Operator) -> None:
    """Note that a person did something now; a call too many costs nothing, and nothing is refused for it."""
    noted: dict[OperatorId, datetime] = bridge.memory.kept.setdefault(_NOTED, {})
    now = bridge.clock.now()
    last = noted.get(actor.id)
    if last is not None and timedelta(0) <= now - last < AGAIN:
        return
    noted[actor.id] = now
    with suppress(StoreDown):
        await bridge.store.staff.note_seen(actor.id, now)


def state_now(person: Operator, seen_at: datetime | None, now: datetime, rules: WorkRules) -> WorkState:
    """Return a person's state: who chose free and has done nothing for so many minutes is away."""
    if person.state is not WorkState.FREE or not rules.away_minutes:
        return person.state
    gone = seen_at is None or now - seen_at >= timedelta(minutes=rules.away_minutes)
    return WorkState.AWAY if gone else WorkState.FREE


async def of(bridge: Bridge, people: list[Operator]) -> list[Working]:
    """Return how these people work now, in their order. Raises StoreDown."""
    ids = [person.id for person in people]
    seen, loads = await bridge.store.staff.seen(ids), await bridge.store.conversations.loads(ids)
    now, rules = bridge.clock.now(), bridge.work
    return [
        Working(
            person,
            state_now(person, seen.get(person.id), now, rules),
            seen.get(person.id),
            loads[person.id],
            rules.capacity if person.capacity is None else person.capacity,
        )
        for person in people
    ]


async def listed(bridge: Bridge, actor: Operator) -> list[Working]:
    """Return everybody who can be given conversations: who takes new ones first, then by name. Raises Forbidden."""
    require(actor, "read")
    people = [person for person in await bridge.store.staff.all() if may(person, "claim")]
    return sorted(await of(bridge, people), key=lambda each: not each.takes)


async def choose(bridge: Bridge, actor: Operator, state: WorkState) -> Operator:
    """Let a person be in a state; what he has open goes to others when he is not to be disturbed.

    Raises Forbidden, Conflict("version") when his account is written by others all the time.
    """
    require(actor, "claim")
    person = await bridge.store.staff.operator(actor.id)
    while person.state is not state:
        try:
            person = await bridge.store.staff.replace(replace(person, state=state))
        except Conflict:
            person = await bridge.store.staff.operator(actor.id)
            continue
        now = bridge.clock.now()
        event = AuditEvent(fresh(), now, actor.id, "state_chosen", f"operator:{actor.id}", {"state": state.value})
        await bridge.store.journal.write(event)
    if state is WorkState.DND:
        await staffing.give_back(bridge, person, "not_disturbed")
    return person
