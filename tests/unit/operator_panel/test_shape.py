"""What every part of an answer is."""

from datetime import UTC, datetime, timedelta, timezone

from operator_panel.api.shape import Shape, Time


class _Line(Shape):
    at: Time
    read_at: Time | None


def test_times_sort_as_text() -> None:
    whole = datetime(2026, 11, 21, 10, 0, 5, tzinfo=UTC)
    lines = [_Line(at=whole + timedelta(milliseconds=ms), read_at=None) for ms in (0, 1, 120, 999, 1000)]
    told = [line.model_dump(mode="json")["at"] for line in lines]
    assert told == sorted(told)
    assert told[0] == "2026-11-21T10:00:05.000Z"


def test_times_are_told_in_utc() -> None:
    here = datetime(2026, 11, 21, 13, 0, tzinfo=timezone(timedelta(hours=3)))
    told = _Line(at=here, read_at=here).model_dump(mode="json")
    assert told == {"at": "2026-11-21T10:00:00.000Z", "read_at": "2026-11-21T10:00:00.000Z"}


def test_the_description_of_the_api_says_that_it_is_a_time() -> None:
    fields = _Line.model_json_schema(mode="serialization")["properties"]
    assert fields["at"] == {"format": "date-time", "title": "At", "type": "string"}
