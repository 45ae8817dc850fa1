"""The open lines of this process: who is told when something happens in a chat, here or in another process."""

import asyncio
import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bridge.context import Bridge
from bridge.model.events import FeedEvent
from bridge.model.ids import ChannelName, ChatId, ConversationId
from bridge.ports import Bus

K = TypeVar("K", ChatId, ConversationId)

#: Close codes.
GOING_AWAY = 1001
NO_SESSION = 4401
SLOW = 4008
TOO_MANY = 4429
#: Frames that may wait for one visitor; what is said in his conversation is read as he reads, and takes no room here.
ROOM = 256
#: Seconds a line lives on whose token holds no more: other tabs of the same browser have the new one by then.
LEAVING = 10.0
#: What one process tells the others' lines: the bus' subject.
SUBJECT = "widget"


def encode(kind: str, **members: object) -> str:
    """Return a frame."""
    return json.dumps({"type": kind, **members}, ensure_ascii=False, separators=(",", ":"))


@dataclass(eq=False, slots=True)
class Line:
    """One open socket of a visitor: what it was sent, what it is to look at, and what waits to be written.

    `seq` is the last line of `conversation` that was read for it; `successor` names the conversation that comes next
    in this chat. `end` is set to a close code when it has to end.
    """

    chat: ChatId
    language: str
    time_zone: str = ""  # as the visitor's browser says
    conversation: ConversationId | None = None
    successor: ConversationId | None = None
    seq: int = 0
    moved: bool = False  # the chat may have gone on to another conversation
    turned: bool = False  # the conversation itself was written
    said: bool = False  # there may be new lines
    changed: set[int] = field(default_factory=set)  # seqs of lines that were changed
    frames: deque[str] = field(default_factory=deque)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    end: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def put(self, frame: str) -> None:
        """Queue a frame; a full queue ends the line and delays nobody."""
        if len(self.frames) >= ROOM:
            self.close(SLOW)
            return
        self.frames.append(frame)
        self.stirred.set()

    def look(self) -> None:
        """Have everything looked at anew."""
        self.moved = self.turned = self.said = True
        self.stirred.set()

    def close(self, code: int) -> None:
        """End the line with a close code, once."""
        if not self.end.done():
            self.end.set_result(code)


class Lines:
    """All open lines of one widget's door."""

    def __init__(self, name: ChannelName) -> None:
        self._name = name
        self._by_chat: dict[ChatId, set[Line]] = {}
        self._by_conversation: dict[ConversationId, set[Line]] = {}

    @contextmanager
    def line(self, chat: ChatId, language: str, time_zone: str = "") -> Iterator[Line]:
        """Keep a line among the open ones while it lives."""
        line = Line(chat, language, time_zone)
        self._by_chat.setdefault(chat, set()).add(line)
        try:
            yield line
        finally:
            _drop(self._by_chat, chat, line)
            self._leave(line)
            line.end.cancel()

    def of(self, chat: ChatId) -> list[Line]:
        """The open lines of a chat."""
        return list(self._by_chat.get(chat, ()))

    def go_on(self, line: Line, conversation: ConversationId | None, successor: ConversationId) -> None:
        """Let a line hear of another conversation from now on, and of the one that may come after it."""
        self._leave(line)
        line.conversation, line.successor = conversation, successor
        for id in filter(None, (conversation, successor)):
            self._by_conversation.setdefault(id, set()).add(line)

    def _leave(self, line: Line) -> None:
        for id in filter(None, (line.conversation, line.successor)):
            _drop(self._by_conversation, id, line)

    def close_all(self) -> None:
        """End every line: the process stops."""
        for lines in list(self._by_chat.values()):
            for line in list(lines):
                line.close(GOING_AWAY)

    async def run(self, bridge: Bridge) -> None:
        """Hear what happens until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(bridge), name=f"{self._name} feed")
            tasks.create_task(self._hear(bridge), name=f"{self._name} hints")

    async def _follow(self, bridge: Bridge) -> None:
        async with bridge.feed.follow() as events:
            async for event in events:
                if event.type == "reset":
                    self._look_all()
                elif event.conversation is not None:
                    for line in self._by_conversation.get(ConversationId(event.conversation), ()):
                        _take(line, event)

    async def _hear(self, bridge: Bridge) -> None:
        async with bridge.bus.subscribe(SUBJECT) as hints:
            async for hint in hints:
                if hint["channel"] == self._name:
                    for line in self.of(ChatId(hint["chat"])):
                        if hint["frame"] is None:
                            asyncio.get_running_loop().call_later(LEAVING, line.close, GOING_AWAY)
                        else:
                            line.put(encode(**hint["frame"]))

    def turn_all(self) -> None:
        """Have every line tell anew how things stand, where that is another thing than it told."""
        for lines in self._by_chat.values():
            for line in lines:
                line.turned = True
                line.stirred.set()

    def _look_all(self) -> None:
        for lines in self._by_chat.values():
            for line in lines:
                line.look()


def _take(line: Line, event: FeedEvent) -> None:
    if event.conversation != line.conversation:
        line.look()
        return
    if event.seq is None:
        line.turned = True
    elif event.type == "message.updated" and event.seq <= line.seq:
        line.changed.add(event.seq)
    else:
        line.said = True
    line.stirred.set()


def _drop(lines: dict[K, set[Line]], key: K, line: Line) -> None:
    there = lines.get(key)
    if there is not None:
        there.discard(line)
        if not there:
            del lines[key]


async def tell(bus: Bus, channel: ChannelName, chat: ChatId, **frame: Any) -> None:
    """Tell the open lines of a chat something of the moment, in every process; nobody there: nobody hears."""
    await bus.publish(SUBJECT, {"channel": channel, "chat": chat, "frame": frame})


async def leave(bus: Bus, channel: ChannelName, chat: ChatId) -> None:
    """End the open lines of a chat in every process, soon: they come again with the token that holds now, or not."""
    await bus.publish(SUBJECT, {"channel": channel, "chat": chat, "frame": None})
