"""The event stream: cursors, resuming without a gap, and lines that end when their caller is out."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse

from operator_panel import endurance
from tests.serving import PATIENCE


async def blocks(response: ClientResponse) -> AsyncIterator[dict[str, str]]:
    """Yield the stream's blocks as field -> value."""
    block: dict[str, str] = {}
    async for raw in response.content:
        line = raw.decode().rstrip("\r\n")
        if line.startswith(":"):
            continue
        if not line:
            if block:
                yield block
            block = {}
            continue
        name, _, value = line.partition(": ")
        block[name] = value


@asynccontextmanager
async def stream(house, who: str = "anna", **headers: str) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    response = await house.call("GET", "/events", who, headers={key.replace("_", "-"): v for key, v in headers.items()})
    assert response.status == 200
    assert response.content_type == "text/event-stream"
    following = blocks(response)
    try:
        yield following
    finally:
        response.close()


async def until(following: AsyncIterator[dict[str, str]], count: int) -> list[dict[str, Any]]:
    """Return the next events with their data read."""
    found = []
    async with asyncio.timeout(PATIENCE):
        async for block in following:
            if "event" in block:
                found.append(block | {"data": json.loads(block["data"])})
            if len(found) == count:
                return found
    raise AssertionError("the stream ended")


async def test_what_happens_is_told_with_cursors(house) -> None:
    async with stream(house) as following:
        first = await anext(following)
        assert set(first) == {"retry", "id"}
        case = await house.says("Здравствуйте")
        created, updated = await until(following, 2)
    assert created["event"] == "message.created"
    assert created["data"] == {"conversation_id": case.id, "seq": 1, "version": created["data"]["version"]}
    assert updated["event"] == "conversation.updated"
    assert updated["data"]["conversation_id"] == case.id
    assert "seq" not in updated["data"]
    assert created["id"] != updated["id"]


async def test_a_line_is_resumed_without_gap_or_double(house) -> None:
    async with stream(house) as following:
        start = (await anext(following))["id"]
        await house.says("раз")
        seen = await until(following, 2)
    await house.says("два")
    await house.says("три")
    async with stream(house, Last_Event_ID=seen[0]["id"]) as following:
        rest = await until(following, 5)
    assert rest[0] == seen[1]
    assert [each["data"]["seq"] for each in rest if each["event"] == "message.created"] == [2, 3]
    async with stream(house, Last_Event_ID=start) as following:
        assert (await until(following, 2)) == seen


@pytest.mark.parametrize("cursor", ["nonsense", "1-0-0"])
async def test_a_cursor_too_old_gets_one_reset(house, cursor) -> None:
    async with stream(house, Last_Event_ID=cursor) as following:
        [reset] = await until(following, 1)
        assert (reset["event"], reset["data"]) == ("reset", {})
        await house.says("дальше")
        assert [each["event"] for each in await until(following, 2)] == ["message.created", "conversation.updated"]


async def test_a_disabled_persons_stream_ends(house, monkeypatch) -> None:
    monkeypatch.setattr(endurance, "LOOK_EVERY", 0.02)
    async with stream(house, who="mark") as following:
        await anext(following)
        await house.patch("/operators/mark", {"disabled": True}, who="boss")
        async with asyncio.timeout(PATIENCE):
            assert [block async for block in following] == []
