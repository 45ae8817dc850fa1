"""Guessing is slowed down, and what is remembered of it is bounded."""

from datetime import UTC, datetime, timedelta

from operator_panel.throttle import Throttle

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = ("10.0.0.1", "anna@example.com")


def test_some_tries_are_free_then_the_wait_doubles() -> None:
    throttle = Throttle()
    for _ in range(4):
        throttle.wrong(KEY, NOW)
        assert throttle.wait(KEY, NOW) == 0
    throttle.wrong(KEY, NOW)
    assert throttle.wait(KEY, NOW) == 15
    later = NOW + timedelta(seconds=15)
    assert throttle.wait(KEY, later) == 0
    throttle.wrong(KEY, later)
    assert throttle.wait(KEY, later) == 30
    for _ in range(20):
        throttle.wrong(KEY, later)
    assert throttle.wait(KEY, later) == 900


def test_the_right_password_and_time_forgive() -> None:
    throttle = Throttle(free=1)
    throttle.wrong(KEY, NOW)
    assert throttle.wait(KEY, NOW) > 0
    assert throttle.wait(("10.0.0.2", KEY[1]), NOW) == 0
    throttle.right(KEY)
    assert throttle.wait(KEY, NOW) == 0
    throttle.wrong(KEY, NOW)
    assert throttle.wait(KEY, NOW + timedelta(minutes=31)) == 0
    throttle.wrong(KEY, NOW + timedelta(minutes=62))
    assert throttle.wait(KEY, NOW + timedelta(minutes=62)) == 15


def test_what_is_remembered_is_bounded() -> None:
    throttle = Throttle(room=2, free=1)
    for name in "abc":
        throttle.wrong((name,), NOW)
    assert [throttle.wait((name,), NOW) > 0 for name in "abc"] == [False, True, True]
