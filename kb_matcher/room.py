"""Arrays that grow at their end without being copied each time: a buffer with room, of which each sees what it knew."""

from threading import Lock
from typing import Any, TypeVar
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

ROOM = 1 << 14  # elements that may come before all is copied again; memory that nobody wrote to is not there yet

Kind = TypeVar("Kind", bound=np.generic)

_used: dict[int, int] = {}  # elements of each buffer that somebody sees, by its id
_lock = Lock()


def extended(array: NDArray[Kind], more: NDArray[Any]) -> NDArray[Kind]:
    """Return an array with more at its end; the one given stays as it is.

    The longest view of a buffer grows in place; whatever else is extended becomes a buffer of its own.
    """
    length, end = len(array), len(array) + len(more)
    with _lock:
        buffer = array.base
        if isinstance(buffer, np.ndarray) and _used.get(id(buffer)) == length and end <= len(buffer):
            buffer[length:end] = more
            _used[id(buffer)] = end
            return buffer[:end]
    buffer = np.empty(end + ROOM, array.dtype)
    buffer[:length], buffer[length:end] = array, more
    with _lock:
        _used[id(buffer)] = end
    finalize(buffer, _used.pop, id(buffer), None)
    return buffer[:end]
