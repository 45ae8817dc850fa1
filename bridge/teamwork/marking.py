"""How urgent a conversation is, and who follows it."""

from collections.abc import Callable
from dataclasses import replace

from bridge.commit import Change, commit
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Invalid
from bridge.model.conversations import PRIORITIES, Conversation
from bridge.model.ids import ConversationId, OperatorId, fresh
from bridge.model.operators import Operator
from bridge.rights import require
from bridge.teamwork import access

#: People who may follow one conversation.
FOLLOWERS = 100


async def prioritize(
    bridge: Bridge, actor: Operator, id: ConversationId, priority: str, *, key: str | None = None
) -> Conversation:
    """Say how urgent a conversation is; the thread tells who did. Raises Invalid(("priority", …)), Forbidden, NotFound.

    `priority` is one of model.conversations.PRIORITIES.
    """
    require(actor, "prioritize")
    if priority not in PRIORITIES:
        raise Invalid(("priority", "invalid"))

    def tell(draft: Draft) -> None:
        draft.event("prioritized", actor.name, priority or "normal")
        draft.audit(actor.id, "prioritized", priority=priority or "normal")

    return await _marked(bridge, actor, id, "prioritized", lambda row: replace(row, priority=priority), tell, key)


async def follow(bridge: Bridge, actor: Operator, id: ConversationId, *, key: str | None = None) -> Conversation:
    """Be told of whatever happens in a conversation. Raises Invalid(("id", "too_many")), Forbidden, NotFound."""
    return await _follow(bridge, actor, id, True, key)


async def unfollow(bridge: Bridge, actor: Operator, id: ConversationId, *, key: str | None = None) -> Conversation:
    """Follow a conversation no more. Raises Forbidden, NotFound."""
    return await _follow(bridge, actor, id, False, key)


def followed(conversation: Conversation, who: OperatorId, wanted: bool) -> Conversation:
    """Put somebody among the followers, or take him out; raises Invalid(("id", "too_many"))."""
    if (who in conversation.followers) is wanted:
        return conversation
    others = tuple(each for each in conversation.followers if each != who)
    if wanted and len(others) >= FOLLOWERS:
        raise Invalid(("id", "too_many"))
    return replace(conversation, followers=(*others, who) if wanted else others)


async def _follow(bridge: Bridge, actor: Operator, id: ConversationId, wanted: bool, key: str | None) -> Conversation:
    require(actor, "follow")
    code = "followed" if wanted else "unfollowed"

    def tell(draft: Draft) -> None:
        draft.audit(actor.id, code)

    return await _marked(bridge, actor, id, code, lambda row: followed(row, actor.id, wanted), tell, key)


async def _marked(
    bridge: Bridge,
    actor: Operator,
    id: ConversationId,
    code: str,
    rule: Callable[[Conversation], Conversation],
    tell: Callable[[Draft], None],
    key: str | None,
) -> Conversation:
    unique = f"{code}:{key or fresh()}"

    def decide(before: Conversation) -> Change | None:
        after = rule(access.require_seen(actor, before))
        if after == before:
            return None
        draft = Draft(bridge, before, after, unique)
        tell(draft)
        return draft.change()

    return (await commit(bridge, id, unique, decide)).conversation
