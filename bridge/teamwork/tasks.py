"""Tasks: given, changed, done; who has to know is told, each once, whatever dies in between."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, Invalid, NotFound
from bridge.model.conversations import Conversation
from bridge.model.ids import ConversationId, CustomerId, OperatorId, derive, fresh
from bridge.model.notices import Kind, Notice
from bridge.model.operators import Operator
from bridge.model.tasks import Task, TaskNews
from bridge.notices import telling, whom
from bridge.notices.people import people
from bridge.people.kin import members, root
from bridge.rights import may, require
from bridge.teamwork import access
from bridge.teamwork.customers import require_customer

#: Characters of a task.
TEXT = 1000
#: The latest due date.
FARTHEST = timedelta(days=3660)
#: Tasks told of in one round.
PORTION = 100


class Wanted(TypedDict, total=False):
    """What of a task is to be changed."""

    text: str
    assignee: OperatorId | None
    due: datetime | None
    done: bool


async def add(
    bridge: Bridge,
    actor: Operator,
    text: str,
    *,
    assignee: OperatorId | None = None,
    due: datetime | None = None,
    conversation: ConversationId | None = None,
    customer: CustomerId | None = None,
    key: str | None = None,
) -> Task:
    """Write a task down, about a conversation, a customer or nothing else; the same key gives the same task.

    Raises Forbidden, NotFound, Invalid with text (empty, too_long), due (invalid), assignee (unknown, no_access).
    """
    require(actor, "task")
    about = await access.conversation(bridge, actor, conversation) if conversation is not None else None
    if customer is not None:
        await require_customer(bridge, actor, customer)
        await bridge.store.people.customer(customer)
    now = bridge.clock.now()
    whose = await _person(bridge, assignee, about) if assignee is not None else None
    task = Task(
        id=derive("task", actor.id, key) if key else fresh(),
        text=_text(text),
        by=actor.id,
        by_name=actor.name,
        created_at=now,
        assignee=whose.id if whose else None,
        assignee_name=whose.name if whose else "",
        conversation=conversation,
        customer=about.home if about is not None else customer,
        due=_due(due, now),
        news=(TaskNews("added", actor.id, actor.name, now),),
    )
    return await tell(bridge, await bridge.store.tasks.add(task))


async def change(
    bridge: Bridge, actor: Operator, id: str, *, version: int | None = None, **wanted: Unpack[Wanted]
) -> Task:
    """Change a task, or do it. Raises as `add`, and Conflict("version") for another version than the expected one."""
    require(actor, "task")
    while True:
        task, about = await _seen(bridge, actor, id)
        if version is not None and version != task.version:
            raise Conflict("version", f"version {task.version} is there")
        after = await _changed(bridge, actor, task, about, wanted)
        if after == task:
            return task
        try:
            return await tell(bridge, await bridge.store.tasks.replace(after))
        except Conflict:
            continue


async def _changed(bridge: Bridge, actor: Operator, task: Task, about: Conversation | None, wanted: Wanted) -> Task:
    now, changes, codes = bridge.clock.now(), dict[str, Any](), list[str]()
    if "text" in wanted:
        changes["text"] = _text(wanted["text"])
    if "due" in wanted and wanted["due"] != task.due:
        changes["due"] = _due(wanted["due"], now)
    if "assignee" in wanted and wanted["assignee"] != task.assignee:
        whose = await _person(bridge, wanted["assignee"], about) if wanted["assignee"] is not None else None
        changes |= {"assignee": whose.id if whose else None, "assignee_name": whose.name if whose else ""}
        codes.append("assigned")
    if "done" in wanted and wanted["done"] is not (task.done_at is not None):
        done = wanted["done"]
        changes |= {"done_at": now if done else None, "done_by": actor.name if done else ""}
        codes.append("done" if done else "reopened")
    news = (*task.news, *(TaskNews(code, actor.id, actor.name, now) for code in codes))
    return replace(task, **changes, news=news)


async def delete(bridge: Bridge, actor: Operator, id: str) -> None:
    """Take a task away. Raises Forbidden, NotFound."""
    require(actor, "task")
    while True:
        task, _ = await _seen(bridge, actor, id)
        try:
            await bridge.store.tasks.delete(task)
        except Conflict:
            continue
        return


async def look(bridge: Bridge, actor: Operator, id: str) -> Task:
    """Read one. Raises Forbidden, NotFound."""
    require(actor, "read")
    return (await _seen(bridge, actor, id))[0]


async def mine(
    bridge: Bridge, actor: Operator, whose: OperatorId, done: bool, cursor: str | None, limit: int
) -> tuple[list[Task], str | None]:
    """List what a person is to do, or has, as far as the caller gets it; returns the next cursor."""
    require(actor, "read")
    rows, following = await bridge.store.tasks.mine(whose, done, cursor, limit)
    return await _sifted(bridge, actor, rows), following


async def of_conversation(bridge: Bridge, actor: Operator, id: ConversationId) -> list[Task]:
    """List the tasks of a conversation, open ones first. Raises Forbidden, NotFound."""
    await access.conversation(bridge, actor, id)
    return await bridge.store.tasks.about(id, ())


async def of_customer(bridge: Bridge, actor: Operator, id: CustomerId) -> list[Task]:
    """List the tasks of a customer and all he joined, of conversations the caller gets. Raises Forbidden, NotFound."""
    require(actor, "read")
    await require_customer(bridge, actor, id)
    person = await root(bridge, id)
    family = [person.id, *(each.id for each in await members(bridge, person.id))]
    return await _sifted(bridge, actor, await bridge.store.tasks.about(None, family))


async def _sifted(bridge: Bridge, actor: Operator, rows: list[Task]) -> list[Task]:
    if actor.sight.whole:
        return rows
    ids = list(dict.fromkeys(row.conversation for row in rows if row.conversation is not None))
    seen = {row.id for row in await bridge.store.conversations.many(ids) if actor.sight.sees(row)}
    return [row for row in rows if row.conversation is None or row.conversation in seen]


async def _seen(bridge: Bridge, actor: Operator, id: str) -> tuple[Task, Conversation | None]:
    task = await bridge.store.tasks.get(id)
    if task.conversation is not None:
        return task, access.require_seen(actor, await bridge.store.conversations.get(task.conversation))
    if task.customer is not None:
        await require_customer(bridge, actor, task.customer)
    elif actor.id not in (task.by, task.assignee) and not may(actor, "audit"):
        raise NotFound(f"tasks {id}")  # what hangs on nothing is between the two
    return task, None


def _text(text: str) -> str:
    words = " ".join(text.split())
    if not words or len(words) > TEXT:
        raise Invalid(("text", "too_long" if words else "empty"))
    return words


def _due(due: datetime | None, now: datetime) -> datetime | None:
    if due is not None and not now - FARTHEST < due < now + FARTHEST:
        raise Invalid(("due", "invalid"))
    return due


async def _person(bridge: Bridge, id: OperatorId, about: Conversation | None) -> Operator:
    try:
        person = await bridge.store.staff.operator(id)
    except NotFound:
        raise Invalid(("assignee", "unknown")) from None
    if not may(person, "task"):
        raise Invalid(("assignee", "unknown"))
    if about is not None and not person.sight.sees(about):
        raise Invalid(("assignee", "no_access"))
    return person


async def tell(bridge: Bridge, task: Task) -> Task:
    """Tell of what happened to a task, and of a due one; returns it as it stands then. Done again, it does nothing."""
    now = bridge.clock.now()
    about = None
    if task.conversation is not None:
        found = await bridge.store.conversations.many([task.conversation])
        about = found[0] if found else None
    rows: list[Notice | None] = []
    for news in task.news:
        if about is not None and news.code in ("added", "done"):
            await _line(bridge, about.id, task, news)
        rows += await _told(bridge, task, about, news)
    due = task.due is not None and task.due <= now and task.done_at is None and task.reminded != task.due
    if due and task.assignee is not None and task.due is not None:
        news = TaskNews(f"due:{task.due.isoformat()}", OperatorId(""), "", now)
        rows.append(await _notice(bridge, task, about, task.assignee, Kind.TASK, news, "due"))
    await telling.write(bridge, [row for row in rows if row is not None])
    reminded = task.due if due else task.reminded
    if not task.news and reminded == task.reminded:
        return task
    try:
        return await bridge.store.tasks.replace(replace(task, news=(), reminded=reminded))
    except Conflict:
        return task  # written meanwhile: whoever did tells what is left, and what was told is told once


async def _told(bridge: Bridge, task: Task, about: Conversation | None, news: TaskNews) -> list[Notice | None]:
    if news.code == "done":
        owners = dict.fromkeys([task.by, *([about.assignee] if about is not None and about.assignee else [])])
        return [await _notice(bridge, task, about, who, Kind.TASK_DONE, news) for who in owners if who != news.by]
    if task.assignee is None or task.assignee == news.by:
        return []
    return [await _notice(bridge, task, about, task.assignee, Kind.TASK, news, "given")]


async def _notice(
    bridge: Bridge,
    task: Task,
    about: Conversation | None,
    who: OperatorId,
    kind: Kind,
    news: TaskNews,
    detail: str = "",
) -> Notice | None:
    person = (await people(bridge)).get(who)
    if person is None:
        return None
    key = f"task:{task.id}:{news.code}:{'' if detail == 'due' else news.at.isoformat()}"
    told = whom.News(key, news.at, about, None, news.name, detail, task=task.id, text=task.text, customer=task.customer)
    return whom.notice(person, kind, told, bridge.mail is not None)


async def _line(bridge: Bridge, id: ConversationId, task: Task, news: TaskNews) -> None:
    """Tell of a task in the thread, once."""
    key = f"task:{task.id}:{news.code}:{news.at.isoformat()}"

    def decide(before: Conversation) -> Change:
        draft = Draft(bridge, before, before, key)
        draft.event(f"task_{news.code}", news.name, task.text)
        draft.audit(news.by, f"task_{news.code}", task=task.id)
        return draft.change()

    await commit(bridge, id, key, decide)


async def tell_due(bridge: Bridge) -> int:
    """Tell of tasks that are due, and of what a death left untold; returns how many. Raises StoreDown."""
    rows = await bridge.store.tasks.to_tell(bridge.clock.now(), PORTION)
    for row in rows:
        await tell(bridge, row)
    return len(rows)
