"""What is passed on: to a person or a team, with the reason; shared with somebody; all of one's own at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import category

from bridge import handoff, service
from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import BridgeError, Invalid, NotFound, StoreDown
from bridge.model.conversations import Conversation
from bridge.model.ids import ConversationId, OperatorId, TeamId, derive, fresh
from bridge.model.operators import Operator
from bridge.model.teams import Team
from bridge.rights import may, require
from bridge.teamwork import access, roster

#: Characters of a reason.
REASON = 500
#: Conversations of one person passed on at once; the verb may be asked again.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of one conversation: `refusal` is a code, None: it was passed on."""

    id: ConversationId
    refusal: str | None = None


def reason_of(text: str) -> str:
    """Return a reason as it is kept, on one line; raises Invalid(("reason", "too_long"))."""
    line = " ".join("".join(" " if category(sign)[0] == "C" else sign for sign in text).split())
    if len(line) > REASON:
        raise Invalid(("reason", "too_long"))
    return line


async def transfer(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    *,
    operator: OperatorId | None = None,
    team: TeamId | None = None,
    reason: str = "",
    force: bool = False,
    key: str | None = None,
) -> Conversation:
    """Pass a conversation on to a person, or to a team, where it waits for everybody in it; the thread tells why.

    Raises Invalid(("operator" or "team", …)), Conflict("closed"), Conflict("not_free") for a person who chose to get no
    new ones (`force` gives it to him all the same), Forbidden, NotFound.
    """
    require(actor, "transfer")
    if (operator is None) is (team is None):
        raise Invalid(("operator", "one_of"))
    reason = reason_of(reason)
    if operator is not None:
        return await service.assign(bridge, actor, id, operator, key=key, reason=reason, force=force)
    name = (await standing_team(bridge, team)).name
    unique = f"transferred:{key or fresh()}"

    def decide(before: Conversation) -> Change | None:
        access.require_seen(actor, before)
        after = handoff.to_team(before, team, bridge.clock.now())
        if after == before:
            return None
        draft = Draft(bridge, before, after, unique)
        draft.event("transferred", actor.name, f"{name} — {reason}" if reason else name)
        draft.audit(actor.id, "transferred", team=team or "")
        return draft.change()

    return (await commit(bridge, id, unique, decide)).conversation


async def standing_team(bridge: Bridge, id: TeamId | None) -> Team:
    """Return a team that is there; raises Invalid(("team", "unknown"))."""
    found = (await roster.teams(bridge)).get(id) if id is not None else None
    if found is None:
        roster.forget(bridge)  # another process may have made it just now
        found = (await roster.teams(bridge)).get(id) if id is not None else None
    if found is None or found.deleted_at is not None:
        raise Invalid(("team", "unknown"))
    return found


async def hand_over(
    bridge: Bridge,
    actor: Operator,
    *,
    operator: OperatorId | None = None,
    team: TeamId | None = None,
    note: str = "",
    notes: Mapping[str, str] | None = None,
    key: str | None = None,
) -> list[Passed]:
    """Pass on all open conversations of the caller, each with a note: its own of `notes`, else `note`.

    What could be passed on is, whatever becomes of the others. Raises Invalid, Forbidden, StoreDown.
    """
    require(actor, "transfer")
    if (operator is None) is (team is None):
        raise Invalid(("operator", "one_of"))
    if operator == actor.id:
        raise Invalid(("operator", "own"))
    if operator is not None:
        await service.person_who_may(bridge, operator)
    else:
        await standing_team(bridge, team)
    seed, passed = key or fresh(), []
    for row in await bridge.store.conversations.standing(assignee=actor.id, limit=AT_ONCE):
        own = derive("hand_over", seed, row.id)
        words = (notes or {}).get(row.id, note).strip()
        try:
            if words:
                await service.note(bridge, actor, row.id, words, key=own)
            await transfer(bridge, actor, row.id, operator=operator, team=team, key=own)
        except StoreDown:
            raise
        except BridgeError as refusal:
            passed.append(Passed(row.id, refusal.code))
        else:
            passed.append(Passed(row.id))
    return passed


async def share(
    bridge: Bridge, actor: Operator, id: ConversationId, whom: OperatorId, *, key: str | None = None
) -> Conversation:
    """Let a person get this one conversation. Raises Invalid(("operator", "unknown")), Forbidden, NotFound."""
    person = await _person(bridge, actor, whom)
    return await _share(bridge, actor, id, person, True, key)


async def unshare(
    bridge: Bridge, actor: Operator, id: ConversationId, whom: OperatorId, *, key: str | None = None
) -> Conversation:
    """Take back what `share` gave. Raises Invalid(("operator", "unknown")), Forbidden, NotFound."""
    person = await _person(bridge, actor, whom)
    return await _share(bridge, actor, id, person, False, key)


async def _person(bridge: Bridge, actor: Operator, id: OperatorId) -> Operator:
    require(actor, "share")
    try:
        person = await bridge.store.staff.operator(id)
    except NotFound:
        raise Invalid(("operator", "unknown")) from None
    if not may(person, "read"):
        raise Invalid(("operator", "unknown"))
    return person


async def _share(
    bridge: Bridge, actor: Operator, id: ConversationId, person: Operator, shared: bool, key: str | None
) -> Conversation:
    unique = f"{'shared' if shared else 'unshared'}:{key or fresh()}"

    def decide(before: Conversation) -> Change | None:
        access.require_seen(actor, before)
        after = handoff.shared(before, person.id, shared)
        if after == before:
            return None
        draft = Draft(bridge, before, after, unique)
        draft.event("shared" if shared else "unshared", actor.name, person.name)
        draft.audit(actor.id, "shared" if shared else "unshared", operator=person.id)
        return draft.change()

    return (await commit(bridge, id, unique, decide)).conversation
