"""Tasks, notices and stars of the people of the desk."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bridge.errors import Conflict, Invalid
from bridge.model.conversations import Conversation, DeskState
from bridge.model.ids import ConversationId, CustomerId, MessageId, OperatorId, derive
from bridge.model.lanes import IDLE
from bridge.model.notices import Kind, Notice, Star, Way
from bridge.model.tasks import Task
from storage.documents import Body, Documents, Key, Order, P, VersionConflict
from storage.repositories.base import Rows, cursor_of, parts_of
from storage.schema import CONVERSATIONS, NOTICES, STARS, TASKS

#: Tasks of one conversation or customer that are shown; mentions that are looked through.
MOST = 200


def _task_keys(row: Task) -> Body:
    return {"open": row.done_at is None, "sorts": row.done_at or row.due or IDLE, "wakes": row.wakes}


def _notice_keys(row: Notice) -> Body:
    return {"unread": row.read_at is None, "listed": Way.PANEL in row.ways}


def _millis(value: datetime) -> int:
    return round(value.timestamp() * 1000)


def _key(cursor: str | None) -> Key | None:
    if not cursor:
        return None
    at, id = parts_of(cursor, 2)
    try:
        return Key(datetime.fromtimestamp(int(at) / 1000, UTC), id)
    except (ValueError, OverflowError, OSError):
        raise Invalid(("cursor", "invalid")) from None


class TaskRows:
    """Tasks, as bridge.ports.notices.Tasks says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, TASKS, Task, _task_keys)

    async def get(self, id: str) -> Task:
        return await self._rows.get(id)

    async def add(self, task: Task) -> Task:
        return (await self._rows.insert_once(task))[0]

    async def replace(self, task: Task) -> Task:
        return await self._rows.replace(task)

    async def delete(self, task: Task) -> None:
        try:
            await self._rows.documents.delete(TASKS, task.id, task.version)
        except VersionConflict:
            raise Conflict("version", f"task {task.id}") from None

    async def mine(
        self, assignee: OperatorId, done: bool, cursor: str | None, limit: int
    ) -> tuple[list[Task], str | None]:
        where = (P("assignee", "eq", assignee), P("open", "eq", not done))
        rows = await self._rows.list(*where, order=Order("sorts", desc=done), after=_key(cursor), limit=limit + 1)
        if len(rows) <= limit:
            return rows, None
        last = rows[limit - 1]
        return rows[:limit], cursor_of(_millis(_task_keys(last)["sorts"]), last.id)

    async def overdue(self, assignee: OperatorId, now: datetime) -> int:
        where = (P("assignee", "eq", assignee), P("open", "eq", True), P("sorts", "le", now))
        return await self._rows.documents.count(TASKS, where)

    async def about(self, conversation: ConversationId | None, customers: Sequence[CustomerId]) -> list[Task]:
        if conversation is not None:
            rows = await self._rows.list(P("conversation", "eq", conversation), limit=MOST)
        else:
            rows = await self._rows.list(P("customer", "in", tuple(customers)), limit=MOST) if customers else []
        now_open = sorted((row for row in rows if row.done_at is None), key=lambda row: (row.due or IDLE, row.id))
        done = sorted((row for row in rows if row.done_at), key=lambda row: row.done_at or IDLE, reverse=True)
        return [*now_open, *done]

    async def to_tell(self, until: datetime, limit: int) -> list[Task]:
        return await self._rows.list(P("wakes", "le", until), limit=limit)


class NoticeRows:
    """Notices, as bridge.ports.notices.Notices says."""

    def __init__(self, documents: Documents) -> None:
        self.rows = Rows(documents, NOTICES, Notice, _notice_keys)
        self._cases = Rows(documents, CONVERSATIONS, Conversation, met=1)

    async def find(self, id: str) -> Notice | None:
        return await self.rows.find(id)

    async def page(
        self, operator: OperatorId, before: tuple[datetime, str] | None, limit: int, unread: bool = False
    ) -> list[Notice]:
        where = [P("operator", "eq", operator), P("listed", "eq", True)]
        if unread:
            where.append(P("unread", "eq", True))
        after = Key(*before) if before is not None else None
        return await self.rows.list(*where, order=Order("at", desc=True), after=after, limit=limit)

    async def unread(self, operator: OperatorId, limit: int) -> list[Notice]:
        where = (P("operator", "eq", operator), P("unread", "eq", True))
        return await self.rows.list(*where, order=Order("at", desc=True), limit=limit)

    async def unread_in(self, operator: OperatorId, conversation: ConversationId) -> list[Notice]:
        where = (P("operator", "eq", operator), P("unread", "eq", True), P("conversation", "eq", conversation))
        return await self.rows.list(*where, limit=MOST)

    async def mentioned(self, operator: OperatorId, limit: int) -> list[ConversationId]:
        where = (P("operator", "eq", operator), P("kind", "eq", Kind.MENTION.value))
        rows = await self.rows.list(*where, order=Order("at", desc=True), limit=MOST)
        return list(dict.fromkeys(row.conversation for row in rows if row.conversation is not None))[:limit]

    async def replace(self, notice: Notice) -> Notice:
        return await self.rows.replace(notice)

    async def due(self, way: Way, until: datetime, limit: int) -> list[Notice]:
        field = "email_at" if way is Way.EMAIL else "telegram_at"
        return await self.rows.list(P(field, "le", until), limit=limit)

    async def late(self, since: datetime, until: datetime, limit: int) -> list[Conversation]:
        due = P("desk_state", "eq", DeskState.DUE.value)
        return await self._cases.list(
            due, P("wait", "gt", since), P("wait", "le", until), order=Order("wait"), limit=limit
        )

    async def forget(self, before: datetime) -> int:
        return await self.rows.documents.sweep(NOTICES, (P("at", "lt", before),), 1000)

    async def keep(self, operator: OperatorId, most: int) -> int:
        where = P("operator", "eq", operator)
        newest = await self.rows.list(where, order=Order("at", desc=True), limit=most + 1)
        if len(newest) <= most:
            return 0
        return await self.rows.documents.sweep(NOTICES, (where, P("at", "le", newest[-1].at)), 1000)


class StarRows:
    """Stars, as bridge.ports.notices.Stars says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, STARS, Star)

    async def put(self, star: Star) -> Star:
        return (await self._rows.insert_once(star))[0]

    async def take(self, operator: OperatorId, message: MessageId) -> bool:
        return await self._rows.documents.delete(STARS, star_id(operator, message))

    async def page(self, operator: OperatorId, cursor: str | None, limit: int) -> tuple[list[Star], str | None]:
        order = Order("at", desc=True)
        rows = await self._rows.list(P("operator", "eq", operator), order=order, after=_key(cursor), limit=limit + 1)
        if len(rows) <= limit:
            return rows, None
        return rows[:limit], cursor_of(_millis(rows[limit - 1].at), rows[limit - 1].id)

    async def within(self, operator: OperatorId, conversation: ConversationId) -> list[MessageId]:
        where = (P("operator", "eq", operator), P("conversation", "eq", conversation))
        return [row.message for row in await self._rows.list(*where, limit=MOST)]


def star_id(operator: OperatorId, message: MessageId) -> str:
    """Return the id of a person's star on a message."""
    return derive("star", operator, message)
