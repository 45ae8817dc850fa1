"""WS /widget/{channel}/socket: the conversation as it happens."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable
from typing import Any

from aiohttp import WSMsgType, web

from bots.web.access import check_origin, language_of
from bots.web.following import Following
from bots.web.lines import GOING_AWAY, NO_SESSION, SLOW, TOO_MANY, Line
from bots.web.problems import Problem
from bots.web.saying import Speaker
from bots.web.site import ASKED, Site
from bots.web.visitors import Visitor, known
from bridge.changes.marks import seen
from bridge.context import log
from bridge.errors import StoreDown
from bridge.model.ids import ConversationId
from bridge.model.messages import DeliveryState
from bridge.people.local_time import zone_said

#: Seconds for the first frame.
HELLO = 10.0
#: Seconds until a silent visitor is asked, and half of that until he is given up.
HEARTBEAT = 30.0
#: Bytes of a frame.
LARGEST = 64 * 1024
#: Seconds a visitor may take to read one frame.
PATIENCE = 20.0
#: Seconds for the goodbye.
CLOSING = 2.0
#: Open sockets of one visitor: tabs.
TABS = 20
#: Seconds until a store that did not answer is asked again.
AGAIN = 1.0
#: Close code of a fault of ours.
INTERNAL = 1011


async def serve(site: Site, request: web.Request) -> web.StreamResponse:
    """Serve one socket until it ends."""
    check_origin(site, request)
    site.taken()
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=CLOSING, max_msg_size=LARGEST, compress=False)
    if not socket.can_prepare(request).ok:
        raise Problem(426, "no_socket", headers={"Upgrade": "websocket"})
    await socket.prepare(request)
    code = INTERNAL
    try:
        code = await _converse(site, request, socket)
    finally:
        await _say_goodbye(request, socket, code)
    return socket


async def _converse(site: Site, request: web.Request, socket: web.WebSocketResponse) -> int:
    hello = await _hello(socket)
    try:
        visitor = await known(site, str(hello.get("token", "")))
    except StoreDown:
        return GOING_AWAY
    if visitor is None:
        return NO_SESSION
    if len(site.lines.of(visitor.chat)) >= TABS or await site.limit("ask", visitor.chat, ASKED, 60):
        return TOO_MANY
    language = language_of(site, request)
    with site.lines.line(visitor.chat, language, zone_said(hello.get("time_zone"))) as line:
        return await _follow(site, visitor, line, socket, _place(request, hello))


def _place(request: web.Request, hello: dict[str, Any]) -> tuple[int | None, str | None]:
    since, named = request.query.get("since", ""), hello.get("conversation_id")
    number = int(since) if since.isascii() and since.isdigit() and len(since) < 16 else None
    return number, named if isinstance(named, str) else None


async def _hello(socket: web.WebSocketResponse) -> dict[str, Any]:
    """Wait for the first frame; anything else than a hello is an empty one."""
    try:
        first = await socket.receive(timeout=HELLO)
    except TimeoutError:
        return {}
    if first.type is not WSMsgType.TEXT:
        return {}
    said = read(first.data)
    return said if said.get("type") == "hello" else {}


def read(text: str) -> dict[str, Any]:
    """Read a frame; one that is no object with a type is an empty one."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) and isinstance(said.get("type"), str) else {}


async def _follow(
    site: Site, visitor: Visitor, line: Line, socket: web.WebSocketResponse, place: tuple[int | None, str | None]
) -> int:
    async def send(frame: str) -> None:
        async with asyncio.timeout(PATIENCE):
            await socket.send_str(frame)

    following = Following(site, line, send)
    marks = _Marks(site, line, following)
    speaker = Speaker(site, visitor, line, marks.read)
    return await _until_one_ends(
        _listen(socket, speaker), _write(following, place), marks.run(), asyncio.shield(line.end)
    )


async def _listen(socket: web.WebSocketResponse, speaker: Speaker) -> int | None:
    """Take in what the visitor says, until he leaves."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            continue
        if not speaker.allowed():
            return TOO_MANY
        await speaker.hear(read(message.data))
    return None


async def _write(following: Following, place: tuple[int | None, str | None]) -> int:
    begun = False
    while True:
        try:
            if not begun:
                await following.begin(*place)
                begun = True
            await following.run()
        except StoreDown:
            if not begun:
                return GOING_AWAY  # the page comes again by itself
            await asyncio.sleep(AGAIN)
            following.again()
        except TimeoutError:
            return SLOW
        except ConnectionError:
            return GOING_AWAY


class _Marks:
    """Notes how far the words got at this visitor: written, then read."""

    def __init__(self, site: Site, line: Line, following: Following) -> None:
        self._site = site
        self._line = line
        self._following = following
        self._read: tuple[ConversationId | None, int] = (None, 0)
        self._done: dict[DeliveryState, tuple[ConversationId | None, int]] = {}

    def read(self, seq: int) -> None:
        """The visitor has seen everything up to a line, as far as he was sent it."""
        here = self._line.conversation
        before = self._read[1] if self._read[0] == here else 0
        self._read = (here, max(before, min(seq, self._line.seq)))
        self._following.stirred.set()

    async def run(self) -> None:
        """Write marks down as they rise, for ever."""
        while True:
            await self._following.stirred.wait()
            self._following.stirred.clear()
            try:
                await self._raise(DeliveryState.READ, self._read)
                await self._raise(DeliveryState.DELIVERED, (self._line.conversation, self._following.reached))
            except StoreDown:
                await asyncio.sleep(AGAIN)
                self._following.stirred.set()

    async def _raise(self, state: DeliveryState, mark: tuple[ConversationId | None, int]) -> None:
        if mark[1] and self._done.get(state) != mark:
            await seen(self._site.bridge, self._site.name, self._line.chat, mark[1], state, conversation=mark[0])
            self._done[state] = mark


async def _until_one_ends(*works: Awaitable[Any]) -> int:
    """Run all until the first ends, end the others; returns the close code."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task in done).result() or 1000
    except Exception as fault:
        log.error("a widget's line broke: %s", type(fault).__name__, exc_info=fault)
        return INTERNAL
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _say_goodbye(request: web.Request, socket: web.WebSocketResponse, code: int) -> None:
    """Close with a code; who does not even read that is cut off."""
    try:
        async with asyncio.timeout(CLOSING):
            await socket.close(code=code)
    except (TimeoutError, ConnectionError):
        with contextlib.suppress(Exception):
            if request.transport is not None:
                request.transport.abort()
