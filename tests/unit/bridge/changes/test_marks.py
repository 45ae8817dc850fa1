"""Delivered and read: marks only rise, only where a word was sent, only in the conversation that goes on."""

import asyncio
from dataclasses import replace

from bridge.changes import marks
from bridge.model.ids import ChatId, ConversationId
from bridge.model.messages import DeliveryState, Message
from tests.property.histories import World
from tests.street import NAME

READ, DELIVERED = DeliveryState.READ, DeliveryState.DELIVERED
CHAT = ChatId("1")


async def outgoing(world: World) -> list[Message]:
    id = await world.case("1")
    assert id is not None
    return [row for row in await world.eyes.messages.page(id, 0, None, 500) if row.delivery]


async def states(world: World) -> list[str]:
    return [row.delivery.state.value for row in await outgoing(world) if row.delivery]


async def talked(world: World, replies: int = 2) -> int:
    """Let a customer be answered; returns the seq of the last word."""
    await world.say("1", "вопрос")
    await world.rest()
    for number in range(replies):
        await world.reply("olga", "1", number)
    await world.rest()
    assert set(await states(world)) == {"sent"}
    return (await outgoing(world))[-1].seq


async def test_marks_rise_and_never_fall(no_group: World) -> None:
    last = await talked(no_group)
    bridge = no_group.process.bridge
    rows = await outgoing(no_group)
    assert await marks.seen(bridge, NAME, CHAT, rows[0].seq, READ) == 1
    assert await marks.seen(bridge, NAME, CHAT, last, DELIVERED) == len(rows) - 1
    assert await states(no_group) == ["read"] + ["delivered"] * (len(rows) - 1)
    assert await marks.seen(bridge, NAME, CHAT, last, DELIVERED) == 0
    assert await marks.seen(bridge, NAME, CHAT, last, READ) == len(rows) - 1
    assert await marks.seen(bridge, NAME, CHAT, last, DELIVERED) == 0
    assert set(await states(no_group)) == {"read"}


async def test_many_words_are_raised_through_all_pages(no_group: World) -> None:
    last = await talked(no_group, 130)
    assert await marks.seen(no_group.process.bridge, NAME, CHAT, last, READ) == len(await outgoing(no_group))
    assert set(await states(no_group)) == {"read"}


async def test_two_tabs_at_once_raise_each_word_once(no_group: World) -> None:
    last = await talked(no_group)
    bridge = no_group.process.bridge
    raised = await asyncio.gather(*(marks.seen(bridge, NAME, CHAT, last, state) for state in (READ, DELIVERED, READ)))
    assert set(await states(no_group)) == {"read"}
    assert sum(raised) >= len(await outgoing(no_group))


async def test_what_was_not_sent_is_not_seen_and_the_unknown_is_known_now(no_group: World) -> None:
    last = await talked(no_group, 3)
    rows = await outgoing(no_group)
    fates = (DeliveryState.FAILED, DeliveryState.QUEUED, DeliveryState.UNKNOWN)
    for row, state in zip(rows[-3:], fates, strict=True):
        assert row.delivery is not None
        await no_group.eyes.messages.replace(replace(row, delivery=replace(row.delivery, state=state, reason="x")))
    conversation = await no_group.eyes.conversations.get(rows[-1].conversation)
    await no_group.eyes.conversations.replace(replace(conversation, undelivered=DeliveryState.UNKNOWN))
    await marks.seen(no_group.process.bridge, NAME, CHAT, last, READ)
    assert (await states(no_group))[-3:] == ["failed", "queued", "read"]
    assert (await no_group.eyes.conversations.get(rows[-1].conversation)).undelivered is None


async def test_nothing_is_raised_elsewhere(no_group: World) -> None:
    last = await talked(no_group)
    bridge = no_group.process.bridge
    assert await marks.seen(bridge, NAME, ChatId("nobody"), last, READ) == 0
    assert await marks.seen(bridge, NAME, CHAT, last, READ, conversation=ConversationId("another")) == 0
    assert set(await states(no_group)) == {"sent"}
