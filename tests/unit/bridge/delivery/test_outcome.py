"""What an attempt makes of a delivery."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.delivery.outcome import ATTEMPTS, Outcome, after
from bridge.errors import ChannelBroken, Conflict, NotFound, OutcomeUnknown, Rejected, RetryLater, Unreachable
from bridge.model.lanes import out_lane
from bridge.model.messages import SETTLED, Delivery, DeliveryState
from bridge.ports.channels import Receipt

T0 = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
QUEUED = Delivery(out_lane("tg", "1"), 7, epoch=3)


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (Receipt("55"), "sent", None),
        (Conflict("human_answered"), "cancelled", "human_answered"),
        (OutcomeUnknown("network_unknown"), "unknown", "network_unknown"),
        (Unreachable("blocked"), "failed", "blocked"),
        (Rejected("too_long"), "failed", "too_long"),
        (NotFound("no such chat"), "failed", "no such chat"),
        (RetryLater(5, "flood"), "retrying", "flood"),
        (ChannelBroken("unauthorized"), "retrying", "channel_broken"),
    ],
)
def test_every_outcome_has_its_state_and_reason(outcome: Outcome, state: str, reason: str | None) -> None:
    before = replace(QUEUED, state=DeliveryState.RETRYING, reason="network", not_before=T0)
    delivery = after(before, outcome, T0)
    assert (delivery.state.value, delivery.reason) == (state, reason)
    assert (delivery.not_before is None) == (delivery.state in SETTLED)
    assert (delivery.lane, delivery.order, delivery.epoch) == (QUEUED.lane, QUEUED.order, QUEUED.epoch)


def test_a_receipt_leaves_the_messengers_id() -> None:
    assert after(QUEUED, Receipt("55"), T0).external_id == "55"


def waits(outcome: Outcome, attempts: int) -> list[float]:
    delivery, found = QUEUED, []
    for _ in range(attempts):
        delivery = after(delivery, outcome, T0)
        assert delivery.not_before is not None
        found.append((delivery.not_before - T0).total_seconds())
    return found


def test_a_pause_the_messenger_named_is_kept_as_it_is() -> None:
    assert waits(RetryLater(7, "flood"), 4) == [7, 7, 7, 7]


def test_without_a_named_pause_the_wait_grows_to_a_minute() -> None:
    assert waits(RetryLater(1, "network"), 9) == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert waits(ChannelBroken("unauthorized"), 3) == [30, 60, 60]
    assert waits(RetryLater(300, "network"), 2) == [300, 300]


def test_a_row_is_given_up_after_a_day_of_minutes() -> None:
    delivery, now = QUEUED, T0
    while delivery.state not in SETTLED:
        delivery = after(delivery, RetryLater(1, "network"), now)
        now = delivery.not_before or now
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "expired")
    assert delivery.attempts == ATTEMPTS + 1
    assert timedelta(hours=23) < now - T0 < timedelta(hours=26)
