"""What the hall needs from the cellar to know tasks, notices and stars."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bridge.model.conversations import Conversation
from bridge.model.ids import ConversationId, CustomerId, MessageId, OperatorId
from bridge.model.notices import Notice, Star, Way
from bridge.model.tasks import Task


class Tasks(Protocol):
    """Tasks by id; open ones in the order in which they are due, done ones the newest first."""

    async def get(self, id: str) -> Task:
        """Read one; raises NotFound."""

    async def add(self, task: Task) -> Task:
        """Store a new one, or return the one with this id."""

    async def replace(self, task: Task) -> Task:
        """Compare and swap; raises Conflict("version")."""

    async def delete(self, task: Task) -> None:
        """Take one away; raises Conflict("version")."""

    async def mine(
        self, assignee: OperatorId, done: bool, cursor: str | None, limit: int
    ) -> tuple[list[Task], str | None]:
        """List what somebody is to do, or has; returns the next cursor. Raises Invalid."""

    async def overdue(self, assignee: OperatorId, now: datetime) -> int:
        """Count what somebody should have done by now."""

    async def about(self, conversation: ConversationId | None, customers: Sequence[CustomerId]) -> list[Task]:
        """List all tasks of a conversation, or else of customers: open ones first."""

    async def to_tell(self, until: datetime, limit: int) -> list[Task]:
        """Tasks of which something is to be told until a time."""


class Notices(Protocol):
    """Notices by person, the newest first; each is written once."""

    async def find(self, id: str) -> Notice | None:
        """Read one if it is there."""

    async def page(
        self, operator: OperatorId, before: tuple[datetime, str] | None, limit: int, unread: bool = False
    ) -> list[Notice]:
        """Read those shown in a person's list, older than one (its time and id)."""

    async def unread(self, operator: OperatorId, limit: int) -> list[Notice]:
        """Read a person's newest unread ones, whether his list shows them or not."""

    async def unread_in(self, operator: OperatorId, conversation: ConversationId) -> list[Notice]:
        """Read a person's unread ones of a conversation."""

    async def mentioned(self, operator: OperatorId, limit: int) -> list[ConversationId]:
        """Name the conversations in whose notes a person was mentioned, the newest mention first, each once."""

    async def replace(self, notice: Notice) -> Notice:
        """Compare and swap; raises Conflict("version")."""

    async def due(self, way: Way, until: datetime, limit: int) -> list[Notice]:
        """Those that are to go out by a way until a time."""

    async def late(self, since: datetime, until: datetime, limit: int) -> list[Conversation]:
        """Conversations that are due and have been so since a time between two, the longest wait first."""

    async def forget(self, before: datetime) -> int:
        """Delete a portion of those that are older; returns how many."""

    async def keep(self, operator: OperatorId, most: int) -> int:
        """Delete a portion of what a person has beyond so many, the oldest; returns how many."""


class Stars(Protocol):
    """Stars by person, the newest first."""

    async def put(self, star: Star) -> Star:
        """Store one, or return the one with this id."""

    async def take(self, operator: OperatorId, message: MessageId) -> bool:
        """Delete one; False: it was not there."""

    async def page(self, operator: OperatorId, cursor: str | None, limit: int) -> tuple[list[Star], str | None]:
        """List a person's; returns the next cursor. Raises Invalid."""

    async def within(self, operator: OperatorId, conversation: ConversationId) -> list[MessageId]:
        """Name the messages of a conversation on which a person put one."""
