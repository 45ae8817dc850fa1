"""Who waits for something to be said in a chat, and which chats changed since a given moment."""

import asyncio
from collections import OrderedDict


class Changes:
    """Counts changes of chats (groups and people by their Bot API id) and wakes those who wait for one."""

    def __init__(self) -> None:
        self.seq = 0
        self._last: OrderedDict[int, int] = OrderedDict()
        self._waiting: dict[int | None, set[asyncio.Future[None]]] = {}

    def touch(self, chat: int) -> None:
        """Note that something in a chat is different now."""
        self.seq += 1
        self._last[chat] = self.seq
        self._last.move_to_end(chat)
        for key in (chat, None):
            for future in self._waiting.pop(key, ()):
                if not future.done():
                    future.set_result(None)

    def wake_all(self) -> None:
        """Let everybody who waits look again: the emulator is about to stop."""
        for futures in self._waiting.values():
            for future in futures:
                if not future.done():
                    future.set_result(None)

    def since(self, seq: int) -> list[int]:
        """Return the chats changed after a moment, oldest change first."""
        chats = []
        for chat, at in reversed(self._last.items()):
            if at <= seq:
                break
            chats.append(chat)
        return chats[::-1]

    async def wait(self, chat: int | None, timeout: float) -> bool:
        """Wait for a change of a chat (None = any); tell whether it came before the timeout (seconds)."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(chat, set()).add(future)
        try:
            await asyncio.wait_for(future, timeout)
        except TimeoutError:
            return False
        finally:
            waiting = self._waiting.get(chat)
            if waiting is not None:
                waiting.discard(future)
                if not waiting:
                    del self._waiting[chat]
        return True
