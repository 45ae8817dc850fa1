"""Changes of words in the outbox, over any store: found with the words of their lane, after them, until dropped."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.clock import SystemClock
from bridge.model.ids import ChannelName, ChatId, ConversationId, MessageId
from bridge.model.lanes import out_lane
from bridge.model.messages import Amendment, Author, AuthorKind, Delivery, DeliveryState, Message, Reaction
from storage.documents import Documents
from storage.repositories import Repositories
from storage.schema import ALL

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
LANE = out_lane("tg", "1")
OLGA = Author(AuthorKind.OPERATOR, "olga", "Ольга")


@pytest.fixture
async def store(documents: Documents) -> AsyncIterator[Repositories]:
    await documents.open(ALL)
    return Repositories(documents, SystemClock())


def word(seq: int, state: DeliveryState | None, *, order: int = 0) -> Message:
    """A word of ours in a state, or of a customer (None); with an order its change waits in the lane."""
    return Message(
        id=MessageId(f"m{seq}"),
        conversation=ConversationId("c1"),
        seq=seq,
        author=OLGA if state else Author(AuthorKind.CUSTOMER, "cu1", "Анна"),
        text="как есть",
        at=T0 + timedelta(seconds=seq),
        channel=ChannelName("tg"),
        chat=ChatId("1"),
        delivery=Delivery(LANE, seq, state, external_id=f"x{seq}", parts=("x", f"x{seq}")) if state else None,
        reactions=(Reaction(OLGA, "👍"),) if order else (),
        amendment=Amendment(Delivery(LANE, (1 << 60) + order), "как было", emoji="", edited_at=T0) if order else None,
        parts=("p1", "p2") if state is None else (),
    )


async def out(store: Repositories) -> list[int]:
    return [row.seq for row in await store.messages.going_out(LANE, 9)]


async def test_changes_stand_after_all_words_of_their_lane(store: Repositories) -> None:
    sent, queued = DeliveryState.SENT, DeliveryState.QUEUED
    rows = [word(1, sent, order=7), word(2, None, order=5), word(3, sent), word(4, queued), word(5, queued, order=6)]
    assert await store.write_rows(rows) == rows
    # A word that is not out yet stands where words do, whatever is to be changed of it.
    assert await out(store) == [4, 5, 2, 1]
    kept = await store.messages.get(MessageId("m1"))
    assert replace(kept, version=0) == rows[0]
    assert (await store.messages.get(MessageId("m2"))).parts == ("p1", "p2")


async def test_a_dropped_change_leaves_the_lane_and_a_word_that_got_out_leaves_its_change_there(
    store: Repositories,
) -> None:
    await store.write_rows([word(1, DeliveryState.SENT, order=1), word(2, DeliveryState.SENDING, order=2)])
    first, second = [await store.messages.get(MessageId(id)) for id in ("m1", "m2")]
    assert second.delivery is not None
    await store.messages.replace(replace(first, amendment=None))
    settled = replace(second.delivery, state=DeliveryState.SENT)
    stood = await store.messages.replace(replace(second, delivery=settled))
    assert await out(store) == [2]
    await store.messages.replace(replace(stood, amendment=None))
    assert await out(store) == []
    assert await store.messages.unsent(T0 + timedelta(days=1), 9) == {}


async def test_lanes_of_changes_nobody_was_woken_for_are_found(store: Repositories) -> None:
    waits = word(1, None, order=1)
    assert waits.amendment is not None
    later = replace(waits.amendment.delivery, state=DeliveryState.RETRYING, not_before=T0 + timedelta(seconds=70))
    await store.write_rows([replace(waits, amendment=replace(waits.amendment, delivery=later))])
    assert await store.messages.unsent(T0 + timedelta(days=1), 9) == {LANE: T0 + timedelta(seconds=70)}
    assert await store.messages.unsent(T0, 9) == {}
