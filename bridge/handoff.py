"""The stage table, pure: bot -> waiting -> operator -> closed; who may do what (ARCHITECTURE.md).

Every function takes a conversation and returns the next one; what is not allowed raises Conflict. `epoch` rises with
every word or claim of a person of the desk, so that a bot's message decided before it is never sent after it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge.errors import Conflict
from bridge.model.conversations import Conversation, Stage
from bridge.model.ids import OperatorId, TeamId
from bridge.model.operators import Operator


def reopens(conversation: Conversation, now: datetime, reopen_hours: float) -> bool:
    """Tell whether a customer's word goes on in this conversation (a closed one is reopened for some hours)."""
    if conversation.stage is not Stage.CLOSED or conversation.closed_at is None:
        return True
    return now - conversation.closed_at <= timedelta(hours=reopen_hours)


def customer_writes(conversation: Conversation, at: datetime) -> Conversation:
    """bot, waiting, operator stay; closed goes back to the bot. The wait starts with the first unanswered word.

    A banned customer wakes nobody: nothing changes.
    """
    if conversation.banned:
        return conversation
    if conversation.stage is Stage.CLOSED:
        conversation = replace(
            conversation, stage=Stage.BOT, assignee=None, assignee_name=None, closed_at=None, waiting_since=None
        )
    return replace(conversation, waiting_since=conversation.waiting_since or at, snoozed_until=None, snooze_note="")


def hand_off(conversation: Conversation, at: datetime) -> Conversation:
    """bot -> waiting; elsewhere nothing changes."""
    if conversation.stage is not Stage.BOT:
        return conversation
    return replace(conversation, stage=Stage.WAITING, waiting_since=conversation.waiting_since or at)


def bot_answers(conversation: Conversation) -> Conversation:
    """A bot's answer ends the wait; only where the bot holds the word."""
    if conversation.stage is not Stage.BOT:
        raise Conflict("taken")
    return replace(conversation, waiting_since=None)


def claim(conversation: Conversation, who: Operator) -> Conversation:
    """bot, waiting -> operator; raises Conflict("taken") or ("closed"); mine already: nothing changes."""
    if conversation.stage is Stage.CLOSED:
        raise Conflict("closed")
    if conversation.stage is Stage.OPERATOR and conversation.assignee is not None:
        if conversation.assignee != who.id:
            raise Conflict("taken", conversation.assignee_name or "")
        return conversation
    return _given(conversation, who)


def begin(conversation: Conversation, who: Operator) -> Conversation:
    """bot, waiting -> operator as `claim`; closed -> operator, whoever had it."""
    return _given(conversation, who) if conversation.stage is Stage.CLOSED else claim(conversation, who)


def reply(conversation: Conversation, who: Operator) -> Conversation:
    """bot, waiting, closed -> operator (claims); owned by another: the owner stays. The wait is over."""
    if conversation.stage is not Stage.OPERATOR or conversation.assignee is None:
        conversation = _given(conversation, who)
    else:
        conversation = replace(conversation, epoch=conversation.epoch + 1)
    return replace(conversation, waiting_since=None, snoozed_until=None, snooze_note="")


def answered_elsewhere(conversation: Conversation) -> Conversation:
    """Any stage -> operator, by an answer given in the messenger itself: its owner stays, else it has none."""
    return replace(
        conversation,
        stage=Stage.OPERATOR,
        closed_at=None,
        waiting_since=None,
        snoozed_until=None,
        snooze_note="",
        epoch=conversation.epoch + 1,
    )


def assign(conversation: Conversation, whom: Operator) -> Conversation:
    """Any open stage -> operator, owned by that person; raises Conflict("closed")."""
    if conversation.stage is Stage.CLOSED:
        raise Conflict("closed")
    if conversation.stage is Stage.OPERATOR and conversation.assignee == whom.id:
        return conversation
    return _given(conversation, whom)


def to_team(conversation: Conversation, team: TeamId | None, at: datetime) -> Conversation:
    """Any open stage -> waiting without owner, in a team; raises Conflict("closed"). The team's wait begins now.

    One that waits there already stays as it is.
    """
    if conversation.stage is Stage.CLOSED:
        raise Conflict("closed")
    if conversation.stage is Stage.WAITING and conversation.team == team:
        return conversation
    return replace(
        conversation,
        stage=Stage.WAITING,
        team=team,
        assignee=None,
        assignee_name=None,
        waiting_since=conversation.waiting_since or at,
        snoozed_until=None,
        snooze_note="",
        epoch=conversation.epoch + 1,
    )


def in_team(conversation: Conversation, team: TeamId | None) -> Conversation:
    """Let it belong to a team; stage, owner and wait stay."""
    return replace(conversation, team=team)


def shared(conversation: Conversation, whom: OperatorId, wanted: bool) -> Conversation:
    """Let somebody get this conversation, or no more; no stage changes."""
    others = tuple(each for each in conversation.shared if each != whom)
    return replace(conversation, shared=(*others, whom) if wanted else others)


def release(conversation: Conversation, to: str) -> Conversation:
    """-> waiting without owner ("queue"), or -> bot ("bot"); raises Conflict("closed")."""
    if conversation.stage is Stage.CLOSED:
        raise Conflict("closed")
    stage = Stage.BOT if to == "bot" else Stage.WAITING
    return replace(conversation, stage=stage, assignee=None, assignee_name=None)


def close(conversation: Conversation, at: datetime) -> Conversation:
    """any -> closed; the owner and the wait are kept for a reopening. Closed already: nothing changes."""
    if conversation.stage is Stage.CLOSED:
        return conversation
    return replace(
        conversation,
        stage=Stage.CLOSED,
        closed_at=at,
        snoozed_until=None,
        snooze_note="",
        epoch=conversation.epoch + 1,
    )


def reopen(conversation: Conversation) -> Conversation:
    """closed -> operator if assigned, else waiting; open already: nothing changes."""
    if conversation.stage is not Stage.CLOSED:
        return conversation
    stage = Stage.OPERATOR if conversation.assignee else Stage.WAITING
    return replace(conversation, stage=stage, closed_at=None, snoozed_until=None, snooze_note="")


def _given(conversation: Conversation, who: Operator) -> Conversation:
    if conversation.stage is Stage.CLOSED:
        conversation = replace(conversation, snoozed_until=None, snooze_note="")  # it was to open later
    return replace(
        conversation,
        stage=Stage.OPERATOR,
        assignee=who.id,
        assignee_name=who.name,
        closed_at=None,
        epoch=conversation.epoch + 1,
    )
