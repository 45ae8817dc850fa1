"""One conversation goes, its customer stays: an erasure that names nothing but this conversation and its chat.

What stays is that it was done: who, when, which number, how many messages. A word the customer says afterwards opens a
new conversation.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from bridge.context import Bridge
from bridge.errors import Conflict
from bridge.library.index import changed
from bridge.model.conversations import Conversation
from bridge.model.erasures import Erasure, Place, Stand
from bridge.model.events import AuditEvent
from bridge.model.ids import ConversationId, CustomerId, derive
from bridge.model.messages import AuthorKind
from bridge.people import spent
from bridge.people.holding import Holding

#: Before any update came: no update that still waits to be read is taken, for it belongs to what comes next.
NEVER = datetime.min.replace(tzinfo=UTC)


def begun(by: str, row: Conversation, at: datetime) -> Erasure:
    """Return the erasure of a conversation; of two who delete it at once both mean this one."""
    place = Place(row.channel, row.chat)
    id = derive("deleted", row.id, row.created_at.isoformat())  # who was erased and comes again begins with the same id
    return Erasure(id, CustomerId(""), by, at, places=(place,), counts={"number": row.number}, only=row.id)


async def found(bridge: Bridge, row: Erasure, only: ConversationId) -> Erasure:
    """Return it with all there is of the conversation now: its topic, and how much was said."""
    stands = dict.fromkeys(row.stands)
    topic = await bridge.store.desk.topic(only)
    if topic is not None and topic.topic is not None:
        known = {(each.group, each.topic) for each in stands}
        if (topic.group, topic.topic) not in known:
            stands[Stand(topic.channel, topic.group, topic.topic)] = None
    said = 0
    async for message in spent.messages(bridge, only):
        said += message.author.kind is not AuthorKind.SYSTEM
    counts = {**row.counts, "messages": max(said, row.counts.get("messages", 0))}
    return replace(row, conversations=(only,), stands=tuple(stands), counts=counts)


async def take(bridge: Bridge, row: Erasure, only: ConversationId, held: Holding) -> dict[str, int]:
    """Delete all there is of the conversation; returns how many files, raw updates and rows went."""
    erasing, counts = bridge.store.erasing, dict.fromkeys(("files", "updates", "rows"), 0)
    readers = [each.id for each in await bridge.store.staff.all()]
    for place in row.places:
        await part(bridge, place, only)
    counts["files"] += await spent.forget_carried(bridge, list(await spent.carried(bridge, only)), (only,))
    for lane, (_, direction) in list(held.lanes.items()):
        await held.keep()
        # What the channel told, word for word: handled updates of the chat, never one that still waits.
        counts["updates"] += await erasing.take_updates(lane, NEVER) if direction == "in" else 0
    counts["rows"] += await erasing.take_conversation(only, readers)
    await held.keep()
    counts["rows"] += await erasing.take_words((only,), ())
    await held.keep()
    # Once more: somebody may have been writing out what he had decided when the conversation went.
    counts["rows"] += await erasing.take_conversation(only, readers)
    return counts


async def part(bridge: Bridge, place: Place, id: ConversationId) -> None:
    """Have a chat forget a conversation that goes: what is said there next opens a new one."""
    chat = await bridge.store.people.chat(place.channel, place.chat)
    while chat is not None and chat.conversation == id:
        with suppress(Conflict):
            await bridge.store.people.replace_chat(replace(chat, conversation=None, after=id))
            return
        chat = await bridge.store.people.chat(place.channel, place.chat)


async def trace(bridge: Bridge, row: Erasure, only: ConversationId, taken: dict[str, int]) -> Erasure:
    """Leave the trace alone in the audit log; returns the erasure that names nothing any more."""
    await bridge.store.erasing.blank_audit(f"conversation:{only}")
    counts = {**row.counts, **{name: row.counts.get(name, 0) + count for name, count in taken.items()}}
    told: dict[str, object] = {**counts, "conversation": only, "erasure": row.id, "by_hand": list(row.by_hand)}
    event = AuditEvent(
        derive("audit", "deleted", row.id), bridge.clock.now(), row.by, "conversation_deleted", "customers", told
    )
    await bridge.store.journal.write(event)
    await changed(bridge.store)  # what the library learnt of its words is unlearnt
    return replace(row, places=(), conversations=(), stands=(), counts=counts, gone=True)
