"""A staff group that a bot of its own serves: customers meet one bot, operators another."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from aiohttp import web

from bots import connected
from bots.telegram import channel, media, parse
from bots.telegram.account import Account
from bots.telegram.budget import SendBudget
from bots.telegram.desk import TelegramWithGroup
from bots.telegram.group import StaffGroup
from bots.telegram.receiving import Receiver
from bots.telegram.settings import TelegramSettings
from bridge.context import Bridge
from bridge.delivery.sharing import Installation
from bridge.errors import BridgeError, ChannelBroken, Unreadable
from bridge.model.files import Remote
from bridge.model.inbound import Inbound, Pressed, StaffEdited, StaffPressed, StaffReacted, StaffSaid, Update
from bridge.ports.channels import Accept

log = logging.getLogger("mostik.telegram")

#: Stands before what only the group's bot knows: ids of files and presses.
DESK = "desk/"
STAFF = (StaffSaid, StaffEdited, StaffReacted, StaffPressed)


class TelegramWithDeskBot(TelegramWithGroup):
    """Two bots as one channel; when the group's one does not work, customers are served all the same."""

    def __init__(
        self, name: str, settings: TelegramSettings, public_url: str, installation: Installation | None = None
    ) -> None:
        super().__init__(name, settings, public_url, installation)
        group = settings.staff_group
        assert group is not None
        assert group.token is not None
        self._at_desk = Account(group.token.get_secret_value(), settings.api_base, settings.timeout)
        self._heard = Receiver(self.name, self._at_desk.bot, self._groups, self._at_desk.secret)
        self._fault: str | None = None
        ids = str(self._account.id), str(self._at_desk.id)
        self._budget = SendBudget(
            ids[0], settings.per_second, self._groups, group.per_minute, ids[1], quota=self._budget.quota
        )
        own = f"{name}/{DESK[:-1]}"
        self._staff = StaffGroup(self._at_desk.bot, self._groups, settings.timeout, own, self._budget.turn)

    def _trouble(self) -> str | None:
        return super()._trouble() or self._fault or self._heard.trouble

    def _deliver_to(self, accept: Accept | None) -> None:
        super()._deliver_to(accept)
        self._heard.accept = accept

    async def _receive(self) -> None:
        hearing = asyncio.create_task(self._hear())
        try:
            await super()._receive()
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _hear(self) -> None:
        """Receive what is said in the group; a token that does not work is tried again now and then."""
        while True:
            try:
                await self._at_desk.me()
                self._fault = None
                if self._settings.mode == "polling":
                    await self._heard.poll()
                else:
                    await self._heard.serve(f"{self._url}.staff")
            except BridgeError as fault:
                broken = isinstance(fault, ChannelBroken)
                self._fault = str(fault)
                log.error("the staff group's bot does not work: %s", fault, extra={"channel": self.name})
                await asyncio.sleep(connected.BROKEN if broken else 1.0)

    def routes(self, bridge: Bridge) -> list[web.RouteDef]:
        """Return the webhooks' routes."""
        return [*super().routes(bridge), web.post(f"/hooks/{self.name}.staff", self._heard.hook)]

    async def check(self) -> str:
        """Prove that both tokens work and the groups can be desks. Raises ChannelBroken, RetryLater."""
        try:
            names = [f"@{(await each.me()).username}" for each in (self._account, self._at_desk)]
        finally:
            await self.close()
        return ", ".join([*names, await self._desks_fit()])

    async def close(self) -> None:
        """Give up what is under way and the connections."""
        await self._at_desk.close()
        await super().close()

    def parse(self, update: Update) -> Sequence[Inbound]:
        """Understand a stored update: the group is heard by its own bot alone, customers by theirs."""
        at_desk = update.key.partition(".")[0] == str(self._at_desk.id)
        bot = (self._at_desk if at_desk else self._account).bot
        try:
            facts = parse.parse(self.name, update.raw, bot, self._groups)
        except Unreadable as fault:
            raise Unreadable(fault.reason, tuple(_meant(fault.rescued, at_desk))) from None
        return _meant(facts, at_desk)

    def fetch(self, remote: Remote) -> AsyncIterator[bytes]:
        """Read a file of either bot's chats."""
        if not remote.ref.startswith(DESK):
            return super().fetch(remote)
        bare = replace(remote, ref=remote.ref.removeprefix(DESK))
        return media.fetch(self._at_desk.bot, self._at_desk.session, bare)

    async def pressed(self, press_id: str, text: str = "", spent: Pressed | None = None) -> None:
        """Stop a button's clock with the bot it belongs to."""
        if press_id.startswith(DESK):
            self._at_desk.aside(channel.answer(press_id.removeprefix(DESK), text))
        else:
            await super().pressed(press_id, text, spent)


def _meant(facts: Sequence[object], at_desk: bool) -> list[Inbound]:
    """Return the facts a bot is there for; what only the group's bot knows is marked as its own."""
    meant: list[Inbound] = []
    for fact in facts:
        if isinstance(fact, STAFF) is not at_desk:
            continue
        match fact:
            case StaffSaid():
                files = tuple(replace(file, ref=DESK + file.ref) for file in fact.files)
                meant.append(replace(fact, files=files))
            case StaffPressed():
                meant.append(replace(fact, press_id=DESK + fact.press_id))
            case _:
                meant.append(fact)  # type: ignore[arg-type]  # facts are Inbound; errors knows no model
    return meant
