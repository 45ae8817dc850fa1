"""People come, are placed and leave: what they had open returns to the queue, what they wrote keeps their name."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from bridge import handoff
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, Invalid, NotFound
from bridge.model.access import NONE, Reach
from bridge.model.canned import Shared
from bridge.model.conversations import Conversation, Stage
from bridge.model.events import AuditEvent
from bridge.model.ids import ConversationId, OperatorId, fresh
from bridge.model.operators import Operator, Role
from bridge.rights import require
from bridge.teamwork import roster

#: Conversations of one person that are given back in one go.
PORTION = 100
#: Whoever put somebody out may have died over it: what is left of him is looked for so long.
LATELY = timedelta(days=1)


async def require_places(
    bridge: Bridge,
    *,
    teams: Sequence[str] = (),
    team_reach: Reach | None = None,
    channel_reach: Reach | None = None,
) -> None:
    """Refuse teams and channels that are not there: Invalid((field, "unknown"))."""
    roster.forget(bridge)  # another process may have made one just now
    there = {id for id, row in (await roster.teams(bridge)).items() if row.deleted_at is None}
    wrong = [("teams", "unknown")] if set(teams) - there else []
    if team_reach is not None and set(team_reach.names) - there - {NONE}:
        wrong.append(("team_access", "unknown"))
    if channel_reach is not None and set(channel_reach.names) - set(bridge.channels.by_name):
        wrong.append(("channel_access", "unknown"))
    if wrong:
        raise Invalid(*wrong)


async def require_admin_left(bridge: Bridge, but: Operator) -> None:
    """Refuse to lose the last administrator: Invalid(("role", "last_admin"))."""
    others = [row for row in await bridge.store.staff.all() if row.id != but.id]
    if not any(row.role is Role.ADMIN and not row.disabled for row in others):
        raise Invalid(("role", "last_admin"))


async def replace_admin(bridge: Bridge, before: Operator, after: Operator) -> Operator:
    """Write what an administrator is no more; of two who put each other out at once, none is.

    Raises Invalid(("role", "last_admin")), Conflict("version").
    """
    await require_admin_left(bridge, before)
    gone = await bridge.store.staff.replace(after)
    try:
        await require_admin_left(bridge, before)
    except Invalid:
        while True:
            try:
                await bridge.store.staff.replace(replace(before, version=gone.version))
            except Conflict:
                gone = await bridge.store.staff.operator(before.id)
                continue
            raise
    return gone


async def delete(bridge: Bridge, actor: Operator, id: OperatorId) -> Operator:
    """Take a person off the desk for good: his address is free again, what he wrote keeps his name.

    Raises Forbidden, NotFound, Conflict("version"), Invalid(("role", "last_admin")).
    """
    require(actor, "staff")
    row = await bridge.store.staff.operator(id)
    if row.deleted_at is not None:
        raise NotFound(f"operators {id}")
    now, admin = bridge.clock.now(), row.role is Role.ADMIN and not row.disabled
    gone = replace(row, disabled=True, deleted_at=now, password="", telegram_user_id=None, teams=(), invited=None)
    gone = await (replace_admin(bridge, row, gone) if admin else bridge.store.staff.replace(gone))
    event = AuditEvent(fresh(), now, actor.id, "operator_deleted", f"operator:{id}", {"name": row.name})
    await bridge.store.journal.write(event)
    await leave_views(bridge, gone, actor.id)
    await leave_writing(bridge, gone)
    await give_back(bridge, gone, "left")
    return gone


async def leave_views(bridge: Bridge, gone: Operator, heir: OperatorId) -> None:
    """Drop the views somebody had for himself; those he shared stay, as somebody's who may change them."""
    for view in await bridge.store.views.all():
        if view.by != gone.id:
            continue
        if view.shared is Shared.OWN:
            await bridge.store.views.drop(view.id)
        else:
            with suppress(Conflict):  # somebody changes it just now: the timers look again
                await bridge.store.views.replace(replace(view, by=heir))


async def leave_writing(bridge: Bridge, gone: Operator) -> None:
    """Drop the canned replies, macros and drafts somebody had for himself; what he shared stays, under his name."""
    for shelf in (bridge.store.canned, bridge.store.macros):
        for row in await shelf.all():
            if row.by == gone.id and row.shared is Shared.OWN:
                await shelf.drop(row.id)
    while drafts := await bridge.store.drafts.of(gone.id, PORTION):
        for draft in drafts:
            await bridge.store.drafts.drop(gone.id, draft.conversation, draft.mode, None)


async def give_back(bridge: Bridge, person: Operator, code: str) -> int:
    """Return all open conversations of a person to the queue; `code` says why in the thread. Returns how many."""
    given = 0
    while rows := await bridge.store.conversations.standing(assignee=person.id, limit=PORTION):
        before = given
        for row in rows:
            given += await give_one_back(bridge, row.id, person, code)
        if given == before:
            break  # others write all of them: the timers look again
    return given


async def give_one_back(bridge: Bridge, id: ConversationId, person: Operator, code: str) -> bool:
    """Return a conversation to the queue if this person still has it open."""
    key = f"{code}:{person.id}:{fresh()}"

    def decide(before: Conversation) -> Change | None:
        if before.assignee != person.id or before.stage is not Stage.OPERATOR:
            return None
        draft = Draft(bridge, before, handoff.release(before, "queue"), key)
        draft.event(code, person.name)
        draft.audit("system", code, operator=person.id)
        return draft.change()

    return (await commit(bridge, id, key, decide)).fresh


async def give_back_left(bridge: Bridge) -> int:
    """Return what people who are gone still have open, and what is left of them: whoever put them out died over it.

    Returns how many conversations.
    """
    people = await bridge.store.staff.all()
    gone = [row for row in people if row.disabled]
    makers = {view.by for view in await bridge.store.views.all()} if gone else set()
    heir = next((row.id for row in people if row.role is Role.ADMIN and not row.disabled), None)
    for row in gone:
        if row.deleted_at is not None and row.id in makers and heir is not None:
            await leave_views(bridge, row, heir)
        if row.deleted_at is not None and row.deleted_at > bridge.clock.now() - LATELY:
            await leave_writing(bridge, row)
    return sum([await give_back(bridge, row, "left") for row in gone])
