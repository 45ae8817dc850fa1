"""A bot's account at a Bot API server: its token, connections shared with other bots there, calls with few errors.

Connections carry no token, so that bots of one server share them; each bot's calls and polls are its own.
"""

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramMigrateToChat
from aiogram.methods import GetMe
from aiogram.types import User
from aiogram.utils.token import TokenValidationError

from bots.asides import Asides
from bots.telegram.errors import AlreadyDone, Session, funnel
from bridge.errors import ChannelBroken

log = logging.getLogger("mostik.telegram")

#: Connections to one server at most, whichever bots use them: each poll holds one; aiogram's own default is 100.
CONNECTIONS = 400
#: Seconds to wait for what nobody waits for: typing, the clock of a button.
ASIDE = 10


@dataclass(slots=True)
class _Line:
    """The connections to one server and how many accounts hold them."""

    session: Session
    holders: int = 0


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Line]] = WeakKeyDictionary()


def _line(api_base: str) -> _Line:
    """Return the line to a server, one in a loop; outside of a loop one of its own."""
    try:
        there = _lines.setdefault(asyncio.get_running_loop(), {})
    except RuntimeError:
        there = {}
    if api_base not in there:
        session = Session(api=TelegramAPIServer.from_base(api_base), limit=CONNECTIONS)
        there[api_base] = _Line(session)
    return there[api_base]


class Account:
    """One bot. Raises ChannelBroken for a token that is none."""

    def __init__(self, token: str, api_base: str, timeout: float) -> None:
        self._line = _line(api_base)
        try:
            self.bot = Bot(token, session=self.session, default=DefaultBotProperties(parse_mode=None))
        except TokenValidationError:
            raise ChannelBroken("unauthorized") from None
        self._line.holders += 1
        self._api_base = api_base
        self._timeout = int(timeout)
        self._asides = Asides(log, AlreadyDone, TelegramMigrateToChat)
        self._closed = False

    @property
    def id(self) -> int:
        """The bot's id, which stands in its token."""
        return self.bot.id

    @property
    def session(self) -> Session:
        """The connections to its server."""
        return self._line.session

    @property
    def secret(self) -> str:
        """What a webhook proves itself with, made from the token: every process knows it, nobody else does."""
        return hashlib.sha256(f"webhook:{self.bot.token}".encode()).hexdigest()

    async def me(self) -> User:
        """Prove that the token works. Raises ChannelBroken, RetryLater, OutcomeUnknown."""
        return await funnel(lambda: self.bot(GetMe(), request_timeout=ASIDE))

    async def call(self, method: Any, more: int = 0) -> Any:
        """Call a method, giving it so many seconds more than usual; raises as bots.telegram.errors.funnel."""
        return await funnel(lambda: self.bot(method, request_timeout=self._timeout + more))

    def aside(self, method: Any) -> None:
        """Call a method while nobody waits for it; how it went concerns nobody."""
        self._asides.start(lambda: funnel(lambda: self.bot(method, request_timeout=ASIDE)))

    async def close(self) -> None:
        """Give up what is under way, and the connections if no other account holds them; again, it does nothing."""
        self._asides.give_up()
        if self._closed:
            return
        self._closed = True
        self._line.holders -= 1
        if self._line.holders == 0:
            there = _lines.get(asyncio.get_running_loop(), {})
            if there.get(self._api_base) is self._line:
                del there[self._api_base]
            await self._line.session.close()
