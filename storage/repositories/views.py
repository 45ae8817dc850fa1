"""Views people of the desk keep."""

from bridge.model.views import View
from storage.documents import Documents
from storage.repositories.base import Rows
from storage.schema import VIEWS

#: More than an installation may have.
MOST = 10_000


class ViewRows:
    """Kept views, as bridge.ports.views.Views says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, VIEWS, View)

    async def all(self) -> list[View]:
        return sorted(await self._rows.list(limit=MOST), key=lambda row: (row.created_at, row.id))

    async def get(self, id: str) -> View:
        return await self._rows.get(id)

    async def add(self, view: View) -> View:
        return (await self._rows.insert_once(view))[0]

    async def replace(self, view: View) -> View:
        return await self._rows.replace(view)

    async def drop(self, id: str) -> None:
        await self._rows.documents.delete(VIEWS, id)
