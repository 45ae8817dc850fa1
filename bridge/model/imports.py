"""Tables of customers that were taken over: how far each is, what it made and changed, so that it can be undone."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bridge.model.ids import CustomerId, IdentityId


class ImportState(StrEnum):
    """How a table stands."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # somebody stopped it; what was taken over stays
    FAILED = "failed"  # `reason` says why; what was taken over stays
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class CustomerImport:
    """A table that is, or was, taken over or only looked through (`dry_run`); `line` is its last one that is done.

    While it runs, `beat_at` moves on: a standing one means that the process died. `removed`, `restored` and `kept`
    tell what its undoing came to: customers deleted, put back, and left because they were changed since.
    """

    id: str
    name: str  # the file's
    by: str  # operator's id, or "system" for the command
    at: datetime
    beat_at: datetime
    size: int  # bytes
    dry_run: bool = False
    state: ImportState = ImportState.RUNNING
    stopping: bool = False
    reason: str = ""  # why it failed: a code, with a column or line before it
    read: int = 0  # bytes
    line: int = 1
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    codes: dict[str, int] = field(default_factory=dict)  # why rows were refused -> how often
    ended_at: datetime | None = None
    removed: int = 0
    restored: int = 0
    kept: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class ImportFault:
    """Why a row is not taken: its last line in the file, the column, a code."""

    line: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class ImportStep:
    """A batch of rows: whom it was about to make (written before they are), and which rows it refused."""

    id: str  # of the import and the line, so that it is written once
    job: str
    line: int
    made: tuple[str, ...] = ()
    bad: tuple[ImportFault, ...] = ()
    changes: bool = False  # there are ImportChanges of this line
    version: int = 0


@dataclass(frozen=True, slots=True)
class ImportChange:
    """What one row was about to change of a customer who was known: fields before and after, identities added."""

    id: str
    job: str
    line: int  # of the step
    customer: CustomerId
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    identities: tuple[IdentityId, ...] = ()
    version: int = 0
