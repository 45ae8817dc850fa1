"""Tasks by the order /task of a topic: "call back @mark tomorrow 10:00", "done 2", or alone for the list."""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge import moments
from bridge.context import Bridge
from bridge.errors import Invalid
from bridge.model.desk import Topic
from bridge.model.ids import ConversationId
from bridge.model.inbound import StaffSaid
from bridge.model.messages import Choice
from bridge.model.operators import Operator
from bridge.model.tasks import Task
from bridge.rights import may, require
from bridge.staff import mirror, topics
from bridge.teamwork import mentioning, tasks

#: What does a task: alone where one is open, else with its number in the list.
_DONE = ("done", "готово", "сделано", "сделал", "сделала", "выполнено")
#: Words at the end of an order that may name its day and hour; tasks of one list; letters of one at a button.
_LATEST = 4
LISTED = 10
_LABEL = 40
#: How long it is remembered which task an order meant: the same order again means no other one.
KEPT = timedelta(days=7)


async def ordered(bridge: Bridge, actor: Operator, topic: Topic, inbound: StaffSaid, rest: str, key: str) -> str | None:
    """Write a task down, do one, or show those that are open; returns what is to be said. Raises Forbidden."""
    require(actor, "task")
    first, _, behind = rest.partition(" ")
    if not rest:
        return await _list(bridge, actor, topic.id, inbound.external_id)
    if first.casefold() in _DONE and (not behind.strip() or behind.strip().isdecimal()):
        return await _finish_one(bridge, actor, topic.id, behind.strip(), key)
    return await _add(bridge, actor, topic.id, inbound, rest, key)


async def finish(bridge: Bridge, actor: Operator, id: str) -> str:
    """Do a task; returns what is to be said. Raises Forbidden, NotFound."""
    task = await tasks.change(bridge, actor, id, done=True)
    return _say(bridge, "task_done", text=task.text)


async def _add(bridge: Bridge, actor: Operator, id: ConversationId, inbound: StaffSaid, rest: str, key: str) -> str:
    there = [row for row in await bridge.store.staff.all() if may(row, "task")]
    named = mentioning.named(rest, there)
    if named and len(named[0].people) > 1:
        return _say(bridge, "mention_vague", name=rest[named[0].start + 1 : named[0].end])
    whose = named[0].people[0] if named else actor
    text = " ".join((rest[: named[0].start] + rest[named[0].end :] if named else rest).split())
    text, due = until(text, inbound.at.astimezone())
    try:
        task = await tasks.add(bridge, actor, text, assignee=whose.id, due=due, conversation=id, key=key)
    except Invalid as fault:
        field, code = fault.errors[0]
        words = {"assignee": "task_no_access", "text": "task_how" if code == "empty" else "task_long"}
        return _say(bridge, words.get(field, "task_how"), name=whose.name, length=tasks.TEXT)
    return _say(bridge, "task_added", task=_line(bridge, task))


def until(text: str, now: datetime) -> tuple[str, datetime | None]:
    """Take the due time off the end of a text: as many words as name one; a number alone names none."""
    words = text.split()
    for count in range(min(_LATEST, len(words) - 1), 0, -1):
        tail = " ".join(words[-count:])
        due = None if tail.isdecimal() else moments.moment(tail, now)
        if due is not None:
            return " ".join(words[:-count]), due
    return text, None


async def _list(bridge: Bridge, actor: Operator, id: ConversationId, at: str) -> str | None:
    there = await _open(bridge, actor, id)
    if not there:
        return _say(bridge, "task_none")
    lines = [f"{number}. {_line(bridge, task)}" for number, task in enumerate(there[:LISTED], 1)]
    if len(there) > LISTED:
        lines.append(_say(bridge, "task_more", count=len(there) - LISTED))
    choices = tuple(
        Choice(f"✅ {number}. {task.text[:_LABEL]}", f"task:{task.id}") for number, task in enumerate(there[:LISTED], 1)
    )
    conversation = await bridge.store.conversations.get(id)
    words = "\n".join([_say(bridge, "task_list"), *lines])
    await topics.put(bridge, replace(mirror.notice(bridge, conversation, at, words, at), choices=choices))
    return None


async def _finish_one(bridge: Bridge, actor: Operator, id: ConversationId, number: str, key: str) -> str:
    place = f"task:{key}"
    meant = await bridge.store.journal.value(place)
    if meant is None:
        there = await _open(bridge, actor, id)
        at = int(number) if number else 1
        if not there or not 1 <= at <= len(there) or (not number and len(there) > 1):
            return _say(bridge, "task_which" if there else "task_none")
        mine = {"task": there[at - 1].id}
        meant = await bridge.store.journal.put_value_once(place, mine, bridge.clock.now() + KEPT) or mine
    return await finish(bridge, actor, meant["task"])


async def _open(bridge: Bridge, actor: Operator, id: ConversationId) -> list[Task]:
    return [task for task in await tasks.of_conversation(bridge, actor, id) if task.done_at is None]


def _line(bridge: Bridge, task: Task) -> str:
    due = _say(bridge, "task_until", until=mirror.clock(task.due)) if task.due is not None else ""
    return " · ".join(filter(None, [task.text, task.assignee_name, due]))


def _say(bridge: Bridge, key: str, **values: object) -> str:
    return bridge.phrases.say(bridge.phrases.language, f"staff.{key}", **values)
