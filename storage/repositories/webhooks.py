"""Webhooks and the calls that are to reach them."""

from datetime import datetime

from bridge.model.webhooks import CallState, Webhook, WebhookCall
from storage.documents import Body, Documents, Order, P
from storage.repositories.base import Rows
from storage.schema import WEBHOOK_CALLS, WEBHOOKS


def _open(row: WebhookCall) -> Body:
    return {"open": row.state is CallState.WAITING}


class WebhookStore:
    """Rows of webhooks, as bridge.ports.webhooks.WebhookRows says."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._webhooks = Rows(documents, WEBHOOKS, Webhook)
        self._calls = Rows(documents, WEBHOOK_CALLS, WebhookCall, _open)

    async def all(self) -> list[Webhook]:
        return await self._webhooks.list(order=Order("created_at"), limit=1000)

    async def get(self, id: str) -> Webhook:
        return await self._webhooks.get(id)

    async def find(self, id: str) -> Webhook | None:
        return await self._webhooks.find(id)

    async def add(self, webhook: Webhook) -> Webhook:
        return (await self._webhooks.insert_once(webhook))[0]

    async def remove(self, id: str) -> bool:
        return await self._documents.delete(WEBHOOKS, id)

    async def note(self, call: WebhookCall) -> bool:
        return (await self._calls.insert_once(call))[1]

    async def due(self, webhook: str, limit: int) -> list[WebhookCall]:
        where = (P("webhook", "eq", webhook), P("open", "eq", True))
        return await self._calls.list(*where, order=Order("due"), limit=limit)

    async def settle(self, call: WebhookCall) -> WebhookCall:
        return await self._calls.replace(call)

    async def calls(self, webhook: str, limit: int) -> list[WebhookCall]:
        return await self._calls.list(P("webhook", "eq", webhook), order=Order("at", desc=True), limit=limit)

    async def waiting(self, webhook: str) -> int:
        where = (P("webhook", "eq", webhook), P("open", "eq", True))
        return await self._documents.count(WEBHOOK_CALLS, where)

    async def forget(self, before: datetime, limit: int = 1000) -> int:
        return await self._documents.sweep(WEBHOOK_CALLS, (P("at", "lt", before),), limit)
