"""What happens is written down for each webhook that wants it: one process looks at what changed in the store.

Nothing is added to the writes themselves. A row carries when it was last written, an event's id is made from its row
and version, and so it is written down once, whoever looks and however often.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bridge.context import Bridge, log
from bridge.errors import StoreDown
from bridge.feed import AGAIN, OVERLAP, SUBJECT
from bridge.model.conversations import Conversation
from bridge.model.ids import LaneId, derive
from bridge.model.lanes import IDLE
from bridge.model.messages import Message
from bridge.model.webhooks import Webhook, WebhookCall

T = TypeVar("T")

DIRECTION = "hook"
#: How often the store is looked at without a hint, and the pause after one in which others gather, seconds.
LOOK, GATHER = 1.0, 0.05
#: Rows of a kind looked at; more are asked for when there are more.
PORTION = 500
#: Rows whose newest version is remembered.
KNOWN = 20_000
#: A message older than this was told of before, if it was written more than once.
NEW = timedelta(days=2)
_SEEN = "webhooks:seen"
_TICK = timedelta(milliseconds=1)


def lane_of(webhook: str) -> LaneId:
    """Name the lane of a webhook's calls."""
    return LaneId(f"{DIRECTION}:{webhook}")


async def _whole(changed: Callable[[datetime, int], Awaitable[list[T]]], since: datetime) -> list[T]:
    """Return all that changed since then."""
    limit = PORTION
    while len(rows := await changed(since, limit)) == limit:
        limit *= 2
    return rows


class Noticing:
    """The look of one process at what changed; who else holds the lease goes on where it stopped."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._known: OrderedDict[str, int] = OrderedDict()
        self._told: set[str] = set()  # webhooks that know what is known
        self._last = datetime.min.replace(tzinfo=UTC)
        self._saved = self._last

    async def run(self) -> None:
        """Look whenever the feed hints, and every second, until cancelled."""
        hinted = asyncio.Event()
        listening = asyncio.create_task(self._listen(hinted))
        since: datetime | None = None
        try:
            while True:
                hinted.clear()
                try:
                    since = await self._round(since or await self._start())
                except StoreDown as fault:
                    log.warning("the store does not answer: %s", fault)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await hinted.wait()
                        await asyncio.sleep(GATHER)
        finally:
            listening.cancel()

    async def _listen(self, hinted: asyncio.Event) -> None:
        async with self._bridge.bus.subscribe(SUBJECT) as hints:
            async for _ in hints:
                hinted.set()

    async def _start(self) -> datetime:
        value = await self._bridge.store.journal.value(_SEEN)
        if value is None:
            return self._bridge.clock.now()
        return datetime.fromtimestamp(value["at"], UTC) - OVERLAP

    async def _round(self, since: datetime) -> datetime:
        """Write down what changed; returns from when on to look next time."""
        now = self._bridge.clock.now()
        webhooks = await self._bridge.store.webhooks.all()
        if self._told != (told := {webhook.id for webhook in webhooks}):
            self._known.clear()  # a new one has heard of nothing yet
            self._told = told
        if webhooks:
            oldest = min(webhook.created_at for webhook in webhooks)
            await self._notice(webhooks, max(since - AGAIN, oldest))
            if now - self._saved >= timedelta(seconds=LOOK):
                await self._bridge.store.journal.put_value(_SEEN, {"at": now.timestamp()}, IDLE)
                self._saved = now
        return now

    async def _notice(self, webhooks: Sequence[Webhook], since: datetime) -> None:
        store = self._bridge.store
        messages = await _whole(store.messages.changed, since)
        conversations = await _whole(store.conversations.changed, since)
        messages = sorted((row for row in messages if self._is_new(row.id, row.version)), key=lambda row: row.at)
        woken = set()
        for webhook in webhooks:
            for call in [*self._of_messages(webhook, messages), *self._of_conversations(webhook, conversations)]:
                if await store.webhooks.note(call):
                    woken.add(webhook.id)
        self._remember(messages, conversations)
        for id in woken:
            await store.lanes.pull(lane_of(id), DIRECTION, self._bridge.clock.now())
            await self._bridge.bus.publish("lane", {"id": lane_of(id)})

    def _of_messages(self, webhook: Webhook, rows: Sequence[Message]) -> Iterator[WebhookCall]:
        for row in rows:
            # Messengers tell whole seconds, and what came late: a message's own time is no bound for a first version.
            begun = max(webhook.created_at - AGAIN, self._bridge.clock.now() - NEW)
            if (row.version == 1 or row.at >= begun) and "message.created" in webhook.types:
                yield self._call(webhook, "message.created", row.id, row)
            if row.version > 1 and "message.updated" in webhook.types:
                yield self._call(webhook, "message.updated", f"{row.id}:{row.version}", row)

    def _of_conversations(self, webhook: Webhook, rows: Sequence[Conversation]) -> Iterator[WebhookCall]:
        if "conversation.updated" not in webhook.types:
            return
        for row in rows:
            if row.updated_at >= webhook.created_at and self._is_new(row.id, row.version):
                yield self._call(webhook, "conversation.updated", f"{row.id}:{row.version}", row)

    def _call(self, webhook: Webhook, kind: str, key: str, row: Message | Conversation) -> WebhookCall:
        # Calls are made in the order of their due times: no two have the same.
        self._last = now = max(self._bridge.clock.now(), self._last + _TICK)
        id = derive("event", webhook.id, kind, key)
        if isinstance(row, Message):
            return WebhookCall(id, webhook.id, kind, row.conversation, row.id, now, now)
        return WebhookCall(id, webhook.id, kind, row.id, None, now, now)

    def _is_new(self, id: str, version: int) -> bool:
        return self._known.get(id, 0) < version

    def _remember(self, *rows: Sequence[Message] | Sequence[Conversation]) -> None:
        for row in (row for kind in rows for row in kind):
            self._known[row.id] = row.version
            self._known.move_to_end(row.id)
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
