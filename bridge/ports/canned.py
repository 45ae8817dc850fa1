"""What the hall needs from the cellar to keep canned replies, macros and drafts."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from bridge.model.canned import Canned, Macro
from bridge.model.drafts import StoredDraft
from bridge.model.ids import ConversationId, OperatorId

T = TypeVar("T", Canned, Macro)


class Shelf(Protocol[T]):
    """Canned replies or macros by id, and how often each was used."""

    async def all(self) -> list[T]:
        """Read all by title."""

    async def get(self, id: str) -> T:
        """Read one; raises NotFound."""

    async def add(self, row: T) -> T:
        """Store a new one."""

    async def replace(self, row: T) -> T:
        """Compare and swap; raises Conflict("version")."""

    async def drop(self, id: str) -> None:
        """Delete one, and what was counted of it."""

    async def used(self, id: str, token: str) -> int:
        """Count a use; asked again with a token, the same is not counted twice. Returns how many there are."""

    async def uses(self, ids: Sequence[str]) -> dict[str, int]:
        """Return how often each was used; those that never were are left out."""


class Drafts(Protocol):
    """What people of the desk have written and not sent."""

    async def get(self, operator: OperatorId, conversation: ConversationId, mode: str) -> StoredDraft | None:
        """Read one if it is there."""

    async def put(self, draft: StoredDraft) -> StoredDraft:
        """Write it, whatever was there; its version rises."""

    async def drop(self, operator: OperatorId, conversation: ConversationId, mode: str, stamp: str | None) -> bool:
        """Delete it, if it bears a stamp or (None) any; False: it was not there, or is another one by now."""

    async def of(self, operator: OperatorId, limit: int) -> list[StoredDraft]:
        """Read those of a person, the newest first."""
