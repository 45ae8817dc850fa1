"""What was done (audit), and what a live view should look at again (feed)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bridge.model.ids import ConversationId


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One action, by whom, on what; never a message's text."""

    id: str
    at: datetime
    actor: str  # operator id, "bot", "customer:<id>" or "system"
    action: str
    subject: str  # "conversation:<id>", "operator:<id>" …
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A fact for live views: what to look at again; `cursor` orders it and lets a client resume."""

    cursor: str
    type: str  # message.created | message.updated | conversation.updated | reset
    conversation: ConversationId | None = None
    seq: int | None = None
    version: int | None = None
