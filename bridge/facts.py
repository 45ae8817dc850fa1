"""What each fact that came in asks for: one verb of the hall."""

from collections.abc import Awaitable, Callable

from bridge import bot, orders, pressing, ratings, receive
from bridge.changes import answered, revising
from bridge.context import Bridge
from bridge.model.inbound import (
    Answered,
    Commanded,
    Deleted,
    Edited,
    Identified,
    Inbound,
    Pressed,
    Rated,
    Reachable,
    Reacted,
    Read,
    Said,
    Shared,
    StaffEdited,
    StaffPressed,
    StaffReacted,
    StaffSaid,
    Started,
)
from bridge.people import continuing, linking, proofs
from bridge.receive import Received
from bridge.staff import incoming, registering

#: Answers the words of a breath that wait for its end, and settles them.
Flush = Callable[[], Awaitable[None]]


async def done(bridge: Bridge, fact: Inbound, flush: Flush, *, alone: bool = False) -> Received | None:
    """Do what a fact asks for, once however often; a word in return joins the breath and is settled with it.

    `alone`: the breath is this word and nothing else, whatever it says.
    """
    match fact:
        case Said():
            return await receive.receive(bridge, fact, then=bot.at_once if alone else None)
        case Shared():
            return await _card(bridge, fact)
        case Edited():
            return await _edit(bridge, fact, flush)
        case Pressed() | Started() | Commanded():
            await flush()
            return await _order(bridge, fact)
        case StaffSaid() | StaffEdited() | StaffReacted() | StaffPressed():
            await _of_staff(bridge, fact)
        case Identified():
            await proofs.identified(bridge, fact)
        case Deleted():
            await revising.deleted(bridge, fact)
        case Reacted():
            await revising.reacted(bridge, fact)
        case Read():
            await revising.read(bridge, fact)
        case Answered():
            await answered.answered(bridge, fact)
        case Rated():
            await ratings.rated(bridge, fact)
        case Reachable():
            await receive.reachable(bridge, fact)
    return None


async def _card(bridge: Bridge, fact: Shared) -> Received | None:
    received = await receive.receive(bridge, fact)
    if not fact.own:
        return received  # somebody's card: as good as any word the bot cannot read
    await linking.join_equal(bridge, fact.channel, fact.chat)
    return None


async def _edit(bridge: Bridge, fact: Edited, flush: Flush) -> Received | None:
    """Change a word of the customer's; one said before we were there comes to us by its change."""
    if await revising.edited(bridge, fact):
        said = await revising.replaced(bridge, fact)
        return None if said is None else await receive.receive(bridge, said, stands_as=fact.message_external_id)
    if not fact.text and not fact.files:
        return None
    await flush()
    said = Said(fact.channel, fact.chat, fact.message_external_id, fact.sender, fact.text, fact.at, files=fact.files)
    received = await receive.receive(bridge, said, edited_at=fact.at)
    await bot.answer_burst(bridge, received.conversation, [received])
    return None


async def _order(bridge: Bridge, fact: Pressed | Started | Commanded) -> Received | None:
    match fact:
        case Pressed():
            await _press(bridge, fact)
        case Started():
            received = await receive.receive(bridge, fact)
            ours = await registering.started(bridge, fact, received)
            if not ours and not await continuing.started(bridge, fact, received):
                await bot.start(bridge, received)
        case Commanded():
            received = await receive.receive(bridge, fact)
            if not await orders.ordered(bridge, received, fact):
                return received
    return None


async def _press(bridge: Bridge, fact: Pressed) -> None:
    words = await pressing.stale(bridge, fact)
    if words is None:
        received = await receive.receive(bridge, fact)
        words = await continuing.back(bridge, fact)
        if words is None:
            words = await orders.pressed(bridge, received, fact.data)
        if words is None:
            words = await bot.press(bridge, received, fact.data)
    channel = bridge.channels.pressing(fact.channel)
    if channel is not None:
        await channel.pressed(fact.press_id, words, fact if pressing.once(fact) else None)


async def _of_staff(bridge: Bridge, fact: StaffSaid | StaffEdited | StaffReacted | StaffPressed) -> None:
    match fact:
        case StaffSaid():
            await incoming.said(bridge, fact)
        case StaffEdited():
            await incoming.edited(bridge, fact)
        case StaffReacted():
            await incoming.reacted(bridge, fact)
        case StaffPressed():
            await incoming.pressed(bridge, fact)
