"""What the hall needs from the cellar to take tables of customers over, and to undo it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bridge.model.customers import Customer, Identity
from bridge.model.imports import CustomerImport, ImportChange, ImportStep


class CustomerImports(Protocol):
    """Imports with their steps, and deletions that undoing needs; all can be repeated."""

    async def add(self, row: CustomerImport) -> CustomerImport:
        """Store a new one."""

    async def get(self, id: str) -> CustomerImport:
        """Read one; raises NotFound."""

    async def replace(self, row: CustomerImport) -> CustomerImport:
        """Compare and swap; raises Conflict("version")."""

    async def newest(self, limit: int) -> list[CustomerImport]:
        """Newest first."""

    async def before(self, at: datetime, limit: int) -> list[CustomerImport]:
        """Those begun before a time, the oldest first."""

    async def note(self, step: ImportStep, changes: Sequence[ImportChange]) -> None:
        """Write a step down with its changes, each once."""

    async def steps(self, job: str, after: int, limit: int) -> list[ImportStep]:
        """Steps of an import by line, after one."""

    async def last_steps(self, job: str, limit: int) -> list[ImportStep]:
        """Steps of an import, the last first."""

    async def changes(self, job: str, line: int) -> list[ImportChange]:
        """What a step changed, the last row first."""

    async def forget(self, step: ImportStep) -> None:
        """Delete a step and its changes."""

    async def drop(self, job: str) -> None:
        """Delete an import with its steps and changes."""

    async def take_customer(self, customer: Customer, identities: Sequence[Identity]) -> bool:
        """Delete a customer who stands as given, then such of his identities as do; False: he was changed."""

    async def take_identities(self, identities: Sequence[Identity]) -> int:
        """Delete identities that stand as given; returns how many did."""
