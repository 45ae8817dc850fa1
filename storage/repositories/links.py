"""Who joined whom, step by step."""

from collections.abc import Sequence
from dataclasses import replace

from bridge.errors import Conflict
from bridge.model.customers import Link
from bridge.model.ids import CustomerId
from storage.documents import Documents, Duplicate, Order, P
from storage.repositories.base import Rows
from storage.schema import LINKS

#: Steps of one person's history that are read; nobody is joined and parted so often.
STEPS = 1000


class LinkRows:
    """Steps, as bridge.ports.persons.Links says."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents, LINKS, Link)

    async def newest(self) -> Link | None:
        return next(iter(await self._rows.list(order=Order("number", desc=True), limit=1)), None)

    async def add(self, link: Link) -> Link | None:
        try:
            return await self._rows.insert(link)
        except Duplicate:
            return None

    async def finish(self, link: Link) -> None:
        found = await self._rows.find(link.id)
        while found is not None and not found.done:
            try:
                await self._rows.replace(replace(found, done=True))
                return
            except Conflict:
                found = await self._rows.find(link.id)

    async def pending(self, limit: int) -> list[Link]:
        return await self._rows.list(P("done", "eq", False), order=Order("number"), limit=limit)

    async def of(self, children: Sequence[CustomerId]) -> list[Link]:
        if not children:
            return []
        found = await self._rows.list(P("child", "in", tuple(children)), limit=STEPS)
        return sorted(found, key=lambda link: link.number)
