"""Frozen dataclasses to bodies and back; how is read off a class's type hints once.

Most fields are plain and are taken over as they are, all at once; only the others (enums, tuples, rows inside rows)
are turned one by one.
"""

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from bridge.model.desk import Post
from bridge.model.events import AuditEvent
from bridge.model.labels import Review, Verdict
from bridge.model.messages import Message
from bridge.model.misses import Miss
from bridge.model.notices import Notice
from bridge.model.questions import Use
from bridge.model.staff_answers import StaffAnswer
from storage.documents import Body, Doc

T = TypeVar("T")
Turn = Callable[[Any], Any]

#: Classes that may stand where a union of dataclasses is declared; the tag is stored.
_TAGGED: dict[str, type] = {
    cls.__name__: cls for cls in (Message, Post, AuditEvent, Miss, StaffAnswer, Verdict, Review, Use, Notice)
}
_TAG = "_type"
#: What a row has beside its body: they are the document's own.
_OUTSIDE = ("id", "version")


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """How rows of a class are turned: all fields at once, then those that are not plain."""

    names: tuple[str, ...]
    fields: Callable[[Any], tuple[Any, ...]]
    encoders: tuple[tuple[str, Turn], ...]
    items: Callable[[Any], tuple[Any, ...]]
    decoders: tuple[tuple[str, Turn], ...]
    version: int | None  # place of the field, if there is one

    def body(self, value: Any) -> Body:
        """Return all fields as plain values."""
        body = dict(zip(self.names, self.fields(value), strict=True))
        for name, turn in self.encoders:
            body[name] = turn(body[name])
        return body

    def changes(self, before: Any, after: Any) -> Body:
        """Return the fields in which a row is not the very same as before, as plain values."""
        pairs = zip(self.names, self.fields(before), self.fields(after), strict=True)
        changed = {name: now for name, was, now in pairs if now is not was}
        for name, turn in self.encoders:
            if name in changed:
                changed[name] = turn(changed[name])
        return changed

    def values(self, body: Body) -> dict[str, Any]:
        """Return the fields a body holds; those the class does not know are left, absent ones stay absent."""
        try:
            values = dict(zip(self.names, self.items(body), strict=True))
        except KeyError:
            values = {name: body[name] for name in self.names if name in body}
        for name, turn in self.decoders:
            if name in values:
                values[name] = turn(values[name])
        return values


def body_of(value: Any) -> Body:
    """Turn a row into a document's body: its id and version are the document's own."""
    return _row_shape(type(value)).body(value)


def changes_of(before: Any, after: Any) -> Body:
    """Return the fields of a row that are not those it had before, as its body holds them."""
    return _row_shape(type(after)).changes(before, after)


def row_of(cls: type[T], doc: Doc) -> T:
    """Turn a document into a row; fields the class does not know are left, absent ones take its defaults."""
    shape = _row_shape(cls)
    values = shape.values(doc.body)
    values["id"] = doc.id
    if shape.version is not None:
        values["version"] = doc.ver
    return cls(**values)


def stored(row: T, doc: Doc, body: Body) -> T:
    """Return a row as it stands in a document that was just written from `body`, which was made from the row."""
    shape = _row_shape(type(row))
    if doc.body != body:  # what is stored differs in form (a time cut to milliseconds): it is read as it stands
        return row_of(type(row), doc)
    if shape.version is None:
        return row
    whole = _shape(type(row))
    values = list(whole.fields(row))
    values[shape.version] = doc.ver
    return type(row)(*values)


_row_shapes: dict[type, Shape] = {}
_shapes: dict[type, Shape] = {}


def _row_shape(cls: type) -> Shape:
    shape = _row_shapes.get(cls)
    if shape is None:
        shape = _row_shapes[cls] = _made(cls, [name for name in _names(cls) if name not in _OUTSIDE])
    return shape


def _shape(cls: type) -> Shape:
    shape = _shapes.get(cls)
    if shape is None:
        shape = _shapes[cls] = _made(cls, _names(cls))
    return shape


def _names(cls: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(cls)]


def _made(cls: type, names: list[str]) -> Shape:
    hints = typing.get_type_hints(cls)
    encoders = ((name, _encoder(hints[name])) for name in names)
    decoders = ((name, _decoder(hints[name])) for name in names)
    every = _names(cls)
    return Shape(
        tuple(names),
        _several(attrgetter, names),
        tuple((name, turn) for name, turn in encoders if turn is not None),
        _several(itemgetter, names),
        tuple((name, turn) for name, turn in decoders if turn is not None),
        every.index("version") if "version" in every else None,
    )


def _several(getter: Callable[..., Callable[[Any], Any]], names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    get = getter(*names)
    return get if len(names) > 1 else lambda value: (get(value),)


def _encode(value: Any) -> Any:
    """Turn any value: what a hint does not tell is told by the value."""
    if isinstance(value, str | datetime | int | float | None):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, tuple | list):
        return [_encode(item) for item in value]
    if isinstance(value, dict):
        return {key: _encode(item) for key, item in value.items()}
    return _nested_body(value)


def _nested_body(value: Any) -> Body:
    cls = type(value)
    body = _shape(cls).body(value)
    if cls.__name__ in _TAGGED:
        body[_TAG] = cls.__name__
    return body


def _listed(value: Any) -> Any:
    return None if value is None else list(value)


def _encoder(hint: Any) -> Turn | None:
    """Return what turns values of a type, None for plain ones; unions that hold anything else ask each value."""
    hint = _plain_hint(hint)
    if hint in (str, int, float, bool, datetime):
        return None
    if typing.get_origin(hint) is tuple:
        inner = _encoder(typing.get_args(hint)[0])
        return _listed if inner is None else _encode
    if dataclasses.is_dataclass(hint):
        return lambda value: None if value is None else _nested_body(value)
    return _encode


def _plain_hint(hint: Any) -> Any:
    """Return a type without its new names and without its None."""
    while isinstance(hint, typing.NewType):
        hint = hint.__supertype__
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        members = [arg for arg in typing.get_args(hint) if arg is not type(None)]
        if len(members) == 1:
            return _plain_hint(members[0])
    return hint


def _decoder(hint: Any) -> Turn | None:
    """Return what turns stored values into those of a type, None for plain ones."""
    turn = _present(_plain_hint(hint))
    return None if turn is None else lambda value: None if value is None else turn(value)


def _present(hint: Any) -> Turn | None:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return lambda value: _nested(_TAGGED[value[_TAG]], value)
    if origin is tuple:
        item = _decoder(typing.get_args(hint)[0])
        return tuple if item is None else lambda value: tuple([item(each) for each in value])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return lambda value: _nested(hint, value)
    return None


def _nested(cls: type, value: Body) -> Any:
    return cls(**_shape(cls).values(value))
