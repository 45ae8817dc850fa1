"""Visitors of a website at the time a clock tells: no messenger has their past, it stands in the hall's own store.

They are customers the shop signs for, so that whoever signs in as one of them at the widget finds what was said.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from bots.web import desk, incoming, tokens
from bots.web.incoming import Person
from bots.web.lines import Lines
from bots.web.settings import WebSettings
from bots.web.site import Site
from bots.web.visitors import Visitor, person_of, signed, user_of
from bridge.context import Bridge
from bridge.delivery.quota import LocalQuota
from bridge.model.ids import ChannelName, ChatId, fresh
from bridge.model.inbound import Identified, Inbound, Sender, Update
from bridge.people import proofs
from bridge.ports.abilities import RatingChannel
from bridge.ports.channels import Accept, Channel, ChannelState, Outgoing, Raw, Receipt


class SiteHistory:
    """A widget's past with its visitors: a channel that only sends, and visitors who write."""

    kind = "web"

    def __init__(self, name: str, settings: WebSettings) -> None:
        self.name = ChannelName(name)
        self.state = ChannelState("ok")
        self._settings = settings
        self._open: Site | None = None

    def open(self, bridge: Bridge) -> None:
        """Take the hall whose past it is; before that nobody can come."""
        lines, quota = Lines(self.name), LocalQuota()
        self._open = Site(self.name, self._settings, "", bridge, lines, quota, accept=self._take)

    @property
    def rates(self) -> bool:
        """Are visitors asked how they were served?"""
        return self._settings.rating

    async def run(self, accept: Accept) -> None:
        """Nothing comes by itself: whoever tells the past says what came."""
        await asyncio.Event().wait()

    def parse(self, update: Update) -> Sequence[Inbound]:
        """Understand what the widget's door placed in the inbox. Raises Unreadable."""
        return incoming.parse(self.name, update)

    async def send(self, message: Outgoing) -> Receipt:
        """Nothing is left to do, as with the real widget: visitors read what the store has settled."""
        return Receipt(message.id)

    def open_account(self, sender: Sender) -> None:
        """Nothing is kept of visitors outside of the store."""

    async def known_as(self, sender: Sender) -> Sender:
        """Return a customer of the shop as the widget's door names him; the shop's signature gives him a chat.

        `sender` has the shop's own id of him, and the e-mail and the phone it knows.
        """
        person = Person(sender.id, sender.email, sender.phone, sender.name)
        proof = tokens.signature(self._site.secret, person.user_id)
        visitor = await signed(self._site, None, person, proof, sender.language)
        return Sender(visitor.chat, sender.name, language=sender.language, time_zone=sender.time_zone)

    async def says(self, sender: Sender, words: dict[str, Any]) -> tuple[str, ...]:
        """Have a visitor write; with his first word the shop's proof comes along."""
        site, chat = self._site, ChatId(sender.id)
        if await site.bridge.store.people.chat(self.name, chat) is None:
            person = await person_of(site, Visitor("", chat, await user_of(site, chat)))
            if person is not None:
                await self._take(self.name, incoming.identified(site, chat, person, sender.language))
        return (fresh(),)

    def blocks(self, sender: Sender) -> str:
        """Nobody can shut a website out. Raises ValueError."""
        raise ValueError("visitors of a website block nobody")

    async def reads(self, sender: Sender, word: str) -> None:
        """Keep for a visitor's page that he was read up to a word of his."""
        await desk.keep_seen(self._site, ChatId(sender.id), word)

    @property
    def _site(self) -> Site:
        assert self._open is not None, "a hall is given before anybody comes"
        return self._open

    async def _take(self, channel: ChannelName, raw: Raw) -> None:
        """Do at once, and once, what the door places in the inbox: a proof told again at the widget is known."""
        bridge = self._site.bridge
        if await bridge.store.updates.known(channel, [raw.key]):
            return
        now = bridge.clock.now()
        update = Update(f"{channel}:{raw.key}", channel, raw.key, raw.lane, raw.order, raw.body, now, state="done")
        for fact in self.parse(update):
            if isinstance(fact, Identified):
                await proofs.identified(bridge, fact)
        await bridge.store.updates.add(update)


_: type[Channel] = SiteHistory
_rates: type[RatingChannel] = SiteHistory
