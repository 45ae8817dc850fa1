"""An immutable piece of the matcher as plain JSON and a list of arrays, and back: exactly the same in every bit.

Dataclasses of this room are taken apart field by field, so that a new one needs nothing here. Only these are made
again, whatever a file says.
"""

from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

import numpy as np

PLACES = ("kb_matcher.", "bridge.model.")


class Unpackable(TypeError):
    """A value is of a kind that is not kept in files."""


def pack(value: Any, arrays: list[np.ndarray]) -> Any:
    """Return a value as JSON knows it; arrays go to the list, each but once. Raises Unpackable."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray) and value.dtype != object:
        number = next((place for place, one in enumerate(arrays) if one is value), len(arrays))
        if number == len(arrays):
            arrays.append(value)
        return {"array": number}
    if isinstance(value, np.bool_ | np.number):
        return {"scalar": value.item(), "dtype": value.dtype.str}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [pack(one, arrays) for one in value]}
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return {"dict": {name: pack(one, arrays) for name, one in value.items()}}
    kind = type(value)
    if is_dataclass(value) and kind.__module__.startswith(PLACES):
        parts = {field.name: pack(getattr(value, field.name), arrays) for field in fields(value) if field.init}
        return {"class": f"{kind.__module__}:{kind.__qualname__}", "fields": parts}
    raise Unpackable(f"{kind.__module__}.{kind.__qualname__}")


def unpack(packed: Any, arrays: list[np.ndarray]) -> Any:
    """Return what `pack` was given. Raises Unpackable, KeyError, IndexError, TypeError for what it never wrote."""
    if not isinstance(packed, dict):
        return packed
    if "array" in packed:
        return arrays[packed["array"]]
    if "scalar" in packed:
        return np.dtype(packed["dtype"]).type(packed["scalar"])
    if "tuple" in packed:
        return tuple(unpack(one, arrays) for one in packed["tuple"])
    if "list" in packed:
        return [unpack(one, arrays) for one in packed["list"]]
    if "dict" in packed:
        return {name: unpack(one, arrays) for name, one in packed["dict"].items()}
    parts = {name: unpack(one, arrays) for name, one in packed["fields"].items()}
    return _kind(packed["class"])(**parts)


def _kind(name: str) -> Any:
    module, _, kind = name.partition(":")
    if not module.startswith(PLACES):
        raise Unpackable(name)
    found = getattr(import_module(module), kind, None)
    if not isinstance(found, type) or not is_dataclass(found):
        raise Unpackable(name)
    return found
