"""A POST with an Idempotency-Key is done once: its answer is kept for a day and given again."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from bridge.errors import BridgeError, Conflict
from bridge.model.ids import derive
from bridge.ports import Clock, Store
from operator_panel.problems import Problem

KEPT = timedelta(hours=24)
#: A call that has not ended by then has died with its process.
_STALE = timedelta(seconds=60)
_PATIENCE = 10.0  # seconds to wait for another process that works on the same key
_LOOK_AGAIN = 0.05

Answer = tuple[int, str]  # status, JSON text


def fingerprint(method: str, path: str, raw: bytes) -> str:
    """Return what must be equal for two requests to be the same one; how the JSON is spaced does not count."""
    try:
        body = json.dumps(json.loads(raw), sort_keys=True).encode() if raw.strip() else b""
    except ValueError:
        body = raw
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


@dataclass(slots=True)
class Once:
    """Keys by scope (a token, or a person's browser); in this process equal keys wait for each other."""

    store: Store
    clock: Clock
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def run(self, scope: str, key: str, asked: str, work: Callable[[], Awaitable[Answer]]) -> tuple[Answer, bool]:
        """Do the work or return the answer it had, and whether it is an old one.

        A refused call frees its key. Raises Conflict("key_reused"), Problem 409 `in_progress`, and what work raises.
        """
        name = f"idempotency:{derive(scope, key)}"
        lock = self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            stored = await self._claim(name, asked)
            if stored is not None:
                return (int(stored["status"]), str(stored["answer"])), True
            try:
                status, text = await work()
            except BaseException:
                await self._free(name, asked)
                raise
            await self._put(name, asked, state="done", status=status, answer=text)
            return (status, text), False

    async def _claim(self, name: str, asked: str) -> dict[str, Any] | None:
        waited = 0.0
        while True:
            running = self._value(asked, state="running")
            found = await self.store.journal.put_value_once(name, running, self._expiry())
            if found is None:
                return None
            now = self.clock.now()
            at: datetime = found["at"]
            if found["state"] == "free" or now - at > KEPT or (found["state"] == "running" and now - at > _STALE):
                await self._put(name, asked, state="running")
                return None
            if found["asked"] != asked:
                raise Conflict("key_reused", "this Idempotency-Key was used for another request")
            if found["state"] == "done":
                return found
            if waited >= _PATIENCE:
                raise Problem(409, "in_progress", "the first request with this Idempotency-Key is still being done")
            await asyncio.sleep(_LOOK_AGAIN)
            waited += _LOOK_AGAIN

    async def _free(self, name: str, asked: str) -> None:
        try:
            await self._put(name, asked, state="free")
        except BridgeError:
            return  # the store is down: the key frees itself when the call counts as dead

    def _value(self, asked: str, **more: Any) -> dict[str, Any]:
        return {"asked": asked, "at": self.clock.now(), **more}

    async def _put(self, name: str, asked: str, **more: Any) -> None:
        await self.store.journal.put_value(name, self._value(asked, **more), self._expiry())

    def _expiry(self) -> datetime:
        return self.clock.now() + KEPT
