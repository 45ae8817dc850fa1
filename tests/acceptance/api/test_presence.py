"""Who else has a conversation open: told to those who have it open too, in this process and in others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientWebSocketResponse

from bridge import attendance, writing
from bridge.model.access import Sight
from bridge.model.ids import OperatorId
from operator_panel import presence as presences
from operator_panel.access import COOKIE, new_session
from operator_panel.lines import Line
from operator_panel.presence import BEAT, GONE, TYPING, Presence
from storage.bus_memory import MemoryBus
from tests.shop import until

PATIENCE = 20


@asynccontextmanager
async def line(house, who: str) -> AsyncIterator[ClientWebSocketResponse]:
    opened = new_session(house.staff[who], house.clock.now(), False, "test")
    await house.bridge.store.staff.open_session(opened.session)
    async with house.client.ws_connect("/live", headers={"Cookie": f"{COOKIE}={opened.cookie}"}) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        yield socket


async def told(socket: ClientWebSocketResponse, kind: str = "presence") -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        while True:
            value: dict[str, Any] = await socket.receive_json()
            if value["type"] == kind:
                return value


async def test_two_people_see_each_other_and_who_leaves_is_gone(house) -> None:
    async with line(house, "anna") as anna:
        await anna.send_json({"type": "look", "conversation_id": "c1"})
        async with line(house, "mark") as mark:
            await mark.send_json({"type": "look", "conversation_id": "c1"})
            assert [each["id"] for each in (await told(mark))["operators"]] == [house.staff["anna"].id]
            seen = await told(anna)
            assert seen["conversation_id"] == "c1"
            assert seen["operators"] == [
                {"id": house.staff["mark"].id, "name": house.staff["mark"].name, "typing": False}
            ]
            await mark.send_json({"type": "look", "conversation_id": "c1", "typing": True})
            assert [each["typing"] for each in (await told(anna))["operators"]] == [True]
            await mark.send_json({"type": "look", "conversation_id": "c2"})
            assert (await told(anna))["operators"] == []
            await mark.send_json({"type": "look", "conversation_id": "c1"})
            assert len((await told(anna))["operators"]) == 1
        assert (await told(anna))["operators"] == []


async def test_nonsense_looks_at_nothing(house) -> None:
    async with line(house, "anna") as anna, line(house, "mark") as mark:
        await anna.send_json({"type": "look", "conversation_id": "c1"})
        for value in (None, 7, "", "x" * 1000, {"a": 1}, ["c1"]):
            await mark.send_json({"type": "look", "conversation_id": value, "typing": "yes"})
        await mark.send_json({"type": "look", "conversation_id": "c1", "typing": "yes"})
        assert [each["typing"] for each in (await told(anna))["operators"]] == [False]


async def test_who_comes_back_to_a_conversation_is_told_again_who_is_there(house) -> None:
    async with line(house, "anna") as anna, line(house, "mark") as mark:
        await mark.send_json({"type": "look", "conversation_id": "c1"})
        for _ in range(2):
            await anna.send_json({"type": "look", "conversation_id": "c1"})
            assert [each["id"] for each in (await told(anna))["operators"]] == [house.staff["mark"].id]
            await anna.send_json({"type": "look", "conversation_id": "c2"})


async def test_who_writes_is_told_to_everybody_but_himself(house) -> None:
    case = await house.says("раз")
    async with line(house, "anna") as anna, line(house, "mark") as mark:
        await writing.customer(house.bridge, case.id, case.channel, case.chat)
        for socket in (anna, mark):
            frame = await told(socket, "typing")
            assert frame["conversation_id"] == case.id
            assert frame["author"] == {"kind": "customer", "id": None, "name": ""}
        await mark.send_json({"type": "look", "conversation_id": case.id, "typing": True})
        assert (await told(anna, "typing"))["author"]["name"] == house.staff["mark"].name
        await mark.send_json({"type": "ping"})
        async with asyncio.timeout(PATIENCE):
            while (kind := (await mark.receive_json())["type"]) != "pong":
                assert kind != "typing"


async def test_a_customer_is_shown_that_a_reply_is_written_once_in_a_while(house) -> None:
    case = await house.says("раз")
    async with line(house, "anna") as anna, house.bridge.bus.subscribe(writing.SUBJECT) as hints:
        for typing in (False, True, True, True):
            await anna.send_json({"type": "look", "conversation_id": case.id, "typing": typing})
        async with asyncio.timeout(PATIENCE):
            hint = await anext(hints)
        assert (hint["conversation"], hint["by"], hint["id"]) == (case.id, writing.OPERATOR, house.staff["anna"].id)
        await anna.send_json({"type": "look", "conversation_id": "nowhere", "typing": True})
        await anna.send_json({"type": "ping"})
        async with asyncio.timeout(PATIENCE):
            while (await anna.receive_json())["type"] != "pong":
                pass
        await writing.customer(house.bridge, case.id, case.channel, case.chat)
        assert (await anext(hints))["by"] == writing.CUSTOMER  # nothing of the other two, nothing of nowhere


async def test_the_desk_is_attended_while_somebody_who_may_answer_has_it_open(house) -> None:
    assert not await attendance.attended(house.bridge)
    async with line(house, "anna"):
        assert await until(lambda: attendance.attended(house.bridge))


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def open_line(who: str) -> Line:
    return Line(OperatorId(who), Sight(OperatorId(who)), "ru", "session")


async def frames(line: Line) -> list[str]:
    return [await line.backlog.get() for _ in range(len(line.backlog))]


async def test_who_died_or_stopped_writing_is_forgotten(monkeypatch) -> None:
    monkeypatch.setattr(presences, "ROUND", 0.001)
    clock, bus = Clock(), MemoryBus()
    presence = Presence(bus, clock)
    anna = open_line("anna")
    alien = {"line": "far", "operator": "mark", "name": "Mark", "conversation": "c1", "typing": True}
    await presence.look(anna, "Anna", "c1", False)
    presence.take(alien)  # from a process that tells nothing more
    running = asyncio.create_task(presence.run())
    try:
        assert '"typing":true' in (await frames(anna))[-1]
        for seconds, words in ((TYPING + 1, '"typing":false'), (GONE, '"operators":[]')):
            clock.now += seconds
            async with asyncio.timeout(PATIENCE):
                assert words in await anna.backlog.get()
    finally:
        running.cancel()


async def test_a_look_is_told_again_for_those_who_came_later(monkeypatch) -> None:
    monkeypatch.setattr(presences, "ROUND", 0.001)
    clock, bus = Clock(), MemoryBus()
    presence = Presence(bus, clock)
    running = asyncio.create_task(presence.run())
    try:
        await presence.look(open_line("anna"), "Anna", "c1", True)
        async with bus.subscribe(presences.SUBJECT) as hints:
            await asyncio.sleep(0.01)
            clock.now += BEAT + 1
            async with asyncio.timeout(PATIENCE):
                hint = await anext(hints)
        assert (hint["conversation"], hint["typing"]) == ("c1", False)
    finally:
        running.cancel()
