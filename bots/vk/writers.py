"""Who writes in VK at this moment: told to the desk as a hint, kept nowhere."""

import time
from collections import OrderedDict

from bots.vk.events import CHATS, Event
from bridge import writing
from bridge.context import Bridge
from bridge.errors import StoreDown
from bridge.model.ids import ChannelName, ChatId

#: Chats whose last hint is remembered.
REMEMBERED = 5_000


class Writers:
    """The customers of one community who are writing."""

    def __init__(self, channel: ChannelName) -> None:
        self._channel = channel
        self._told: OrderedDict[str, float] = OrderedDict()
        self.bridge: Bridge | None = None

    async def hear(self, event: Event) -> None:
        """Tell the desk of one that writes, where he has a conversation; never raises."""
        about, now = event.get("object"), time.monotonic()
        writer = about.get("from_id") if isinstance(about, dict) else None
        if not isinstance(writer, int):
            return
        chat = ChatId(str(writer))
        if self.bridge is None or not 0 < writer < CHATS or now - self._told.get(chat, -writing.AGAIN) < writing.AGAIN:
            return
        self._told[chat] = now
        self._told.move_to_end(chat)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        try:
            known = await self.bridge.store.people.chat(self._channel, chat)
            if known is not None and known.conversation is not None:
                await writing.customer(self.bridge, known.conversation, self._channel, chat)
        except StoreDown:
            return  # a hint may be lost
