"""What the hall needs from the cellar to know people: customers, their identities and chats, and who joined whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bridge.model.customers import Chat, Customer, Identity, Link
from bridge.model.ids import ChannelName, ChatId, CustomerId


class People(Protocol):
    """Customers, identities and chats."""

    async def chat(self, channel: ChannelName, chat: ChatId) -> Chat | None:
        """Read a chat if it is known."""

    async def meet(self, chat: Chat, customer: Customer, identity: Identity) -> Chat:
        """Store a new chat with its customer and identity, each once; returns the chat that is there."""

    async def replace_chat(self, chat: Chat) -> Chat:
        """Compare and swap; raises Conflict("version")."""

    async def customer(self, id: CustomerId) -> Customer:
        """Read one; raises NotFound."""

    async def many(self, ids: Sequence[CustomerId]) -> list[Customer]:
        """Read several in the order asked, absent ones left out."""

    async def few(self, own: str, q: str, active: datetime | None, limit: int) -> list[Customer] | None:
        """Candidates: in whose profile words of `own` stand, whom q finds, or who was active since; none is left out.

        Each may fit one of these alone; who joined another is that one. None: neither names at most `limit`.
        """

    async def since(self, at: datetime | None, after: Customer | None, limit: int) -> list[Customer]:
        """Read customers made at a time or later, those who joined another included, the oldest first, after one."""

    async def active(self, customers: Sequence[CustomerId], since: datetime) -> set[CustomerId]:
        """In whose conversations somebody spoke at a time or later."""

    def finds(self, q: str, customer: Customer, identities: Sequence[Identity]) -> bool:
        """Tell whether `search` finds this customer by q."""

    async def add_customer(self, customer: Customer) -> Customer:
        """Store a new one, once; returns the one of this id that is there."""

    async def add_customers(self, customers: Sequence[Customer]) -> list[Customer]:
        """Store new ones, each once; returns those of these ids that were there."""

    async def replace_customer(self, customer: Customer) -> Customer:
        """Compare and swap; raises Conflict("version")."""

    async def tags(self, limit: int) -> list[str]:
        """Tags customers have, the most used first."""

    async def identities(self, customer: CustomerId) -> list[Identity]:
        """All identities of a customer."""

    async def identities_of(self, customers: Sequence[CustomerId]) -> dict[CustomerId, list[Identity]]:
        """All identities of several customers, by customer, also of those who have none."""

    async def add_identities(self, identities: Sequence[Identity]) -> None:
        """Store new ones, each once."""

    async def add_identity(self, identity: Identity) -> Identity:
        """Store a new one, once; returns the one of this id that is there."""

    async def replace_identity(self, identity: Identity) -> Identity:
        """Compare and swap; raises Conflict("version")."""

    async def owners(self, kind: str, value: str, limit: int) -> list[Identity]:
        """Whoever has this e-mail, phone or account."""

    async def holders(self, kind: str, values: Sequence[str]) -> list[Identity]:
        """Whoever has one of these e-mails, phones or accounts."""

    async def chats(self, customer: CustomerId, limit: int) -> list[Chat]:
        """Chats of a customer."""

    async def joined(self, customer: CustomerId) -> list[Customer]:
        """Customers who joined this one directly."""

    async def search(self, q: str, limit: int) -> list[Customer]:
        """Customers whose name, username or contact holds all words of q; newest first without q.

        Whoever joined another customer is found as that one.
        """

    async def newest(self, before: tuple[datetime, CustomerId] | None, limit: int) -> list[Customer]:
        """Customers who joined nobody, newest first, those behind a place (created_at, id)."""

    async def by_name(self, after: tuple[str, CustomerId] | None, limit: int) -> list[Customer]:
        """Customers who joined nobody, by name, those behind a place (sorts_as, id)."""

    async def total(self) -> int:
        """How many customers joined nobody."""


class Links(Protocol):
    """The history of who joined whom: steps numbered from 1 without holes."""

    async def newest(self) -> Link | None:
        """The last step; None: there was none."""

    async def add(self, link: Link) -> Link | None:
        """Write the next step; None: somebody else took its number."""

    async def finish(self, link: Link) -> None:
        """Mark a step as done; nothing happens when it is."""

    async def pending(self, limit: int) -> list[Link]:
        """Steps that are not done, in order."""

    async def of(self, children: Sequence[CustomerId]) -> list[Link]:
        """Every step these customers took, in order."""
