"""Sleep: until a time or a word, with what is to be done then; a closed conversation that opens again."""

from datetime import timedelta

import pytest

from bridge import service, snoozing, timers
from bridge.errors import Conflict, Invalid
from bridge.model.conversations import UNTIL_HE_WRITES, Conversation, DeskState, Stage
from bridge.model.ids import ConversationId
from bridge.model.notices import Kind
from bridge.notices import telling
from tests.hall import OLGA
from tests.property.histories import World


async def asked(world: World, text: str) -> Conversation:
    await world.say("1", text)
    await world.rest()
    return await now(world)


async def now(world: World) -> Conversation:
    id = await world.case("1")
    assert id is not None
    return await world.eyes.conversations.get(id)


async def test_a_snooze_ends_by_the_clock_or_with_a_word(world: World) -> None:
    conversation = await asked(world, "оператор")
    until = world.time.now() + timedelta(hours=1)
    bridge = world.process.bridge
    await snoozing.snooze(bridge, OLGA, conversation.id, until)
    assert (await now(world)).desk_state is DeskState.SNOOZED
    assert await timers.wake(bridge) == 0
    world.time.pass_(3600)
    assert await timers.wake(bridge) == 1
    woken = await now(world)
    assert (woken.snoozed_until, woken.desk_state) == (None, DeskState.DUE)
    assert await timers.wake(bridge) == 0
    actions = [event.action for event in await world.eyes.journal.page(f"conversation:{conversation.id}", 9)]
    assert {"snoozed", "woken"} <= set(actions)
    await snoozing.snooze(bridge, OLGA, conversation.id, world.time.now() + timedelta(hours=1))
    await asked(world, "намёк")
    assert (await now(world)).snoozed_until is None
    with pytest.raises(Invalid):
        await snoozing.snooze(bridge, OLGA, conversation.id, world.time.now())
    await service.close(bridge, OLGA, conversation.id)
    with pytest.raises(Conflict):
        await snoozing.snooze(bridge, OLGA, conversation.id, world.time.now() + timedelta(hours=1))


async def told_of(world: World, id: ConversationId) -> list[tuple[str, str]]:
    history = await world.eyes.messages.page(id, 0, None, 100)
    return [(line.event.code, line.event.detail) for line in history if line.event]


async def test_what_is_to_be_done_is_told_when_a_sleep_ends(world: World) -> None:
    conversation = await asked(world, "оператор")
    bridge, id = world.process.bridge, conversation.id
    await service.claim(bridge, OLGA, id)
    await snoozing.snooze(bridge, OLGA, id, world.time.now() + timedelta(hours=1), "  перезвонить\n Анне ")
    assert (await now(world)).snooze_note == "перезвонить Анне"
    world.time.pass_(3600)
    await timers.wake(bridge)
    assert (await now(world)).snooze_note == ""
    assert (await told_of(world, id))[-2:] == [("snoozed", "перезвонить Анне"), ("woken", "перезвонить Анне")]
    told, _ = await telling.listed(bridge, OLGA, None, 9)
    assert [(each.notice.kind, each.notice.detail, each.notice.text) for each in told] == [
        (Kind.TASK, "woken", "перезвонить Анне")
    ]


async def test_a_sleep_without_end_ends_with_a_word(world: World) -> None:
    conversation = await asked(world, "оператор")
    bridge = world.process.bridge
    await snoozing.snooze(bridge, OLGA, conversation.id, UNTIL_HE_WRITES)
    world.time.pass_(400 * 24 * 3600)
    assert await timers.wake(bridge) == 0
    await asked(world, "я тут")
    assert (await now(world)).snoozed_until is None


async def test_a_closed_conversation_opens_again_at_a_time(world: World) -> None:
    conversation = await asked(world, "оператор")
    bridge, id = world.process.bridge, conversation.id
    later = world.time.now() + timedelta(hours=1)
    with pytest.raises(Conflict, match="not_closed"):
        await snoozing.reopen_later(bridge, OLGA, id, later)
    await service.claim(bridge, OLGA, id)
    await service.close(bridge, OLGA, id)
    await snoozing.reopen_later(bridge, OLGA, id, later, "спросить, дошло ли")
    shut = await now(world)
    assert (shut.stage, shut.desk_state, shut.snoozed_until) == (Stage.CLOSED, DeskState.CLOSED, later)
    world.time.pass_(3600)
    assert await timers.wake(bridge) == 1
    back = await now(world)
    assert (back.stage, back.assignee, back.snoozed_until) == (Stage.OPERATOR, OLGA.id, None)
    assert (await told_of(world, id))[-1] == ("reopened_by_time", "спросить, дошло ли")
    told, _ = await telling.listed(bridge, OLGA, None, 9)
    assert [(each.notice.kind, each.notice.detail) for each in told] == [(Kind.TASK, "woken")]


async def test_what_opens_before_its_time_does_not_open_again(world: World) -> None:
    conversation = await asked(world, "оператор")
    bridge, id = world.process.bridge, conversation.id
    for opens in (service.reopen, service.begin):
        await service.close(bridge, OLGA, id)
        await snoozing.reopen_later(bridge, OLGA, id, world.time.now() + timedelta(hours=1))
        assert (await opens(bridge, OLGA, id)).snoozed_until is None
    await service.close(bridge, OLGA, id)
    await snoozing.reopen_later(bridge, OLGA, id, world.time.now() + timedelta(hours=1))
    assert (await snoozing.reopen_later(bridge, OLGA, id, None)).snoozed_until is None


async def test_a_snooze_set_anew_is_not_ended_by_the_old_one(world: World) -> None:
    conversation = await asked(world, "оператор")
    bridge = world.process.bridge
    await snoozing.snooze(bridge, OLGA, conversation.id, world.time.now() + timedelta(hours=1))
    ended = world.time.now() + timedelta(hours=1)
    await snoozing.snooze(bridge, OLGA, conversation.id, world.time.now() + timedelta(hours=5))
    assert (await snoozing.wake(bridge, conversation.id, ended)).snoozed_until is not None
