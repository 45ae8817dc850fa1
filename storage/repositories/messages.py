"""Messages: history, outbox and search."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from bridge.model.ids import ConversationId, LaneId, MessageId
from bridge.model.messages import SETTLED, Delivery, DeliveryState, Message
from bridge.ports import Clock
from storage.documents import Body, Documents, Key, Order, P
from storage.repositories.base import Rows
from storage.schema import MESSAGES
from storage.words import search_of, words_of

#: Rows read at once when many are.
PORTION = 500


def words_in(row: Message) -> str:
    """Return the words a message is found by: what it says, and what its files are called."""
    return words_of(row.text, *(each.name for each in row.attachments))


class MessageRows:
    """Lines of history, as bridge.ports.stores.Messages says."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._clock = clock
        self.rows = Rows(documents, MESSAGES, Message, self._extra)

    def _extra(self, row: Message) -> Body:
        delivery = row.delivery
        body = {
            "changed": self._clock.now(),
            "lane": delivery.lane if delivery else "",
            "open": delivery is not None and delivery.state not in SETTLED,
            "order": delivery.order if delivery else 0,
            "state": delivery.state.value if delivery else "",
            "words": words_in(row),
        }
        if row.amendment is not None and not body["open"]:
            # What is still to be changed waits in the lane like a word of its own, until it is dropped.
            way = row.amendment.delivery
            body |= {"lane": way.lane, "open": True, "order": way.order, "state": DeliveryState.QUEUED.value}
        return body

    async def get(self, id: MessageId) -> Message:
        return await self.rows.get(id)

    async def find(self, id: MessageId) -> Message | None:
        return await self.rows.find(id)

    async def page(
        self, conversation: ConversationId, after: int | None, before: int | None, limit: int
    ) -> list[Message]:
        where = [P("conversation", "eq", conversation)]
        if after is not None:
            where.append(P("seq", "gt", after))
        if before is not None:
            where.append(P("seq", "lt", before))
        if after is not None:
            return await self.rows.list(*where, order=Order("seq"), limit=limit)
        return (await self.rows.list(*where, order=Order("seq", desc=True), limit=limit))[::-1]

    async def by_customer(
        self, conversations: Sequence[ConversationId], before: datetime | None, limit: int
    ) -> list[Message]:
        found: list[Message] = []
        for conversation in conversations:
            where = [P("conversation", "eq", conversation)]
            if before is not None:
                where.append(P("at", "lt", before))
            found += await self.rows.list(*where, order=Order("at", desc=True), limit=limit)
        return sorted(found, key=lambda row: (row.at, row.conversation, row.seq))[-limit:]

    async def search(
        self,
        words: str,
        conversation: ConversationId | None,
        since: datetime | None,
        before: datetime | None,
        limit: int,
    ) -> list[Message]:
        asked = search_of(words)
        if not asked:
            return []
        where = [P("words", "words", asked)]
        if conversation is not None:
            where.append(P("conversation", "eq", conversation))
        if since is not None:
            where.append(P("at", "ge", since))
        if before is not None:
            where.append(P("at", "lt", before))
        return await self.rows.list(*where, order=Order("at", desc=True), limit=limit)

    async def replace(self, message: Message) -> Message:
        return await self.rows.replace(message)

    async def going_out(self, lane: LaneId, limit: int) -> list[Message]:
        return await self.rows.list(P("lane", "eq", lane), P("open", "eq", True), order=Order("order"), limit=limit)

    async def unsent(self, before: datetime, limit: int) -> dict[LaneId, datetime]:
        lanes: dict[LaneId, datetime] = {}
        for state in (DeliveryState.SENDING, DeliveryState.RETRYING, DeliveryState.QUEUED):
            asked = (P("state", "eq", state.value), P("at", "lt", before))
            for row in await self.rows.list(*asked, order=Order("at"), limit=limit):
                way = _way(row)
                if way is not None:
                    lanes.setdefault(way.lane, way.not_before or row.at)
        return lanes

    async def stuck(self, states: Sequence[str], limit: int) -> list[Message]:
        found = [
            row
            for state in states
            for row in await self.rows.list(P("state", "eq", state), order=Order("at", desc=True), limit=limit)
        ]
        return sorted(found, key=lambda row: row.at, reverse=True)[:limit]

    async def changed(self, since: datetime, limit: int) -> list[Message]:
        return await self.rows.list(P("changed", "ge", since), order=Order("changed"), limit=limit)

    async def spoken(self, since: datetime | None) -> AsyncIterator[Message]:
        where = [P("state", "ne", "")] + ([P("changed", "ge", since)] if since is not None else [])
        after: Key | None = None
        while True:
            docs = await self.rows.documents.find(MESSAGES, where, Order("changed"), after, PORTION)
            for doc in docs:
                yield self.rows.row(doc)
            if len(docs) < PORTION:
                return
            after = Key(docs[-1].body["changed"], docs[-1].id)


def _way(row: Message) -> Delivery | None:
    """Return what of a row is still under way: the word itself, else what is to be changed of it."""
    if row.delivery is not None and row.delivery.state not in SETTLED:
        return row.delivery
    return row.amendment.delivery if row.amendment is not None else None
