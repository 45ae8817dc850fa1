"""Programs that are told what happens: an address each, and the calls that are to reach it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bridge.model.ids import ConversationId, MessageId, OperatorId

#: What programs can be told of: the events of the feed.
TYPES = ("message.created", "message.updated", "conversation.updated")


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is called for events of some types; calls are signed with `secret`."""

    id: str
    url: str
    types: tuple[str, ...]
    secret: str = field(repr=False)
    by: OperatorId
    created_at: datetime
    version: int = 0


class CallState(StrEnum):
    """How far a call is: `waiting` for its first or next try, `done`, or given up (`failed`)."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One event for one webhook; its id is the event's, the same at every try.

    `at` is when it was noticed, `due` when it is tried next; `status` is the last answer's, 0 without one, and `error`
    a code of why it was no success.
    """

    id: str
    webhook: str
    type: str
    conversation: ConversationId
    message: MessageId | None
    at: datetime
    due: datetime
    state: CallState = CallState.WAITING
    attempts: int = 0
    status: int = 0
    error: str = ""
    tried_at: datetime | None = None
    version: int = 0
