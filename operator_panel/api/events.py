"""/events: what happens, as server-sent events that can be resumed."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bridge.model.events import FeedEvent
from bridge.rights import require
from operator_panel.api import bodies
from operator_panel.endurance import until_one_ends, watch_guest
from operator_panel.lines import Line
from operator_panel.serving import API_HEADERS, Call
from operator_panel.wire import json_text

_PING = 15.0  # seconds between comments that keep the line open
_RETRY = 2000  # milliseconds a client waits before it connects again


async def events(call: Call, query: bodies.EventQuery) -> web.StreamResponse:
    """Follow what happens: `id` is a cursor kept for 24 hours, `Last-Event-ID` resumes without a gap."""
    require(call.actor, "read")
    since = call.request.headers.get("Last-Event-ID") or query.since
    feed, lines = call.bridge.feed, call.office.lines
    headers = {name: value for name, value in API_HEADERS.items() if name != "Cache-Control"}
    async with feed.follow(since) as following:
        start = since or feed.cursor()
        with lines.line(call.actor, call.guest.scope, hears=False) as line:
            async with sse_response(call.request, headers=headers, ping_interval=_PING) as stream:
                # A client cut off before the first event resumes from here too; without data no event is dispatched.
                await stream.write(f"retry: {_RETRY}\r\nid: {_one_line(start)}\r\n\r\n".encode())
                await until_one_ends(
                    _pump(call, line, following, stream),
                    watch_guest(call.office, call.guest, line),
                    stream.wait(),
                    asyncio.shield(line.end),
                )
    return stream


async def _pump(call: Call, line: Line, following: AsyncIterator[FeedEvent], stream: EventSourceResponse) -> None:
    async for happened in following:
        event = await _as_seen(call, line, happened)
        if event is None:
            continue
        data = {"conversation_id": event.conversation, "seq": event.seq, "version": event.version}
        told = {name: value for name, value in data.items() if value is not None}
        try:
            await stream.send(json_text(told), id=event.cursor, event=event.type)
        except (ConnectionResetError, TimeoutError):
            return  # the client is gone or stands still


async def _as_seen(call: Call, line: Line, event: FeedEvent) -> FeedEvent | None:
    """Return an event as its reader gets it: what is hidden is left out, what has just become so is one `reset`."""
    if line.sight.whole or event.conversation is None:
        return event
    found = await call.bridge.store.conversations.many([event.conversation])
    if found and line.sight.sees(found[0]):
        return event
    return FeedEvent(event.cursor, "reset") if found and line.parts(found[0]) else None


def _one_line(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
