"""The live line: what happens reaches the page, in order, once rendered for all, and ends when it must."""

import asyncio
import socket as socket_module
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from bridge.ports.channels import ChannelState
from operator_panel import endurance, lines
from operator_panel.access import COOKIE, new_session
from operator_panel.backlog import Frame
from tests.serving import PATIENCE


@asynccontextmanager
async def line(house, session, **query: str):
    """An open live line, after its hello."""
    async with house.client.ws_connect(
        "/live", params=query, headers={"Cookie": f"{COOKIE}={session.cookie}"}
    ) as socket:
        hello = await frame(socket)
        assert (hello["v"], hello["type"]) == (1, "hello")
        yield socket, hello


async def frame(socket: ClientWebSocketResponse, *kinds: str) -> dict[str, Any]:
    """Return the next frame (of these types, others are passed over)."""
    async with asyncio.timeout(PATIENCE):
        while True:
            value = await socket.receive_json()
            if not kinds or value["type"] in kinds:
                return value


async def test_a_customers_word_reaches_the_page(house, session) -> None:
    async with line(house, session) as (socket, _):
        case = await house.says("Здравствуйте")
        created = await frame(socket, "message.created")
        assert created["message"]["text"] == "Здравствуйте"
        assert created["message"]["conversation_id"] == case.id
        assert created["conversation"]["incoming"] == 1
        assert "unread" not in created["conversation"]
        updated = await frame(socket, "conversation.updated")
        assert updated["conversation"]["id"] == case.id
        counts = await frame(socket, "counts")
        assert counts["counts"] == {"mine": 0, "free": 0, "all": 1, "bot": 1, "due": 0}


async def test_a_line_resumes_from_its_cursor(house, session) -> None:
    async with line(house, session) as (socket, hello):
        cursor = hello["cursor"]
    await house.says("пока не было связи")
    async with line(house, session, since=cursor) as (socket, _):
        assert (await frame(socket, "message.created"))["message"]["text"] == "пока не было связи"
    async with line(house, session, since="1-x-1") as (socket, _):
        assert (await frame(socket))["type"] == "reset"


async def test_ping_is_answered_and_nonsense_is_not(house, session) -> None:
    async with line(house, session) as (socket, _):
        await socket.send_str("nonsense")
        await socket.send_json(["ping"])
        await socket.send_json({"type": "ping"})
        assert await frame(socket) == {"v": 1, "type": "pong"}


async def test_my_read_mark_moves_on_all_my_lines_alone(house, session) -> None:
    other = new_session(house.staff["mark"], house.clock.now(), False, "test")
    await house.bridge.store.staff.open_session(other.session)
    case = await house.says("раз")
    async with line(house, session) as (mine, _), line(house, other) as (marks, _):
        await house.post(f"/conversations/{case.id}/read", {"seq": 1})
        assert await frame(mine) == {"v": 1, "type": "read", "conversation_id": case.id, "incoming": 1}
        await marks.send_json({"type": "ping"})
        assert (await frame(marks))["type"] == "pong"


async def test_new_people_are_told(house, session) -> None:
    async with line(house, session) as (socket, _):
        await house.post("/operators", {"email": "e@example.com", "name": "Ева"}, who="boss", status=201)
        told = await frame(socket, "operators")
        assert "Ева" in [each["name"] for each in told["operators"]]


async def test_a_channels_fault_is_told(house, session) -> None:
    async with line(house, session) as (socket, _):
        house.channel.state = ChannelState("broken", "unauthorized")
        told = await frame(socket, "channels")
        code = {"name": "telegram", "kind": "telegram", "state": "broken", "reason": "unauthorized"}
        files = {"size": 1 << 20, "most": 10, "refused": [], "caption": None}
        assert told["channels"] == [
            {**code, "reason_text": "токен бота не подходит", "can": [], "files": files, "desk": None}
        ]


async def closed_with(socket: ClientWebSocketResponse) -> tuple[list[str], int | None]:
    """Return the types of the last frames and the close code."""
    kinds = []
    async with asyncio.timeout(PATIENCE):
        while (message := await socket.receive()).type is WSMsgType.TEXT:
            kinds.append(message.json()["type"])
    return kinds, socket.close_code


