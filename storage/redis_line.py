"""The way of one process to Redis: a client that never hangs, names of its installation, and whether it works now."""

import logging
from contextlib import suppress

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = logging.getLogger("mostik.redis")

#: A server that does not answer in this time is away, seconds.
PATIENCE = 5.0
#: What a way to Redis that does not work raises.
AWAY = (RedisError, OSError, TimeoutError)


def client(url: str) -> Redis:
    """Return an unconnected client of redis://, rediss:// or unix://. Raises ValueError for an address that is none."""
    return Redis.from_url(
        url,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )


class RedisLine:
    """The client with the prefix of all keys and channels, and what does not work of it at the moment."""

    def __init__(self, url: str, prefix: str) -> None:
        self.redis = client(url)
        self.prefix = f"{prefix}:"
        self._faults: dict[str, str] = {}

    @property
    def fault(self) -> str | None:
        """Why other processes are not reached now; None: they are."""
        return next(iter(self._faults.values()), None)

    def down(self, part: str, fault: Exception) -> None:
        """Note that a part does not work; the first one is told of."""
        if not self._faults:
            log.warning("Redis does not answer, processes look into the store instead: %s", _words(fault))
        self._faults[part] = _words(fault)

    def up(self, part: str) -> None:
        """Note that a part works; the last one is told of."""
        if self._faults.pop(part, None) is not None and not self._faults:
            log.info("Redis answers again")

    async def __aenter__(self) -> "RedisLine":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close whatever connections there are."""
        with suppress(*AWAY):
            await self.redis.aclose()


async def check_redis(url: str) -> str:
    """Prove that a server answers and passes hints on; returns its version. Raises what redis-py raises."""
    async with client(url) as redis:
        await redis.publish("mostik:check", b"")
        found = await redis.info("server")
    return f"answers, version {found.get('redis_version', 'unknown')}"


def _words(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:300]
