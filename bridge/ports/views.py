"""What the hall needs from the cellar to keep views."""

from typing import Protocol

from bridge.model.views import View


class Views(Protocol):
    """Kept views by id."""

    async def all(self) -> list[View]:
        """Read all in the order in which they were made."""

    async def get(self, id: str) -> View:
        """Read one; raises NotFound."""

    async def add(self, view: View) -> View:
        """Store a new one, or return the one with this id."""

    async def replace(self, view: View) -> View:
        """Compare and swap; raises Conflict("version")."""

    async def drop(self, id: str) -> None:
        """Delete one, if it is there."""
