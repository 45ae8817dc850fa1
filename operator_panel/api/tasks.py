"""/tasks: what is to be done, by whom and by when; in a conversation, for a customer, or by itself."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, StringConstraints

from bridge.model.ids import ConversationId, CustomerId, OperatorId
from bridge.model.tasks import Task as Row
from bridge.teamwork import tasks as kept
from operator_panel.api import bodies, shapes
from operator_panel.api.shape import Shape, Time
from operator_panel.problems import invalid
from operator_panel.reading import expected_version
from operator_panel.serving import Call

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class About(Shape):
    """The conversation a task is about."""

    id: str
    number: int
    customer: str


class Task(Shape):
    """Something to be done; `conversation` is null for one about a customer, or about nothing else.

    `assignee` null: anybody; `overdue`: it should be done by now.
    """

    id: str
    text: str
    author: shapes.Ref
    assignee: shapes.Ref | None
    conversation: About | None
    customer_id: str | None
    due: Time | None
    overdue: bool
    done_at: Time | None
    done_by: str | None
    created_at: Time
    version: int


class TaskQuery(bodies.Slice):
    """Whose tasks: of a conversation or of a customer, else of a person (`me` or an id), open ones or those done."""

    conversation: Id | None = None
    customer: Id | None = None
    assignee: Id = "me"
    state: Literal["open", "done"] = "open"


class NewTask(bodies.Asked):
    """A task; `assignee` `me` is the caller, without one it is anybody's. It is about a conversation or a customer."""

    text: Words
    assignee: Id | None = None
    due: AwareDatetime | None = None
    conversation: Id | None = None
    customer: Id | None = None


class TaskChange(bodies.Change):
    """What is given takes the place of what is there; null takes the person or the date away."""

    text: Words | None = None
    assignee: Id | None = None
    due: AwareDatetime | None = None
    done: bool | None = None


class TaskCounts(Shape):
    """How many tasks of the caller are open but should be done."""

    overdue: int


async def tasks(call: Call, query: TaskQuery) -> shapes.Page[Task]:
    """List tasks: open ones as they are due, done ones newest first; of a conversation or customer both, open first."""
    following = None
    if query.conversation is not None:
        rows = await kept.of_conversation(call.bridge, call.actor, ConversationId(query.conversation))
    elif query.customer is not None:
        rows = await kept.of_customer(call.bridge, call.actor, CustomerId(query.customer))
    else:
        whose = _who(call, query.assignee)
        done = query.state == "done"
        rows, following = await kept.mine(call.bridge, call.actor, whose, done, query.cursor, query.limit)
    return shapes.Page(items=await _shown(call, rows), next=following)


async def task_counts(call: Call) -> TaskCounts:
    """Count the caller's tasks that should be done by now."""
    bridge = call.bridge
    return TaskCounts(overdue=await bridge.store.tasks.overdue(call.actor.id, bridge.clock.now()))


async def task(call: Call, id: str) -> Task:
    """Read one task."""
    return (await _shown(call, [await kept.look(call.bridge, call.actor, id)]))[0]


async def task_post(call: Call, body: NewTask) -> Task:
    """Write a task down; its person is told of it."""
    if body.conversation and body.customer:
        raise invalid(("customer", "one_of"))
    row = await kept.add(
        call.bridge,
        call.actor,
        body.text,
        assignee=_who(call, body.assignee) if body.assignee else None,
        due=_utc(body.due),
        conversation=ConversationId(body.conversation) if body.conversation else None,
        customer=CustomerId(body.customer) if body.customer else None,
        key=call.key(),
    )
    return (await _shown(call, [row]))[0]


async def task_change(call: Call, id: str, body: TaskChange) -> Task:
    """Change a task, or do it: its owners are told."""
    given: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if nulls := [name for name in ("text", "done") if name in given and given[name] is None]:
        raise invalid(*((name, "required") for name in nulls))
    if given.get("assignee"):
        given["assignee"] = _who(call, given["assignee"])
    if given.get("due"):
        given["due"] = _utc(given["due"])
    row = await kept.change(call.bridge, call.actor, id, version=expected_version(call.request), **given)
    return (await _shown(call, [row]))[0]


async def task_delete(call: Call, id: str) -> None:
    """Take a task away."""
    await kept.delete(call.bridge, call.actor, id)


def _who(call: Call, id: str) -> OperatorId:
    return OperatorId(call.actor.id if id == "me" else id)


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at is not None else None


async def _shown(call: Call, rows: list[Row]) -> list[Task]:
    ids = list(dict.fromkeys(row.conversation for row in rows if row.conversation is not None))
    there = {row.id: row for row in await call.bridge.store.conversations.many(ids)}
    now = call.bridge.clock.now()

    def shape(row: Row) -> Task:
        about = there.get(row.conversation) if row.conversation is not None else None
        return Task(
            id=row.id,
            text=row.text,
            author=shapes.Ref(id=row.by, name=row.by_name),
            assignee=shapes.Ref(id=row.assignee, name=row.assignee_name) if row.assignee else None,
            conversation=About(id=about.id, number=about.number, customer=about.customer_name) if about else None,
            customer_id=about.customer if about is not None else row.customer,
            due=row.due,
            overdue=row.done_at is None and row.due is not None and row.due <= now,
            done_at=row.done_at,
            done_by=row.done_by or None,
            created_at=row.created_at,
            version=row.version,
        )

    return [shape(row) for row in rows]
