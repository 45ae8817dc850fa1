"""The commit point: one compare-and-swap on the conversation, everything else is derived from it and can be again.

A change and the rows it gives rise to are written into the conversation first, as a pending entry; then the rows are
inserted, each once, and the staff group shows the new state; then the entry is dropped with the next write. Whoever
finds pending entries of somebody else writes their rows out before he goes on, so a crash between any two steps loses
nothing and doubles nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bridge.context import Bridge
from bridge.delivery.lanes import wake
from bridge.errors import Conflict, NotFound
from bridge.model.conversations import Conversation, Entry, Place
from bridge.model.desk import Post
from bridge.model.ids import ConversationId
from bridge.model.messages import SETTLED, Message
from bridge.notices import telling
from bridge.ports.stores import Row
from bridge.staff import mirror, topics
from bridge.teamwork import roster, routing

#: Keys a conversation remembers having decided on: a replay comes within seconds, not 200 words later.
REMEMBERED = 200
#: Swaps that may be lost to others in a row before a person is told to try again.
TRIES = 30


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision makes of a conversation, and the rows that follow from it; `shows` as in Entry.

    `keys`: what else was decided on with it.
    """

    conversation: Conversation
    rows: tuple[Row, ...] = ()
    shows: bool = False
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Committed:
    """The conversation after a commit; `fresh` is False when the key had been decided on before."""

    conversation: Conversation
    rows: tuple[Row, ...] = ()
    fresh: bool = True


Decide = Callable[[Conversation], Change | None]


async def commit(
    bridge: Bridge, id: ConversationId, key: str, decide: Decide, *, known: Conversation | None = None
) -> Committed:
    """Decide once per key and write the decision durably; `decide` is pure and may be asked again.

    `known` saves reading a conversation that was read just now; an old one costs a lost swap, no more.
    Raises NotFound, Conflict("version") when others win all the time, and whatever `decide` raises.
    """
    async with bridge.memory.lock(id):
        for _ in range(TRIES):
            conversation = known or await bridge.store.conversations.get(id)
            known = None
            await settle(bridge, conversation)
            if key in conversation.decided:
                return Committed(conversation, fresh=False)
            change = decide(conversation)
            if change is None:
                return Committed(conversation, fresh=False)
            change = await _opened(bridge, conversation, await _routed(bridge, conversation, change))
            rows = await telling.noticed(bridge, conversation, change.conversation, change.rows, key)
            change = change if rows is change.rows else replace(change, rows=rows)
            try:
                swapped = await bridge.store.conversations.replace(_with_entry(bridge, conversation, change, key))
            except Conflict as conflict:
                if conflict.code != "version":
                    raise
                await bridge.clock.sleep(0.005)
                continue
            await settle(bridge, swapped)
            await telling.answered(bridge, change.rows, id)
            return Committed(swapped, change.rows)
    raise Conflict("version", f"conversation {id} is written by too many at once")


async def _routed(bridge: Bridge, before: Conversation, change: Change) -> Change:
    """Let the scenario of a team begin or end with a change; where there is none nothing is asked."""
    after = change.conversation
    comes = routing.comes(before, after)
    if not comes and before.route is None:
        return change
    steps = await roster.steps_of(bridge, after.team) if comes else ()
    return replace(change, conversation=routing.begun(before, after, steps, bridge.clock.now()))


async def _opened(bridge: Bridge, before: Conversation, change: Change) -> Change:
    """Add the making of a topic when this change opens one, with what was said up to it."""
    if before.topic or not change.conversation.topic:
        return change
    recent = await bridge.store.messages.page(before.id, None, before.seq + 1, mirror.LOOKED_AT)
    return replace(change, rows=(*change.rows, *mirror.opening(bridge, change.conversation, recent)))


def _with_entry(bridge: Bridge, before: Conversation, change: Change, key: str) -> Conversation:
    stood, stands = (Place(row.team, row.assignee, row.shared) for row in (before, change.conversation))
    return replace(
        change.conversation,
        moved_from=stood if stood != stands else before.moved_from,
        decided=(*change.conversation.decided, key, *change.keys)[-REMEMBERED:],
        # Entries before this one were written out just now: only this one is left.
        pending=(Entry(key, change.rows, change.shows),),
        updated_at=bridge.clock.now(),
    )


async def settle(bridge: Bridge, conversation: Conversation) -> None:
    """Write out the rows of pending entries, wake their lanes and tell live views; done again, it does nothing."""
    for entry in conversation.pending:
        mark = f"{conversation.id}:{entry.key}"
        if mark in bridge.memory.written:
            continue
        new = await bridge.store.write_rows(entry.rows)
        await _wake(bridge, entry.rows)
        if entry.shows:
            await topics.show_state(bridge, conversation)
        await telling.tell(bridge, new)
        bridge.memory.remember(mark)
        bridge.memory.untidy[conversation.id] = bridge.clock.now()
        await bridge.feed.tell_rows(conversation, new)


async def _wake(bridge: Bridge, rows: tuple[Row, ...]) -> None:
    lanes = dict.fromkeys(
        row.delivery.lane
        for row in rows
        if isinstance(row, Message | Post) and row.delivery is not None and row.delivery.state not in SETTLED
    )
    for lane in lanes:
        await wake(bridge, lane, "out")


async def tidy(bridge: Bridge, id: ConversationId) -> None:
    """Drop a conversation's entries once their rows are written; somebody else's write does the same."""
    async with bridge.memory.lock(id):
        try:
            conversation = await bridge.store.conversations.get(id)
        except NotFound:
            return  # its customer was erased
        if not conversation.pending:
            return
        await settle(bridge, conversation)
        try:
            await bridge.store.conversations.replace(replace(conversation, pending=()))
        except Conflict:
            return  # written in between: that write dropped them, or left its own for the next round
