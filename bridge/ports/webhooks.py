"""What the hall needs to tell programs what happens: rows of the cellar, and a door that calls an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bridge.model.conversations import Conversation
from bridge.model.messages import Message
from bridge.model.webhooks import Webhook, WebhookCall


class WebhookRows(Protocol):
    """Webhooks and their calls as they are kept."""

    async def all(self) -> list[Webhook]:
        """Every webhook, the oldest first."""

    async def get(self, id: str) -> Webhook:
        """Read one; raises NotFound."""

    async def find(self, id: str) -> Webhook | None:
        """Read one if it is there."""

    async def add(self, webhook: Webhook) -> Webhook:
        """Store a new one."""

    async def remove(self, id: str) -> bool:
        """Delete one; False: it was not there. Its calls are never made and forgotten in time."""

    async def note(self, call: WebhookCall) -> bool:
        """Store a call once; False: it was there."""

    async def due(self, webhook: str, limit: int) -> list[WebhookCall]:
        """Calls that wait, the next one due first."""

    async def settle(self, call: WebhookCall) -> WebhookCall:
        """Compare and swap by version; raises Conflict("version")."""

    async def calls(self, webhook: str, limit: int) -> list[WebhookCall]:
        """The newest calls, the newest first."""

    async def waiting(self, webhook: str) -> int:
        """How many calls wait."""

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        """Delete a portion of the calls noticed before a time; returns how many."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: the status (0: there was no answer), a code of what is wrong, seconds asked to wait."""

    status: int
    error: str = ""
    pause: float = 0.0


class WebhookDoor(Protocol):
    """A way to call addresses that people of the desk named."""

    def refusal(self, url: str) -> str | None:
        """Return a code of why an address cannot be called, as far as its spelling tells; None: it may be."""

    async def call(self, url: str, secret: str, event: Mapping[str, Any]) -> Answer:
        """Call an address with a signed event; whatever goes wrong is in the answer."""

    async def close(self) -> None:
        """Give up the connections."""


class Told(Protocol):
    """How a conversation and a message are told to programs: as the API shows them."""

    def __call__(self, conversation: Conversation, message: Message | None) -> Mapping[str, Any]:
        """Return the event's data, of plain JSON values."""
