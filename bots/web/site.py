"""What every part of one widget's door shares: its settings, the hall, its open lines, its limits, its key."""

import secrets
from dataclasses import dataclass

from bots.web import tokens
from bots.web.lines import Lines
from bots.web.problems import Problem
from bots.web.settings import WebSettings
from bridge.context import Bridge
from bridge.delivery.quota import Draw, Quota
from bridge.model.ids import ChannelName
from bridge.model.lanes import IDLE
from bridge.ports.channels import Accept

#: What a visitor's page may ask for in a minute beside its words: history, files, sockets, the session again.
ASKED = 600
#: What is counted here is never paused.
PAUSE = "web"


@dataclass(slots=True)
class Site:
    """One widget's door as long as the process lives; `accept` is there once the channel runs."""

    name: ChannelName
    settings: WebSettings
    public_url: str
    bridge: Bridge
    lines: Lines
    quota: Quota
    proxies: int = 0
    online: bool = False  # somebody is at the desk
    accept: Accept | None = None
    order: int = 0
    made_key: bytes = b""

    @property
    def secret(self) -> str:
        """What the shop signs with; empty: it does not sign."""
        return self.settings.secret.get_secret_value() if self.settings.secret else ""

    @property
    def title(self) -> str:
        """The head of the widget."""
        return self.settings.title or self.bridge.shop

    async def key(self) -> bytes:
        """Return the key that signs tokens: made from the secret, else once per installation. Raises StoreDown."""
        if not self.made_key:
            self.made_key = tokens.key_of(self.secret) if self.secret else await self._stored_key()
        return self.made_key

    async def _stored_key(self) -> bytes:
        made = {"key": secrets.token_hex(32)}
        found = await self.bridge.store.journal.put_value_once(f"web:{self.name}:key", made, IDLE)
        return bytes.fromhex((found or made)["key"])

    def next_order(self) -> int:
        """Return a place in a chat's lane after all given before: the time in microseconds, never the same twice."""
        self.order = max(self.order + 1, round(self.bridge.clock.now().timestamp() * 1e6))
        return self.order

    def taken(self) -> Accept:
        """Return the inbox's door. Raises Problem while this process takes nothing in."""
        if self.accept is None:
            raise Problem(503, "unavailable", headers={"Retry-After": "2"})
        return self.accept

    async def limit(self, what: str, whose: str, size: int, seconds: float) -> float:
        """Take one of `size` turns that grow back in `seconds`; return the seconds to wait, 0 when it was taken."""
        if size == 0:
            return seconds
        return await self.quota.take(PAUSE, [Draw(f"{self.name}:{what}:{whose}", size, size / seconds)])

    async def turn(self, what: str, whose: str, size: int, seconds: float) -> None:
        """Take such a turn. Raises Problem 429 with the time to wait."""
        wait = await self.limit(what, whose, size, seconds)
        if wait:
            left = round(wait) + 1
            raise Problem(429, "too_many", values={"seconds": left}, headers={"Retry-After": str(left)})

    def say(self, language: str, key: str, **values: object) -> str:
        """Return a sentence of the widget."""
        return self.bridge.phrases.say(language, f"widget.{key}", **values)
