"""What the staff group's rows promise over any store: where posts stand, what waits, how many topics a group has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.model.desk import Post, PostKind, Section, Topic
from bridge.model.ids import ChannelName, ConversationId, LaneId, MessageId
from bridge.model.messages import Delivery, DeliveryState
from storage.repositories import Repositories
from storage.schema import ALL

DESK = ChannelName("telegram.staff")
GROUP = "-1001"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store(documents: Any) -> Repositories:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


def post(number: int, **more: Any) -> Post:
    made = Post(
        id=f"post{number}",
        channel=DESK,
        conversation=ConversationId("c"),
        kind=PostKind.TEXT,
        text=f"слово {number}",
        at=NOW + timedelta(seconds=number),
        delivery=Delivery(LaneId("out:telegram.staff:c"), number),
    )
    return replace(made, **more)


async def test_a_message_is_known_by_the_posts_it_shows_in_order(store: Repositories) -> None:
    sent = [
        replace(
            post(number),
            group=GROUP,
            merged=("post1", "post2"),
            message=MessageId(f"m{number}"),
            delivery=Delivery(LaneId("l"), number, DeliveryState.SENT, external_id="77"),
        )
        for number in (2, 1)
    ]
    await store.write_rows([*sent, post(3)])
    assert [each.id for each in await store.desk.shown_at(DESK, GROUP, "77")] == ["post1", "post2"]
    assert await store.desk.shown_at(DESK, "-1002", "77") == []
    assert await store.desk.shown_at(DESK, GROUP, "78") == []


async def test_a_post_keeps_what_it_says(store: Repositories) -> None:
    said = replace(
        post(1), sections=(Section("Анна", "да"), Section("", "нет", True)), sent=("5", "6"), quotes=MessageId("m")
    )
    await store.write_rows([said])
    found = await store.desk.find("post1")
    assert found == replace(said, version=1)


async def test_what_waits_is_counted_since_the_oldest(store: Repositories) -> None:
    assert await store.desk.waiting() == (0, None)
    done = replace(post(1), delivery=Delivery(LaneId("l"), 1, DeliveryState.SENT, external_id="7"))
    await store.write_rows([done, post(2), post(3)])
    assert await store.desk.waiting() == (2, NOW + timedelta(seconds=2))


async def test_topics_are_counted_by_group_also_before_they_are_made(store: Repositories) -> None:
    for number, group in enumerate((GROUP, GROUP, "-1002")):
        await store.desk.save_topic(Topic(ConversationId(f"c{number}"), DESK, group, str(number) if number else None))
    assert await store.desk.topics_in(DESK, GROUP) == 2
    assert await store.desk.topics_in(DESK, "-1002") == 1
    assert await store.desk.topics_in(DESK, "-1003") == 0
