"""By the clock: what a crash or a lost hint left behind is taken up again, what has run out is forgotten."""

import asyncio
from datetime import timedelta

from bridge import files, snoozing
from bridge.commit import settle, tidy
from bridge.composing import holding as sending
from bridge.context import Bridge, log
from bridge.delivery import telling
from bridge.errors import StoreDown
from bridge.library.board import missing, repeats
from bridge.library.health import counting
from bridge.library.learning import reviewing
from bridge.notices import outgoing, waiting
from bridge.people import erasing, linking, retention, undoing
from bridge.teamwork import dispatch, staffing, tasks, teams

#: Pause between two rounds, seconds.
ROUND = 1.0
#: A row that waits longer than this was forgotten by its worker.
FORGOTTEN = timedelta(seconds=15)
#: A conversation in which nothing was written for so long is tidied.
REST = timedelta(seconds=3)
#: Rows looked at in one round.
PORTION = 200
#: Rounds between two looks for what is rarely left behind.
SELDOM = 60
#: Rounds between two times when what became of articles is counted.
COUNTED = 600
#: Rows that wait to be sent looked at in one such look.
UNSENT = 5_000


async def run(bridge: Bridge) -> None:
    """Do a round every second until cancelled; the first takes up what the last process left."""
    forgotten, rounds = timedelta(0), 0
    while True:
        await _safely(bridge, forgotten, seldom=rounds % SELDOM == 0, counts=rounds % COUNTED == COUNTED - 1)
        await bridge.clock.sleep(ROUND)
        forgotten, rounds = FORGOTTEN, rounds + 1


async def _safely(bridge: Bridge, forgotten: timedelta, seldom: bool, counts: bool) -> None:
    try:
        await take_up(bridge, forgotten)
        await tidy_up(bridge, REST)
        await wake(bridge)
        await sending.send_due(bridge)
        await dispatch.move_on(bridge)
        await tasks.tell_due(bridge)
        await waiting.tell_late(bridge)
        await outgoing.send_due(bridge)
        if seldom:
            await take_up_unsent(bridge, forgotten)
            await forget(bridge)
            await files.forget_loose(bridge)
            await teams.pass_on_left(bridge)
            await staffing.give_back_left(bridge)
            await erasing.take_up(bridge, forgotten)
            await retention.forget_past(bridge)
            await undoing.forget_past(bridge)
            await waiting.forget(bridge)
        if counts:
            await counting.fold(bridge)
    except StoreDown as fault:
        log.warning("the store does not answer: %s", fault)
    except Exception:
        log.exception("a round of the timers broke")


async def take_up(bridge: Bridge, forgotten: timedelta) -> int:
    """Take up updates, conversations and links of customers nobody finished; returns how many there were."""
    before = bridge.clock.now() - forgotten
    updates = await bridge.store.updates.lost(before, PORTION)
    for lane in dict.fromkeys(update.lane for update in updates):
        await bridge.store.lanes.pull(lane, "in", bridge.clock.now())
        await bridge.bus.publish("lane", {"id": lane})
    conversations = await bridge.store.conversations.unsettled(before, PORTION)
    for conversation in conversations:
        await settle(bridge, conversation)
        bridge.memory.untidy[conversation.id] = bridge.clock.now()
    return len(updates) + len(conversations) + await linking.take_up(bridge, forgotten)


async def take_up_unsent(bridge: Bridge, forgotten: timedelta) -> int:
    """Wake the lanes of rows that were written by somebody who died before he woke them; returns how many."""
    before = bridge.clock.now() - forgotten
    posts = await bridge.store.desk.unsent(before, UNSENT)
    lanes = posts | await bridge.store.messages.unsent(before, UNSENT)
    for lane, due in lanes.items():
        await bridge.store.lanes.pull(lane, "out", due)
    return len(lanes)


async def wake(bridge: Bridge) -> int:
    """Wake conversations whose snooze has ended; returns how many."""
    now = bridge.clock.now()
    sleepers = await bridge.store.conversations.asleep(now, PORTION)
    for conversation in sleepers:
        await snoozing.wake(bridge, conversation.id, now)
    return len(sleepers)


async def forget(bridge: Bridge) -> int:
    """Delete values, sessions, calls of webhooks, questions and answers nobody needs any more; returns how many."""
    now = bridge.clock.now()
    calls = await bridge.store.webhooks.forget(now - telling.KEPT)
    calls += await bridge.store.misses.forget(now - timedelta(days=missing.KEPT))
    calls += await bridge.store.reviews.forget(now - timedelta(days=reviewing.KEPT))
    calls += await bridge.store.staff_answers.forget(now - timedelta(days=repeats.DAYS))
    return calls + await bridge.store.journal.forget_values(now) + await bridge.store.staff.forget_sessions(now)


async def tidy_up(bridge: Bridge, rest: timedelta = timedelta(0)) -> None:
    """Drop the written-out entries of conversations that rest: the next write of one that goes on does it anyway."""
    before = bridge.clock.now() - rest
    ids = [id for id, written in bridge.memory.untidy.items() if written <= before]
    for id in ids:
        bridge.memory.untidy.pop(id, None)
    for portion in (ids[start : start + 20] for start in range(0, len(ids), 20)):
        await asyncio.gather(*(tidy(bridge, id) for id in portion))
