"""Tasks: what somebody is to do, by when, in a conversation or for a customer; they outlive what they hang on."""

from dataclasses import dataclass
from datetime import datetime

from bridge.model.ids import ConversationId, CustomerId, OperatorId


@dataclass(frozen=True, slots=True)
class TaskNews:
    """What happened to a task and is still to be told: `code` is added, assigned, done or reopened, `by` whom."""

    code: str
    by: OperatorId
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done; `conversation` or `customer` is what it is about (None: nothing but itself).

    `customer` is the one a conversation began with: a task goes where its conversation goes. `assignee` None: anybody.
    `reminded`: the due time its assignee was told of. `news` is told outside, each once, and then dropped.
    """

    id: str
    text: str
    by: OperatorId
    by_name: str
    created_at: datetime
    assignee: OperatorId | None = None
    assignee_name: str = ""
    conversation: ConversationId | None = None
    customer: CustomerId | None = None
    due: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""
    reminded: datetime | None = None
    news: tuple[TaskNews, ...] = ()
    version: int = 0

    @property
    def wakes(self) -> datetime | None:
        """When somebody is to be told something of it."""
        if self.news:
            return self.news[0].at
        return self.due if self.done_at is None and self.reminded != self.due else None
