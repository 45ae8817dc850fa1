"""What was written down for a webhook is called out: signed, tried again with pauses for a day, each call kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.context import Bridge, log
from bridge.delivery.sending import to_its_end
from bridge.errors import Conflict, NotFound
from bridge.model.lanes import IDLE, Lane
from bridge.model.webhooks import CallState, Webhook, WebhookCall
from bridge.ports.webhooks import Answer, Told, WebhookDoor
from bridge.teamwork import roster

#: Calls made at one claim.
PORTION = 50
#: How long a call is tried (contract.md), and how long it is kept to be looked at.
TRIED = timedelta(hours=24)
KEPT = timedelta(days=7)
#: Pauses between tries at least and at most, seconds; each is twice the last one.
PAUSE, LONGEST = 1.0, 900.0


class Telling:
    """Calls webhooks, lane by lane: a lane holds the calls of one."""

    def __init__(self, bridge: Bridge, told: Told) -> None:
        self._bridge = bridge
        self._told = told

    async def handle(self, lane: Lane) -> datetime:
        """Make the calls that are due, the earliest first; one that fails lets the others wait a moment too."""
        webhook = await self._bridge.store.webhooks.find(lane.id.partition(":")[2])
        door = self._bridge.caller
        if webhook is None or door is None:
            return IDLE
        rows = await self._bridge.store.webhooks.due(webhook.id, PORTION)
        for row in rows:
            now = self._bridge.clock.now()
            if row.due > now:
                return row.due
            wait = await to_its_end(self._call(webhook, row, door))
            if wait:
                return now + timedelta(seconds=wait)
        return self._bridge.clock.now() if len(rows) == PORTION else IDLE

    async def _call(self, webhook: Webhook, row: WebhookCall, door: WebhookDoor) -> float:
        """Make one call; returns how long the webhook is left alone then, seconds."""
        data = await self._data(row)
        if data is None:
            await self._settle(replace(row, state=CallState.FAILED, error="gone"))
            return 0.0
        event = {"id": row.id, "type": row.type, "at": _time(row.at), "data": data}
        answer = await door.call(webhook.url, webhook.secret, event)
        settled, wait = after(row, answer, self._bridge.clock.now())
        if settled.state is CallState.FAILED:
            log.warning("a webhook was not reached for a day", extra={"webhook": webhook.id, "reason": settled.error})
        await self._settle(settled)
        return wait

    async def _data(self, row: WebhookCall) -> Any:
        """Return what is told, as things are now; None: they are no more."""
        try:
            conversation = await self._bridge.store.conversations.get(row.conversation)
            message = await self._bridge.store.messages.get(row.message) if row.message is not None else None
        except NotFound:
            return None
        await roster.teams(self._bridge)
        return self._told(conversation, message)

    async def _settle(self, row: WebhookCall) -> None:
        try:
            await self._bridge.store.webhooks.settle(row)
        except Conflict:
            log.info("a webhook's call was made twice", extra={"call": row.id})


def after(row: WebhookCall, answer: Answer, now: datetime) -> tuple[WebhookCall, float]:
    """Return a call after a try that ended at `now`, and how long its webhook is left alone, seconds."""
    attempts = row.attempts + 1
    tried = replace(row, attempts=attempts, status=answer.status, error=answer.error, tried_at=now)
    if not answer.error:
        return replace(tried, state=CallState.DONE), 0.0
    pause = min(LONGEST, PAUSE * 2.0 ** min(row.attempts, 20))
    pause = max(pause, min(answer.pause, LONGEST))
    if now + timedelta(seconds=pause) - row.at > TRIED:
        return replace(tried, state=CallState.FAILED), PAUSE
    # Others of the webhook try sooner: what one event meets need not be what the next one does.
    return replace(tried, due=now + timedelta(seconds=pause)), max(PAUSE, min(answer.pause, LONGEST))


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
