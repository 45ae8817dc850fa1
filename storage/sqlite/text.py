"""Bodies as text, fields as columns, and back.

A body is JSON; a datetime in it is {"$d": milliseconds since 1970} (no key of a body holds a "$"), in a column it is
those milliseconds as an integer.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from storage.documents import Body
from storage.values import FieldType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = '{"$d":'


def millis(moment: datetime) -> int:
    """Return milliseconds since 1970, exact for every year of the calendar."""
    past = moment - _EPOCH
    return past.days * 86_400_000 + past.seconds * 1000 + past.microseconds // 1000


def moment(millis: int) -> datetime:
    """Return the datetime of milliseconds since 1970, in UTC."""
    return _EPOCH + timedelta(milliseconds=millis)


def _tag(value: Any) -> dict[str, int]:
    return {"$d": millis(value)}


def _untag(body: dict[str, Any]) -> Body:
    """Put datetimes in the place of their tags, however deep; the body is changed."""
    for key, value in body.items():
        kind = type(value)
        if kind is dict:
            body[key] = moment(value["$d"]) if "$d" in value else _untag(value)
        elif kind is list:
            _untag_list(value)
    return body


def _untag_list(values: list[Any]) -> None:
    for place, value in enumerate(values):
        kind = type(value)
        if kind is dict:
            values[place] = moment(value["$d"]) if "$d" in value else _untag(value)
        elif kind is list:
            _untag_list(value)


def encode(body: Body) -> str:
    """Turn a checked body into text."""
    return orjson.dumps(body, _tag, orjson.OPT_PASSTHROUGH_DATETIME).decode()


def decode(text: str) -> Body:
    """Turn text into a body."""
    body: Body = orjson.loads(text)
    # Quotes inside a string are escaped, so the tag is found only where a datetime is.
    return _untag(body) if _MOMENT in text else body


def to_column(value: Any, kind: FieldType) -> Any:
    """Turn a field's value (None, too) into what its column holds."""
    return millis(value) if kind == "ts" and value is not None else value


def from_column(value: Any, kind: FieldType) -> Any:
    """Turn a column's value (not None) into the field's."""
    if kind == "ts":
        return moment(value)
    return bool(value) if kind == "bool" else value
