"""A moment to come in people's words."""

from datetime import datetime, timedelta, timezone

import pytest

from bridge.moments import moment

#: A Sunday in Moscow.
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=timezone(timedelta(hours=3)))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("30m", "2026-11-22 15:00"),
        ("30", "2026-11-22 15:00"),
        ("1h30m", "2026-11-22 16:00"),
        ("через 2 часа", "2026-11-22 16:30"),
        ("in 3 days", "2026-11-25 14:30"),
        ("2 недели", "2026-12-06 14:30"),
        ("завтра", "2026-11-23 10:00"),
        ("tomorrow 9:00", "2026-11-23 09:00"),
        ("завтра в 10:30", "2026-11-23 10:30"),
        ("послезавтра в 8", "2026-11-24 08:00"),
        ("18:00", "2026-11-22 18:00"),
        ("9:00", "2026-11-23 09:00"),
        ("в 9", "2026-11-23 09:00"),
        ("at 17", "2026-11-22 17:00"),
        ("пн", "2026-11-23 10:00"),
        ("в понедельник в 11", "2026-11-23 11:00"),
        ("sunday", "2026-11-29 10:00"),
        ("25.12 10:30", "2026-12-25 10:30"),
        ("25.12", "2026-12-25 10:00"),
        ("10.30", "2026-11-23 10:30"),
        ("21.11", "2027-11-21 10:00"),
        ("2026-12-25 8:15", "2026-12-25 08:15"),
    ],
)
def test_moments_are_understood(text: str, when: str) -> None:
    found = moment(text, NOW)
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == when
    assert found.utcoffset() == NOW.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        *("", "когда-нибудь", "until later", "tomorrow at nine", "завтра завтра", "30 попугаев", "5 m x"),
        *("0m", "-5m", "99999h", "9999w 9999w", "сегодня 10:00", "31.02", "25:00", "9:61"),
        *("2026-01-01", "9999-12-31"),
    ],
)
def test_what_is_no_moment_to_come_is_asked_again(text: str) -> None:
    assert moment(text, NOW) is None
