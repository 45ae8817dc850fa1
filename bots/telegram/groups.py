"""Staff groups of one bot: which chats they are now, and what became of one that was upgraded.

Switching topics on makes a group a supergroup with a new id; the old one is dead from then on.
"""

from collections.abc import Iterator, Mapping
from typing import Any


class Groups:
    """Ids of the settings' groups as they are now; falsy without any."""

    def __init__(self, chats: tuple[int, ...] = ()) -> None:
        self._chats = chats
        self.moves: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self._chats)

    def __contains__(self, chat: object) -> bool:
        return chat in self._chats or chat in self.moves or chat in self.moves.values()

    def __iter__(self) -> Iterator[int]:
        """Yield the groups' ids of now, in the settings' order."""
        return iter(dict.fromkeys(self.now(chat) for chat in self._chats))

    def now(self, chat: int) -> int:
        """Return the id a group has now."""
        seen = {chat}
        while (next_ := self.moves.get(chat)) is not None and next_ not in seen:
            seen.add(next_)
            chat = next_
        return chat

    def moved(self, old: int, new: int) -> bool:
        """Note that a group has a new id; False: known, or no group of ours."""
        if old == new or old not in self or self.now(old) == self.now(new):
            return False
        self.moves[self.now(old)] = new
        return True

    def hear(self, update: Mapping[str, Any]) -> None:
        """Take notice of a raw update that tells that a group was upgraded."""
        message = update.get("message")
        if not isinstance(message, dict) or "migrate_to_chat_id" not in message:
            return
        chat, new = message.get("chat"), message["migrate_to_chat_id"]
        if isinstance(chat, dict) and isinstance(chat.get("id"), int) and isinstance(new, int):
            self.moved(chat["id"], new)

    def adopt(self, moves: Mapping[int, int]) -> None:
        """Take over what is known of upgraded groups."""
        self.moves.update(moves)
