"""The bot's messages to people of the desk when what they tell of was handled: what is left, or that nothing is.

What falls to everybody is looked at again from time to time: whoever takes it does not read the others' messages.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.context import Bridge, log
from bridge.errors import BridgeError, Conflict, RetryLater, StoreDown
from bridge.model.ids import ChatId, derive
from bridge.model.notices import Notice
from bridge.model.operators import Operator
from bridge.notices import whom
from bridge.ports.channels import EditChannel, Outgoing

#: How often it is looked whether what falls to everybody still does, and for how long.
LOOK_AGAIN = timedelta(minutes=1)
LOOKED_FOR = timedelta(hours=24)
#: How long one that is taken off waits for whoever began it, and unread ones looked through for the same message's.
CLAIMED = timedelta(minutes=5)
LOOKED_AT = 100

Still = Callable[[Bridge, Operator, Notice], Awaitable[bool]]
Words = Callable[[Bridge, Operator, Sequence[Notice]], str]


async def told(bridge: Bridge, row: Notice, at: str | None) -> None:
    """Note which message of the bot tells of something; it may have been read while that was on its way."""
    while True:
        try:
            await bridge.store.notices.replace(replace(row, told=at or "", telegram_at=_next(bridge, row, at)))
            return
        except Conflict:
            found = await bridge.store.notices.find(row.id)
            if found is None:
                return
            row = found


def _next(bridge: Bridge, row: Notice, at: str | None) -> datetime | None:
    now = bridge.clock.now()
    if not at:
        return None
    if row.read_at is not None:
        return now
    return now + LOOK_AGAIN if row.kind in whom.SHARED and row.at > now - LOOKED_FOR else None


async def take_off(
    bridge: Bridge,
    channel: EditChannel | None,
    person: Operator | None,
    rows: Sequence[Notice],
    still: Still,
    words: Words,
) -> None:
    """Change the messages that tell of these notices, where they are no news any more. Raises StoreDown."""
    gone: list[Notice] = []
    for row in rows:
        if row.read_at is None and person is not None and await still(bridge, person, row):
            await told(bridge, row, row.told)
        else:
            gone.append(row)
    for message in dict.fromkeys(row.told for row in gone):
        own = [row for row in gone if row.told == message]
        later: datetime | None = None
        if person is not None and person.telegram_user_id is not None and channel is not None:
            own = [row for row in own if await _keep(bridge, row, bridge.clock.now() + CLAIMED)]
            later = await _edit(bridge, channel, person, message, own, words) if own else None
        for row in own:
            await _settle(bridge, row, later)


async def _edit(
    bridge: Bridge, channel: EditChannel, person: Operator, message: str, own: Sequence[Notice], words: Words
) -> datetime | None:
    """Let a message say what is left; returns when to try again, None: it is done, or cannot be."""
    done = {row.id for row in own}
    unread = await bridge.store.notices.unread(person.id, LOOKED_AT)
    left = sorted((row for row in unread if row.told == message and row.id not in done), key=lambda row: row.at)
    text = words(bridge, person, left) if left else bridge.phrases.say(person.language, "notice.handled")
    outgoing = Outgoing(derive("told", message, *sorted(done)), ChatId(str(person.telegram_user_id)), text)
    try:
        await channel.edit(outgoing, (message,))
    except RetryLater as pause:
        return bridge.clock.now() + timedelta(seconds=pause.seconds)
    except StoreDown:
        raise
    except BridgeError as fault:
        log.warning("a message to a person of the desk was not changed: %s", fault, extra={"operator": person.id})
    return None


async def _keep(bridge: Bridge, row: Notice, at: datetime | None) -> bool:
    try:
        await bridge.store.notices.replace(replace(row, telegram_at=at))
    except Conflict:
        return False
    return True


async def _settle(bridge: Bridge, row: Notice, later: datetime | None) -> None:
    found = await bridge.store.notices.find(row.id)
    if found is not None and found.told == row.told:
        try:
            kept = replace(found, telegram_at=later, told=found.told if later else "")
            await bridge.store.notices.replace(kept)
        except Conflict:
            pass  # it was read just now: it comes again by itself
