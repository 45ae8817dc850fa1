"""The send budget: so many messages a second over all chats, so many a minute in a staff group, by priority.

Figures are Telegram's published and observed ones: about 30 a second per bot, 20 a minute per group, where edits and
new topics count like messages.
"""

from collections.abc import Container, Iterator

from bridge.quota import Draw, LocalQuota, Quota

#: Turns in the group's bucket that each kind leaves for more urgent ones: what a customer said is never held up by
#: an icon. An edit is done when words and suggestions are; each kind waits for turns the more urgent ones leave.
RESERVE = {"topic": 0, "text": 0, "notice": 0, "suggestion": 3, "edit": 4, "card": 5, "icon": 7}
#: Reactions, which Telegram counts apart.
FREE = ("mark", "reaction")
#: Sends to one chat, the group too, in a row before they are spaced a second apart.
CHAT_BURST = 3
#: How much of a second's turns may be taken at once: sends that took longer on their way arrive together with later
#: ones, and Telegram counts arrivals.
BURST = 2 / 3


class SendBudget:
    """Turns of one bot, drawn from `quota`: this process's own until the house gives one that others draw from too."""

    def __init__(self, bot: str, per_second: int, groups: Container[int], per_minute: int) -> None:
        self.quota: Quota = LocalQuota()
        self._bot = bot
        self._per_second = per_second
        self._groups = groups
        self._per_minute = per_minute

    async def turn(self, chat: str, kind: str) -> float:
        """Take a turn for a chat and return 0, or return the seconds to wait."""
        draws = () if kind in FREE else tuple(self._draws(chat, kind))
        return await self.quota.take(self._chat(chat), draws)

    async def unturn(self, chat: str, seconds: float) -> None:
        """Pause a chat as long as Telegram asked for."""
        await self.quota.pause(self._chat(chat), seconds)

    def _draws(self, chat: str, kind: str) -> Iterator[Draw]:
        """Yield every bucket a send draws from, with what it must leave in it."""
        if self._per_second:
            yield Draw(f"{self._bot}:all", max(1.0, self._per_second * BURST), self._per_second)
            yield Draw(self._chat(chat), CHAT_BURST, 1.0)
        if chat[:1] == "-" and chat[1:].isdecimal() and int(chat) in self._groups:
            yield Draw(f"{self._bot}:group:{chat}", self._per_minute, self._per_minute / 60, RESERVE[kind])

    def _chat(self, chat: str) -> str:
        return f"{self._bot}:{chat}"
