"""GET /live: the WebSocket of the inbox; facts of the feed as they happen, from a cursor on."""

import asyncio
import json
from collections.abc import AsyncIterator

from aiohttp import WSMsgType, web

from bridge.context import Bridge
from bridge.errors import BridgeError, StoreDown
from bridge.model.access import Sight
from bridge.model.events import FeedEvent
from bridge.model.operators import Operator
from bridge.rights import may, require
from bridge.teamwork import access, states
from operator_panel.access import Guest, check_origin, check_scope, guest_of
from operator_panel.backlog import Frame
from operator_panel.endurance import FAILED, until_one_ends, watch_guest
from operator_panel.lines import EXPIRED, SLOW, Line
from operator_panel.office import Office
from operator_panel.serving import Serve, watched
from operator_panel.wire import encode
from operator_panel.writers import Teller

_HEARTBEAT = 30.0  # seconds until a silent client is asked, and half of that until it is given up
_COUNTS_EVERY = 0.5  # seconds between two counts at least
_COUNTS_EACH = 0.02  # and so many more for each open line: counting for all must not take the store for itself
_LARGEST = 4096  # bytes of a frame from the client, who has little to say
_INTERNAL = 1011  # close code of a fault of ours
_CLOSING = 2.0  # seconds for the client to say goodbye


def live(office: Office) -> Serve:
    """Return what aiohttp calls for GET /live."""

    async def serve(request: web.Request) -> web.StreamResponse:
        return await watched(office, "/live", request, lambda: _serve(office, request))

    return serve


async def _serve(office: Office, request: web.Request) -> web.StreamResponse:
    guest = await guest_of(office, request)
    check_origin(office, request)
    check_scope(guest, "conversations:read")
    require(guest.operator, "read")
    # Deltas are small and written once for all: packing them anew for each line would cost more than it saves.
    socket = web.WebSocketResponse(heartbeat=_HEARTBEAT, timeout=_CLOSING, max_msg_size=_LARGEST, compress=False)
    if not socket.can_prepare(request).ok:
        raise web.HTTPUpgradeRequired(headers={"Upgrade": "websocket"})
    feed = office.bridge.feed
    owner = guest.session.id if guest.session else guest.scope
    since = request.query.get("since") or None
    replies = may(guest.operator, "reply")
    with office.lines.line(guest.operator, owner, replies=replies) as line:
        teller = Teller(office.bridge, guest.operator)
        async with feed.follow(since) as events:
            hello = encode("hello", cursor=feed.cursor() if since is None else since)
            await socket.prepare(request)
            await socket.send_str(hello)
            try:
                code = await until_one_ends(
                    _listen(office, socket, line, guest.operator, teller),
                    _follow(office, line, events),
                    _count(office, line),
                    _write(socket, line),
                    _expire(office, guest, line),
                    asyncio.shield(line.end),
                )
            finally:
                await teller.close()
                await office.lines.presence.leave(line)
        await _say_goodbye(office, request, socket, code)
    return socket


async def _listen(office: Office, socket: web.WebSocketResponse, line: Line, actor: Operator, teller: Teller) -> None:
    """Read what the client says, until it leaves: a ping, or {type: "look", conversation_id, typing?}.

    `typing`: a reply is being written, never a note.
    """
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            continue
        try:
            said = json.loads(message.data)
        except ValueError:
            continue
        match said:
            case {"type": "ping"}:
                line.put(Frame(encode("pong"), "pong"))
            case {"type": "look"}:
                conversation, typing = said.get("conversation_id"), said.get("typing") is True
                await states.note(office.bridge, actor)
                conversation = conversation if await _gets(office, line, conversation) else None
                await office.lines.presence.look(line, actor.name, conversation, typing)
                if typing:
                    teller.wrote(conversation)


async def _gets(office: Office, line: Line, conversation: object) -> bool:
    try:
        return await office.lines.sees(line, conversation)
    except StoreDown:
        return False  # nobody is shown looking at it for a moment


async def _follow(office: Office, line: Line, events: AsyncIterator[FeedEvent]) -> None:
    async for event in events:
        try:
            frame = await office.lines.frame(event, line)
        except StoreDown:
            # What happened cannot be read now: the client looks at everything anew once it can.
            frame = Frame(encode("reset", cursor=event.cursor), "reset")
        if frame is not None:
            line.put(frame)
        line.stirred.set()


async def _count(office: Office, line: Line) -> None:
    """Tell the person's counts after changes, at most twice a second and only when they differ."""
    told: dict[str, int] | None = None
    while True:
        await line.stirred.wait()
        await asyncio.sleep(max(_COUNTS_EVERY, _COUNTS_EACH * len(office.lines.open())))
        line.stirred.clear()
        counts = await _counts_of(office.bridge, line.sight)
        if counts is not None and counts != told:
            told = counts
            line.put(Frame(encode("counts", counts=counts), "counts"))


async def _write(socket: web.WebSocketResponse, line: Line) -> None:
    while True:
        text = await line.backlog.get()
        try:
            await socket.send_str(text)
        except ConnectionError:
            return


async def _expire(office: Office, guest: Guest, line: Line) -> int:
    await watch_guest(office, guest, line)
    return EXPIRED


async def _say_goodbye(office: Office, request: web.Request, socket: web.WebSocketResponse, code: int | None) -> None:
    """Close with a code; who does not even read that is cut off."""
    if code == SLOW:
        office.metrics.too_slow.inc()
    try:
        async with asyncio.timeout(_CLOSING):
            if code == EXPIRED and not socket.closed:
                await socket.send_str(encode("expired"))
            await socket.close(code=_INTERNAL if code == FAILED else code or 1000)
    except (TimeoutError, ConnectionError):
        if request.transport is not None:
            request.transport.abort()


async def _counts_of(bridge: Bridge, sight: Sight) -> dict[str, int] | None:
    """Return a person's counts, None while the store does not answer."""
    try:
        return await access.counts(bridge, sight)
    except BridgeError:
        return None
