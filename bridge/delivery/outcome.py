"""What an attempt to send makes of a row's delivery: pure, the same for customers and staff."""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge.errors import BridgeError, Conflict, OutcomeUnknown, RetryLater, Unreachable
from bridge.model.messages import Delivery, DeliveryState
from bridge.ports.channels import Receipt

#: What came of an attempt: the messenger's receipt, or the reason why there is none.
Outcome = Receipt | BridgeError
#: After so many attempts that failed a row is given up: with a minute between them, a day.
ATTEMPTS = 1450


def after(delivery: Delivery, outcome: Outcome, now: datetime) -> Delivery:
    """Return the delivery after an attempt that ended at `now`."""
    reason = str(outcome)
    match outcome:
        case Receipt(external_id, parts):
            there = replace(delivery, external_id=external_id, parts=parts, maybe=False)
            return replace(there, state=DeliveryState.SENT, reason=None, not_before=None)
        case Conflict():
            return replace(delivery, state=DeliveryState.CANCELLED, reason=reason, not_before=None)
        case RetryLater(seconds=seconds):
            return _later(delivery, reason, now, seconds)
        case OutcomeUnknown():
            return replace(delivery, state=DeliveryState.UNKNOWN, reason=reason, not_before=None)
        case BridgeError(code="channel_broken"):
            return _later(delivery, "channel_broken", now, 30)
        case Unreachable():
            return replace(delivery, state=DeliveryState.FAILED, reason=outcome.reason, not_before=None)
    return replace(delivery, state=DeliveryState.FAILED, reason=reason, not_before=None)


def _later(delivery: Delivery, reason: str, now: datetime, seconds: float) -> Delivery:
    attempts = delivery.attempts + 1
    if reason != "flood":
        # The messenger named no time: wait longer each time, up to a minute.
        seconds = min(seconds * 2 ** min(delivery.attempts, 6), max(seconds, 60))
    if attempts > ATTEMPTS:
        end = DeliveryState.UNKNOWN if delivery.maybe else DeliveryState.FAILED
        return replace(delivery, state=end, reason="expired", attempts=attempts, not_before=None)
    return replace(
        delivery,
        state=DeliveryState.RETRYING,
        reason=reason,
        attempts=attempts,
        not_before=now + timedelta(seconds=seconds),
    )
