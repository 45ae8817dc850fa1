"""The audit log, and small keyed values of the installation."""

from datetime import datetime
from typing import Any

from bridge.model.events import AuditEvent
from bridge.model.lanes import IDLE
from storage.documents import Documents, Duplicate, Key, Order, P, VersionConflict
from storage.repositories.base import Rows
from storage.schema import AUDIT, VALUES

#: Values read in one go.
PORTION = 500


class JournalRows:
    """What was done, as bridge.ports.stores.Journal says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.audit = Rows(documents, AUDIT, AuditEvent)

    async def write(self, event: AuditEvent) -> None:
        await self.audit.insert_once(event)

    async def page(self, subject: str | None, limit: int) -> list[AuditEvent]:
        where = [P("subject", "eq", subject)] if subject is not None else []
        return await self.audit.list(*where, order=Order("at", desc=True), limit=limit)

    async def value(self, key: str) -> dict[str, Any] | None:
        doc = await self._documents.get(VALUES, key)
        return None if doc is None else dict(doc.body["value"])

    async def put_value(self, key: str, value: dict[str, Any], expires_at: datetime | None = None) -> None:
        body = {"value": value, "expires_at": expires_at or IDLE}
        while True:
            doc = await self._documents.get(VALUES, key)
            try:
                if doc is None:
                    await self._documents.insert(VALUES, key, body)
                else:
                    await self._documents.replace(VALUES, key, doc.ver, body)
            except (Duplicate, VersionConflict):
                continue
            return

    async def put_value_once(self, key: str, value: dict[str, Any], expires_at: datetime) -> dict[str, Any] | None:
        try:
            await self._documents.insert(VALUES, key, {"value": value, "expires_at": expires_at})
        except Duplicate:
            return await self.value(key)
        return None

    async def expiring(self, prefix: str, since: datetime, until: datetime, limit: int) -> list[str]:
        found: list[str] = []
        after: Key | None = None
        between = P("expires_at", "ge", since), P("expires_at", "lt", until)
        while len(found) < limit:
            docs = await self._documents.find(VALUES, between, Order("expires_at"), after, PORTION)
            found += [doc.id for doc in docs if doc.id.startswith(prefix)]
            if len(docs) < PORTION:
                break
            after = Key(docs[-1].body["expires_at"], docs[-1].id)
        return found[:limit]

    async def forget_values(self, now: datetime, limit: int = 1000) -> int:
        return await self._documents.sweep(VALUES, (P("expires_at", "lt", now),), limit)