async def test_a_session_that_ran_out_ends_its_line(house, session, monkeypatch) -> None:
    monkeypatch.setattr(endurance, "LOOK_EVERY", 0.02)
    async with line(house, session) as (socket, _):
        house.clock.shift = timedelta(hours=13)
        assert await closed_with(socket) == (["expired"], 4401)


async def test_a_disabled_person_is_cut_off_at_once(house, session) -> None:
    async with line(house, session) as (socket, _):
        await house.patch("/operators/anna", {"disabled": True}, who="boss")
        kinds, code = await closed_with(socket)
        assert (kinds[-1], code) == ("expired", 4401)


async def test_a_line_that_cannot_follow_is_closed_and_delays_nobody(house, session) -> None:
    other = new_session(house.staff["mark"], house.clock.now(), False, "test")
    await house.bridge.store.staff.open_session(other.session)
    async with line(house, session) as (slow, _), line(house, other) as (quick, _):
        [stuck] = [each for each in house.office.lines.open() if each.operator == "anna"]
        stuck.backlog.room = 0
        await house.says("раз")
        assert (await frame(quick, "message.created"))["message"]["text"] == "раз"
        assert (await closed_with(slow))[1] == 4008


async def test_who_reads_nothing_at_all_is_cut_off(house, session) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.client.port, limit=2**10)
    writer.transport.get_extra_info("socket").setsockopt(socket_module.SOL_SOCKET, socket_module.SO_RCVBUF, 4096)
    writer.write(
        (
            f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{house.client.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Cookie: {COOKIE}={session.cookie}\r\n\r\n"
        ).encode()
    )
    assert b"101" in await reader.readline()
    writer.transport.pause_reading()
    [stuck] = house.office.lines.open()
    async with asyncio.timeout(20):
        while not stuck.end.done():
            stuck.put(Frame("x" * 100_000))
            await asyncio.sleep(0)
        while house.office.lines.open():  # noqa: ASYNC110 - the line ends by itself and tells nobody
            await asyncio.sleep(0.05)
    writer.transport.abort()
    assert "mostik_live_too_slow_total 1.0" in house.office.metrics.text().decode()


async def test_a_fault_of_ours_closes_the_line_and_says_so(house, session, monkeypatch, caplog) -> None:
    async def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    async with line(house, session) as (socket, _):
        monkeypatch.setattr(house.bridge.store.conversations, "get", broken)
        await house.bridge.bus.publish(
            "feed", {"type": "conversation.updated", "conversation": "x", "seq": None, "version": 1}
        )
        assert (await closed_with(socket))[1] == 1011
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Cookie": f"{COOKIE}=wrong"}, 401), ({"Cookie": "mine", "Origin": "https://evil.example"}, 403)],
)
async def test_strangers_and_foreign_pages_get_no_line(house, session, headers, status) -> None:
    if headers.get("Cookie") == "mine":
        headers = headers | {"Cookie": f"{COOKIE}={session.cookie}"}
    with pytest.raises(WSServerHandshakeError) as refused:
        await house.client.ws_connect("/live", headers=headers)
    assert refused.value.status == status


async def test_our_own_page_gets_its_line(house, session) -> None:
    origin = str(house.client.make_url("/")).rstrip("/")
    headers = {"Cookie": f"{COOKIE}={session.cookie}", "Origin": origin}
    async with house.client.ws_connect("/live", headers=headers) as socket:
        assert (await frame(socket))["type"] == "hello"
    plain = await house.client.get("/live", headers={"Cookie": f"{COOKIE}={session.cookie}"})
    assert plain.status == 426


async def test_a_bus_that_breaks_is_listened_to_again(house, session, monkeypatch) -> None:
    monkeypatch.setattr(lines, "_HEAR_AGAIN", 0.01)
    async with line(house, session) as (socket, _):
        await house.bridge.bus.publish("panel", {"nonsense": True})
        case = await house.says("раз")
        while True:
            await house.post(f"/conversations/{case.id}/read", {"seq": 1})
            await socket.send_json({"type": "ping"})
            if (await frame(socket, "read", "pong"))["type"] == "read":
                break


async def test_stopping_the_house_ends_its_lines(house, session) -> None:
    async with line(house, session) as (socket, _):
        house.office.lines.close_all()
        assert (await closed_with(socket))[1] == 1001
