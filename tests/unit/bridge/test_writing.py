"""Who writes at this moment, and whether anybody is at the desk: hints and one time in the store."""

from dataclasses import asdict, replace

from bridge import attendance, receive, writing
from bridge.model.ids import ChannelName, ChatId, ConversationId
from bridge.model.inbound import Said
from bridge.model.operators import Role
from bridge.writing import CUSTOMER, OPERATOR, Writing
from storage.memory import MemoryDocuments
from tests.hall import OLGA, Process, founded, sender
from tests.street import NAME, Door, Street, Time

CHAT = ChatId("7")


class Shows(Door):
    """A messenger that is asked to show it."""

    shown: list[ChatId]

    async def typing(self, chat: ChatId) -> None:
        self.shown.append(chat)


class Hears(Shows):
    """A channel that hears the bus itself."""

    hears = True


async def opened(door: type[Shows]) -> tuple[Process, ConversationId]:
    street = Street(Time())
    documents = MemoryDocuments()
    await founded(documents, street.time)
    process = Process(documents, street, group=False)
    made = process.bridge.channels.by_name[NAME] = door(street, process.life)
    made.shown = []
    said = Said(NAME, CHAT, "1", sender(CHAT), "вопрос", process.bridge.clock.now())
    return process, (await receive.receive(process.bridge, said)).conversation


async def test_an_operator_who_writes_is_told_of_and_channels_that_do_not_hear_are_asked() -> None:
    for door, asked in ((Shows, [CHAT]), (Hears, [])):
        process, id = await opened(door)
        bridge = process.bridge
        conversation = await bridge.store.conversations.get(id)
        async with writing.heard(bridge) as hints:
            await writing.operator(bridge, replace(OLGA, role=Role.OBSERVER), conversation)
            await writing.operator(bridge, OLGA, conversation)
            assert await anext(hints) == Writing(id, NAME, CHAT, OPERATOR, OLGA.id, OLGA.name)
        shows = bridge.channels.by_name[NAME]
        assert isinstance(shows, Shows)
        assert shows.shown == asked


async def test_a_hint_of_another_version_is_left_out() -> None:
    process, id = await opened(Shows)
    bus = process.bridge.bus
    async with writing.heard(process.bridge) as hints:
        await bus.publish(writing.SUBJECT, {"conversation": id, "who": "customer"})
        later = asdict(Writing(id, NAME, CHAT, CUSTOMER))
        await bus.publish(writing.SUBJECT, {**later, "mood": "angry"})
        await writing.customer(process.bridge, id, ChannelName(NAME), CHAT)
        assert (await anext(hints)).by == CUSTOMER


async def test_the_desk_is_attended_for_two_minutes_after_somebody_was_there() -> None:
    process, _ = await opened(Shows)
    bridge, time = process.bridge, process.bridge.clock
    assert not await attendance.attended(bridge)
    await attendance.note(bridge)
    assert await attendance.attended(bridge)
    time.pass_(20)  # type: ignore[attr-defined]  # the street's own clock
    await attendance.note(bridge)
    noted = await bridge.store.journal.value("desk:attended")
    time.pass_(15)  # type: ignore[attr-defined]
    await attendance.note(bridge)
    assert await bridge.store.journal.value("desk:attended") != noted, "after half a minute it is written anew"
    time.pass_(119)  # type: ignore[attr-defined]
    assert await attendance.attended(bridge)
    time.pass_(2)  # type: ignore[attr-defined]
    assert not await attendance.attended(bridge)
