"""Values that every store keeps alike: which they are, and how they are read back."""

import re
from datetime import UTC, datetime
from typing import Any, Literal

FieldType = Literal["str", "int", "bool", "float", "ts"]


class Refused(Exception):
    """Why a value cannot be stored; the path grows while the error climbs, so good values pay nothing for it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.path = ""


def fits(value: Any, kind: FieldType) -> bool:
    """Tell whether a value (not None) is of a field's kind; an int is also a float, a bool is no int."""
    match kind:
        case "str":
            return isinstance(value, str)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "bool":
            return isinstance(value, bool)
        case "float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "ts":
            return isinstance(value, datetime)


_BAD_KEY = re.compile(r"[$.\0]").search
#: Keys found good: a store sees the same few hundred for ever, so looking at each once is enough.
_good_keys: set[str] = set()
_GOOD_KEYS_KEPT = 10_000


def clean_value(value: Any) -> Any:
    """Return a value copied, as it will be read back; raises Refused with the reason and the path to it."""
    kind = type(value)
    if kind is str:
        return _text(value)
    if value is None or kind is bool:
        return value
    if kind is dict:
        return _dict(value)
    if kind is int:
        if -(2**63) <= value < 2**63:
            return value
        raise Refused("beyond 64 bits")
    if kind is datetime:
        return _moment(value)
    if kind is list or kind is tuple:
        return _list(value)
    if kind is float:
        if value - value == 0:
            return value
        raise Refused("not a finite number")
    return _plain(value)


def _plain(value: Any) -> Any:
    """Take a subclass (an enum's member, say) as what it is made of: it would not be read back as itself."""
    match value:
        case str():
            return clean_value(str.__str__(value))
        case int():
            return clean_value(int(value))
        case float():
            return clean_value(float(value))
        case list() | tuple():
            return clean_value(list(value))
        case dict():
            return clean_value(dict(value))
        case datetime():
            return _moment(value)
    raise Refused(f"{type(value).__name__} cannot be stored")


def _list(value: Any) -> list[Any]:
    # Long lists hold words alone: one look at all of them takes the place of one at each.
    if set(map(type, value)) == {str}:
        _text("".join(value))
        return list(value)
    return [clean_value(item) for item in value]


def _dict(value: dict[Any, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for key, item in value.items():
        if key not in _good_keys or type(key) is not str:
            key = _key(key)
        try:
            if item is None or item is True or item is False:
                clean[key] = item
            else:
                clean[key] = item if type(item) is str and item.isascii() else clean_value(item)
        except Refused as refused:
            refused.path = f".{key}{refused.path}"
            raise
    return clean


def _key(key: Any) -> str:
    if not isinstance(key, str) or not key or _BAD_KEY(key):
        raise Refused(f"{key!r} cannot be a key")
    try:
        good = str(clean_value(key))
    except Refused as refused:
        refused.path = f".{key}{refused.path}"
        raise
    if len(_good_keys) < _GOOD_KEYS_KEPT:
        _good_keys.add(good)
    return good


def _text(value: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Refused("half a character (a lone surrogate)") from None
    return value


def _moment(value: datetime) -> datetime:
    if value.tzinfo is not UTC:
        if value.utcoffset() is None:
            raise Refused("a datetime without a zone")
        try:
            value = value.astimezone(UTC)
        except OverflowError:
            raise Refused("a datetime beyond the calendar") from None
    beyond = value.microsecond % 1000
    return value.replace(microsecond=value.microsecond - beyond) if beyond else value
