"""Webhooks as administrators keep them: registered, looked at, taken away."""

from urllib.parse import urlsplit

from bridge.context import Bridge
from bridge.errors import Invalid, NotFound
from bridge.model.events import AuditEvent
from bridge.model.ids import fresh
from bridge.model.operators import Operator
from bridge.model.webhooks import TYPES, Webhook, WebhookCall
from bridge.rights import require

#: Webhooks of an installation at most: every event is written down once for each.
MOST = 20
#: Characters of a secret at least.
SECRET = 8
#: Calls of one webhook that can be looked at.
SHOWN = 100


async def register(bridge: Bridge, actor: Operator, url: str, types: tuple[str, ...], secret: str) -> Webhook:
    """Have an address called from now on. Raises Invalid, Forbidden."""
    require(actor, "webhooks")
    door = bridge.caller
    fault = "no_door" if door is None else door.refusal(url)
    wrong = [("url", fault)] if fault else []
    wrong += [("types", "unknown")] if not types or set(types) - set(TYPES) else []
    wrong += [("secret", "too_short")] if len(secret) < SECRET else []
    if not wrong and len(await bridge.store.webhooks.all()) >= MOST:
        wrong = [("url", "too_many")]
    if wrong:
        raise Invalid(*wrong)
    kept = tuple(each for each in TYPES if each in types)
    made = Webhook(fresh(), url, kept, secret, actor.id, bridge.clock.now())
    webhook = await bridge.store.webhooks.add(made)
    await _note(bridge, actor, "webhook_added", webhook)
    return webhook


async def remove(bridge: Bridge, actor: Operator, id: str) -> None:
    """Call an address no more, also not with what waits. Raises Forbidden, NotFound."""
    require(actor, "webhooks")
    webhook = await bridge.store.webhooks.get(id)
    if not await bridge.store.webhooks.remove(id):
        raise NotFound(f"webhook {id}")
    await _note(bridge, actor, "webhook_removed", webhook)


async def look(bridge: Bridge, actor: Operator, id: str) -> Webhook:
    """Read one. Raises Forbidden, NotFound."""
    require(actor, "webhooks")
    return await bridge.store.webhooks.get(id)


async def listed(bridge: Bridge, actor: Operator) -> list[Webhook]:
    """Read all, the oldest first. Raises Forbidden."""
    require(actor, "webhooks")
    return await bridge.store.webhooks.all()


async def calls(bridge: Bridge, actor: Operator, id: str, limit: int = SHOWN) -> list[WebhookCall]:
    """Read the newest calls of a webhook, the newest first. Raises Forbidden, NotFound."""
    webhook = await look(bridge, actor, id)
    return await bridge.store.webhooks.calls(webhook.id, min(limit, SHOWN))


async def _note(bridge: Bridge, actor: Operator, action: str, webhook: Webhook) -> None:
    host = urlsplit(webhook.url).hostname or ""  # the rest of the address may be a secret
    await bridge.store.journal.write(
        AuditEvent(fresh(), bridge.clock.now(), actor.id, action, f"webhook:{webhook.id}", {"host": host})
    )
