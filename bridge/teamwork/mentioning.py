"""Colleagues who are mentioned in a note: they are told of it, and must get the conversation it stands in."""

from collections.abc import Sequence
from dataclasses import replace

from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict, Invalid
from bridge.model.conversations import Conversation
from bridge.model.ids import OperatorId
from bridge.model.operators import Operator
from bridge.rights import may, require

#: People mentioned in one note.
MOST = 30


async def people(bridge: Bridge, ids: Sequence[OperatorId]) -> list[Operator]:
    """Return who is mentioned, each once. Raises Invalid(("mentions", "unknown" or "too_many"))."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST:
        raise Invalid(("mentions", "too_many"))
    there = {row.id: row for row in await bridge.store.staff.all()} if wanted else {}
    if any(id not in there or not may(there[id], "read") for id in wanted):
        raise Invalid(("mentions", "unknown"))
    return [there[id] for id in wanted]


def reached(actor: Operator, before: Conversation, mentioned: Sequence[Operator], share: bool) -> Conversation:
    """Return the conversation as all who are mentioned get it: shared with those who do not, if that is wanted.

    Raises Conflict("no_access") with them in `newer`; Forbidden where sharing is not the writer's right.
    """
    outside = tuple(person for person in mentioned if not person.sight.sees(before))
    if not outside:
        return before
    if not share:
        raise Conflict("no_access", ", ".join(person.name for person in outside), outside)
    require(actor, "share")
    return replace(before, shared=(*before.shared, *(person.id for person in outside)))


def tell(draft: Draft, actor: Operator, before: Conversation) -> None:
    """Tell in the thread with whom a mention shared the conversation."""
    for id in draft.conversation.shared[len(before.shared) :]:
        draft.audit(actor.id, "shared", id, operator=id)
