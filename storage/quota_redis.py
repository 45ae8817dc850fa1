"""Send budgets of all processes of an installation, kept in Redis; while it is away each process has its own."""

import asyncio
import logging
import time
from collections.abc import Sequence

from bridge.delivery.quota import Draw, LocalQuota, Quota
from storage.redis_line import AWAY, RedisLine

log = logging.getLogger("mostik.redis")

#: How long Redis is left alone after it did not answer, seconds.
AGAIN = 1.0

#: All buckets are looked at before a turn is taken of any. KEYS: the pause, then the buckets, hashes of what is left
#: and of when that was; ARGV: size, turns a second, reserve and count of each. Returns the milliseconds to wait.
TAKE = """
local pause = redis.call('PTTL', KEYS[1])
if pause > 0 then return pause end
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local left, wait = {}, 0
for i = 2, #KEYS do
  local size, rate = tonumber(ARGV[4 * i - 7]), tonumber(ARGV[4 * i - 6])
  local reserve, count = tonumber(ARGV[4 * i - 5]), tonumber(ARGV[4 * i - 4])
  local kept = redis.call('HMGET', KEYS[i], 'left', 'at')
  local turns = tonumber(kept[1] or size) + math.max(0, now - tonumber(kept[2] or now)) * rate
  left[i] = math.min(size, turns)
  local missing = math.min(count, size) + reserve - left[i]
  if missing > 0.000001 then wait = math.max(wait, math.ceil(missing / rate * 1000)) end
end
if wait > 0 then return wait end
for i = 2, #KEYS do
  local now_left = left[i] - ARGV[4 * i - 4]
  redis.call('HSET', KEYS[i], 'left', now_left, 'at', now)
  redis.call('PEXPIRE', KEYS[i], math.ceil((ARGV[4 * i - 7] - math.min(now_left, 0)) / ARGV[4 * i - 6] * 1000) + 1000)
end
return 0
"""


class RedisQuota:
    """Turns shared by whoever draws them under the same prefix."""

    def __init__(self, line: RedisLine) -> None:
        self._line = line
        self._own = LocalQuota()
        self._take = line.redis.register_script(TAKE)
        self._alone_until = 0.0
        self._alone = False

    async def take(self, pause: str, draws: Sequence[Draw]) -> float:
        """Take a turn of every bucket, or return the seconds to wait."""
        if self._away():
            return await self._own.take(pause, draws)
        keys = [self._key("pause", pause), *(self._key("turns", draw.key) for draw in draws)]
        limits = [each for draw in draws for each in (draw.size, draw.per_second, draw.reserve, draw.count)]
        try:
            # In a task of its own: redis-py may swallow a cancellation of the caller (wait_for of Python 3.11).
            wait = int(await asyncio.shield(asyncio.ensure_future(self._take(keys=keys, args=limits)))) / 1000
        except AWAY as fault:
            self._lost(fault)
            return await self._own.take(pause, draws)
        self._found()
        if not wait:
            self._own.note(draws)
        return wait

    async def pause(self, key: str, seconds: float) -> None:
        """Give no turns under this key for so long, here and in the other processes."""
        await self._own.pause(key, seconds)
        if self._away():
            return
        try:
            name, length = self._key("pause", key), max(1, round(seconds * 1000))
            await asyncio.shield(asyncio.ensure_future(self._line.redis.set(name, b"", px=length)))
        except AWAY as fault:
            self._lost(fault)

    def _key(self, kind: str, key: str) -> str:
        return f"{self._line.prefix}{kind}:{key}"

    def _away(self) -> bool:
        now = time.monotonic()
        if self._line.fault is None and not self._alone:
            return False
        if now < self._alone_until:
            return True
        # One tries again, the others need not wait for its answer.
        self._alone_until = now + AGAIN
        return False

    def _lost(self, fault: Exception) -> None:
        if not self._alone:
            log.warning("each process sends within a budget of its own until Redis answers: %s", type(fault).__name__)
        self._alone = True
        self._alone_until = time.monotonic() + AGAIN

    def _found(self) -> None:
        if self._alone:
            log.info("the send budget is shared again")
        self._alone = False


_: type[Quota] = RedisQuota
