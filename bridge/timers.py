"""By the clock: what a crash or a lost hint left behind is taken up again, what has run out is forgotten."""

import asyncio
from datetime import timedelta

from bridge.commit import settle, tidy
from bridge.context import Bridge, log
from bridge.errors import StoreDown

#: Pause between two rounds, seconds.
ROUND = 1.0
#: A row that waits longer than this was forgotten by its worker.
FORGOTTEN = timedelta(seconds=15)
#: Rows looked at in one round.
PORTION = 200


async def run(bridge: Bridge) -> None:
    """Do a round every second until cancelled; the first takes up what the last process left."""
    await _safely(bridge, forgotten=timedelta(0))
    while True:
        await bridge.clock.sleep(ROUND)
        await _safely(bridge, FORGOTTEN)


async def _safely(bridge: Bridge, forgotten: timedelta) -> None:
    try:
        await take_up(bridge, forgotten)
        await tidy_up(bridge)
    except StoreDown as fault:
        log.warning("the store does not answer: %s", fault)
    except Exception:
        log.exception("a round of the timers broke")


async def take_up(bridge: Bridge, forgotten: timedelta) -> int:
    """Wake the lanes of updates and conversations nobody finished; returns how many there were."""
    before = bridge.clock.now() - forgotten
    updates = await bridge.store.updates.lost(before, PORTION)
    for lane in dict.fromkeys(update.lane for update in updates):
        await bridge.store.lanes.pull(lane, "in", bridge.clock.now())
        await bridge.bus.publish("lane", {"id": lane})
    conversations = await bridge.store.conversations.unsettled(before, PORTION)
    for conversation in conversations:
        await settle(bridge, conversation)
        bridge.memory.untidy[conversation.id] = None
    return len(updates) + len(conversations)


async def tidy_up(bridge: Bridge) -> None:
    """Drop the written-out entries of conversations that were written lately."""
    ids = list(bridge.memory.untidy)
    for id in ids:
        bridge.memory.untidy.pop(id, None)
    for portion in (ids[start : start + 20] for start in range(0, len(ids), 20)):
        await asyncio.gather(*(tidy(bridge, id) for id in portion))
