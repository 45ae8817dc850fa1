"""What is past its time goes by itself: codes that are good no more, the rest as settings say, if they name days."""

from datetime import timedelta

from bridge.context import Bridge, log
from bridge.errors import NotFound, RetryLater
from bridge.model.conversations import Stage
from bridge.model.erasures import Place
from bridge.model.ids import ConversationId
from bridge.model.lanes import in_lane, out_lane
from bridge.people import deleting, spent, veiling
from bridge.people.holding import SHORT, holding

#: Conversations deleted in one round, and files.
PORTION = 50
FILES = 200
#: Portions of room given back to the disk in one round, and how long it rests when all is given back.
GIVEN = 20
AGAIN = timedelta(days=1)
_ROOM, _AGAIN = "room_to_give_back", "room_given_back_again"


async def forget_past(bridge: Bridge) -> int:
    """Delete a portion of what is past its time; returns how many rows and files. Raises StoreDown."""
    days, now = bridge.rules.retention, bridge.clock.now()
    gone = await veiling.past(bridge)
    if days.conversations:
        for id in await bridge.store.erasing.past_conversations(now - timedelta(days.conversations), PORTION):
            try:
                gone += await _conversation(bridge, id)
            except RetryLater as fault:
                log.info("a conversation past its time is worked in: %s", fault)
    if days.updates:
        for _ in range(PORTION):
            gone += (past := await bridge.store.erasing.past_updates(now - timedelta(days.updates)))
            if not past:
                break
    if days.files:
        gone += await spent.past(bridge, now - timedelta(days.files), FILES)
    if days.conversations or days.updates or days.files:
        await _give_back(bridge, gone)
    return gone


async def _give_back(bridge: Bridge, gone: int) -> None:
    """Have the store give room back, some portions a round until it is done, then not before a day has passed."""
    kept, now = bridge.memory.kept, bridge.clock.now()
    kept[_ROOM] = bool(gone) or kept.get(_ROOM, True)  # also what the last process left
    if not kept[_ROOM] or now < kept.get(_AGAIN, now):
        return
    for _ in range(GIVEN):
        if not await bridge.store.erasing.give_back():
            kept[_ROOM], kept[_AGAIN] = False, now + AGAIN
            return


async def _conversation(bridge: Bridge, id: ConversationId) -> int:
    """Delete a closed conversation with its files; its customer stays."""
    try:
        row = await bridge.store.conversations.get(id)
    except NotFound:
        return 0
    lanes = [(in_lane(row.channel, row.chat), "in"), (out_lane(row.channel, row.chat), "out")]
    async with holding(bridge, lanes, SHORT):
        row = await bridge.store.conversations.get(id)
        last = row.last_message.at if row.last_message else row.created_at
        if row.stage is not Stage.CLOSED or last > bridge.clock.now() - timedelta(bridge.rules.retention.conversations):
            return 0  # he wrote again just now
        await deleting.part(bridge, Place(row.channel, row.chat), id)
        gone = await spent.forget_carried(bridge, list(await spent.carried(bridge, id)), (id,))
        readers = [each.id for each in await bridge.store.staff.all()]
        return gone + await bridge.store.erasing.take_conversation(id, readers)
