"""The send budget: so many messages a second over all chats, so many a minute in a staff group, by priority.

Figures are Telegram's published and observed ones: about 30 a second per bot, 20 a minute per group, where edits and
new topics count like messages.
"""

import time
from collections.abc import Callable, Container, Iterator

from bridge.delivery.quota import Draw, LocalQuota, Quota

#: Turns in the group's bucket that each kind leaves for more urgent ones: what a customer said is never held up by
#: an icon. An edit is done when words and suggestions are; each kind waits for turns the more urgent ones leave.
RESERVE = {"topic": 0, "text": 0, "notice": 0, "suggestion": 3, "edit": 4, "card": 5, "icon": 7}
#: What a word needs beyond its first message: a message each; of an album, the group's minute for a file each, then
#: the chat's spacing for all of them, which is owed. They go before all first ones, which leave them a turn.
FURTHER, FILE, ALBUM = "further", "file", "album"
BEGUN = (FURTHER, FILE)
#: Reactions, which Telegram counts apart.
FREE = ("mark", "reaction")
#: Part of a bot's turns that what can wait leaves to answers.
LEAVES = {"typing": 1 / 2, "broadcast": 1 / 2}
#: Turns a full minute lacks: ours begins to grow back before the first call has reached Telegram.
AHEAD = 1
#: Sends to one chat, the group too, in a row before they are spaced a second apart.
CHAT_BURST = 3
#: How much of a second's turns may be taken at once: sends that took longer on their way arrive together with later
#: ones, and Telegram counts arrivals.
BURST = 2 / 3
#: Telegram does not say whether it is a chat or the whole bot that sends too much: so many chats refused within this
#: time (seconds) are the bot.
FLOODED = 3
FLOOD_SPAN = 2.0
#: The bot's own pause at most, seconds: guessed, it is tried again soon; each chat keeps the whole of its own.
FLOOD_PAUSE = 5.0


class SendBudget:
    """Turns of one bot, drawn from `quota`: this process's own where no other is given.

    `desk`: the id of the bot that writes in the groups, where it is another one.
    """

    def __init__(
        self,
        bot: str,
        per_second: int,
        groups: Container[int],
        per_minute: int,
        desk: str = "",
        clock: Callable[[], float] = time.monotonic,
        quota: Quota | None = None,
    ) -> None:
        self.quota = quota or LocalQuota()
        self._bot = bot
        self._desk = desk or bot
        self._per_second = per_second
        self._groups = groups
        self._per_minute = per_minute
        self._clock = clock
        self._floods: dict[str, dict[str, float]] = {}  # bot -> chat -> when it was refused
        self._paused: dict[str, float] = {}  # bot -> until when

    async def turn(self, chat: str, kind: str, count: int = 1) -> float:
        """Take so many turns for a chat at once and return 0, or return the seconds to wait."""
        bot = self._bot_of(chat)
        left = self._paused.get(bot, 0.0) - self._clock()
        if left > 0:
            return left
        draws = () if kind in FREE else tuple(self._draws(bot, chat, kind, count))
        return await self.quota.take(f"{bot}:{chat}", draws)

    async def unturn(self, chat: str, seconds: float) -> None:
        """Pause a chat as long as Telegram asked for; when it refuses one after the other, the bot."""
        bot, now = self._bot_of(chat), self._clock()
        floods = {each: at for each, at in self._floods.get(bot, {}).items() if now - at < FLOOD_SPAN}
        self._floods[bot] = floods | {chat: now}
        if len(self._floods[bot]) >= FLOODED:
            self._paused[bot] = now + min(seconds, FLOOD_PAUSE)
        await self.quota.pause(f"{bot}:{chat}", seconds)

    def _draws(self, bot: str, chat: str, kind: str, count: int) -> Iterator[Draw]:
        """Yield every bucket a send draws from, with what it must leave in it."""
        if self._per_second and kind != FILE:
            size = max(1.0, self._per_second * BURST)
            yield Draw(f"{bot}:all", size, self._per_second, size * LEAVES.get(kind, 0), count)
            if kind != "typing":  # an action has a limit of its own in each chat
                yield Draw(f"{bot}:{chat}", CHAT_BURST, 1.0, count=count)
        if self._is_group(chat) and kind != ALBUM:
            size = max(2, self._per_minute - AHEAD)
            reserve = 0 if kind in BEGUN else min(RESERVE.get(kind, 0) + 1, size - 1)
            yield Draw(f"{bot}:group:{chat}", size, self._per_minute / 60, reserve, count)

    def _bot_of(self, chat: str) -> str:
        return self._desk if self._is_group(chat) else self._bot

    def _is_group(self, chat: str) -> bool:
        return chat[:1] == "-" and chat[1:].isdecimal() and int(chat) in self._groups
