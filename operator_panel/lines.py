"""The live lines of this process: what all of them share, and what is told to one person."""

import asyncio
import contextlib
import itertools
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bridge import attendance
from bridge.composing import drafts
from bridge.context import Bridge
from bridge.errors import NotFound, StoreDown
from bridge.model.access import Sight
from bridge.model.conversations import Conversation, Place
from bridge.model.events import FeedEvent
from bridge.model.ids import ConversationId, OperatorId
from bridge.model.operators import Operator
from bridge.people import shop_data
from bridge.rights import may
from bridge.staff import backlog as desk_backlog
from bridge.teamwork import roster
from operator_panel import frames
from operator_panel.backlog import Backlog, Frame, TooSlow
from operator_panel.metrics import Metrics
from operator_panel.noticing import hear_notices
from operator_panel.presence import SUBJECT as LOOKS
from operator_panel.presence import Presence
from operator_panel.render import Renderer
from operator_panel.wire import encode
from operator_panel.writers import hear_writers

#: Rendered events kept: more than any line is behind before it is closed.
_RENDERED = 1024
_PARTED = 256  # conversations of which a line remembers that its person lost sight of them
_CHANNELS_EVERY = 1.0  # seconds between looks at the channels' states
_DESK_TURNS = 5  # of them until the staff group's backlog is looked at
_ATTEND_EVERY = 1.0  # seconds between looks whether somebody is at the desk
_HEAR_AGAIN = 1.0  # seconds until the bus is listened to again after it broke
_SUBJECT = "panel"

log = logging.getLogger("mostik.panel")

#: An event as it is sent, and the conversation it tells of.
Rendered = tuple[Frame | None, Conversation | None]

GOING_AWAY = 1001
EXPIRED = 4401
SLOW = 4008


@dataclass(eq=False, slots=True)
class Line:
    """One open live line; `end` is set to a close code when it has to end, `stirred` when counts may have changed.

    One that does not `hear` takes no frames: it only has to end like the others (the event stream of the API). One
    that `replies` keeps the desk attended: it is the page of somebody who may answer. `whole`: he may read contacts.
    `sight`: which conversations he gets; `looks` is set when that may have changed.
    """

    operator: OperatorId
    sight: Sight
    language: str
    session: str
    hears: bool = True
    replies: bool = False
    whole: bool = False
    backlog: Backlog = field(default_factory=Backlog)
    end: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    looks: asyncio.Event = field(default_factory=asyncio.Event)
    parted: OrderedDict[tuple[str, Place], None] = field(default_factory=OrderedDict)

    def put(self, frame: Frame) -> None:
        """Queue a frame; a full queue ends the line and delays nobody."""
        if not self.hears:
            return
        try:
            self.backlog.put(frame)
        except TooSlow:
            self.close(SLOW)

    def see(self, sight: Sight, cursor: str) -> None:
        """Get other conversations from now on: what is shown is looked at anew."""
        if sight == self.sight:
            return
        self.sight = sight
        if not self.hears:
            self.close(GOING_AWAY)  # a program connects again, and is told by what it gets then
        self.put(Frame(encode("reset", cursor=cursor), "reset"))
        self.stirred.set()

    def parts(self, row: Conversation) -> bool:
        """Tell whether this person has just lost sight of a conversation; he is told once."""
        stood = row.moved_from
        if stood is None or (row.id, stood) in self.parted:
            return False
        before = replace(row, team=stood.team, assignee=stood.assignee, shared=stood.shared)
        if not self.sight.sees(before):
            return False
        self.parted[row.id, stood] = None
        if len(self.parted) > _PARTED:
            self.parted.popitem(last=False)
        return True

    def close(self, code: int) -> None:
        """End the line with a close code, once."""
        if not self.end.done():
            self.end.set_result(code)


