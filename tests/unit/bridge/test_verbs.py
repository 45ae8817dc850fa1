"""Verbs of the desk and the clock: crossed replies, names, tags, read marks, retries, sweeps."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge import desk, service, timers
from bridge.errors import Conflict, Forbidden, Invalid, NotFound
from bridge.model.conversations import Conversation, ConversationFilters, Stage
from bridge.model.desk import PostKind
from bridge.model.events import AuditEvent
from bridge.model.ids import ChatId, ConversationId, OperatorId
from bridge.model.messages import AuthorKind, DeliveryState, Message
from bridge.model.operators import Role, Session
from bridge.people import cards
from tests.hall import NAME, OLGA, PETR
from tests.property.histories import World


async def asked(world: World, text: str = "туман", chat: str = "1") -> Conversation:
    """A customer has said something and everything came to rest."""
    await world.say(chat, text)
    await world.rest()
    return await now(world, chat)


async def now(world: World, chat: str = "1") -> Conversation:
    id = await world.case(chat)
    assert id is not None
    return await world.eyes.conversations.get(id)


async def thread(world: World) -> list[Message]:
    return await world.eyes.messages.page((await now(world)).id, 0, None, 500)


async def reply(world: World, key: str, seen: int | None = None, **more: Any) -> Message:
    id = (await now(world)).id
    return await service.reply(world.process.bridge, more.pop("who", OLGA), id, "Ответ", key=key, seen_seq=seen, **more)


async def test_a_reply_that_crosses_a_word_is_refused_with_it(world: World) -> None:
    seen = (await asked(world)).seq
    await asked(world, "намёк")
    with pytest.raises(Conflict) as caught:
        await reply(world, "k", seen)
    assert caught.value.code == "crossed"
    assert [message.text for message in caught.value.newer] == ["намёк №2"]  # type: ignore[attr-defined]
    forced = await reply(world, "k", seen, force=True)
    assert forced.seq == (await now(world)).seq
    # Own words since then cross nothing, another's do.
    await reply(world, "k2", forced.seq - 2)
    with pytest.raises(Conflict):
        await reply(world, "k3", forced.seq, who=PETR)


async def test_the_same_key_gives_the_same_message(world: World) -> None:
    seen = (await asked(world)).seq
    first = await reply(world, "k", seen)
    await asked(world, "намёк")
    again = await reply(world, "k", seen)
    assert again.id == first.id
    assert [row.text for row in await thread(world)].count("Ответ") == 1
    assert (await reply(world, "other")).id != first.id


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), ("  \n", "empty"), ("x" * 4097, "too_long"), ("😀" * 2049, "too_long")]
)
async def test_texts_no_messenger_takes_are_refused(world: World, text: str, code: str) -> None:
    id = (await asked(world)).id
    for verb in (service.reply, service.note):
        with pytest.raises(Invalid) as caught:
            await verb(world.process.bridge, OLGA, id, text, key="k")  # type: ignore[operator]
        assert caught.value.errors == (("text", code),)


async def test_what_is_not_there_or_not_allowed(world: World) -> None:
    id = (await asked(world)).id
    with pytest.raises(NotFound):
        await service.claim(world.process.bridge, OLGA, ConversationId("nowhere"))
    observer = replace(OLGA, role=Role.OBSERVER)
    with pytest.raises(Forbidden):
        await service.claim(world.process.bridge, observer, id)
    with pytest.raises(Invalid):
        await service.release(world.process.bridge, OLGA, id, "nirvana")
    editor = replace(OLGA, id=OperatorId("editor"), email="e@shop.example", role=Role.EDITOR, telegram_user_id=None)
    await world.eyes.staff.add(editor)
    for whom, code in ((OperatorId("nobody"), "unknown"), (editor.id, "cannot_reply")):
        with pytest.raises(Invalid) as caught:
            await service.assign(world.process.bridge, OLGA, id, whom)
        assert caught.value.errors == (("operator", code),)


async def test_a_verb_with_a_key_is_done_once(world: World) -> None:
    id = (await asked(world, "оператор")).id
    bridge = world.process.bridge
    await service.claim(bridge, OLGA, id, key="1")
    await service.release(bridge, OLGA, id, "queue", key="2")
    await service.claim(bridge, PETR, id, key="3")
    await service.release(bridge, OLGA, id, "queue", key="2")
    assert (await now(world)).assignee == PETR.id
    await service.release(bridge, OLGA, id, "queue")
    assert (await now(world)).assignee is None


async def test_a_new_name_reaches_lists_new_words_and_the_card(world: World) -> None:
    conversation = await asked(world, "оператор")
    await cards.change_customer(world.process.bridge, OLGA, conversation.customer, name=" Анна ")
    await world.rest()
    assert (await now(world)).customer_name == "Анна"
    card = [post for post in world.street.posts if post.kind is PostKind.CARD][-1]
    assert "Клиент: Анна" in card.text
    found, _ = await world.eyes.conversations.page(ConversationFilters(q="анна"), None, 5)
    assert [row.id for row in found] == [conversation.id]
    await asked(world, "намёк")
    assert (await thread(world))[-1].author.name == "Анна"
    seq = (await now(world)).seq
    await cards.change_customer(world.process.bridge, OLGA, conversation.customer, name="Анна", note="vip")
    assert (await now(world)).seq == seq
    for name in ("", "x" * 121):
        with pytest.raises(Invalid):
            await cards.change_customer(world.process.bridge, OLGA, conversation.customer, name=name)


async def test_tags_are_kept_in_order_within_bounds(world: World) -> None:
    id = (await asked(world)).id
    bridge = world.process.bridge
    await desk.tag(bridge, OLGA, id, (" a ", "b"), ())
    tagged = await desk.tag(bridge, OLGA, id, ("c", "b"), ("a",))
    assert tagged.tags == ("b", "c")
    told = [(line.event.code, line.event.detail) for line in await thread(world) if line.event]
    assert told[-3:] == [("tagged", "a, b"), ("tagged", "c"), ("untagged", "a")]
    for wrong in (("",), ("x" * 41,), tuple(map(str, range(20)))):
        with pytest.raises(Invalid):
            await desk.tag(bridge, OLGA, id, wrong, ())


async def test_read_marks_count_the_customers_words(world: World) -> None:
    await asked(world)
    await asked(world, "намёк")
    conversation = await now(world)
    bridge = world.process.bridge
    assert await desk.mark_read(bridge, OLGA, conversation.id, 1) == 1
    assert await desk.mark_read(bridge, OLGA, conversation.id, conversation.seq) == 2
    assert await desk.mark_read(bridge, OLGA, conversation.id, 0) == 2
    assert await world.eyes.staff.reads(OLGA.id, [conversation.id]) == {conversation.id: 2}


async def test_only_what_failed_is_queued_again(no_group: World) -> None:
    world = no_group
    await asked(world, "оператор")
    await world.outcomes("send", ["rejected"])
    failed = await reply(world, "k")
    await world.work("out", 5)
    await desk.retry(world.process.bridge, OLGA, failed.id)
    await world.rest()
    assert [message.text for message in world.street.seen][-1] == "Ответ"
    with pytest.raises(Invalid):
        await desk.retry(world.process.bridge, OLGA, failed.id)


async def test_expired_values_and_sessions_are_forgotten(world: World) -> None:
    bridge, moment = world.process.bridge, world.time.now()
    await bridge.store.journal.put_value_once("key", {"n": 1}, moment + timedelta(hours=1))
    await bridge.store.staff.open_session(Session("s", OLGA.id, "c", moment, moment + timedelta(hours=2)))
    assert await timers.forget(bridge) == 0
    world.time.pass_(3 * 3600)
    assert await timers.forget(bridge) == 2


async def test_an_unsent_row_nobody_woke_is_found(world: World) -> None:
    """Somebody wrote it and died before he woke its lane."""
    await asked(world, "оператор")
    message = await reply(world, "k")
    await world.rest()
    row = await world.eyes.messages.get(message.id)
    assert row.delivery is not None
    await world.eyes.messages.replace(replace(row, delivery=replace(row.delivery, state=DeliveryState.QUEUED)))
    await world.rest()
    assert len(world.street.at[message.id]) == 1
    assert await timers.take_up_unsent(world.process.bridge, timedelta(hours=1)) == 0
    world.time.pass_(1)
    assert await timers.take_up_unsent(world.process.bridge, timedelta(0)) == 1
    await world.rest()
    assert len(world.street.at[message.id]) == 2


async def test_a_close_is_written_down_without_words(world: World) -> None:
    id = (await asked(world)).id
    closed = await service.close(world.process.bridge, OLGA, id)
    assert closed.stage is Stage.CLOSED
    events: list[AuditEvent] = await world.eyes.journal.page(f"conversation:{id}", 9)
    assert ("olga", "closed") in [(event.actor, event.action) for event in events]
    assert not any("туман" in str(event.detail) for event in events)
    line = (await thread(world))[-1]
    assert (line.author.kind, line.text) == (AuthorKind.SYSTEM, "")
    assert line.event is not None
    assert (line.event.code, line.event.actor) == ("closed", "Ольга")


async def test_a_customer_who_comes_back_after_a_day_gets_a_new_number(world: World) -> None:
    first = await asked(world)
    await service.close(world.process.bridge, OLGA, first.id)
    world.time.pass_(23 * 3600)
    assert (await asked(world, "намёк")).id == first.id
    await service.close(world.process.bridge, OLGA, first.id)
    world.time.pass_(25 * 3600)
    second = await asked(world, "вопрос")
    assert (second.number, second.stage, second.seq > 0) == (first.number + 1, Stage.BOT, True)
    chat = await world.eyes.people.chat(NAME, ChatId("1"))
    assert chat is not None
    assert chat.conversation == second.id
