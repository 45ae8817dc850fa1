"""/canned and /macros: what the desk says and does again and again."""

from datetime import timedelta

from bridge.composing import canned as kept
from bridge.composing import filling, macros
from bridge.composing.shelf import changes
from bridge.errors import Conflict
from bridge.model.canned import Canned, Macro, MacroStep
from bridge.model.ids import ConversationId, FileId, TeamId
from bridge.teamwork import roster
from operator_panel.api import canned_shapes as shapes
from operator_panel.api.bodies import Attached
from operator_panel.api.conversations import shown
from operator_panel.api.messages import crossed_problem
from operator_panel.api.shapes import Page, Ref
from operator_panel.problems import invalid
from operator_panel.reading import expected_version
from operator_panel.serving import Call

_MAY_BE_NULL = ("team",)


async def canned(call: Call) -> shapes.CannedList:
    """List the canned replies the caller is offered, and the variables their texts may hold."""
    names = await _names(call)
    rows = await kept.listed(call.bridge, call.actor)
    items = [_canned(call, row, used, names) for row, used in rows]
    return shapes.CannedList(items=items, variables=list(filling.NAMES))


async def canned_one(call: Call, id: str) -> shapes.Canned:
    """Read one canned reply."""
    return _canned(call, *await kept.look(call.bridge, call.actor, id), await _names(call))


async def canned_post(call: Call, body: shapes.NewCanned) -> shapes.Canned:
    """Write a canned reply."""
    row = await kept.create(call.bridge, call.actor, _wish(body))
    return _canned(call, row, 0, await _names(call))


async def canned_change(call: Call, id: str, body: shapes.CannedChange) -> shapes.Canned:
    """Change a canned reply."""
    _no_nulls(body)
    await kept.change(call.bridge, call.actor, id, _wish(body), expected_version(call.request))
    return await canned_one(call, id)


async def canned_delete(call: Call, id: str) -> None:
    """Delete a canned reply; what was said with it stays."""
    await kept.delete(call.bridge, call.actor, id)


async def canned_insert(call: Call, id: str, body: shapes.Insertion) -> shapes.Inserted:
    """Fill a canned reply for a conversation, and count that it was used."""
    where = ConversationId(body.conversation)
    await roster.teams(call.bridge)
    found = await kept.insert(call.bridge, call.actor, id, where, call.key(body.token))
    files = [call.office.renderer.attachment(each, call.language) for each in found.attachments]
    return shapes.Inserted(conversation_id=where, text=found.text, unfilled=list(found.unfilled), attachments=files)


async def macros_list(call: Call) -> Page[shapes.Macro]:
    """List the macros the caller is offered."""
    names = await _names(call)
    return Page(items=[_macro(call, row, used, names) for row, used in await macros.listed(call.bridge, call.actor)])


async def macro(call: Call, id: str) -> shapes.Macro:
    """Read one macro."""
    return _macro(call, *await macros.look(call.bridge, call.actor, id), await _names(call))


async def macro_post(call: Call, body: shapes.NewMacro) -> shapes.Macro:
    """Make a macro."""
    row = await macros.create(call.bridge, call.actor, _macro_wish(body))
    return _macro(call, row, 0, await _names(call))


async def macro_change(call: Call, id: str, body: shapes.MacroChange) -> shapes.Macro:
    """Change a macro."""
    _no_nulls(body)
    await macros.change(call.bridge, call.actor, id, _macro_wish(body), expected_version(call.request))
    return await macro(call, id)


async def macro_delete(call: Call, id: str) -> None:
    """Delete a macro."""
    await macros.delete(call.bridge, call.actor, id)


async def macro_run(call: Call, id: str, body: shapes.MacroRun) -> shapes.MacroDone:
    """Run a macro in a conversation; what came of each step is told, after one that failed nothing more is done.

    A first reply that crossed with newer words is 409 `crossed`, and nothing was done.
    """
    where, key = ConversationId(id), call.key(body.client_id)
    try:
        hold = None if body.hold_seconds is None else timedelta(seconds=body.hold_seconds)
        run = await macros.run(call.bridge, call.actor, where, body.macro, key=key, seen_seq=body.seen_seq, hold=hold)
    except Conflict as conflict:
        raise crossed_problem(call, conflict) from None
    row = await call.bridge.store.conversations.get(where)
    return shapes.MacroDone(
        steps=[
            shapes.StepOutcome(deed=each.step.deed, value=each.step.value, state=each.state, reason=each.code or None)
            for each in run.steps
        ],
        messages=[call.office.renderer.message(each, call.language) for each in run.messages],
        conversation=await shown(call, row),
    )


def _no_nulls(body: shapes.CannedChange | shapes.MacroChange) -> None:
    fields = [name for name in body.model_fields_set if getattr(body, name) is None and name not in _MAY_BE_NULL]
    if fields:
        raise invalid(*((name, "required") for name in fields))


def _wish(body: shapes.NewCanned | shapes.CannedChange) -> kept.Wish:
    return kept.Wish(
        title=body.title,
        text=body.text,
        shared=body.shared,
        team=TeamId(body.team) if body.team else None,
        shortcut=body.shortcut,
        language=body.language,
        files=None if body.attachments is None else _files(body.attachments),
    )


def _files(attached: list[Attached]) -> list[FileId]:
    return [FileId(each.file_id) for each in attached]


def _macro_wish(body: shapes.NewMacro | shapes.MacroChange) -> macros.Wish:
    return macros.Wish(
        title=body.title,
        steps=None if body.steps is None else [MacroStep(each.deed, each.value) for each in body.steps],
        shared=body.shared,
        team=TeamId(body.team) if body.team else None,
        shortcut=body.shortcut,
    )


async def _names(call: Call) -> dict[str, str]:
    """Return the names of people by id, and have teams' names at hand."""
    await roster.teams(call.bridge)
    return {row.id: row.name for row in await call.bridge.store.staff.all()}


def _canned(call: Call, row: Canned, used: int, names: dict[str, str]) -> shapes.Canned:
    return shapes.Canned(
        id=row.id,
        title=row.title,
        text=row.text,
        shortcut=row.shortcut,
        shared=row.shared,
        team=Ref(id=row.team, name=roster.name_of(call.bridge, row.team)) if row.team else None,
        by=Ref(id=row.by, name=names.get(row.by, "")),
        language=row.language,  # type: ignore[arg-type]  # checked when it was written
        attachments=[call.office.renderer.attachment(each, call.language) for each in row.attachments],
        used=used,
        mine=changes(call.actor, row),
        created_at=row.created_at,
        version=row.version,
    )


def _macro(call: Call, row: Macro, used: int, names: dict[str, str]) -> shapes.Macro:
    return shapes.Macro(
        id=row.id,
        title=row.title,
        steps=[shapes.Step(deed=each.deed, value=each.value) for each in row.steps],
        shortcut=row.shortcut,
        shared=row.shared,
        team=Ref(id=row.team, name=roster.name_of(call.bridge, row.team)) if row.team else None,
        by=Ref(id=row.by, name=names.get(row.by, "")),
        used=used,
        mine=changes(call.actor, row),
        created_at=row.created_at,
        version=row.version,
    )
