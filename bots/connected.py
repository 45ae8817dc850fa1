"""The life of an account at a messenger: it connects, receives, and tries again what does not work."""

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import TypeVar

from bridge.delivery.sharing import Sole
from bridge.errors import BridgeError, ChannelBroken, RetryLater
from bridge.model.ids import ChannelName
from bridge.ports.channels import Accept, ChannelState

T = TypeVar("T")

#: A key that was refused is tried again after this time: it may have been revoked by mistake, seconds.
BROKEN = 60.0
#: A messenger that is away is asked again after so long, then longer and longer up to the second figure, seconds.
PAUSES = (1.0, 30.0)


class Connected(ABC):
    """One account, known by a key; what only its messenger knows is told by those who fulfil it."""

    kind: str
    name: ChannelName
    state: ChannelState
    #: What says that the account does not work until somebody mends it.
    broken: tuple[type[BridgeError], ...] = (ChannelBroken,)

    def __init__(self, name: str, sole: Sole) -> None:
        self.name = ChannelName(name)
        self.state = ChannelState()
        self._sole = sole
        self._log = logging.getLogger(f"mostik.{self.kind}")

    @abstractmethod
    def _deliver_to(self, accept: Accept | None) -> None:
        """Give deliveries to `accept` from now on, to nobody without one."""

    @abstractmethod
    async def _look(self) -> None:
        """Prove that the account works, and learn who it is. Raises one of `broken`, RetryLater."""

    @abstractmethod
    async def _receive(self) -> None:
        """Receive until cancelled. Raises one of `broken`."""

    @abstractmethod
    async def unturn(self, chat: str, seconds: float) -> None:
        """Pause a chat."""

    @abstractmethod
    async def close(self) -> None:
        """Give up what is under way and the connections; a process that only sends calls it at its end."""

    async def run(self, accept: Accept) -> None:
        """Connect and receive until cancelled; a key that does not work is tried again now and then.

        Deliveries of a webhook are taken in any process; one of them polls, or sees to the webhook.
        """
        self._deliver_to(accept)
        mending = asyncio.create_task(self._mend())
        try:
            while True:
                try:
                    await self._connect()
                    await self._sole(self._receive)
                except self.broken as fault:
                    self.state = ChannelState("broken", str(fault))
                    self._log.error("the account does not work: %s", fault, extra={"channel": self.name})
                    await asyncio.sleep(BROKEN)
        finally:
            mending.cancel()
            self._deliver_to(None)
            await self.close()

    async def _mend(self) -> None:
        """See now and then whether a key that a send found broken works again: who does not poll would not notice."""
        while True:
            await asyncio.sleep(BROKEN)
            if self.state.state == "broken":
                with contextlib.suppress(*self.broken):
                    await self._connect()

    async def _connect(self) -> None:
        wait, longest = PAUSES
        while True:
            try:
                await self._look()
            except self.broken:
                raise
            except BridgeError as fault:
                self.state = ChannelState("starting", str(fault))
                await asyncio.sleep(wait)
                wait = min(wait * 2, longest)
                continue
            self.state = ChannelState("ok")
            return

    async def _minding(self, chat: str, doing: Awaitable[T]) -> T:
        """Await what is done in a chat: a flood pauses the chat, a key that fails breaks the account."""
        try:
            return await doing
        except RetryLater as pause:
            if pause.reason == "flood":
                await self.unturn(chat, pause.seconds)
            raise
        except ChannelBroken as fault:
            self.state = ChannelState("broken", str(fault))
            raise
