"""Bodies as text, fields as columns, and back.

A body is JSON; a datetime in it is {"$d": milliseconds since 1970} (no key of a body holds a "$"), in a column it is
those milliseconds as an integer.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

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


def _untag(value: dict[str, Any]) -> Any:
    return moment(value["$d"]) if "$d" in value else value


# A checked body has no cycles: looking for them would cost a quarter of the time.
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_tag).encode
_decode_plain = json.JSONDecoder().decode
_decode_tagged = json.JSONDecoder(object_hook=_untag).decode


def encode(body: Body) -> str:
    """Turn a checked body into text."""
    return _encode(body)


def decode(text: str) -> Body:
    """Turn text into a body."""
    # Quotes inside a string are escaped, so the tag is found only where a datetime is.
    body: Body = _decode_tagged(text) if _MOMENT in text else _decode_plain(text)
    return body


def to_column(value: Any, kind: FieldType) -> Any:
    """Turn a field's value (None, too) into what its column holds."""
    return millis(value) if kind == "ts" and value is not None else value


def from_column(value: Any, kind: FieldType) -> Any:
    """Turn a column's value (not None) into the field's."""
    if kind == "ts":
        return moment(value)
    return bool(value) if kind == "bool" else value
