"""Macros: kept like canned replies; run by one press, step by step, and what came of each step is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from bridge import desk, service, snoozing
from bridge.composing import filling, holding, shelf
from bridge.context import Bridge
from bridge.errors import BridgeError, Conflict, Invalid, StoreDown
from bridge.model.canned import Deed, Macro, MacroStep, Shared
from bridge.model.conversations import PRIORITIES, Conversation
from bridge.model.drafts import Afterwards, Held
from bridge.model.ids import ConversationId, MessageId, OperatorId, TeamId, fresh
from bridge.model.messages import Message
from bridge.model.operators import Operator
from bridge.people.kin import root
from bridge.teamwork import access, marking, roster, transfer

#: Macros of an installation, and steps of one, at most.
MOST = 1_000
STEPS = 10
#: The longest a macro lets a conversation sleep, minutes: a year.
SLEEP = 366 * 24 * 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What a macro is to be; None: as it is."""

    title: str | None = None
    steps: Sequence[MacroStep] | None = None
    shared: Shared | None = None
    team: TeamId | None = None
    shortcut: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step: `state` is done, failed or skipped; `code` and `detail` say why it failed."""

    step: MacroStep
    state: Literal["done", "failed", "skipped"]
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A macro that was run: its steps in order, and the words it said; held ones stand in the conversation."""

    macro: Macro
    steps: tuple[Outcome, ...]
    messages: tuple[Message, ...]


async def listed(bridge: Bridge, actor: Operator) -> list[tuple[Macro, int]]:
    """Read those a person is offered, by title, with how often each was run. Raises Forbidden."""
    return await shelf.listed(actor, bridge.store.macros)


async def look(bridge: Bridge, actor: Operator, id: str) -> tuple[Macro, int]:
    """Read one. Raises Forbidden, NotFound."""
    return await shelf.look(actor, bridge.store.macros, id)


async def create(bridge: Bridge, actor: Operator, wish: Wish) -> Macro:
    """Make one. Raises Invalid (title, steps, shortcut, team), Forbidden."""
    rows = await bridge.store.macros.all()
    if len(rows) >= MOST:
        raise Invalid(("title", "too_many"))
    blank = Macro(fresh(), "", (), actor.id, bridge.clock.now())
    return await shelf.add(bridge, actor, bridge.store.macros, await _wished(bridge, actor, blank, wish, rows))


async def change(bridge: Bridge, actor: Operator, id: str, wish: Wish, version: int | None = None) -> Macro:
    """Change one. Raises Invalid, Conflict("version"), Forbidden, NotFound."""
    before = await shelf.taken(actor, bridge.store.macros, id, version)
    after = await _wished(bridge, actor, before, wish, await bridge.store.macros.all())
    return await shelf.put(bridge, actor, bridge.store.macros, before, after)


async def delete(bridge: Bridge, actor: Operator, id: str) -> None:
    """Delete one; words that were made of it stay as they are. Raises Forbidden, NotFound."""
    await shelf.delete(bridge, actor, bridge.store.macros, id)


async def _wished(bridge: Bridge, actor: Operator, before: Macro, wish: Wish, rows: Sequence[Macro]) -> Macro:
    shared = before.shared if wish.shared is None else wish.shared
    team = before.team if wish.team is None else wish.team
    row = replace(
        before,
        title=shelf.titled(before.title if wish.title is None else wish.title),
        shared=shared,
        team=await shelf.require_place(bridge, actor, shared, team),
        shortcut=before.shortcut if wish.shortcut is None else shelf.short(wish.shortcut),
        steps=before.steps if wish.steps is None else await _steps(bridge, wish.steps),
    )
    shelf.require_free(row.shortcut, row, row.id, rows)
    return row


async def _steps(bridge: Bridge, steps: Sequence[MacroStep]) -> tuple[MacroStep, ...]:
    """Return steps that can be done; raises Invalid(("steps", "empty" | "too_many")), (("steps.<n>", …))."""
    if not steps or len(steps) > STEPS:
        raise Invalid(("steps", "too_many" if steps else "empty"))
    faults = [(f"steps.{number}", await _fault(bridge, step)) for number, step in enumerate(steps)]
    if wrong := [(name, fault) for name, fault in faults if fault]:
        raise Invalid(*wrong)
    return tuple(steps)


async def _fault(bridge: Bridge, step: MacroStep) -> str:
    value = step.value
    match step.deed:
        case Deed.REPLY | Deed.NOTE:
            try:
                service.checked(value, ())
            except Invalid as fault:
                return fault.errors[0][1]
            return "unknown_variable" if filling.unknown(value) else ""
        case Deed.TAG | Deed.UNTAG:
            return "" if 0 < len(value.strip()) <= desk.TAG_LENGTH else "invalid"
        case Deed.ASSIGN:
            people = {each.id for each in await bridge.store.staff.all() if each.deleted_at is None}
            return "" if value == "me" or value in people else "unknown"
        case Deed.TEAM:
            team = (await roster.teams(bridge)).get(TeamId(value))
            return "" if team is not None and team.deleted_at is None else "unknown"
        case Deed.PRIORITY:
            return "" if value in PRIORITIES else "invalid"
        case Deed.SNOOZE:
            return "" if value.isascii() and value.isdigit() and 0 < int(value) <= SLEEP else "invalid"
        case Deed.CLOSE:
            return ""


