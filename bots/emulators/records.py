"""Dataclasses as JSON objects and back; fields nobody knows any more are passed over."""

from dataclasses import fields
from typing import Any, TypeVar

from bots.emulators.control import Json

T = TypeVar("T")

_fields: dict[type[Any], tuple[str, ...]] = {}


def _names(kind: type[Any]) -> tuple[str, ...]:
    if kind not in _fields:
        _fields[kind] = tuple(one.name for one in fields(kind))
    return _fields[kind]


def plain(thing: Any, *left_out: str) -> Json:
    """Return the fields of a record as they are, some left out."""
    return {name: getattr(thing, name) for name in _names(type(thing)) if name not in left_out}


def made(kind: type[T], data: Json, **more: Any) -> T:
    """Return the record of an object; `more` are the fields it does not hold as they are."""
    known = _names(kind)
    return kind(**{name: value for name, value in data.items() if name in known}, **more)
