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
from bridge.model.ids import derive, fresh
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
    """Keys by scope (a token, or a person's browser); in this process equal keys wait for each other.

    The stored value of a key holds `asked` (the request's fingerprint), `state` (running, done, free), `seed` (what
    the hall's own key is made of: the same for every try of one request), `holder` (this object's id) and the answer.
    """

    store: Store
    clock: Clock
    _holder: str = field(default_factory=fresh)
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def run(
        self, scope: str, key: str, asked: str, work: Callable[[str], Awaitable[Answer]]
    ) -> tuple[Answer, bool]:
        """Do the work with the request's seed or return the answer it had, and whether it is an old one.

        A refused call frees its key. Raises Conflict("key_reused"), Problem 409 `in_progress`, and what work raises.
        """
        name = f"idempotency:{derive(scope, key)}"
        lock = self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            held = await self._claim(name, asked)
            if held["state"] == "done":
                return (int(held["status"]), str(held["answer"])), True
            try:
                status, text = await work(str(held["seed"]))
            except BaseException:
                await self._free(name, held)
                raise
            await self._put(name, held | {"state": "done", "status": status, "answer": text})
            return (status, text), False

    async def _claim(self, name: str, asked: str) -> dict[str, Any]:
        """Return the key's value: done, or running by us."""
        waited = 0.0
        while True:
            wished = self._running(asked, fresh())
            found = await self.store.journal.put_value_once(name, wished, self._expiry())
            if found is None:
                return wished
            same = found["asked"] == asked
            if self.clock.now() - found["at"] > KEPT or (found["state"] == "free" and not same):
                return await self._put(name, wished)
            if found["state"] == "free" or (found["state"] == "running" and same and self._is_dead(found)):
                return await self._put(name, self._running(asked, found["seed"]))
            if not same:
                raise Conflict("key_reused", "this Idempotency-Key was used for another request")
            if found["state"] == "done":
                return found
            if waited >= _PATIENCE:
                raise Problem(409, "in_progress", "the first request with this Idempotency-Key is still being done")
            await asyncio.sleep(_LOOK_AGAIN)
            waited += _LOOK_AGAIN

    def _is_dead(self, found: dict[str, Any]) -> bool:
        """Did the work end without a trace? We hold the lock: what we held before is over."""
        return bool(found["holder"] == self._holder or self.clock.now() - found["at"] > _STALE)

    async def _free(self, name: str, held: dict[str, Any]) -> None:
        try:
            await self._put(name, held | {"state": "free"})
        except BridgeError:
            return  # the store is down: the next try sees that we hold the key ourselves

    def _running(self, asked: str, seed: str) -> dict[str, Any]:
        return {"asked": asked, "state": "running", "seed": seed, "holder": self._holder, "at": self.clock.now()}

    async def _put(self, name: str, value: dict[str, Any]) -> dict[str, Any]:
        await self.store.journal.put_value(name, value, self._expiry())
        return value

    def _expiry(self) -> datetime:
        return self.clock.now() + KEPT