class Lines:
    """All open lines, and events rendered once for all who read the same language."""

    def __init__(self, bridge: Bridge, renderer: Renderer, metrics: Metrics) -> None:
        self._bridge = bridge
        self._renderer = renderer
        self._metrics = metrics
        self.presence = Presence(bridge.bus)
        self._lines: set[Line] = set()
        self._rendered: OrderedDict[tuple[object, ...], asyncio.Task[Rendered]] = OrderedDict()

    def open(self) -> list[Line]:
        """The lines that are open now."""
        return list(self._lines)

    @contextmanager
    def line(self, operator: Operator, session: str, hears: bool = True, replies: bool = False) -> Iterator[Line]:
        """Keep a line among the open ones while it lives."""
        whole = may(operator, "contacts")
        line = Line(operator.id, operator.sight, operator.language, session, hears, replies, whole)
        self._lines.add(line)
        self._metrics.sockets.inc()
        try:
            yield line
        finally:
            self._lines.discard(line)
            self._metrics.sockets.dec()
            line.end.cancel()

    async def run(self) -> None:
        """Hear what other requests and processes tell people, and watch the channels, until cancelled."""
        while True:
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._hear("read", self._to_own(frames.read)))
                    tasks.create_task(self._hear(_SUBJECT, self._take))
                    tasks.create_task(self._hear(drafts.SUBJECT, self._to_own(frames.drafted)))
                    tasks.create_task(self._hear(LOOKS, self.presence.take))
                    tasks.create_task(self.presence.run())
                    tasks.create_task(hear_writers(self._bridge, self.open, self.sees))
                    tasks.create_task(hear_notices(self._bridge, self))
                    tasks.create_task(shop_data.hear(self._bridge))
                    tasks.create_task(self._attend())
                    tasks.create_task(self._watch_channels())
            except* Exception as broken:
                # Hints are lost meanwhile, nothing else: lines look at the store by themselves.
                log.error("hints broke off: %s", ", ".join(type(error).__name__ for error in broken.exceptions))
            await asyncio.sleep(_HEAR_AGAIN)

    async def _hear(self, subject: str, take: Callable[[dict[str, Any]], None]) -> None:
        async with self._bridge.bus.subscribe(subject) as hints:
            async for hint in hints:
                take(hint)

    def _to_own(self, frame: Callable[[dict[str, Any]], Frame]) -> Callable[[dict[str, Any]], None]:
        """Tell a person's pages, here and elsewhere, what he did in one of them."""

        def take(hint: dict[str, Any]) -> None:
            for line in [line for line in self._lines if line.operator == hint["operator"]]:
                line.put(frame(hint))

        return take

    def _take(self, hint: dict[str, Any]) -> None:
        match hint["type"]:
            case "operators":
                self._to_all(Frame(encode("operators", operators=hint["operators"]), "operators"))
            case "sight":
                for line in [line for line in self._lines if hint["who"] == line.operator]:
                    line.looks.set()
            case "out":
                for line in [line for line in self._lines if hint["who"] in (line.session, line.operator)]:
                    line.close(EXPIRED)

    def _to_all(self, frame: Frame) -> None:
        for line in list(self._lines):
            line.put(frame)

    async def _attend(self) -> None:
        """Note that somebody is at the desk for as long as a page of somebody who may answer is open."""
        while True:
            if any(line.replies for line in self._lines):
                with contextlib.suppress(StoreDown):  # noted again in a moment
                    await attendance.note(self._bridge)
            await asyncio.sleep(_ATTEND_EVERY)

    async def _watch_channels(self) -> None:
        """Tell how the channels are when that changes; how the staff group keeps up is looked at less often."""
        channels = self._bridge.channels.by_name
        shown = {name: channel.state for name, channel in channels.items()}
        late: object = None
        for turn in itertools.count():
            await asyncio.sleep(_CHANNELS_EVERY)
            now = {name: channel.state for name, channel in channels.items()}
            with contextlib.suppress(StoreDown):  # told in a moment
                seen = await self._lateness() if turn % _DESK_TURNS == 0 else late
                if now != shown or seen != late:
                    await self._tell_channels()
                    shown, late = now, seen

    async def _lateness(self) -> object:
        """How late the staff group is: why, and how many posts wait for it while there is a reason."""
        if self._bridge.desk is None or not self._lines:
            return None
        found = await desk_backlog.look(self._bridge)
        return (found.reason, found.waiting) if found.reason else None

    async def _tell_channels(self) -> None:
        frames: dict[str, Frame] = {}
        for line in list(self._lines):
            if line.language not in frames:
                rows = [each.model_dump(mode="json") for each in await self._renderer.channels(line.language)]
                frames[line.language] = Frame(encode("channels", channels=rows), "channels")
            line.put(frames[line.language])

    def close_all(self) -> None:
        """End every line: the process stops."""
        for line in list(self._lines):
            line.close(GOING_AWAY)

    async def tell_operators(self, operators: list[dict[str, Any]]) -> None:
        """Tell everybody who is on the desk now."""
        await self._tell("operators", operators=operators)

    async def tell_out(self, who: str) -> None:
        """End the lines of a session's or an operator's id."""
        await self._tell("out", who=who)

    async def tell_sight(self, who: str) -> None:
        """Have the lines of a person look which conversations he gets now."""
        await self._tell("sight", who=who)

    async def _tell(self, kind: str, **data: Any) -> None:
        await self._bridge.bus.publish(_SUBJECT, {"type": kind, **data})

    async def frame(self, event: FeedEvent, line: Line) -> Frame | None:
        """Return an event as a line is told it; None: what it tells of is gone, or hidden from this person."""
        key = (event.cursor, event.type, event.conversation, event.seq, line.language, line.whole)
        task = self._rendered.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._rendered[key] = asyncio.create_task(self._render(event, line.language, line.whole))
            task.add_done_callback(_look_at)
            while len(self._rendered) > _RENDERED:
                self._rendered.popitem(last=False)
        frame, row = await asyncio.shield(task)
        if row is None or line.sight.sees(row):
            return frame
        return Frame(encode("reset", cursor=event.cursor), "reset") if line.parts(row) else None

    async def sees(self, line: Line, conversation: object) -> bool:
        """Tell whether a line's person gets a conversation; for who gets all nothing is read."""
        if line.sight.whole:
            return True
        if not isinstance(conversation, str):
            return False
        found = await self._bridge.store.conversations.many([ConversationId(conversation)])
        return any(line.sight.sees(row) for row in found)

    async def _render(self, event: FeedEvent, language: str, whole: bool) -> Rendered:
        self._metrics.events.labels(event.type).inc()
        if event.type == "reset" or event.conversation is None:
            return Frame(encode("reset", cursor=event.cursor)), None
        store = self._bridge.store
        try:
            conversation = await store.conversations.get(event.conversation)
        except NotFound:
            return None, None
        await roster.teams(self._bridge)
        shown = self._renderer.conversation(conversation, whole=whole)
        row = shown.model_dump(mode="json", exclude={"unread", "following"})
        if event.seq is None:
            frame = Frame(encode(event.type, cursor=event.cursor, conversation=row), f"row:{event.conversation}")
            return frame, conversation
        found = await store.messages.page(event.conversation, event.seq - 1, None, 1)
        if not found or found[0].seq != event.seq:
            return None, None
        message = self._renderer.message(found[0], language, whole).model_dump(mode="json")
        key = f"message:{found[0].id}" if event.type == "message.updated" else None
        return Frame(encode(event.type, cursor=event.cursor, message=message, conversation=row), key), conversation


def _look_at(task: "asyncio.Task[Rendered]") -> None:
    """Take note of a failure nobody waits for any more: the lines that wait hear of it themselves."""
    if not task.cancelled():
        task.exception()
