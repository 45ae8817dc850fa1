"""The feed for live views: facts to look at again, in an order a client can resume from.

Nothing is stored for it: a cursor holds a time, and what was written since that time is read from the store. Within
one process a ring of recent events resumes exactly; elsewhere the store's answer may repeat events, never miss one.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.context import log
from bridge.delivery.neighbours import Neighbours
from bridge.errors import StoreDown
from bridge.model.conversations import Conversation
from bridge.model.events import FeedEvent
from bridge.model.ids import fresh
from bridge.model.messages import Message
from bridge.ports import Bus, Clock
from bridge.ports.stores import Row, Store

SUBJECT = "feed"
#: How long a cursor is good for (contract.md).
KEPT = timedelta(hours=24)
#: Events kept in memory for an exact resume.
RING = 10_000
#: Clocks of processes and the time between a write and its hint may differ by this much.
OVERLAP = timedelta(seconds=10)
#: Rows read at once when resuming from the store.
PORTION = 500
#: Events a follower may be behind before it is told to start anew.
BACKLOG = 5_000
#: How often, beside other processes, the store is asked for what their hints did not tell, seconds.
LOOK = 1.0
#: What was written so long before the last look is looked at again: it may have been committed after it.
AGAIN = timedelta(seconds=3)
#: Rows of each kind looked at then.
LOOKED_AT = 1_000
#: Newest audit events about customers in which erasures are looked for.
GONE = 50
#: What such an event says.
ERASED = ("customer_erased", "conversation_deleted")
#: Rows whose newest version is remembered.
KNOWN = 20_000


class Feed:
    """Events of this installation as one process sees them."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._boot = fresh()[:8]
        self._count = 0
        self._ring: deque[FeedEvent] = deque(maxlen=RING)
        self._followers: set[asyncio.Queue[FeedEvent]] = set()
        self._neighbours = Neighbours(store, clock)
        self._known: OrderedDict[tuple[str, int | None], int] = OrderedDict()
        self._created: OrderedDict[tuple[str, int | None], None] = OrderedDict()
        self._erased: OrderedDict[str, None] = OrderedDict()

    async def run(self) -> None:
        """Take in events of all processes until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hear(), name="feed-hints")
            group.create_task(self._look(), name="feed-look")

    async def _hear(self) -> None:
        async with self._bus.subscribe(SUBJECT) as hints:
            async for hint in hints:
                self._take(hint)

    async def _look(self) -> None:
        """Find what others wrote and whose hints were lost."""
        since = self._clock.now()
        while True:
            await self._clock.sleep(LOOK)
            now = self._clock.now()
            try:
                if await self._neighbours.there():
                    await self._catch_up(since - AGAIN)
                since = now
            except StoreDown as fault:
                log.warning("the store does not answer: %s", fault)

    async def _catch_up(self, since: datetime) -> None:
        """Tell of rows written since then that nobody told of, and of people who went."""
        for event in await self._gone(since):
            if event not in self._erased:
                self._take({"type": "reset", "erased": event})
        messages = await self._store.messages.changed(since, LOOKED_AT)
        conversations = await self._store.conversations.changed(since, LOOKED_AT)
        lines = [row for row in messages if self._untold(row.conversation, row.seq, row.version)]
        lines.sort(key=lambda row: (row.conversation, row.seq))
        untold = [_seen(row, self._new(row, since)) for row in lines]
        untold += [_drawn(row) for row in conversations if self._untold(row.id, None, row.version)]
        if len(untold) > PORTION and LOOKED_AT in (len(messages), len(conversations)):
            self._count += 1
            self._pass_on(FeedEvent(self.cursor(), "reset"))  # too much was missed: looking anew is cheaper
            return
        for hint in untold:
            self._take(hint)

    def _new(self, row: Message, since: datetime) -> bool:
        return row.at >= since and (row.conversation, row.seq) not in self._known

    def _untold(self, conversation: str, seq: int | None, version: int) -> bool:
        return self._known.get((conversation, seq), 0) < version

    async def tell_rows(self, conversation: Conversation, rows: Sequence[Row]) -> None:
        """Tell of a conversation's change and of its new messages."""
        for row in rows:
            if isinstance(row, Message):
                hint = {"type": "message.created", "seq": row.seq, "version": conversation.version}
                await self._bus.publish(SUBJECT, {"conversation": conversation.id, **hint})
        await self.tell_conversation(conversation)

    async def tell_message(self, message: Message) -> None:
        """Tell that a message was changed: edited, delivered, failed."""
        await self._bus.publish(SUBJECT, _seen(message, new=False))

    async def tell_conversation(self, conversation: Conversation) -> None:
        """Tell that a conversation's row is to be drawn again."""
        await self._bus.publish(SUBJECT, _drawn(conversation))

    async def tell_anew(self, erased: str) -> None:
        """Have all who follow look at everything anew: somebody is gone, as an audit event says."""
        await self._bus.publish(SUBJECT, {"type": "reset", "erased": erased})

    async def _gone(self, since: datetime) -> list[str]:
        """Return the audit events of erasures since a time: no row is left that could tell of them."""
        events = await self._store.journal.page("customers", GONE)
        return [event.id for event in events if event.action in ERASED and event.at >= since]

    def _take(self, hint: dict[str, Any]) -> None:
        if hint["type"] == "reset":
            self._erased[hint.get("erased", "")] = None
            if len(self._erased) > GONE:
                self._erased.popitem(last=False)
            self._count += 1
            self._pass_on(FeedEvent(self.cursor(), "reset"))
            return
        key = (hint["conversation"], hint["seq"])
        if hint["type"] == "message.created":
            if key in self._created:
                return  # it was found in the store before its hint came
            self._created[key] = None
            if len(self._created) > KNOWN:
                self._created.popitem(last=False)
        # A new message is told with its conversation's version: of its own it has the first.
        version = 1 if hint["type"] == "message.created" else hint["version"]
        self._known[key] = max(version, self._known.pop(key, 0))
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)
        self._count += 1
        self._pass_on(FeedEvent(self.cursor(), hint["type"], hint["conversation"], hint["seq"], hint["version"]))

    def _pass_on(self, event: FeedEvent) -> None:
        self._ring.append(event)
        for follower in list(self._followers):
            if follower.full():
                self._followers.discard(follower)
                while not follower.empty():
                    follower.get_nowait()
                follower.put_nowait(FeedEvent(event.cursor, "reset"))
            else:
                follower.put_nowait(event)

    def cursor(self) -> str:
        """Return the cursor of the newest event: a client that starts here misses nothing that comes."""
        return self._cursor(self._clock.now())

    def _cursor(self, at: datetime) -> str:
        return f"{round(at.timestamp() * 1000)}-{self._boot}-{self._count}"

    @asynccontextmanager
    async def follow(self, since: str | None = None) -> AsyncIterator[AsyncIterator[FeedEvent]]:
        """Follow the feed from a cursor on (None: from now). A cursor too old or unreadable gives one `reset`."""
        queue: asyncio.Queue[FeedEvent] = asyncio.Queue(BACKLOG)
        self._followers.add(queue)
        try:
            missed = await self._since(since) if since else []
            yield self._events(missed, queue)
        finally:
            self._followers.discard(queue)

    async def _events(self, missed: Sequence[FeedEvent], queue: "asyncio.Queue[FeedEvent]") -> AsyncIterator[FeedEvent]:
        for event in missed:
            yield event
        last = missed[-1].cursor if missed and missed[-1].cursor.split("-")[1] == self._boot else ""
        while True:
            event = await queue.get()
            if last and _number(event.cursor) <= _number(last) and event.type != "reset":
                continue  # came while the ring was read
            yield event
            if event.type == "reset":
                self._followers.add(queue)

    async def _since(self, since: str) -> list[FeedEvent]:
        try:
            millis, boot, count = since.split("-")
            at = datetime.fromtimestamp(int(millis) / 1000, UTC)
            number = int(count)
        except (ValueError, OverflowError, OSError):
            return [FeedEvent(self.cursor(), "reset")]
        if self._clock.now() - at > KEPT:
            return [FeedEvent(self.cursor(), "reset")]
        oldest = _number(self._ring[0].cursor) if self._ring else self._count + 1
        if boot == self._boot and number >= oldest - 1:
            return [event for event in self._ring if _number(event.cursor) > number]
        return await self._from_store(at - OVERLAP)

    async def _from_store(self, since: datetime) -> list[FeedEvent]:
        cursor = self.cursor()
        messages = await self._store.messages.changed(since, PORTION)
        conversations = await self._store.conversations.changed(since, PORTION)
        if PORTION in (len(messages), len(conversations)) or await self._gone(since):
            return [FeedEvent(cursor, "reset")]  # too much was missed: looking at everything anew is cheaper
        return [
            *(FeedEvent(cursor, "message.updated", row.conversation, row.seq, row.version) for row in messages),
            *(FeedEvent(cursor, "conversation.updated", row.id, None, row.version) for row in conversations),
        ]


def _seen(message: Message, new: bool) -> dict[str, Any]:
    kind = "message.created" if new else "message.updated"
    return {"type": kind, "conversation": message.conversation, "seq": message.seq, "version": message.version}


def _drawn(conversation: Conversation) -> dict[str, Any]:
    version = conversation.version
    return {"type": "conversation.updated", "conversation": conversation.id, "seq": None, "version": version}


def _number(cursor: str) -> int:
    return int(cursor.rsplit("-", 1)[1])
