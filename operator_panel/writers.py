"""Who writes at this moment, between the pages of the desk and the customers."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bridge import writing
from bridge.context import Bridge
from bridge.errors import BridgeError
from bridge.model.ids import ConversationId
from bridge.model.operators import Operator
from operator_panel.backlog import Frame
from operator_panel.wire import encode

if TYPE_CHECKING:
    from operator_panel.lines import Line


class Teller:
    """Tells customers that the person of one live line writes to them: now and then, and never in its reader's way."""

    def __init__(self, bridge: Bridge, actor: Operator, clock: Callable[[], float] = time.monotonic) -> None:
        self._bridge = bridge
        self._actor = actor
        self._clock = clock
        self._told: dict[str, float] = {}  # when, of the conversation written in last
        self._task: asyncio.Task[None] | None = None

    def wrote(self, conversation: object) -> None:
        """Note that a reply is being typed; asked more often than once in writing.AGAIN seconds, nothing happens."""
        if not isinstance(conversation, str) or (self._task is not None and not self._task.done()):
            return
        now = self._clock()
        if now - self._told.get(conversation, -writing.AGAIN) >= writing.AGAIN:
            self._told = {conversation: now}
            self._task = asyncio.create_task(self._tell(ConversationId(conversation)))

    async def _tell(self, id: ConversationId) -> None:
        with contextlib.suppress(BridgeError):  # a sign that is lost is told again in a moment
            await writing.operator(self._bridge, self._actor, await self._bridge.store.conversations.get(id))

    async def close(self) -> None:
        """Stop telling."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


async def hear_writers(
    bridge: Bridge, lines: Callable[[], list["Line"]], sees: Callable[["Line", object], Awaitable[bool]]
) -> None:
    """Tell the pages of the desk who get a conversation who writes in it, until cancelled."""
    async with writing.heard(bridge) as hints:
        async for hint in hints:
            author = {"kind": hint.by, "id": hint.id or None, "name": hint.name}
            frame = encode("typing", conversation_id=hint.conversation, author=author)
            for line in lines():
                if line.operator != hint.id and await sees(line, hint.conversation):
                    line.put(Frame(frame, f"typing:{hint.conversation}:{hint.by}"))
