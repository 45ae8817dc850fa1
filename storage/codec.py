"""Frozen dataclasses to bodies and back; encoders are made once per class from its type hints."""

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from bridge.model.desk import Post
from bridge.model.events import AuditEvent
from bridge.model.messages import Message
from storage.documents import Body, Doc

T = TypeVar("T")
Decode = Callable[[Any], Any]

#: Classes that may stand where a union of dataclasses is declared; the tag is stored.
_TAGGED: dict[str, type] = {cls.__name__: cls for cls in (Message, Post, AuditEvent)}
_TAG = "_type"
_NAMES: dict[type, tuple[str, ...]] = {}
_DECODERS: dict[type, tuple[tuple[str, Decode], ...]] = {}


def encode(value: Any) -> Any:
    """Turn a dataclass, and everything in it, into plain values; nested union members carry their class's name."""
    if isinstance(value, str | datetime | int | float | None):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    body = {name: encode(getattr(value, name)) for name in _names(type(value))}
    if type(value).__name__ in _TAGGED:
        body[_TAG] = type(value).__name__
    return body


def body_of(value: Any) -> Body:
    """Turn a row into a document's body: its id and version are the document's own."""
    return {name: encode(getattr(value, name)) for name in _names(type(value)) if name not in ("id", "version")}


def row_of(cls: type[T], doc: Doc) -> T:
    """Turn a document into a row; fields the class does not know are left, absent ones take its defaults."""
    values = {name: decode(doc.body[name]) for name, decode in _decoders(cls) if name in doc.body and name != "version"}
    values["id"] = doc.id
    if "version" in _names(cls):
        values["version"] = doc.ver
    return cls(**values)


def _names(cls: type) -> tuple[str, ...]:
    names = _NAMES.get(cls)
    if names is None:
        names = _NAMES[cls] = tuple(field.name for field in dataclasses.fields(cls))
    return names


def _decoders(cls: type) -> tuple[tuple[str, Decode], ...]:
    decoders = _DECODERS.get(cls)
    if decoders is None:
        hints = typing.get_type_hints(cls)
        decoders = _DECODERS[cls] = tuple((name, _decoder(hints[name])) for name in _names(cls))
    return decoders


def _same(value: Any) -> Any:
    return value


def _decoder(hint: Any) -> Decode:
    if isinstance(hint, typing.NewType):
        return _decoder(hint.__supertype__)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _union([arg for arg in typing.get_args(hint) if arg is not type(None)])
    if origin is tuple:
        item = _decoder(typing.get_args(hint)[0])
        return lambda value: tuple([item(each) for each in value])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return lambda value: _nested(hint, value)
    return _same


def _union(members: list[Any]) -> Decode:
    if len(members) == 1:
        only = _decoder(members[0])
        return lambda value: None if value is None else only(value)
    return lambda value: _nested(_TAGGED[value[_TAG]], value)


def _nested(cls: type, value: dict[str, Any]) -> Any:
    return cls(**{name: decode(value[name]) for name, decode in _decoders(cls) if name in value})
