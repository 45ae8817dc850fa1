"""What the hall needs from the cellar to keep cases: conversations, their lists and views."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bridge.model.access import Sight
from bridge.model.conversations import Conversation, ConversationFilters
from bridge.model.ids import ConversationId, CustomerId, OperatorId, TeamId


class Conversations(Protocol):
    """Cases and what hangs on them."""

    async def get(self, id: ConversationId) -> Conversation:
        """Read one; raises NotFound."""

    async def many(self, ids: Sequence[ConversationId]) -> list[Conversation]:
        """Read several, absent ones left out."""

    async def open(self, conversation: Conversation) -> Conversation:
        """Store a new one (with the next number) or return the one with this id."""

    async def begun(self) -> bool:
        """Was there ever one, deleted ones counted?"""

    async def replace(self, conversation: Conversation) -> Conversation:
        """Compare and swap by version; raises Conflict("version")."""

    async def unsettled(self, before: datetime, limit: int) -> list[Conversation]:
        """Conversations last written before a time that still hold pending entries."""

    async def page(
        self, filters: ConversationFilters, cursor: str | None, limit: int
    ) -> tuple[list[Conversation], str | None]:
        """List by newest activity (or, by_wait, by longest wait); returns the next cursor. Raises Invalid."""

    async def view(
        self,
        view: str,
        operator: OperatorId,
        cursor: str | None,
        limit: int,
        sight: Sight | None = None,
        *,
        newest: bool = False,
    ) -> tuple[list[Conversation], str | None]:
        """List a view (mine, free, all, bot, closed) as the inbox shows it; returns the next cursor. Raises Invalid.

        `sight`: what the person sees, and which free ones are his too; None: all.

        Due rows first, longest wait first, or `newest` word first; then answered ones, newest first; then snoozed ones.
        """

    async def counts(self, operator: OperatorId, sight: Sight | None = None) -> dict[str, int]:
        """Rows per view: mine, free, all, bot, and due (mine that wait for an answer); `sight` as in view."""

    async def standing(
        self, *, team: TeamId | None = None, assignee: OperatorId | None = None, limit: int = 100
    ) -> list[Conversation]:
        """Open conversations of a team, or of a person."""

    async def loads(self, operators: Sequence[OperatorId]) -> dict[OperatorId, int]:
        """How many conversations each person has open; snoozed ones are no load."""

    async def to_route(self, until: datetime, limit: int) -> list[Conversation]:
        """Conversations whose scenario has something to do until a time."""

    async def to_send(self, until: datetime, limit: int) -> list[Conversation]:
        """Conversations that hold a reply which is to go out until a time."""

    async def asleep(self, until: datetime, limit: int) -> list[Conversation]:
        """Conversations whose snooze ends until a time, the earliest first."""

    async def changed(self, since: datetime, limit: int) -> list[Conversation]:
        """Conversations written at or after a time, oldest first."""

    async def lately(
        self, cursor: str | None, limit: int, sight: Sight | None = None
    ) -> tuple[list[Conversation], str | None]:
        """List the conversation each customer was last active in, the newest first; returns the next cursor.

        A page may be shorter than asked, or empty: the end is where no cursor is. Raises Invalid.
        """

    async def silent(self, customers: Sequence[CustomerId]) -> list[CustomerId]:
        """Those of these customers who have no conversation, in the order given."""
