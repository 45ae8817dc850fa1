"""One person goes, out of every collection that knows him: what stays is that it was done, when, by whom, how much.

The row of the erasure is written first and names all there is to delete; every step can be done again, and is, by the
timers, after a death in the middle. His chats are held meanwhile: a word he says then comes in afterwards, as a
stranger's. Who joined him is the same person and goes with him; who left him again is another one and stays.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from bridge.context import Bridge, log
from bridge.errors import BridgeError, Conflict, NotFound, RetryLater, StoreDown
from bridge.library.index import changed
from bridge.model.conversations import ConversationFilters
from bridge.model.customers import Link
from bridge.model.erasures import Erasure, Place, Stand
from bridge.model.events import AuditEvent
from bridge.model.ids import ConversationId, CustomerId, FileId, LaneId, derive, fresh
from bridge.model.lanes import in_lane, out_lane
from bridge.model.operators import Operator
from bridge.people import deleting, linking, mentions, shop_data, sought, spent
from bridge.people.holding import SHORT, TRIES, Holding, holding
from bridge.people.kin import members, root
from bridge.ports.desks import ForgettingDesk
from bridge.rights import require
from bridge.teamwork import access

#: Rows read in one go; chats of one person that are looked for.
PORTION = 100
CHATS = 1000
#: Lane of what a channel could not place.
OTHER = "other"


async def erase(bridge: Bridge, actor: Operator, id: CustomerId) -> Erasure:
    """Erase a person; returns the trace. Raises Forbidden, NotFound; RetryLater: it goes on by itself."""
    require(actor, "erase")
    return await erase_for(bridge, actor.id, id)


async def erase_for(bridge: Bridge, by: str, id: CustomerId) -> Erasure:
    """Erase a person for somebody who may; as `erase`."""
    person = await root(bridge, id)
    begun = Erasure(fresh(), person.id, by, bridge.clock.now())
    await bridge.store.erasing.begin(await _found(bridge, begun))
    return await carry_out(bridge, begun.id)


async def delete(bridge: Bridge, actor: Operator, id: ConversationId) -> Erasure:
    """Delete one conversation; returns the trace. Raises Forbidden, NotFound; RetryLater: it goes on by itself."""
    conversation = await access.conversation(bridge, actor, id, "delete")
    begun = await bridge.store.erasing.begin(deleting.begun(actor.id, conversation, bridge.clock.now()))
    return await carry_out(bridge, begun.id)


async def take_up(bridge: Bridge, forgotten: timedelta) -> int:
    """Carry on erasures whose writer died; returns how many."""
    before = bridge.clock.now() - forgotten
    rows = [row for row in await bridge.store.erasing.pending(PORTION) if row.at <= before]
    for row in rows:
        try:
            await carry_out(bridge, row.id, SHORT)
        except StoreDown:
            raise
        except BridgeError as fault:
            log.warning("an erasure goes on later: %s", fault, extra={"erasure": row.id})
    return len(rows)


async def carry_out(bridge: Bridge, id: str, tries: int = TRIES) -> Erasure:
    """Do all that is left of an erasure; done, it does nothing. Raises RetryLater, StoreDown."""
    async with bridge.memory.lock(f"erasure:{id}"):
        row = await bridge.store.erasing.find(id)
        if row is None:
            raise NotFound(f"erasure {id}")
        if row.done:
            return row
        if not row.gone:
            row = await (_person(bridge, row, tries) if row.only is None else _one(bridge, row, row.only, tries))
        # After the row itself has forgotten him: what it named stands in the store's files too.
        await bridge.store.erasing.scrub()
        return await _save(bridge, replace(row, done=True))


async def _person(bridge: Bridge, row: Erasure, tries: int) -> Erasure:
    await _shut(bridge, row)
    row = await _save(bridge, await _found(bridge, row))
    async with holding(bridge, _lanes(row), tries) as held:
        row = await _topics(bridge, row)
        taken = await _everything(bridge, row, held)
        await held.forget()
    return await _trace(bridge, row, taken)


async def _one(bridge: Bridge, row: Erasure, only: ConversationId, tries: int) -> Erasure:
    row = await _save(bridge, await deleting.found(bridge, row, only))
    async with holding(bridge, _lanes(row), tries) as held:
        row = await _topics(bridge, row)
        taken = await deleting.take(bridge, row, only, held)
    row = await _save(bridge, await deleting.trace(bridge, row, only, taken))
    await bridge.feed.tell_anew(derive("audit", "deleted", row.id))
    return row


async def _shut(bridge: Bridge, row: Erasure) -> None:
    """Have the history of links go on past whoever is about to join the person or to part from him.

    A step about nobody but him: who had looked before it finds his number taken, looks again and finds him going.
    """
    while True:
        newest = await bridge.store.links.newest()
        number = 1 if newest is None else newest.number + 1
        now = bridge.clock.now()
        alone = Link(f"{number:012}", number, row.person, row.person, False, row.by, now, "erased", done=True)
        if await bridge.store.links.add(alone) is not None:
            break
    while await linking.take_up(bridge, timedelta(0)):
        pass


async def _found(bridge: Bridge, row: Erasure) -> Erasure:
    """Return an erasure with all there is of the person now, beside what was found before."""
    people = dict.fromkeys([row.person, *row.customers])
    with suppress(NotFound):  # he may have joined somebody since he was asked for: that is one person now
        person = (await root(bridge, row.person)).id
        people |= dict.fromkeys([person, *(each.id for each in await members(bridge, person))])
    places, conversations = dict.fromkeys(row.places), dict.fromkeys(row.conversations)
    stands: dict[Stand, None] = {}
    for customer in people:
        for chat in await bridge.store.people.chats(customer, CHATS):
            places[Place(chat.channel, chat.chat)] = None
        cursor: str | None = None
        while True:
            filters = ConversationFilters(customer=customer)
            rows, cursor = await bridge.store.conversations.page(filters, cursor, PORTION)
            for each in rows:
                conversations[each.id] = None
                places[Place(each.channel, each.chat)] = None
            if cursor is None:
                break
    known = {(each.group, each.topic) for each in row.stands}
    for id in conversations:
        topic = await bridge.store.desk.topic(id)
        if topic is not None and topic.topic is not None and (topic.group, topic.topic) not in known:
            stands[Stand(topic.channel, topic.group, topic.topic)] = None
    return replace(
        row,
        customers=tuple(people),
        places=tuple(places),
        conversations=tuple(conversations),
        stands=(*row.stands, *stands),
    )


async def _save(bridge: Bridge, row: Erasure) -> Erasure:
    try:
        return await bridge.store.erasing.save(row)
    except Conflict:
        raise RetryLater(1, "another process erases this person") from None


def _lanes(row: Erasure) -> Iterator[tuple[LaneId, str]]:
    for place in row.places:
        yield in_lane(place.channel, place.chat), "in"
        yield out_lane(place.channel, place.chat), "out"
    for stand in row.stands:
        yield _topic_lane(stand), "in"
        for id in row.conversations:
            yield out_lane(stand.channel, id), "out"


def _topic_lane(stand: Stand) -> LaneId:
    return in_lane(stand.channel.rpartition(".")[0], f"{stand.group}/{stand.topic}")


async def _topics(bridge: Bridge, row: Erasure) -> Erasure:
    """Have the messenger delete the topics; those it does not delete are named, to be deleted by hand."""
    stands = [each if each.gone else replace(each, gone=await _deleted(bridge, each)) for each in row.stands]
    by_hand = tuple(f"{each.channel} {each.group}/{each.topic}" for each in stands if not each.gone)
    return await _save(bridge, replace(row, stands=tuple(stands), by_hand=by_hand))


async def _deleted(bridge: Bridge, stand: Stand) -> bool:
    desk = bridge.desk
    if desk is None or desk.desk != stand.channel or not isinstance(desk, ForgettingDesk):
        return False
    try:
        await desk.forget(stand.group, stand.topic)
    except BridgeError as fault:
        log.warning("a topic was not deleted: %s", fault, extra={"group": stand.group})
        return False
    return True


async def _everything(bridge: Bridge, row: Erasure, held: Holding) -> dict[str, int]:
    """Delete all there is; his customers and identities last but for what is held: nobody meets him half gone."""
    erasing, counts = bridge.store.erasing, dict.fromkeys(("files", "updates", "rows"), 0)
    readers = [each.id for each in await bridge.store.staff.all()]
    needles = await _needles(bridge, row)
    await mentions.unname(bridge, row)
    counts["rows"] += await sought.forget(bridge, row.customers)
    files: dict[FileId, object] = {}
    for id in row.conversations:
        files |= await spent.carried(bridge, id)
    for place in row.places:
        counts["files"] += await spent.forget_brought(bridge, f"chat:{place.channel}:{place.chat}", row.at)
    counts["files"] += await spent.forget_carried(bridge, list(files), row.conversations)
    for lane, (_, direction) in list(held.lanes.items()):
        await held.keep()
        counts["updates"] += await erasing.take_updates(lane, row.at) if direction == "in" else 0
    counts["updates"] += await _misplaced(bridge, row, needles)
    for id in row.conversations:
        await held.keep()
        counts["rows"] += await erasing.take_conversation(id, readers)
    await held.keep()
    counts["rows"] += await erasing.take_words(row.conversations, needles)
    await held.keep()
    for place in row.places:
        counts["rows"] += await erasing.take_chat(f"{place.channel}:{place.chat}")
    await shop_data.forget(bridge, row.customers, bridge.clock.now())
    for customer in row.customers:
        bridge.memory.shop_data.pop(customer, None)
        counts["rows"] += await erasing.take_customer(customer)
    # Once more: somebody may have been writing out what he had decided when the conversation went.
    counts["rows"] += sum([await erasing.take_conversation(id, readers) for id in row.conversations])
    await held.keep()
    return counts


async def _needles(bridge: Bridge, row: Erasure) -> set[str]:
    """Return what tells that a small value or an unplaced update is about the person: ids, contacts, chats."""
    known = [each for id in row.customers for each in await bridge.store.people.identities(id)]
    chats = {f"{place.channel}:{place.chat}" for place in row.places}
    # Codes that prove a contact are kept under hashes of the chat and of the contact (bridge.people.proving).
    hashed = {hashlib.sha256(each.encode()).hexdigest() for each in chats | {f"{i.kind}:{i.value}" for i in known}}
    found = {each.value for each in known} | {place.chat for place in row.places}
    return found | chats | hashed | set(row.customers)


async def _misplaced(bridge: Bridge, row: Erasure, needles: set[str]) -> int:
    """Delete updates no channel could place that name the person."""
    told = [needle for needle in needles if len(needle) > 4]
    taken = 0
    for channel in {place.channel for place in row.places}:
        lane, after = in_lane(channel, OTHER), None
        while updates := await bridge.store.erasing.updates(lane, after, PORTION):
            for update in updates:
                if any(needle in update.raw for needle in told):
                    taken += await bridge.store.erasing.take_update(update.id)
            after = updates[-1].id
    return taken


async def _trace(bridge: Bridge, row: Erasure, taken: dict[str, int]) -> Erasure:
    """Leave the trace alone, and have everybody look anew."""
    erasing = bridge.store.erasing
    for id in row.conversations:
        await erasing.blank_audit(f"conversation:{id}")
    for customer in row.customers:
        await erasing.blank_audit(f"customer:{customer}")
    await erasing.blank_links(row.customers)
    counts = {name: row.counts.get(name, 0) + count for name, count in taken.items()}
    counts |= {"conversations": len(row.conversations)}
    told: dict[str, object] = {**counts, "erasure": row.id, "by_hand": list(row.by_hand)}
    event = AuditEvent(
        derive("audit", "erased", row.id), bridge.clock.now(), row.by, "customer_erased", "customers", told
    )
    await bridge.store.journal.write(event)
    await changed(bridge.store)  # what the library learnt of his words is unlearnt
    trace = Erasure(
        row.id, row.person, row.by, row.at, counts=counts, by_hand=row.by_hand, gone=True, version=row.version
    )
    row = await _save(bridge, trace)
    await bridge.feed.tell_anew(event.id)
    return row
