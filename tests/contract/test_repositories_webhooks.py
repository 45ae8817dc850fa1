"""What webhooks and their calls promise over any store: each call once, the next due first, forgotten in time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.clock import SystemClock
from bridge.errors import Conflict, NotFound
from bridge.model.ids import ConversationId, MessageId, OperatorId
from bridge.model.webhooks import CallState, Webhook, WebhookCall
from storage.repositories import Repositories
from storage.schema import ALL

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store(documents: Any) -> Repositories:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


def webhook(number: int) -> Webhook:
    at = NOW + timedelta(seconds=number)
    return Webhook(f"w{number}", "https://hooks.example/x", ("message.created",), "s" * 8, OperatorId("op"), at)


def call(number: int, of: str = "w1", **more: Any) -> WebhookCall:
    at = NOW + timedelta(seconds=number)
    made = WebhookCall(f"e{number}", of, "message.created", ConversationId("c"), MessageId("m"), at, at)
    return replace(made, **more)


async def test_webhooks_are_kept_in_order_until_they_are_removed(store: Repositories) -> None:
    kept = [await store.webhooks.add(webhook(number)) for number in (2, 1)]
    assert await store.webhooks.all() == [kept[1], kept[0]]
    assert await store.webhooks.get("w1") == kept[1]
    assert "ssss" not in repr(kept[1])
    assert await store.webhooks.remove("w1")
    assert not await store.webhooks.remove("w1")
    assert await store.webhooks.find("w1") is None
    with pytest.raises(NotFound):
        await store.webhooks.get("w1")


async def test_a_call_is_noted_once_and_the_next_due_comes_first(store: Repositories) -> None:
    for number in (3, 1, 2):
        assert await store.webhooks.note(call(number))
    assert not await store.webhooks.note(call(1, attempts=7))
    await store.webhooks.note(call(9, of="w2"))
    first, *_ = rows = await store.webhooks.due("w1", 10)
    assert [row.id for row in rows] == ["e1", "e2", "e3"]
    late = await store.webhooks.settle(replace(first, attempts=1, due=NOW + timedelta(hours=1), error="network"))
    with pytest.raises(Conflict):
        await store.webhooks.settle(replace(first, attempts=2))
    done = await store.webhooks.settle(replace(rows[1], state=CallState.DONE, status=200, tried_at=NOW))
    assert [row.id for row in await store.webhooks.due("w1", 10)] == ["e3", "e1"]
    assert await store.webhooks.waiting("w1") == 2
    assert await store.webhooks.calls("w1", 2) == [rows[2], done]
    assert (await store.webhooks.calls("w1", 10))[2] == late


async def test_old_calls_are_forgotten(store: Repositories) -> None:
    for number in range(5):
        await store.webhooks.note(call(number))
    assert await store.webhooks.forget(NOW + timedelta(seconds=3), limit=2) == 2
    assert await store.webhooks.forget(NOW + timedelta(seconds=3)) == 1
    assert [row.id for row in await store.webhooks.calls("w1", 10)] == ["e4", "e3"]