@dataclass(slots=True)
class _Doing:
    """A run under way: each step has a key of its own, so that a run that is asked for again does nothing twice."""

    bridge: Bridge
    actor: Operator
    where: ConversationId
    key: str
    known: dict[str, str]
    seen_seq: int | None
    hold: timedelta | None = None
    messages: list[Message] = field(default_factory=list)
    held: int = 0
    then: Afterwards = field(default_factory=Afterwards)  # what the last reply takes along when it is held
    last: int = -1  # its number

    async def step(self, number: int, step: MacroStep) -> None:
        """Do one step; raises what its verb raises."""
        bridge, actor, where, value = self.bridge, self.actor, self.where, step.value
        key = f"macro:{self.key}:{number}"
        match step.deed:
            case Deed.REPLY:
                await self._say(number, self._text(value), key)
            case Deed.NOTE:
                self.messages.append(await service.note(bridge, actor, where, self._text(value), key=key))
            case Deed.TAG:
                await desk.tag(bridge, actor, where, (value,), ())
            case Deed.UNTAG:
                await desk.tag(bridge, actor, where, (), (value,))
            case Deed.ASSIGN:
                whom = actor.id if value == "me" else OperatorId(value)
                await service.assign(bridge, actor, where, whom, key=key)
            case Deed.TEAM:
                await transfer.transfer(bridge, actor, where, team=TeamId(value), key=key)
            case Deed.PRIORITY:
                await marking.prioritize(bridge, actor, where, value, key=key)
            case Deed.SNOOZE | Deed.CLOSE if self.held and number > self.last:
                return  # it goes with the reply, or is taken back with it
            case Deed.SNOOZE:
                await snoozing.snooze(bridge, actor, where, bridge.clock.now() + timedelta(minutes=int(value)))
            case Deed.CLOSE:
                await service.close(bridge, actor, where, key=key)

    async def _say(self, number: int, text: str, key: str) -> None:
        """Say a reply, or hold it so that it can be taken back; only words from before the run cross it."""
        bridge, actor, where = self.bridge, self.actor, self.where
        seen = None if self.messages or self.held else self.seen_seq
        if self.hold is None:
            said = await service.reply(bridge, actor, where, text, key=key, seen_seq=seen, origin="panel")
            self.messages.append(said)
            return
        now, then = bridge.clock.now(), self.then if number == self.last else Afterwards()
        wish = Held(MessageId(""), key, actor.id, actor.name, text, now, now + self.hold, True, then=then)
        await holding.hold(bridge, actor, where, wish, seen_seq=seen)
        self.held += 1

    def _text(self, value: str) -> str:
        found = filling.filled(value, self.known)
        if found.unfilled:
            raise Invalid(("text", "unfilled"))
        return found.text


async def run(
    bridge: Bridge,
    actor: Operator,
    where: ConversationId,
    id: str,
    *,
    key: str,
    seen_seq: int | None = None,
    hold: timedelta | None = None,
) -> Run:
    """Do a macro's steps in a conversation; after one that fails nothing more is done.

    With `hold` its replies wait so long that they can be taken back; what closes or snoozes after the last of them goes
    with it. All else is done at once and stays. `seen_seq` as service.reply has it: a reply that is crossed fails its
    step. Raises Forbidden, NotFound, and Conflict("crossed") with the newer words where the very first step is such a
    reply.
    """
    conversation = await access.conversation(bridge, actor, where, "macro")
    macro = shelf.require_got(actor, await bridge.store.macros.get(id))
    await holding.let_go(bridge, actor, where)
    known = await _known(bridge, conversation, actor)
    doing = _Doing(bridge, actor, where, f"{id}:{key}", known, seen_seq, hold)
    doing.last, doing.then = _taken_along(macro.steps, bridge.clock.now())
    outcomes: list[Outcome] = []
    for number, step in enumerate(macro.steps):
        if any(each.state == "failed" for each in outcomes):
            outcomes.append(Outcome(step, "skipped"))
            continue
        try:
            await doing.step(number, step)
        except StoreDown:
            raise
        except BridgeError as fault:
            if number == 0 and isinstance(fault, Conflict) and fault.code == "crossed":
                raise
            outcomes.append(Outcome(step, "failed", *_why(fault)))
            await holding.alone(bridge, actor, where, doing.key)
        else:
            outcomes.append(Outcome(step, "done"))
    await bridge.store.macros.used(id, key)
    return Run(macro, tuple(outcomes), tuple(doing.messages))


def _taken_along(steps: Sequence[MacroStep], now: datetime) -> tuple[int, Afterwards]:
    """Return the number of the last reply, -1: none, and what is done with it when it goes out."""
    last = max((number for number, step in enumerate(steps) if step.deed is Deed.REPLY), default=-1)
    after = steps[last + 1 :]
    sleeps = [int(step.value) for step in after if step.deed is Deed.SNOOZE]
    until = now + timedelta(minutes=sleeps[-1]) if sleeps else None
    return last, Afterwards(any(step.deed is Deed.CLOSE for step in after), until)


async def _known(bridge: Bridge, conversation: Conversation, actor: Operator) -> dict[str, str]:
    await roster.teams(bridge)
    return filling.values(bridge, conversation, await root(bridge, conversation.customer), actor)


def _why(fault: BridgeError) -> tuple[str, str]:
    return (fault.errors[0][1] if isinstance(fault, Invalid) else fault.code), str(fault)
