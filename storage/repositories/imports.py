"""Tables of customers that were taken over, with what undoing them needs."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bridge.model.customers import Customer, Identity
from bridge.model.imports import CustomerImport, ImportChange, ImportStep
from storage.documents import Coll, Documents, Key, Order, P, VersionConflict
from storage.repositories.base import Rows
from storage.repositories.tags import TagCounts
from storage.schema import CUSTOMER_IMPORTS, CUSTOMERS, IDENTITIES, IMPORT_CHANGES, IMPORT_STEPS

#: Rows read or deleted in one go.
PORTION = 500


class CustomerImportRows:
    """Imports of customers, as bridge.ports.imports.CustomerImports says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._rows = Rows(documents, CUSTOMER_IMPORTS, CustomerImport)
        # A step names a thousand customers and is read again only to be undone: none is remembered.
        self._steps = Rows(documents, IMPORT_STEPS, ImportStep, met=0)
        self._changes = Rows(documents, IMPORT_CHANGES, ImportChange, met=0)
        self._tags = TagCounts(documents)

    async def add(self, row: CustomerImport) -> CustomerImport:
        return (await self._rows.insert_once(row))[0]

    async def get(self, id: str) -> CustomerImport:
        return await self._rows.get(id)

    async def replace(self, row: CustomerImport) -> CustomerImport:
        return await self._rows.replace(row)

    async def newest(self, limit: int) -> list[CustomerImport]:
        return await self._rows.list(order=Order("at", desc=True), limit=limit)

    async def before(self, at: datetime, limit: int) -> list[CustomerImport]:
        return await self._rows.list(P("at", "lt", at), order=Order("at"), limit=limit)

    async def note(self, step: ImportStep, changes: Sequence[ImportChange]) -> None:
        await self._changes.insert_new(changes)
        await self._steps.insert_new([step])

    async def steps(self, job: str, after: int, limit: int) -> list[ImportStep]:
        return await self._steps.list(P("job", "eq", job), P("line", "gt", after), order=Order("line"), limit=limit)

    async def last_steps(self, job: str, limit: int) -> list[ImportStep]:
        return await self._steps.list(P("job", "eq", job), order=Order("line", desc=True), limit=limit)

    async def changes(self, job: str, line: int) -> list[ImportChange]:
        found: list[ImportChange] = []
        after: Key | None = None
        while True:
            of_step = P("job", "eq", job), P("line", "eq", line)
            rows = await self._changes.list(*of_step, after=after, limit=PORTION)
            found += rows
            if len(rows) < PORTION:
                return found[::-1]
            after = Key(None, rows[-1].id)

    async def forget(self, step: ImportStep) -> None:
        await self._sweep(IMPORT_CHANGES, P("job", "eq", step.job), P("line", "eq", step.line))
        await self._documents.delete(IMPORT_STEPS, step.id)

    async def drop(self, job: str) -> None:
        for coll in (IMPORT_CHANGES, IMPORT_STEPS):
            await self._sweep(coll, P("job", "eq", job))
        await self._documents.delete(CUSTOMER_IMPORTS, job)

    async def take_customer(self, customer: Customer, identities: Sequence[Identity]) -> bool:
        try:
            if await self._documents.delete(CUSTOMERS, customer.id, customer.version):
                await self._tags.take(customer.tags)
        except VersionConflict:
            return False
        await self.take_identities(identities)
        return True

    async def take_identities(self, identities: Sequence[Identity]) -> int:
        return sum(await asyncio.gather(*map(self._take_identity, identities)))

    async def _take_identity(self, identity: Identity) -> bool:
        try:
            return await self._documents.delete(IDENTITIES, identity.id, identity.version)
        except VersionConflict:
            return False

    async def _sweep(self, coll: Coll, *where: P) -> None:
        while await self._documents.sweep(coll, where, PORTION):
            pass
