"""Teams, and whose turn it is in one."""

from bridge.errors import Invalid
from bridge.model.ids import TeamId
from bridge.model.teams import Team
from storage.documents import Body, Documents, Duplicate
from storage.repositories.base import Rows, by_name
from storage.schema import COUNTERS, TEAMS


def _keys(row: Team) -> Body:
    # A unique field is never null: a deleted team leaves its name to others.
    return {"name_key": f"deleted:{row.id}" if row.deleted_at else row.name.casefold()}


class TeamRows:
    """Teams, as bridge.ports.teams.Teams says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, TEAMS, Team, _keys)

    async def all(self) -> list[Team]:
        return sorted(await self._rows.list(limit=10_000), key=lambda row: (by_name(row.name), row.id))

    async def get(self, id: TeamId) -> Team:
        return await self._rows.get(id)

    async def add(self, team: Team) -> Team:
        try:
            return await self._rows.insert(team)
        except Duplicate:
            raise Invalid(("name", "taken")) from None

    async def replace(self, team: Team) -> Team:
        try:
            return await self._rows.replace(team)
        except Duplicate:
            raise Invalid(("name", "taken")) from None

    async def turn(self, name: str, token: str) -> int:
        counter = await self._rows.documents.bump(COUNTERS, f"turn:{name}", {"n": 1}, token)
        return int(counter.body["n"])
