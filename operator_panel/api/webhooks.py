"""/webhooks: programs that are told what happens."""

from bridge import webhooks as kept
from bridge.model.webhooks import CallState, Webhook, WebhookCall
from operator_panel.api import shapes
from operator_panel.api import webhook_shapes as hooks
from operator_panel.serving import Call

_MASK = "••••••••"


async def webhooks(call: Call) -> shapes.Page[hooks.Webhook]:
    """List the webhooks, the oldest first."""
    return shapes.Page(items=[await _shown(call, row) for row in await kept.listed(call.bridge, call.actor)])


async def webhook_post(call: Call, body: hooks.NewWebhook) -> hooks.Webhook:
    """Have an address called for what happens from now on; every call is signed, and tried again for a day."""
    return await _shown(call, await kept.register(call.bridge, call.actor, body.url, tuple(body.types), body.secret))


async def webhook(call: Call, id: str) -> hooks.Webhook:
    """Read one webhook."""
    return await _shown(call, await kept.look(call.bridge, call.actor, id))


async def webhook_delete(call: Call, id: str) -> None:
    """Call an address no more, also not with what waits."""
    await kept.remove(call.bridge, call.actor, id)


async def webhook_deliveries(call: Call, id: str, query: hooks.DeliveryQuery) -> shapes.Page[hooks.WebhookDelivery]:
    """List the newest calls of a webhook, the newest first; they are kept for a week."""
    rows = await kept.calls(call.bridge, call.actor, id, query.limit)
    return shapes.Page(items=[_delivery(row) for row in rows])


async def _shown(call: Call, row: Webhook) -> hooks.Webhook:
    recent = await kept.calls(call.bridge, call.actor, row.id)
    failed = next((each for each in recent if each.error), None)
    return hooks.Webhook.model_validate(
        {
            "id": row.id,
            "url": row.url,
            "types": list(row.types),
            "secret": _MASK,
            "created_at": row.created_at,
            "waiting": await call.bridge.store.webhooks.waiting(row.id),
            "last_error": _delivery(failed) if failed is not None else None,
        }
    )


def _delivery(row: WebhookCall) -> hooks.WebhookDelivery:
    waits = row.state is CallState.WAITING
    return hooks.WebhookDelivery.model_validate(
        {
            "id": row.id,
            "type": row.type,
            "conversation_id": row.conversation,
            "message_id": row.message,
            "state": row.state,
            "attempts": row.attempts,
            "status": row.status or None,
            "error": row.error or None,
            "at": row.at,
            "tried_at": row.tried_at,
            "next_at": row.due if waits else None,
        }
    )
