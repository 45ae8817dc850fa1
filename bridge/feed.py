"""The feed for live views: facts to look at again, in an order a client can resume from.

Nothing is stored for it: a cursor holds a time, and what was written since that time is read from the store. Within
one process a ring of recent events resumes exactly; elsewhere the store's answer may repeat events, never miss one.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.model.conversations import Conversation
from bridge.model.events import FeedEvent
from bridge.model.ids import fresh
from bridge.model.messages import Message
from bridge.ports import Bus, Clock
from bridge.stores import Row, Store

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

    async def run(self) -> None:
        """Take in events of all processes until cancelled."""
        async with self._bus.subscribe("feed") as hints:
            async for hint in hints:
                self._take(hint)

    async def tell_rows(self, conversation: Conversation, rows: Sequence[Row]) -> None:
        """Tell of a conversation's change and of its new messages."""
        for row in rows:
            if isinstance(row, Message):
                await self._tell("message.created", conversation.id, row.seq, conversation.version)
        await self._tell("conversation.updated", conversation.id, None, conversation.version)

    async def tell_message(self, message: Message) -> None:
        """Tell that a message was changed: edited, delivered, failed."""
        await self._tell("message.updated", message.conversation, message.seq, message.version)

    async def tell_conversation(self, conversation: Conversation) -> None:
        """Tell that a conversation's row is to be drawn again."""
        await self._tell("conversation.updated", conversation.id, None, conversation.version)

    async def _tell(self, kind: str, conversation: str, seq: int | None, version: int) -> None:
        await self._bus.publish("feed", {"type": kind, "conversation": conversation, "seq": seq, "version": version})

    def _take(self, hint: dict[str, Any]) -> None:
        self._count += 1
        event = FeedEvent(self.cursor(), hint["type"], hint["conversation"], hint["seq"], hint["version"])
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
        if len(messages) == PORTION or len(conversations) == PORTION:
            return [FeedEvent(cursor, "reset")]  # too much was missed: looking at everything anew is cheaper
        return [
            *(FeedEvent(cursor, "message.updated", row.conversation, row.seq, row.version) for row in messages),
            *(FeedEvent(cursor, "conversation.updated", row.id, None, row.version) for row in conversations),
        ]


def _number(cursor: str) -> int:
    return int(cursor.rsplit("-", 1)[1])
