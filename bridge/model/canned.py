"""Canned replies and macros: what the desk says and does again and again, and for whom it is kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bridge.model.files import Attachment
from bridge.model.ids import OperatorId, TeamId


class Shared(StrEnum):
    """Whom a canned reply or a macro is for."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


class Kept(Protocol):
    """What decides who gets a canned reply or a macro."""

    @property
    def by(self) -> OperatorId: ...
    @property
    def shared(self) -> Shared: ...
    @property
    def team(self) -> TeamId | None: ...


@dataclass(frozen=True, slots=True)
class Canned:
    """A reply written beforehand; `text` holds variables (bridge/composing/filling.py) in double braces.

    `shortcut` finds it when it is typed after a slash; `language` "": fits any. `by` made it, `team` is whose it is.
    """

    id: str
    title: str
    text: str
    by: OperatorId
    created_at: datetime
    shared: Shared = Shared.OWN
    team: TeamId | None = None
    shortcut: str = ""
    language: str = ""
    attachments: tuple[Attachment, ...] = ()
    version: int = 0


class Deed(StrEnum):
    """What a step of a macro does; its value says with what."""

    REPLY = "reply"  # a text with variables
    NOTE = "note"  # a text with variables
    TAG = "tag"
    UNTAG = "untag"
    ASSIGN = "assign"  # an operator's id, or "me"
    TEAM = "team"  # a team's id
    PRIORITY = "priority"  # low, high, urgent, or "" for none
    SNOOZE = "snooze"  # minutes
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class MacroStep:
    """One thing a macro does."""

    deed: Deed
    value: str = ""


@dataclass(frozen=True, slots=True)
class Macro:
    """Steps done one after the other by one press; kept and found as a canned reply is."""

    id: str
    title: str
    steps: tuple[MacroStep, ...]
    by: OperatorId
    created_at: datetime
    shared: Shared = Shared.OWN
    team: TeamId | None = None
    shortcut: str = ""
    version: int = 0
