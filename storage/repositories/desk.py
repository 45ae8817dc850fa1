"""The staff group's topics and posts."""

from dataclasses import replace
from datetime import datetime

from bridge.errors import Conflict
from bridge.model.desk import Post, Topic
from bridge.model.ids import ChannelName, ConversationId, LaneId
from bridge.model.messages import SETTLED
from storage.documents import Body, Documents, Order, P
from storage.repositories.base import Rows
from storage.schema import POSTS, TOPICS


def _way_out(row: Post) -> Body:
    return {
        "lane": row.delivery.lane,
        "open": row.delivery.state not in SETTLED,
        "order": row.delivery.order,
        "place": _place(row.channel, row.group, row.delivery.external_id) or None,
    }


def _place(channel: str, group: str, topic: str | None) -> str:
    return f"{channel}:{group}:{topic}" if topic else ""


def _standing(row: Topic) -> Body:
    return {"place": _place(row.channel, row.group, row.topic), "stands": f"{row.channel}:{row.group}"}


class DeskRows:
    """What the staff group shows, as bridge.ports.stores.Desk says."""

    def __init__(self, documents: Documents) -> None:
        self.posts = Rows(documents, POSTS, Post, _way_out)
        self._topics = Rows(documents, TOPICS, Topic, _standing)

    async def topic(self, conversation: ConversationId) -> Topic | None:
        return await self._topics.find(conversation)

    async def topic_of(self, channel: ChannelName, group: str, topic: str) -> Topic | None:
        found = await self._topics.list(P("place", "eq", _place(channel, group, topic)), limit=1)
        return found[0] if found else None

    async def save_topic(self, topic: Topic) -> Topic:
        if topic.version:
            return await self._topics.replace(topic)
        saved, _ = await self._topics.insert_once(topic)
        return saved

    async def show(self, post: Post) -> Post:
        while True:
            shown, new = await self.posts.insert_once(post)
            if new or shown.delivery.order > post.delivery.order:
                return shown  # a newer state stands there: this one comes from a slow hand
            try:
                return await self.posts.replace(replace(post, version=shown.version))
            except Conflict:
                continue  # settled or shown anew in between: the newest state wins

    async def going_out(self, lane: LaneId, limit: int) -> list[Post]:
        return await self.posts.list(P("lane", "eq", lane), P("open", "eq", True), order=Order("order"), limit=limit)

    async def unsent(self, before: datetime, limit: int) -> dict[LaneId, datetime]:
        rows = await self.posts.list(P("open", "eq", True), P("at", "lt", before), order=Order("at"), limit=limit)
        lanes: dict[LaneId, datetime] = {}
        for row in sorted(rows, key=lambda row: row.delivery.order):
            lanes.setdefault(row.delivery.lane, row.delivery.not_before or row.at)
        return lanes

    async def replace(self, post: Post) -> Post:
        return await self.posts.replace(post)

    async def find(self, id: str) -> Post | None:
        return await self.posts.find(id)

    async def shown_at(self, channel: ChannelName, group: str, external_id: str) -> list[Post]:
        found = await self.posts.list(P("place", "eq", _place(channel, group, external_id)), limit=100)
        return sorted(found, key=lambda row: row.delivery.order)

    async def waiting(self) -> tuple[int, datetime | None]:
        oldest = await self.posts.list(P("open", "eq", True), order=Order("at"), limit=1)
        if not oldest:
            return 0, None
        return await self.posts.documents.count(self.posts.coll, (P("open", "eq", True),)), oldest[0].at

    async def topics_in(self, channel: ChannelName, group: str) -> int:
        return await self._topics.documents.count(self._topics.coll, (P("stands", "eq", f"{channel}:{group}"),))
