"""One open line: what its visitor missed, then what happens, in order, each line of the conversation once."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bots.web import desk, history, shapes
from bots.web.lines import Line, encode
from bots.web.site import Site
from bridge.model.conversations import Conversation, Stage
from bridge.model.customers import Chat
from bridge.model.ids import ConversationId, CustomerId
from bridge.model.messages import AuthorKind, Message
from bridge.opening import successor

#: Lines a visitor sees who comes without a place to go on from.
FIRST = 50
#: Who missed more than so many starts anew.
MISSED = 500
#: Lines a socket remembers having shown, to tell a change that a visitor sees from one he does not.
REMEMBERED = 300

Send = Callable[[str], Awaitable[None]]


class Following:
    """What one socket is sent."""

    def __init__(self, site: Site, line: Line, send: Send) -> None:
        self._site = site
        self._line = line
        self._send = send
        self._told: OrderedDict[int, str] = OrderedDict()
        self._stands: dict[str, Any] = {}
        self.reached = 0  # seq of the newest word of ours that was sent to this visitor
        self.stirred = asyncio.Event()  # set when it rose

    async def begin(self, since: int | None, named: str | None) -> None:
        """Tell where the conversation stands and what was missed since a seq of it. Raises StoreDown."""
        line = self._line
        conversation = await self._go_on()
        if conversation is None:
            if since or named:
                await self._send(encode("reset"))
            await self._ready(0)
            return
        fits = since is not None and since <= conversation.seq and named in (None, "", conversation.id)
        stretch = await self._missed(conversation, since) if fits and since is not None else None
        if stretch is None:
            if since or named not in (None, "", conversation.id):
                await self._send(encode("reset"))
            stretch = await history.newest(self._site.bridge, conversation.id, FIRST)
        elif since:
            self._reach(since)  # what the page has from the history has reached it too
        line.seq = stretch.seq
        await self._ready(stretch.shown[-1].seq if stretch.shown else since or 0)
        await self._show(stretch.shown)

    async def _missed(self, conversation: Conversation, since: int) -> history.Stretch | None:
        """Read what came after a seq; None: too much to send one by one."""
        shown: list[Message] = []
        seq, more = since, conversation.seq - since <= MISSED
        if not more:
            return None
        while more:
            stretch = await history.after(self._site.bridge, conversation.id, seq)
            shown += stretch.shown
            seq, more = stretch.seq, stretch.more
        return history.Stretch(shown, seq)

    async def run(self) -> None:
        """Send what comes, for ever. Raises StoreDown, ConnectionError, TimeoutError; it may be run again."""
        line = self._line
        while True:
            await line.stirred.wait()
            line.stirred.clear()
            while line.frames:
                await self._send(line.frames.popleft())
            await self._news()

    def again(self) -> None:
        """Have looked at what could not be read."""
        self._line.stirred.set()

    async def _news(self) -> None:
        line = self._line
        moved, turned, said = line.moved, line.turned, line.said
        changed, line.changed = line.changed, set()
        line.moved = line.turned = line.said = False
        try:
            if moved:
                said = await self._move() or said
            elif turned:
                await self._turn()
            if said:
                await self._read_on()
            for seq in sorted(changed):
                await self._update(seq)
        except BaseException:
            line.moved, line.turned, line.said = moved, turned, said
            line.changed |= changed
            raise

    async def _go_on(self) -> Conversation | None:
        """Find the conversation that goes on in the chat, and listen to it."""
        site, line = self._site, self._line
        found = await site.bridge.store.people.chat(site.name, line.chat)
        chat = found or Chat(f"{site.name}:{line.chat}", site.name, line.chat, CustomerId(""))
        site.lines.go_on(line, chat.conversation, successor(chat))
        if chat.conversation is None:
            return None
        return await site.bridge.store.conversations.get(chat.conversation)

    async def _move(self) -> bool:
        """Go over to the chat's next conversation, if there is one by now; True: it begins from its first line."""
        line, before = self._line, self._line.conversation
        await self._go_on()
        if line.conversation == before:
            await self._turn()
            return False
        line.seq = 0
        self.reached = 0
        line.changed.clear()
        self._told.clear()
        if before is not None:
            await self._send(encode("reset"))
        await self._ready(0)
        return True

    async def _turn(self) -> None:
        """Tell when the conversation went into other hands, when somebody came to the desk or all have left it."""
        if await self._standing() != self._stands:
            await self._ready(self._line.seq)

    async def _ready(self, seq: int) -> None:
        line = self._line
        self._stands = await self._standing()
        seen = await desk.seen_in(self._site, line.chat, line.conversation) if line.conversation else 0
        await self._send(encode("ready", conversation_id=line.conversation, seq=seq, seen=seen, **self._stands))

    async def _standing(self) -> dict[str, Any]:
        """Return what a visitor is told of his conversation beside its lines."""
        id, online = self._line.conversation, self._site.online
        if id is None:
            return {"online": online, "stage": Stage.BOT.value, "rating": None}
        conversation = await self._site.bridge.store.conversations.get(id)
        return {"online": online, "stage": conversation.stage.value, "rating": shapes.rating(conversation)}

    async def _read_on(self) -> None:
        line, more = self._line, True
        while more and line.conversation is not None:
            stretch = await history.after(self._site.bridge, line.conversation, line.seq)
            line.seq, more = stretch.seq, stretch.more
            await self._show(stretch.shown)

    async def _show(self, rows: Sequence[Message]) -> None:
        for row in rows:
            shown = shapes.message(self._site, row, self._line.language)
            self._remember(row.seq, shown)
            await self._send(encode("message", message=shown))
            if row.author.kind is not AuthorKind.CUSTOMER:
                self._reach(row.seq)

    def _reach(self, seq: int) -> None:
        self.reached = seq
        self.stirred.set()

    async def _update(self, seq: int) -> None:
        """Show a line anew, if the visitor sees a difference."""
        id: ConversationId | None = self._line.conversation
        if id is None:
            return
        rows = await self._site.bridge.store.messages.page(id, seq - 1, None, 1)
        if not rows or rows[0].seq != seq or not shapes.is_shown(rows[0]):
            return
        shown = shapes.message(self._site, rows[0], self._line.language)
        if self._remember(seq, shown):
            await self._send(encode("update", message=shown))

    def _remember(self, seq: int, shown: dict[str, Any]) -> bool:
        """Note how a line looks now; True: it looked otherwise."""
        text = json.dumps(shown, sort_keys=True)
        if self._told.get(seq) == text:
            return False
        self._told[seq] = text
        self._told.move_to_end(seq)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return True
