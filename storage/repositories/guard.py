"""The store's silence in the hall's words: whoever stands on a repository sees StoreDown, never a driver's error."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, cast

from bridge.errors import StoreDown
from storage.documents import Documents, Unavailable


class _Guarded:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._documents, name)
        if not iscoroutinefunction(found):
            return found
        guarded = _guarded(found)
        setattr(self, name, guarded)  # asked once per name, then an ordinary attribute
        return guarded


def _guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    async def guarded(*args: Any, **options: Any) -> Any:
        try:
            return await call(*args, **options)
        except Unavailable as fault:
            raise StoreDown(str(fault)) from fault

    return guarded


def guarded(documents: Documents) -> Documents:
    """Return the same documents, raising StoreDown wherever they would raise Unavailable."""
    return cast(Documents, _Guarded(documents))
