"""What the hall needs from the cellar to know its teams."""

from typing import Protocol

from bridge.model.ids import TeamId
from bridge.model.teams import Team


class Teams(Protocol):
    """Teams by id; a deleted one stays, its name is free again."""

    async def all(self) -> list[Team]:
        """Read all by name, deleted ones too."""

    async def get(self, id: TeamId) -> Team:
        """Read one; raises NotFound."""

    async def add(self, team: Team) -> Team:
        """Store a new one; raises Invalid(("name", "taken")), whatever its case."""

    async def replace(self, team: Team) -> Team:
        """Compare and swap; raises Conflict("version") or Invalid."""

    async def turn(self, name: str, token: str) -> int:
        """Return the next number of a row of turns, from 1; asked again with a token, the same is not counted twice."""
